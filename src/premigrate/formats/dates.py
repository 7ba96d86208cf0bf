"""Reads dates and datetimes as Django REST Framework does: ISO 8601, with the short months and days Django forgives."""

import re
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta, timezone
from typing import Final

from premigrate.formats.outcomes import FieldError
from premigrate.formats.pattern import Pattern

_DATE: Final = Pattern(r"(\d{4})-(\d{1,2})-(\d{1,2})\n?")
_DATETIME: Final = Pattern(
    r"(\d{4})-(\d{1,2})-(\d{1,2})[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,6})\d{0,6})?)?"
    r"\s*(Z|[+-]\d{2}(?::?\d{2})?)?\n?"
)


_INVALID: Final = FieldError("invalid")
_OVERFLOW: Final = FieldError("overflow")


def read_date(raw: object) -> object:
    """Read a text as a date; anything else, and a text with a time of day, is refused."""
    if not isinstance(raw, str) or not raw[:4].isdigit():
        return _INVALID
    try:
        return date.fromisoformat(raw)
    except ValueError:
        match = _DATE.fullmatch(raw)
    try:
        return date(*map(int, match.groups())) if match else _INVALID
    except ValueError:
        return _INVALID


def read_datetime(raw: object) -> object:
    """Read a text as a datetime; without an offset it stays without, for the zone of the server is not known."""
    if not isinstance(raw, str) or not raw[:4].isdigit():
        return _INVALID
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError:
        match = _DATETIME.fullmatch(raw)
        if match is None:
            return _INVALID
        try:
            moment = _from_parts(match)
        except ValueError:
            return _INVALID
    return _OVERFLOW if _overflows(moment) else moment


def _overflows(moment: datetime) -> bool:
    """Tell whether a datetime is before year 1 or after year 9999 in UTC.

    The framework converts to the zone of the server by way of UTC, so these overflow in every zone. Those that
    overflow in some zones only pass, as the zone of the server is not known; so does a datetime without an offset.
    """
    if MINYEAR < moment.year < MAXYEAR or moment.tzinfo is None:
        return False
    try:
        moment.astimezone(UTC)
    except OverflowError:
        return True
    return False


def _from_parts(match: re.Match[str]) -> datetime:
    *numbers, fraction, offset = match.groups()
    year, month, day, hour, minute, second = (int(number or 0) for number in numbers)
    return datetime(year, month, day, hour, minute, second, int((fraction or "").ljust(6, "0")), _zone(offset))


def _zone(offset: str | None) -> timezone | None:
    if offset is None:
        return None
    if offset == "Z":
        return UTC
    minutes = 60 * int(offset[1:3]) + (int(offset[-2:]) if len(offset) > 3 else 0)
    return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))

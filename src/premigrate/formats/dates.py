"""Parses dates and datetimes as DRF and Django do: ISO 8601, and months, days and times with single digits."""

import re
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta, timezone
from typing import Final

from premigrate.formats.interfaces import FieldError
from premigrate.formats.pattern import LazyPattern

_DATE: Final = LazyPattern(r"(\d{4})-(\d{1,2})-(\d{1,2})\n?")
_DATETIME: Final = LazyPattern(
    r"(\d{4})-(\d{1,2})-(\d{1,2})[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,6})\d{0,6})?)?"
    r"\s*(Z|[+-]\d{2}(?::?\d{2})?)?\n?"
)
_DATE_LENGTHS: Final = (len("2026W05"), len("20260131"), len("2026-01-31"))

_INVALID: Final = FieldError("invalid")
_OVERFLOW: Final = FieldError("overflow")


def parse_date(raw: object) -> object:
    """Parse a text as a date; a `FieldError` for anything else, including a text with a time of day."""
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


def parse_datetime(raw: object) -> object:
    """Parse a text as a datetime; without an offset it stays naive, because the server's time zone is unknown."""
    if not isinstance(raw, str) or not raw[:4].isdigit():
        return _INVALID
    try:
        moment = parse_iso_datetime(raw)
    except ValueError:
        match = _DATETIME.fullmatch(raw)
        if match is None:
            return _INVALID
        try:
            moment = _from_parts(match)
        except ValueError:
            return _INVALID
    return _OVERFLOW if _overflows(moment) else moment


def parse_iso_datetime(text: str) -> datetime:
    """Parse a datetime as ``datetime.fromisoformat`` does before Python 3.14: the hour 24 is not accepted.

    Raises:
        ValueError: it is not such a datetime.

    """
    moment = datetime.fromisoformat(text)
    if moment.hour == 0 and "24" in text and _is_hour_24(text, moment):
        raise ValueError("hour must be in 0..23")
    return moment


def _is_hour_24(text: str, moment: datetime) -> bool:
    """Return whether a datetime was parsed from the hour 24 of the day before."""
    for length in _DATE_LENGTHS:
        if text[length + 1 : length + 3] == "24":
            try:
                return date.fromisoformat(text[:length]) != moment.date()
            except ValueError:
                continue
    return False


def _overflows(moment: datetime) -> bool:
    """Return whether a datetime is before year 1 or after year 9999 in UTC.

    DRF converts to the server's time zone by way of UTC, so such a datetime overflows in every time zone. The server's
    time zone is unknown, so one that overflows only in some time zones is accepted, and so is a naive one.
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

"""Parses the time of a recorded call, in the formats that browsers, proxies and scripts write."""

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from premigrate.formats.dates import parse_iso_datetime

_NUMBER = re.compile(r"[0-9]{9,14}(?:\.[0-9]{1,9})?")
_FIRST_MILLISECONDS = 1e11  # in seconds, this would be the year 5138
_ZERO_ZONE = re.compile(r"\s*(?:UTC|GMT|Z)$")
_BLANK_BEFORE_OFFSET = re.compile(r"\s+(?=[+-][0-9]{2}:?[0-9]{2}$)")
_DAY, _TO_SECONDS = len("2026-01-31"), len("2026-01-31T10:00:00")


def parse_time(value: object) -> date | datetime:
    """Parse a date, or a time with its UTC offset if it has one, in ISO 8601, RFC 5322 or as Unix time.

    Raises:
        ValueError: it is in none of these formats.

    """
    text = str(value).strip() if type(value) in {str, int, float} else ""
    for read in (date.fromisoformat, _read_moment, _read_unix_time, parsedate_to_datetime, _read_beginning):
        try:
            return read(text)
        except (ValueError, OverflowError):
            continue
    raise ValueError("neither a date nor a time")


def _read_moment(text: str) -> datetime:
    return parse_iso_datetime(_BLANK_BEFORE_OFFSET.sub("", _ZERO_ZONE.sub("Z", text.upper())))


def _read_unix_time(text: str) -> datetime:
    if not _NUMBER.fullmatch(text):
        raise ValueError
    number = float(text)
    return datetime.fromtimestamp(number / 1000 if number >= _FIRST_MILLISECONDS else number, UTC)


def _read_beginning(text: str) -> date | datetime:
    """Parse a time with an unknown suffix, such as CEST; at least its date."""
    try:
        return parse_iso_datetime(text[:_TO_SECONDS])
    except ValueError:
        return date.fromisoformat(text[:_DAY])

"""Defines recorded calls, and parses their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from premigrate.compare.recorded_time import parse_time
from premigrate.documents.fast_json import read_json_fast
from premigrate.exceptions import BadPayloadText

if TYPE_CHECKING:
    from datetime import date, datetime

REFUSED = 400
VERDICT_STATUSES = frozenset({200, 201, REFUSED})
"""The status codes of responses that depend on the payload."""


class RecordedCall(NamedTuple):
    """A payload and its response. A str ``body`` is not JSON; ``called_at`` is the date or time, None if unknown."""

    payload: object
    status: int
    body: object
    called_at: date | datetime | None


class Recording(NamedTuple):
    """A recorded call, and where it comes from: a file, the position in it, and the line on which it begins."""

    file: str
    position: int
    line: int
    payload: object
    status: int
    body: object
    when: date | datetime | None


class InvalidRecordingError(Exception):
    """A recorded call is incomplete or invalid; the message describes the problem."""


def parse_body(value: object, status: int, where: str) -> object:
    """Return the body of a response as JSON data; a string is parsed, or returned as it is if it is not JSON.

    ``where`` names the body in messages.

    Raises:
        InvalidRecordingError: there is no body, and the status code is 400.

    """
    if status == REFUSED and (value is None or value == ""):
        raise InvalidRecordingError(f"the status is 400, but the body with the errors is missing: {where}")
    if not isinstance(value, str):
        return value
    try:
        return read_json_fast(value.encode("utf-8", "replace")).data
    except BadPayloadText:
        return value


def parse_status(value: object) -> int | None:
    """Parse a status code; some recorders write it as a string. None if it is not a number."""
    if isinstance(value, str) and value.isdecimal() and len(value) == 3:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def parse_call_time(value: object, where: str, *, needed: bool) -> date | datetime | None:
    """Parse the date or time of a call; None if there is none, or it is not needed.

    ``where`` names the value in messages.

    Raises:
        InvalidRecordingError: it is needed, and is not a date or time.

    """
    if value is None or not needed:
        return None
    try:
        return parse_time(value)
    except ValueError:
        hint = "must be the date or time of the call, such as 2026-01-31; or set one date for all calls with --as-of"
        raise InvalidRecordingError(f"{where} {hint}") from None

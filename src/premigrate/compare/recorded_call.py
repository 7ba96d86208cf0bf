"""What was recorded of one call, and how its parts are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from premigrate.compare.recorded_time import read_time
from premigrate.documents.fast_json import read_quickly
from premigrate.exceptions import BadPayloadText

if TYPE_CHECKING:
    from datetime import date, datetime

REFUSED = 400
TELLING = frozenset({200, 201, REFUSED})
"""The statuses of answers that say something of the payload."""


class Recorded(NamedTuple):
    """A payload and its answer. A ``body`` that is a text is no JSON; ``when`` is its day or time, if known."""

    payload: object
    status: int
    body: object
    when: date | datetime | None


class Recording(NamedTuple):
    """A recorded call, and where it is from: a file, its position there, and the line on which it begins."""

    file: str
    position: int
    line: int
    payload: object
    status: int
    body: object
    when: date | datetime | None


class SpoiltRecordError(Exception):
    """A call was not recorded in a way that can be compared; the message says what is wrong."""


def body_of(said: object, status: int, where: str) -> object:
    """Read the body of an answer: JSON, or a text that holds some.

    Raises:
        SpoiltRecordError: there is none, and it is needed.

    """
    if status == REFUSED and (said is None or said == ""):
        raise SpoiltRecordError(f"the answer is 400 and there is no {where}, which would tell the errors")
    if not isinstance(said, str):
        return said
    try:
        return read_quickly(said.encode("utf-8", "replace")).data
    except BadPayloadText:
        return said


def status_of(said: object) -> int | None:
    """Read the status of an answer; some recorders write it as a text. None if it is no number."""
    if isinstance(said, str) and said.isdecimal() and len(said) == 3:
        return int(said)
    return said if isinstance(said, int) and not isinstance(said, bool) else None


def time_of(said: object, where: str, *, needed: bool) -> date | datetime | None:
    """Read the day or time of a call; None if there is none, or it is not needed.

    Raises:
        SpoiltRecordError: it can't be read, and is needed.

    """
    if said is None or not needed:
        return None
    try:
        return read_time(said)
    except ValueError:
        hint = "must be the day or time of the call, as in 2026-01-31; --as-of gives one for all calls"
        raise SpoiltRecordError(f"{where} {hint}") from None

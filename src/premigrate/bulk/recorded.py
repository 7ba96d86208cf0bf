"""What was recorded of one call, and how its parts are read."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from premigrate.errors import BadPayloadText
from premigrate.source.quick_json import read_quickly

_TELLING = 400
_DAY = 10  # characters of YYYY-MM-DD


class Recorded(NamedTuple):
    """A payload and its answer. A ``body`` that is a text is no JSON; ``day`` is that of the call, if it is known."""

    payload: object
    status: int
    body: object
    day: date | None


class Recording(NamedTuple):
    """A recorded call, and where it is from: a file, its position there, and the line on which it begins."""

    file: str
    position: int
    line: int
    payload: object
    status: int
    body: object
    day: date | None


class SpoiltRecordError(Exception):
    """A call was not recorded in a way that can be compared; the message says what is wrong."""


def body_of(said: object, status: int, where: str) -> object:
    """Read the body of an answer: JSON, or a text that holds some.

    Raises:
        SpoiltRecordError: there is none, and it is needed.

    """
    if status == _TELLING and (said is None or said == ""):
        raise SpoiltRecordError(f"the answer is 400 and there is no {where}, which would tell the errors")
    if not isinstance(said, str):
        return said
    try:
        return read_quickly(said.encode("utf-8", "replace")).data
    except BadPayloadText:
        return said


def day_of(said: object, where: str) -> date | None:
    """Read the day of a call: of a date, or of a time as it is written there. None if nothing is said.

    Raises:
        SpoiltRecordError: it is none.

    """
    if said is None:
        return None
    try:
        return date.fromisoformat(str(said)[:_DAY])
    except ValueError:
        raise SpoiltRecordError(f"{where} must be the day of the call, as in 2026-01-31") from None

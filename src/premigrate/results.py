"""What a validation says: predicted errors, advice, and the answer of the endpoint."""

from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeAlias

Place: TypeAlias = tuple[str | int, ...]
"""Keys and list positions from the account down to a value; the wrapper key is never part of it."""

Stage: TypeAlias = Literal["now", "next"]


class Error(NamedTuple):
    """One error that the API would report.

    ``detail``, ``code`` and ``attr`` are the API's own. ``rule`` is the id of the rule that found it, or
    ``field`` for what the framework checks of each field. ``path`` is the place of the value to look at, which can
    be deeper than ``attr``. ``stage`` is ``"now"`` when the next call would report it, and ``"next"`` when the API
    only gets that far after the other errors are mended. ``help`` tells more if more is known, and may tell of the
    value. ``masked`` is the detail without the value, where that is personal; else it is empty.
    """

    detail: str
    code: str
    attr: str
    rule: str
    path: Place
    stage: Stage = "now"
    help: str = ""
    masked: str = ""


class Advice(NamedTuple):
    """Something the API accepts but a person should know. Never part of an API answer; fields as in `Error`."""

    detail: str
    code: str
    attr: str
    rule: str
    path: Place
    masked: str = ""


def advice_id(code: str) -> str:
    """Write the id by which an advice code is switched off."""
    return code.replace("_", "-")


class Response(NamedTuple):
    """What an endpoint answers: an HTTP status and the JSON body."""

    status: int
    body: dict[str, Any]


class Result(NamedTuple):
    """All that is known of one payload.

    ``errors`` and ``advice`` stand in document order: the order in which the rule files declare the fields, an
    object's fields before the rules about the object; advice on the text as such comes first. ``not_checked`` holds
    the ids of rules that lacked their reference list. ``response`` is what the endpoint answers to this call.
    """

    errors: tuple[Error, ...]
    advice: tuple[Advice, ...]
    not_checked: tuple[str, ...]
    response: Response

    @property
    def ok(self) -> bool:
        """Whether the API would accept the payload, as far as could be checked."""
        return not self.errors


class LatestError(NamedTuple):
    """Why an import failed."""

    code: str
    detail: str


class LatestEvent(NamedTuple):
    """What happened last to an import; some profiles of the API tell it."""

    event: str
    occurred_at: datetime


class ImportStatus(NamedTuple):
    """How far an import is.

    ``kraken_identifier`` is the number of the account in Kraken once there is one; the times have a zone.
    """

    status: str
    created_at: datetime
    modified_at: datetime
    kraken_identifier: str | None = None
    latest_error: LatestError | None = None
    latest_event: LatestEvent | None = None

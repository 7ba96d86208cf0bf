"""The results of a validation: predicted errors, advice, and the response of the endpoint."""

from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeAlias

Place: TypeAlias = tuple[str | int, ...]
"""Keys and list indexes from the account down to a value. The wrapper key is never part of it."""

Stage: TypeAlias = Literal["now", "follow-on"]
FixAction: TypeAlias = Literal["replace", "remove", "rename"]


class Error(NamedTuple):
    """One error that the API would report.

    ``detail``, ``code`` and ``attr`` are those of the API's response. ``rule`` is the id of the rule that found the
    error, or ``field`` for the field checks of Django REST framework. ``path`` is the place of the value that
    causes it, which can be deeper than ``attr``. ``stage`` is ``"now"`` if the API reports the error for this
    payload, and ``"follow-on"`` if the API reports it only after other errors are fixed. ``masked`` is the detail
    without the value if the value is personal data; otherwise it is empty.

    ``expected`` says what would be right, as a short phrase, and is empty if ``detail`` says it already. It never
    contains personal data. ``related`` are the places of other values that the error is about: for example the earlier
    of two periods, the first of two equal values, or the amounts of a sum. There are at most ten.
    """

    detail: str
    code: str
    attr: str
    rule: str
    path: Place
    stage: Stage = "now"
    expected: str = ""
    masked: str = ""
    related: tuple[Place, ...] = ()


class Advice(NamedTuple):
    """A note on something that the API accepts. It is never part of an API response; fields as in `Error`."""

    detail: str
    code: str
    attr: str
    rule: str
    path: Place
    masked: str = ""
    expected: str = ""
    related: tuple[Place, ...] = ()


def advice_id(code: str) -> str:
    """Return the id that an advice code has in filters and in the rule files."""
    return code.replace("_", "-")


class Fix(NamedTuple):
    """A change of a payload that resolves a finding.

    ``path`` is the place of the value that changes. ``action`` says how: ``"replace"`` gives it the new ``value``,
    ``"remove"`` removes it with its key, and ``"rename"`` gives its key the new name ``value``. ``name`` is the id of
    the fix in the rule files, and ``title`` says what it does. A safe fix certainly keeps the meaning of the value; all
    others need a review. ``value`` can be personal data.
    """

    path: Place
    action: FixAction
    value: Any
    name: str
    title: str
    is_safe: bool


class Response(NamedTuple):
    """The response of an endpoint: its HTTP status code and JSON body."""

    status: int
    body: dict[str, Any]


class Result(NamedTuple):
    """The result of validating one payload.

    ``errors`` and ``advice`` are in document order: the order in which the rule files declare the fields, with the
    fields of an object before the rules on the object; advice on the text itself comes first. ``not_checked`` has the
    rules (by id) and choices (by ``object.field``) that this payload needs and that could not be checked, because a
    reference list or a fact is missing, or only the server has the data; each once, in the order of
    `Validator.not_checked`.
    ``response`` is the endpoint's response to this payload. ``fixes`` are those for the errors and advice, if they were
    requested.
    """

    errors: tuple[Error, ...]
    advice: tuple[Advice, ...]
    not_checked: tuple[str, ...]
    response: Response
    fixes: tuple[Fix, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the API would accept the payload, as far as it was checked."""
        return not self.errors


class LatestError(NamedTuple):
    """The error that made an import fail."""

    code: str
    detail: str


class LatestEvent(NamedTuple):
    """The latest event of an import; only some profiles of the API report it."""

    event: str
    occurred_at: datetime


class ImportStatus(NamedTuple):
    """The state of an import.

    ``kraken_identifier`` is the number of the account in Kraken, None before it exists. All times are timezone-aware.
    """

    status: str
    created_at: datetime
    modified_at: datetime
    kraken_identifier: str | None = None
    latest_error: LatestError | None = None
    latest_event: LatestEvent | None = None

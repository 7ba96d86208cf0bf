"""Parses the bodies that the three endpoints really answer with into typed models; what is unknown in them is kept.

`parse_answer` picks the model by endpoint and HTTP status::

    answer = parse_answer("process", response.status_code, response.json())
    if isinstance(answer, AlreadyImported):
        print(answer.account_id)
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AwareDatetime, BaseModel, ConfigDict, Discriminator, RootModel, Tag, TypeAdapter, ValidationError

from premigrate.exceptions import BadArgument

Endpoint: TypeAlias = Literal["validate", "process", "status"]
ENDPOINTS: tuple[Endpoint, ...] = ("validate", "process", "status")


class _Body(BaseModel):
    """A body, or an object in one; keys that are not declared stay, in ``model_extra``."""

    model_config = ConfigDict(extra="allow", frozen=True)


class Accepted(_Body):
    """The empty answer: validate found nothing wrong, or process will create the account."""


class Detail(_Body):
    """An answer that says what went wrong as a whole: 404, 401, 429 ..., and what wraps a dry run of version 1."""

    detail: str
    code: str | None = None


class AttrError(_Body):
    """One error of a list; ``attr`` is the place, relative to the account."""

    detail: str
    code: str
    attr: str | None = None


class Refused(_Body):
    """The account is not valid: all errors, in a flat list."""

    detail: str
    code: str
    errors: list[AttrError]


class NestedRefused(RootModel[dict[str, Any]]):
    """The account is not valid: the older form, texts in lists below the fields, items of lists under their number."""

    model_config = ConfigDict(frozen=True)

    def errors(self) -> Iterator[tuple[str, str]]:
        """Yield place and text of each error; a place is written as ``attr`` is."""
        return _flat(self.root, "")


class NotValid(_Body):
    """Process does not take what validate refuses."""

    code: str
    detail: str
    domain: str


class NonFieldErrors(_Body):
    """What is wrong with the account as a whole."""

    detail: str
    code: str


class AlreadyImported(_Body):
    """The account is in Kraken already. Version 1 says so with a list of texts and two numbers."""

    non_field_errors: NonFieldErrors | list[str]
    account_id: str | None = None
    external_account_number: str | None = None
    kraken_account_number: str | None = None


class LatestError(_Body):
    """Why an import failed."""

    code: str | None = None
    detail: str | None = None
    domain: str | None = None


class LatestEvent(_Body):
    """What happened last to an import."""

    event: str
    occurred_at: AwareDatetime
    data: dict[str, Any] | None = None


class ImportStatus(_Body):
    """How far an import is. ``latest_event`` is told by some profiles only."""

    status: str
    kraken_identifier: str | None = None
    created_at: AwareDatetime
    modified_at: AwareDatetime
    latest_error: LatestError | None = None
    latest_event: LatestEvent | None = None


Answer: TypeAlias = Accepted | Refused | NestedRefused | NotValid | AlreadyImported | ImportStatus | Detail


def _kind_of_refusal(body: object) -> str:
    """Tell by its keys which of the published bodies an answer 400 is."""
    keys = set(body) if isinstance(body, Mapping) else set()
    if "errors" in keys:
        return "refused"
    if "non_field_errors" in keys and keys & {"account_id", "kraken_account_number"}:
        return "imported"
    if {"code", "detail", "domain"} <= keys:
        return "not_valid"
    return "detail" if isinstance(body, Mapping) and isinstance(body.get("detail"), str) else "nested"


Refusal: TypeAlias = Annotated[
    Annotated[Refused, Tag("refused")]
    | Annotated[AlreadyImported, Tag("imported")]
    | Annotated[NotValid, Tag("not_valid")]
    | Annotated[Detail, Tag("detail")]
    | Annotated[NestedRefused, Tag("nested")],
    Discriminator(_kind_of_refusal),
]
"""What an answer 400 can be."""

_SUCCESSES: Mapping[tuple[Endpoint, int], type[BaseModel]] = {
    ("validate", 200): Accepted,
    ("process", 201): Accepted,
    ("status", 200): ImportStatus,
}
_REFUSAL: TypeAdapter[Any] = TypeAdapter(Refusal)


def parse_answer(endpoint: Endpoint, status: int, body: object) -> Answer:
    """Parse the JSON body that an endpoint answered with.

    Args:
        endpoint: ``validate``, ``process`` or ``status``.
        status: the HTTP status of the answer.
        body: the body, as ``json.loads`` gives it; None if there was none.

    Raises:
        BadArgument: there is no such endpoint, it never answers with this status, or the body is none it answers
            with; says at which key, and never what stands there.

    """
    if endpoint not in ENDPOINTS:
        raise BadArgument(f"endpoint must be one of {', '.join(ENDPOINTS)}; it is {endpoint!r}")
    model = _SUCCESSES.get((endpoint, status))
    if model is None and status < 400:
        raise BadArgument(f"the {endpoint} endpoint never answers with status {status}")
    try:
        if model is Accepted and body is None:
            return Accepted()
        parsed: Any = model.model_validate(body) if model else _model_of_error(status).validate_python(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"])) or "the top"
        message = f"no body that the {endpoint} endpoint answers with, status {status}: {first['msg']} (at {place})"
        raise BadArgument(message) from None
    answer: Answer = parsed
    return answer


def _model_of_error(status: int) -> TypeAdapter[Any]:
    return _REFUSAL if status == 400 else TypeAdapter(Detail)


def _flat(part: object, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(part, Mapping):
        for key, value in part.items():
            yield from _flat(value, f"{place}.{key}" if place else str(key))
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from _flat(value, place if isinstance(value, str) else f"{place}.{index}" if place else str(index))
    else:
        yield place, str(part)

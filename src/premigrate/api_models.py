"""Typed models of the response bodies of the three endpoints. Undeclared keys are kept.

`parse_answer` picks the model by endpoint and HTTP status::

    answer = parse_answer("process", response.status_code, response.json())
    if isinstance(answer, AlreadyImported):
        print(answer.account_id)
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Discriminator,
    RootModel,
    Tag,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from premigrate.exceptions import BadArgument

Endpoint: TypeAlias = Literal["validate", "process", "status"]
ENDPOINTS: tuple[Endpoint, ...] = ("validate", "process", "status")

_DEEPEST = 50  # levels of a nested answer


class _Body(BaseModel):
    """A body, or an object in one; undeclared keys are kept in ``model_extra``."""

    model_config = ConfigDict(extra="allow", frozen=True)


class Accepted(_Body):
    """An empty body: validate found no errors, or process will create the account."""


class Detail(_Body):
    """A single message for the whole request, as with 401, 404 and 429, and with a dry run of version 1."""

    detail: str
    code: str | None = None


class AttrError(_Body):
    """One error. ``attr`` is its place relative to the account. ``code`` is empty in the nested form."""

    detail: str
    code: str
    attr: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, data: object) -> object:
        """Accept ``message`` for ``detail``, an empty code for none, and None for an ``attr`` of another type."""
        if not isinstance(data, Mapping):
            return data
        attr = data.get("attr")
        renamed = {"detail" if key == "message" and "detail" not in data else key: value for key, value in data.items()}
        return {**renamed, "code": data.get("code") or "", "attr": attr if isinstance(attr, str) else None}


class Refused(_Body):
    """The account is not valid; the body has all errors in a flat list."""

    detail: str
    code: str
    errors: list[AttrError]

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, data: object) -> object:
        """Accept a list without the text and code around it."""
        return {"detail": "", "code": "", **data} if isinstance(data, Mapping) else data


class NestedRefused(RootModel[dict[str, Any] | list[Any]]):
    """The account is not valid; this is the older form, with the messages in lists below the fields.

    Items of lists are objects under their number, or items of a list. A message that belongs to no field is an error
    of the whole object, ``non_field_errors``.
    """

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="after")
    def _check_errors(self) -> Self:
        if not list(self.errors()):
            raise ValueError("it contains no errors")
        return self

    def errors(self) -> Iterator[AttrError]:
        """Yield the errors in the order of the body, with ``attr`` as in the flat list."""
        return (error for error in _nested_errors(self.root, ()) if error is not None)

    @property
    def has_other_values(self) -> bool:
        """Whether the body has values that are not errors, like the bodies of gateways and proxies."""
        return None in _nested_errors(self.root, ())


class NotValid(_Body):
    """Process refuses an account that validate refuses."""

    code: str
    detail: str
    domain: str


class NonFieldErrors(_Body):
    """The errors of the account as a whole."""

    detail: str
    code: str


class AlreadyImported(_Body):
    """The account is already in Kraken. Version 1 of the API returns a list of messages and two numbers."""

    model_config = ConfigDict(extra="allow", frozen=True, coerce_numbers_to_str=True)

    non_field_errors: NonFieldErrors | list[str] | list[NonFieldErrors]
    account_id: str | None = None
    external_account_number: str | None = None
    kraken_account_number: str | None = None


class LatestError(_Body):
    """The error of an import that failed."""

    code: str | None = None
    detail: str | None = None
    domain: str | None = None


class LatestEvent(_Body):
    """The latest event of an import."""

    event: str
    occurred_at: AwareDatetime
    data: dict[str, Any] | None = None


class ImportStatus(_Body):
    """The state of an import. Only some profiles of the API return ``latest_event``."""

    status: str
    kraken_identifier: str | None = None
    created_at: AwareDatetime
    modified_at: AwareDatetime
    latest_error: LatestError | None = None
    latest_event: LatestEvent | None = None


Answer: TypeAlias = Accepted | Refused | NestedRefused | NotValid | AlreadyImported | ImportStatus | Detail


def _kind_of_refusal(body: object) -> str:
    """Return the kind of a 400 body, by its keys."""
    if not isinstance(body, Mapping):
        return "nested"
    if "errors" in body:
        return "refused"
    if _is_already_imported(body):
        return "imported"
    if {"code", "detail", "domain"} <= body.keys():
        return "not_valid"
    return "detail" if isinstance(body.get("detail"), str) else "nested"


def _is_already_imported(body: Mapping[str, Any]) -> bool:
    errors = body.get("non_field_errors")
    if errors is None:
        return False
    first = errors[0] if isinstance(errors, list) and errors else errors
    code = first.get("code") if isinstance(first, Mapping) else None
    return bool(body.keys() & {"account_id", "kraken_account_number"}) or (
        isinstance(code, str) and code.endswith("already_imported")
    )


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
    """Parse the JSON body of a response.

    Args:
        endpoint: ``validate``, ``process`` or ``status``.
        status: the HTTP status of the response.
        body: the body, as ``json.loads`` returns it; None if there is none.

    Raises:
        BadArgument: the endpoint is unknown, it never responds with this status, or the body has another form. The
            message names the invalid key, but no value.

    """
    if endpoint not in ENDPOINTS:
        raise BadArgument(f"endpoint must be one of {', '.join(ENDPOINTS)}; it is {endpoint!r}")
    if not isinstance(status, int):
        raise BadArgument(f"status must be the HTTP status as a number; it is {status!r}")
    model = _SUCCESSES.get((endpoint, status))
    if model is None and status < 400:
        raise BadArgument(f"the {endpoint} endpoint never responds with status {status}")
    try:
        if model is Accepted and body is None:
            return Accepted()
        parsed: Any = model.model_validate(body) if model else _model_of_error(status).validate_python(body)
    except ValidationError as error:
        raise BadArgument(
            f"this is not a body of the {endpoint} endpoint with status {status}: {_explain(error)}"
        ) from None
    answer: Answer = parsed
    return answer


def _model_of_error(status: int) -> TypeAdapter[Any]:
    return _REFUSAL if status == 400 else TypeAdapter(Detail)


_TAGS = frozenset({"refused", "imported", "not_valid", "detail", "nested"})
"""The first step of pydantic's locations in a `Refusal`, which is not a key of the body."""


def _explain(error: ValidationError) -> str:
    """Describe the first mistake and its key."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    location = [str(step) for step in first["loc"]]
    if location and location[0] in _TAGS:
        del location[0]
    steps = [step for step in location if step != NonFieldErrors.__name__ and "[" not in step]
    message = first["msg"].removeprefix("Value error, ").replace(" or instance of AttrError", "")
    return f"{message} (at {'.'.join(steps) or 'the top level'})"


def _nested_errors(node: object, place: tuple[str, ...]) -> Iterator[AttrError | None]:
    """Yield the errors below a place, and None for each value that is neither a text, an object nor a list."""
    attr = ".".join(place) or "non_field_errors"
    if len(place) > _DEEPEST:
        raise ValueError("it is nested too deeply")
    if isinstance(node, str):
        yield AttrError(detail=node, code="", attr=attr)
    elif isinstance(node, Mapping) and _is_error(node):
        yield AttrError(detail=node.get("detail", node.get("message")), code=node.get("code") or "", attr=attr)
    elif isinstance(node, Mapping):
        for key, below in node.items():
            yield from _nested_errors(below, (*place, str(key)))
    elif isinstance(node, list):
        for position, item in enumerate(node):
            is_error = isinstance(item, str) or (isinstance(item, Mapping) and _is_error(item))
            yield from _nested_errors(item, place if is_error else (*place, str(position)))
    else:
        yield None


def _is_error(node: Mapping[str, Any]) -> bool:
    """Return whether an object is one error: its text, and its code if it has one."""
    text, code = node.get("detail", node.get("message")), node.get("code") or ""
    return isinstance(text, str) and isinstance(code, str) and not node.keys() - {"detail", "message", "code", "attr"}

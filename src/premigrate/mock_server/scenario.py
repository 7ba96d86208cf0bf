"""Parses scripted failures from a TOML file or the body of an admin request."""

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator, model_validator

from premigrate.documents.toml_text import TomlError, read_toml
from premigrate.engine.import_key import ImportKey
from premigrate.exceptions import BadArgument
from premigrate.results import LatestError

_MAX_WAIT = 600.0  # seconds
_MAX_TIMES = 10**9
_MAX_LIMIT = 100_000


class ScriptedFailure(BaseModel):
    """A scripted failure: the requests that it matches, and what happens to them."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    account: str = "*"
    """A glob of external account numbers, as in `fnmatch`."""
    supplier: str = "*"
    """A glob of import suppliers."""
    endpoint: Literal["validate", "process", "status"] = "process"
    """The endpoint of the requests; by default process."""
    times: Annotated[int, Field(ge=1, le=_MAX_TIMES)] | None = None
    """The number of requests that it matches; by default all."""
    chance: Annotated[float, Field(gt=0, le=1)] | None = None
    """The share of requests that it matches. The seed, the account and the number of the attempt decide which."""
    seed: int = 0
    """Selects the requests that ``chance`` matches: another seed selects other requests."""
    limit: Annotated[int, Field(ge=1, le=_MAX_LIMIT)] | None = None
    """It matches only requests beyond this number in the last ``per`` real seconds."""
    per: Annotated[float, Field(gt=0, le=_MAX_WAIT)] = 1.0
    """The number of seconds for which a limit counts requests."""
    answer: str | None = None
    """The response to return: the name of an answer in the rules, such as throttled, broken or imported_already.
    With a limit, the default is throttled."""
    when: Literal["before", "after"] = "before"
    """Whether the failure replaces the handling of the request, or happens after it, so that the import is created."""
    connection: Literal["drop", "truncate"] | None = None
    """Close the connection without a response, or after half of the body of one."""
    lifecycle: str | None = None
    """The lifecycle of the import: its name in the rules, such as errored or cancelled."""
    code: str = "some_error_code"
    """The code of the error of an import that fails."""
    detail: str = "A detailed error message"
    """The text of the error of an import that fails."""
    wait: Annotated[float, Field(ge=0, le=_MAX_WAIT)] = 0.0
    """The delay of the response, in real seconds."""
    retry_after: Annotated[int, Field(ge=0)] | None = None
    """The seconds in the Retry-After header of a 429 response. The default is 1, or with a limit the time until a
    request is allowed."""

    @field_validator("account", "supplier", "code", "detail")
    @classmethod
    def _check_text(cls, text: str) -> str:
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            raise ValueError("contains a lone surrogate, which no response can contain")
        return text

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.response_name and self.lifecycle and self.when == "before":
            raise ValueError(
                'answer and lifecycle together require when = "after", because other answers create no import'
            )
        if not (self.response_name or self.lifecycle or self.wait or self.connection):
            raise ValueError("answer, connection, lifecycle or wait is missing; add one of them")
        if self.lifecycle and self.endpoint != "process":
            raise ValueError('lifecycle requires endpoint = "process", which creates imports')
        if self.lifecycle and self.connection == "drop" and self.when == "before":
            raise ValueError(
                'lifecycle with connection = "drop" requires when = "after", because no import is created before'
            )
        if self.limit and self.chance:
            raise ValueError("limit and chance exclude each other, because a limit matches all requests beyond it")
        return self

    @property
    def response_name(self) -> str | None:
        """The name of its response, if any."""
        return self.answer or ("throttled" if self.limit and not (self.connection or self.lifecycle) else None)

    @property
    def lets_through(self) -> bool:
        """Whether the request is handled."""
        return self.when == "after" or not (self.response_name or self.connection == "drop")

    @property
    def error(self) -> LatestError:
        """The error of an import that fails."""
        return LatestError(self.code, self.detail)

    def matches(self, endpoint: str, key: ImportKey) -> bool:
        """Return whether it matches a request to an endpoint."""
        is_about = fnmatchcase(key.number, self.account) and fnmatchcase(key.supplier, self.supplier)
        return self.endpoint == endpoint and is_about


_FAILURES = TypeAdapter(list[ScriptedFailure])


def parse_failures(data: object, source: str) -> list[ScriptedFailure]:
    """Parse failures from plain data: one table, or a list of tables.

    Args:
        data: the data.
        source: where the data is from; messages begin with it.

    Raises:
        BadArgument: a key or value is not valid.

    """
    try:
        return _FAILURES.validate_python(data if isinstance(data, list) else [data])
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        index, *rest = first["loc"]
        place = " ".join([f"failure {int(index) + 1}", ".".join(map(str, rest))]).strip()
        message = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            message = _explain_unknown_key(str(rest[-1]))
        raise BadArgument(f"{source}: {place}: {message}") from None


def _explain_unknown_key(key: str) -> str:
    if key == "course":
        return "this key was renamed to lifecycle"
    return f"unknown key; the keys are {', '.join(ScriptedFailure.model_fields)}"


def load_scenario(path: str) -> list[ScriptedFailure]:
    """Load the ``[[failure]]`` tables of a TOML file.

    Raises:
        BadArgument: the file cannot be read or is not TOML, or a key or value in it is not valid.

    """
    try:
        tables = read_toml(Path(path).read_text("utf-8-sig"))
    except OSError as error:
        raise BadArgument(f"{path}: the scenario cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadArgument(f"{path}: the scenario is not UTF-8 text") from None
    except TomlError as error:
        raise BadArgument(f"{path}: not TOML: {error}") from None
    if other := tables.keys() - {"failure"}:
        raise BadArgument(f"{path}: there is no table {min(other)!r}; a scenario can contain only [[failure]] tables")
    failures = tables.get("failure", [])
    if not isinstance(failures, list):
        raise BadArgument(f"{path}: write [[failure]], with two brackets")
    return parse_failures(failures, path)

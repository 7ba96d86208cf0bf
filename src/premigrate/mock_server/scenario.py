"""Turns a TOML file, or the body of an admin call, into the failures that the stand-in is to show."""

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator, model_validator

from premigrate.documents.toml_text import NotToml, read_toml
from premigrate.engine.import_key import ImportKey
from premigrate.exceptions import BadArgument
from premigrate.results import LatestError

_LONGEST_WAIT = 600.0
_MOST_TIMES = 10**9


class Failure(BaseModel):
    """What happens to some requests instead of the usual."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    account: str = "*"
    """The external account numbers it is about; ``*`` and ``?`` stand for anything."""
    endpoint: Literal["validate", "process", "status"] = "process"
    times: Annotated[int, Field(ge=1, le=_MOST_TIMES)] | None = None
    """How many requests it meets; left out, all."""
    answer: str | None = None
    """Answer this at once: the name of an answer in the rules, as throttled, broken or imported_already."""
    course: str | None = None
    """Take the account, and let its import go like this: a course of the rules, as errored or cancelled."""
    code: str = "some_error_code"
    detail: str = "A detailed error message"
    """What an import that fails tells."""
    wait: Annotated[float, Field(ge=0, le=_LONGEST_WAIT)] = 0.0
    """Real seconds before the answer."""
    retry_after: Annotated[int, Field(ge=0)] = 1
    """The seconds that an answer 429 asks a client to wait."""

    @field_validator("account", "code", "detail")
    @classmethod
    def _check_text(cls, text: str) -> str:
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            raise ValueError("holds half of a character, which no answer can tell")
        return text

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.answer and self.course:
            raise ValueError("say answer or course: what is answered at once takes no course")
        if not (self.answer or self.course or self.wait):
            raise ValueError("say what happens: answer, course or wait")
        if self.course and self.endpoint != "process":
            raise ValueError("only process makes imports that take a course")
        return self

    @property
    def error(self) -> LatestError:
        """What an import that fails tells."""
        return LatestError(self.code, self.detail)

    def meets(self, endpoint: str, key: ImportKey) -> bool:
        """Whether a request is one of those it is about."""
        return self.endpoint == endpoint and fnmatchcase(key.number, self.account)


_SEVERAL = TypeAdapter(list[Failure])


def read_failures(said: object, where: str) -> list[Failure]:
    """Read failures from plain data: a table, or a list of tables.

    Raises:
        BadArgument: something in them makes no sense; ``where`` begins the message.

    """
    try:
        return _SEVERAL.validate_python(said if isinstance(said, list) else [said])
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        index, *rest = first["loc"]
        place = " ".join([f"failure {int(index) + 1}", ".".join(map(str, rest))]).strip()
        message = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            message = f"there is no such key; the keys are {', '.join(Failure.model_fields)}"
        raise BadArgument(f"{where}: {place}: {message}") from None


def read_script(path: str) -> list[Failure]:
    """Read the tables ``[[failure]]`` of a TOML file.

    Raises:
        BadArgument: it can't be read, is no TOML, or something in it makes no sense.

    """
    try:
        tables = read_toml(Path(path).read_text("utf-8-sig"))
    except OSError as error:
        raise BadArgument(f"{path}: the script can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadArgument(f"{path}: the script is not UTF-8 text") from None
    except NotToml as error:
        raise BadArgument(f"{path}: not TOML: {error}") from None
    if other := tables.keys() - {"failure"}:
        raise BadArgument(f"{path}: there is no table {min(other)!r}; a script holds tables [[failure]]")
    failures = tables.get("failure", [])
    if not isinstance(failures, list):
        raise BadArgument(f"{path}: write [[failure]], with two brackets")
    return read_failures(failures, path)

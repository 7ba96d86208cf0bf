"""Parses imports that exist at the start, from a file or the body of an admin request."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from premigrate.engine.import_key import ImportKey
from premigrate.engine.program import EndpointResponses
from premigrate.exceptions import BadArgument
from premigrate.mock_server.import_progress import ScheduledImport
from premigrate.results import LatestError

_IMPORTED = "imported"
_FIRST_YEAR, _LAST_YEAR = 1900, 9000
_Key = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^\x00/]+$")]


class FailureReason(BaseModel):
    """The error of an import that failed."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    code: str = "some_error_code"
    detail: str = "A detailed error message"


class ExistingImport(BaseModel):
    """An import that exists, with the keys that `/_premigrate/state` gives it."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    import_supplier: _Key
    external_account_number: _Key
    status: str = "PROCESSED"
    """PENDING and IN_PROGRESS go on to PROCESSED as time passes."""
    kraken_identifier: _Key | None = None
    """The number of the account in Kraken; if missing, the server makes one up."""
    created_at: AwareDatetime | None = None
    modified_at: AwareDatetime | None = None
    """The times when it was created and got its status; if missing, now."""
    latest_error: FailureReason | None = None
    latest_event: Any = None
    """Ignored: the event follows from the status."""

    @field_validator("created_at", "modified_at")
    @classmethod
    def _check_year(cls, moment: datetime | None) -> datetime | None:
        if moment and not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
            raise ValueError(f"must be a time in the years {_FIRST_YEAR} to {_LAST_YEAR}")
        return moment

    @property
    def key(self) -> ImportKey:
        """The key of the import."""
        return ImportKey(self.import_supplier, self.external_account_number)

    def scheduled(self, now: datetime, answers: EndpointResponses) -> ScheduledImport:
        """Return the import as the store keeps it.

        Args:
            now: the time for an import without its own.
            answers: the statuses and lifecycles of its tenant.

        Raises:
            BadArgument: there is no such status.

        """
        if self.status not in answers.statuses:
            known = ", ".join(answers.statuses)
            raise BadArgument(f"unknown status {self.status!r} of an import; choose one of: {known}")
        imported = answers.lifecycles[_IMPORTED]
        statuses = imported[imported.index(self.status) :] if self.status in imported else (self.status,)
        started = (self.modified_at or self.created_at or now).astimezone(UTC)
        given = self.latest_error or (FailureReason() if answers.statuses[self.status].has_error else None)
        error = LatestError(given.code, given.detail) if given else None
        created = (self.created_at or started).astimezone(UTC)
        return ScheduledImport(self.key, created, started, statuses, error, self.kraken_identifier)


_IMPORTS = TypeAdapter(list[ExistingImport])


def parse_imports(data: object, source: str) -> list[ExistingImport]:
    """Parse imports from plain data: one, a list, or an object with a list under ``imports``, as the state has.

    Args:
        data: the data.
        source: where the data is from; messages begin with it.

    Raises:
        BadArgument: a key or value is not valid.

    """
    if isinstance(data, dict) and "imports" in data:
        data = data["imports"]
    try:
        return _IMPORTS.validate_python(data if isinstance(data, list) else [data])
    except ValidationError as error:
        errors = error.errors(include_url=False, include_context=False, include_input=False)
        first = min(errors, key=lambda each: each["type"] != "extra_forbidden")  # the cause of a missing key
        index, *rest = first["loc"]
        place = " ".join([f"import {int(index) + 1}", ".".join(map(str, rest))]).strip()
        message = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            message = f"unknown key; the keys are {', '.join(ExistingImport.model_fields)}"
        elif first["type"] == "model_type":
            message = "must be an object"
        raise BadArgument(f"{source}: {place}: {message}") from None


def load_imports(path: str) -> list[ExistingImport]:
    """Load imports from a JSON file, or one with an import on each line.

    Raises:
        BadArgument: the file cannot be read or is not JSON, or a key or value in it is not valid.

    """
    try:
        text = Path(path).read_text("utf-8-sig")
    except OSError as error:
        raise BadArgument(f"{path}: the imports cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadArgument(f"{path}: the imports are not UTF-8 text") from None
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = [_parse_line(path, number, line) for number, line in enumerate(text.splitlines(), 1) if line]
    return parse_imports(data, path)


def _parse_line(path: str, number: int, line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise BadArgument(f"{path}:{number}: not JSON; write one import per line, or a JSON array") from None

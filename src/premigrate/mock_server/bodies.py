"""Models of the bodies of requests and of the admin calls, for the OpenAPI description of the mock server."""

from typing import Any, Literal, TypeAlias

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, NonNegativeFloat, RootModel

from premigrate.api_models import Endpoint, ImportStatus
from premigrate.mock_server.existing_imports import ExistingImport
from premigrate.mock_server.scenario import ScriptedFailure


class TaskParams(BaseModel):
    """How the process endpoint handles the account; the validate endpoint ignores it."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    is_dry_run: bool = False
    """Whether to run the import without creating the account."""


class Empty(BaseModel):
    """An empty body: the call succeeded."""


class StepRequest(BaseModel):
    """How far to advance the clock."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    seconds: NonNegativeFloat | None = Field(None, lt=10**9)
    """The seconds to advance. If missing or null, the clock advances until the next import changes its status."""


class StepAnswer(BaseModel):
    """The new time."""

    now: AwareDatetime


FailuresRequest: TypeAlias = ScriptedFailure | list[ScriptedFailure]
"""One failure, or a list."""


class PendingFailure(ScriptedFailure):
    """A scripted failure that still matches requests."""

    remaining: int | None
    """The number of further requests that it matches; null for all."""


class ImportedAccount(ImportStatus):
    """An import: the account, and its status as the status endpoint returns it."""

    import_supplier: str
    external_account_number: str


class State(BaseModel):
    """The time, the imports, and the failures to come."""

    now: AwareDatetime
    imports: list[ImportedAccount]
    failures: list[PendingFailure]


class Description(RootModel[dict[str, object]]):
    """An OpenAPI document."""


class Health(BaseModel):
    """The server is ready."""

    status: Literal["ok"]
    now: AwareDatetime


class ImportsOfState(BaseModel):
    """A state with imports; other keys are ignored."""

    imports: list[ExistingImport]


ImportsRequest: TypeAlias = ExistingImport | list[ExistingImport] | ImportsOfState
"""One import, a list of imports, or a state with imports."""


class RecordedRequest(BaseModel):
    """A request to one of the three endpoints."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    number: int
    """The position among all requests, from 1."""
    at: AwareDatetime
    endpoint: Endpoint
    method: str
    import_supplier: str
    """The import supplier. It and the account number are empty if the request was refused before it was read."""
    external_account_number: str
    status: int
    """The HTTP status; 0 if the connection was dropped."""
    payload: Any = None
    """The body of the request, if the server keeps payloads."""


class RequestList(BaseModel):
    """The requests that were found."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    count: int
    """The number of requests found; the list has the last 1,000."""
    forgotten: int
    """The number of requests that are no longer in the journal."""
    requests: list[RecordedRequest]

"""Models of the bodies that only requests, and only the admin calls of the mock server, have; they describe them."""

from typing import TypeAlias

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, NonNegativeFloat, RootModel

from premigrate.api_models import ImportStatus
from premigrate.mock_server.scenario import ScriptedFailure


class TaskParams(BaseModel):
    """What the process endpoint is to do with the account; the validate endpoint ignores it."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    is_dry_run: bool = False
    """Whether to go through the import without creating the account."""


class Empty(BaseModel):
    """The call is done."""


class StepRequest(BaseModel):
    """How far to advance the clock."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    seconds: NonNegativeFloat | None = Field(None, lt=10**9)
    """Left out or null, until the next import changes its status."""


class StepAnswer(BaseModel):
    """The new time."""

    now: AwareDatetime


FailuresRequest: TypeAlias = ScriptedFailure | list[ScriptedFailure]
"""One failure, or a list."""


class PendingFailure(ScriptedFailure):
    """A scripted failure that still matches requests."""

    remaining: int | None
    """How many more requests it matches; null for all."""


class ImportedAccount(ImportStatus):
    """An import: the account, and its status as the status endpoint tells it."""

    import_supplier: str
    external_account_number: str


class State(BaseModel):
    """The time, the imports, and the failures to come."""

    now: AwareDatetime
    imports: list[ImportedAccount]
    failures: list[PendingFailure]


class Description(RootModel[dict[str, object]]):
    """An OpenAPI document."""

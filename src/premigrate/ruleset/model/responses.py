"""Tables of API responses: status codes and bodies, import statuses, and the lifecycles of imports."""

from collections.abc import Iterator
from typing import Annotated, Self, TypeAlias

from pydantic import Field as Key
from pydantic import StringConstraints, model_validator

from premigrate.ruleset.model.table import AnyValue, ArrayOf, Basis, Name, NonBlankText, Table

PLACEHOLDERS = (
    "code",
    "detail",
    "account_id",
    "status",
    "kraken_identifier",
    "created_at",
    "modified_at",
    "error_code",
    "error_detail",
    "event",
    "occurred_at",
)
"""Placeholders, written in angle brackets, that the body of a response may contain."""

REQUIRED_RESPONSES = (
    "valid",
    "scheduled",
    "not_valid",
    "imported_already",
    "import_status",
    "not_found",
    "malformed",
    "unauthenticated",
    "wrong_token",
    "wrong_method",
    "not_acceptable",
    "too_large",
    "wrong_media_type",
    "throttled",
    "broken",
)
REQUIRED_LIFECYCLES = ("imported", "errored", "cancelled", "dry_run_succeeded", "dry_run_errored")

StatusName: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]


class ResponseSpec(Table):
    """A response of the API. A string in angle brackets in its body is a placeholder."""

    status: int = Key(ge=100, le=599)
    """The HTTP status code."""
    body: dict[str, AnyValue]
    code: Name | None = None
    """The error code in the response, together with its text."""
    events: dict[StatusName, NonBlankText] = {}
    """For the import status response: the event that starts each status. A status without one keeps the last event."""
    meaning: NonBlankText
    basis: Basis
    source: NonBlankText

    @model_validator(mode="after")
    def _check(self) -> Self:
        slots = list(placeholders_in(self.body))
        for slot in slots:
            if slot not in PLACEHOLDERS:
                raise ValueError(f"<{slot}> is not a placeholder; a body may contain {', '.join(PLACEHOLDERS)}")
        if self.code is None and not {"code", "detail"}.isdisjoint(slots):
            raise ValueError("the body contains a code or detail, so the response needs a code")
        return self


def placeholders_in(body: object) -> Iterator[str]:
    """Yield the names of the placeholders in a response body."""
    if isinstance(body, dict):
        for value in body.values():
            yield from placeholders_in(value)
    elif isinstance(body, str) and body.startswith("<") and body.endswith(">"):
        yield body[1:-1]


class ImportStatus(Table):
    """A status that an import can have."""

    meaning: NonBlankText
    identified: bool = False
    """Whether the account exists, so that the response contains its number."""
    errored: bool = False
    """Whether the response contains an error."""
    again: bool = False
    """Whether the account may be sent again."""
    basis: Basis
    source: NonBlankText


class Lifecycle(Table):
    """A lifecycle of an import: its statuses in order."""

    statuses: ArrayOf[StatusName] = Key(min_length=1)
    basis: Basis
    source: NonBlankText

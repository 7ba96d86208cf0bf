"""Tables that say what the endpoints answer: statuses and bodies, and what becomes of an import."""

from collections.abc import Iterator
from typing import Annotated, Self, TypeAlias

from pydantic import Field as Key
from pydantic import StringConstraints, model_validator

from premigrate.ruleset.model.table import AnyValue, Basis, Model, Name, Sentence, Several

SLOTS = (
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
"""What a text in angle brackets can stand for in the body of an answer."""

REQUIRED_ANSWERS = (
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
REQUIRED_COURSES = ("imported", "errored", "cancelled", "dry_run_succeeded", "dry_run_errored")

StatusName: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]


class Answer(Model):
    """An answer of the API; a text in angle brackets in its body stands for what is put there."""

    status: int = Key(ge=100, le=599)
    """The HTTP status."""
    body: dict[str, AnyValue]
    code: Name | None = None
    """The code that the answer tells, with its text."""
    events: dict[StatusName, Sentence] = {}
    """Of the status of an import: the event that a status begins with; where it has none, the last one stays."""
    meaning: Sentence
    basis: Basis
    source: Sentence

    @model_validator(mode="after")
    def _check(self) -> Self:
        slots = list(slots_in(self.body))
        for slot in slots:
            if slot not in SLOTS:
                raise ValueError(f"<{slot}> stands for nothing; a body may have {', '.join(SLOTS)}")
        if self.code is None and not {"code", "detail"}.isdisjoint(slots):
            raise ValueError("the body tells a code, so say which")
        return self


def slots_in(body: object) -> Iterator[str]:
    """Yield what the texts in angle brackets stand for."""
    if isinstance(body, dict):
        for value in body.values():
            yield from slots_in(value)
    elif isinstance(body, str) and body.startswith("<") and body.endswith(">"):
        yield body[1:-1]


class ImportStatus(Model):
    """What the status of an import can be."""

    meaning: Sentence
    identified: bool = False
    """The account is there, with its number."""
    errored: bool = False
    """There is an error to tell."""
    again: bool = False
    """The account may be sent again."""
    basis: Basis
    source: Sentence


class Course(Model):
    """The statuses that an import has one after the other."""

    statuses: Several[StatusName] = Key(min_length=1)
    basis: Basis
    source: Sentence

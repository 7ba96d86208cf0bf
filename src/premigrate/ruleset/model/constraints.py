"""Constraints that the published description of a field states, and what checks them."""

from typing import Self

from pydantic import Field as Key
from pydantic import model_validator

from premigrate.ruleset.model.table import ArrayOf, NonBlankText, RuleId, Table


class Constraint(Table):
    """A constraint in the description of a field. It has exactly one answer: ``rules``, ``by_field`` or ``reason``."""

    on: str = Key(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")
    """The field, as ``object.field``."""
    says: NonBlankText
    """The constraint, in our own words."""
    source: NonBlankText
    rules: ArrayOf[RuleId] = ()
    """The ids of the rules that check it."""
    by_field: bool = False
    """Whether the type or a limit of the field checks it, or the field is optional because it has a default."""
    reason: NonBlankText | None = None
    """Why nothing checks it."""
    note: NonBlankText | None = None
    """What the rules or the field do not check, or which other field checks it."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        answers = [key for key in ("rules", "by_field", "reason") if getattr(self, key)]
        if len(answers) != 1:
            said = " and ".join(answers) or "none"
            raise ValueError(f"a constraint needs exactly one of rules, by_field and reason, not {said}")
        if self.note and self.reason:
            raise ValueError("a note needs rules or by_field")
        return self

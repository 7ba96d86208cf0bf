"""What must hold for a rule to speak, or for an item to count."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BeforeValidator, model_validator

from premigrate.ruleset.model.operands import Mention, Needed, Operand, Path, lists_in, paths_in
from premigrate.ruleset.model.table import Model, Name, Several

Presence: TypeAlias = Literal["<absent>", "<present>"]


class Ask(Model):
    """One thing to ask of a value: exactly one of these words. A value that is not there fails all of them."""

    before: Operand | None = None
    until: Operand | None = None
    """Before, or on the same day."""
    since: Operand | None = None
    """After, or on the same day."""
    after: Operand | None = None
    other_than: int | str | None = None
    """A number, and not this one; or a text, and not this one."""
    over: int | None = None
    """A number, and greater."""
    ignoring_case: str | None = None
    """This text, in letters of any case."""
    in_list: Name | None = None
    """One of the values in the first column of this reference list."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError(f"say exactly one of {', '.join(type(self).model_fields)}")
        return self

    @property
    def word(self) -> str:
        """The one word that is said."""
        return next(iter(self.model_fields_set))

    @property
    def operand(self) -> Operand | None:
        """The date that the value is compared with, if it is."""
        return self.before or self.until or self.since or self.after


ConditionItem: TypeAlias = Presence | bool | str | Ask
Condition: TypeAlias = ConditionItem | Several[ConditionItem]
"""What a value must be; of several, one is enough."""

All: TypeAlias = dict[Path, Condition]


def _in_a_tuple(value: object) -> object:
    return [value] if isinstance(value, dict) else value


When: TypeAlias = Annotated[Several[All], BeforeValidator(_in_a_tuple, All | Several[All])]
"""Conditions by path, all of which must hold; of several such tables, one is enough. None at all always hold."""


def paths_in_when(when: When, base: str = "") -> Iterator[Mention]:
    """Yield the paths that conditions mention, which start from ``base``."""
    for path, test in _tests(when):
        yield base, path
        if test and test.operand:
            yield from ((base, other) for other in paths_in(test.operand))


def lists_in_when(when: When) -> Iterator[Needed]:
    """Yield the reference lists that conditions look into."""
    for _, test in _tests(when):
        if test and test.in_list:
            yield test.in_list, (), 1
        if test and test.operand:
            yield from lists_in(test.operand)


def _tests(when: When) -> Iterator[tuple[str, Ask | None]]:
    for table in when:
        for path, condition in table.items():
            for item in condition if isinstance(condition, tuple) else (condition,):
                yield path, item if isinstance(item, Ask) else None

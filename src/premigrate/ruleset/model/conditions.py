"""Conditions that decide whether a rule applies or an item counts."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BeforeValidator, model_validator

from premigrate.ruleset.model.operands import ListUse, Operand, Path, PathUse, lists_in, paths_in
from premigrate.ruleset.model.table import ArrayOf, Name, Table

Presence: TypeAlias = Literal["<absent>", "<present>"]


class ValueTest(Table):
    """A test of a value; exactly one key is set. A missing value fails every test."""

    before: Operand | None = None
    until: Operand | None = None
    """Before or on the same day."""
    since: Operand | None = None
    """After or on the same day."""
    after: Operand | None = None
    other_than: int | str | None = None
    """A number other than this one, or a text other than this one."""
    over: int | None = None
    """A number greater than this one."""
    ignoring_case: str | None = None
    """This text, in any case."""
    in_list: Name | None = None
    """One of the values in the first column of this reference list."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError(f"say exactly one of {', '.join(type(self).model_fields)}")
        return self

    @property
    def name(self) -> str:
        """The key that is set."""
        return next(iter(self.model_fields_set))

    @property
    def operand(self) -> Operand | None:
        """The operand that the value is compared with; None for the tests that compare no dates."""
        return self.before or self.until or self.since or self.after


ConditionItem: TypeAlias = Presence | bool | str | ValueTest
Condition: TypeAlias = ConditionItem | ArrayOf[ConditionItem]
"""What a value must be; of several items, one must match."""

ConditionTable: TypeAlias = dict[Path, Condition]


def _in_a_tuple(value: object) -> object:
    return [value] if isinstance(value, dict) else value


Conditions: TypeAlias = Annotated[
    ArrayOf[ConditionTable], BeforeValidator(_in_a_tuple, ConditionTable | ArrayOf[ConditionTable])
]
"""Conditions by path, all of which must hold; of several such tables, one must hold. No conditions always hold."""


def paths_in_when(when: Conditions, base: str = "") -> Iterator[PathUse]:
    """Yield the paths that conditions read, each with its ``base``."""
    for path, test in _tests(when):
        yield base, path
        if test and test.operand:
            yield from ((base, other) for other in paths_in(test.operand))


def lists_in_when(when: Conditions) -> Iterator[ListUse]:
    """Yield the reference lists that conditions need."""
    for _, test in _tests(when):
        if test and test.in_list:
            yield test.in_list, (), 1
        if test and test.operand:
            yield from lists_in(test.operand)


def _tests(when: Conditions) -> Iterator[tuple[str, ValueTest | None]]:
    for table in when:
        for path, condition in table.items():
            for item in condition if isinstance(condition, tuple) else (condition,):
                yield path, item if isinstance(item, ValueTest) else None

"""Conditions that decide whether a rule applies or an item counts."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BeforeValidator, model_validator
from pydantic import Field as Key

from premigrate.ruleset.model.operands import ListUse, Operand, Path, PathUse, lists_in, paths_in
from premigrate.ruleset.model.table import ArrayOf, Name, Table

Presence: TypeAlias = Literal["<absent>", "<present>"]


class ValueTest(Table):
    """A test of a value; exactly one key is set. A missing value fails every test."""

    less: int | Operand | None = Key(default=None, alias="<")
    """A number less than this one, or a date before this one. The other orders compare in the same way."""
    at_most: int | Operand | None = Key(default=None, alias="<=")
    at_least: int | Operand | None = Key(default=None, alias=">=")
    greater: int | Operand | None = Key(default=None, alias=">")
    different: int | str | None = Key(default=None, alias="!=")
    """A number other than this one, or a text other than this one."""
    ignoring_case: str | None = None
    """This text in upper or lower case."""
    in_list: Name | None = None
    """One of the values in the first column of this reference list."""
    not_in_list: Name | None = None
    """A text that is none of the values in the first column of this reference list."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError(f"write exactly one of {', '.join(map(_key, type(self).model_fields))}")
        return self

    @property
    def name(self) -> str:
        """The key that is set, as it is written."""
        return _key(next(iter(self.model_fields_set)))

    @property
    def value(self) -> object:
        """The value of the key that is set."""
        return getattr(self, next(iter(self.model_fields_set)))

    @property
    def list_name(self) -> str | None:
        """The reference list in which the value is looked up."""
        return self.in_list or self.not_in_list

    @property
    def number_or_text(self) -> int | str | None:
        """The value that the value of the payload is compared with; None for the tests with an operand or list."""
        return self.value if self.operand is None and isinstance(self.value, int | str) else None

    @property
    def operand(self) -> Operand | None:
        """The operand that the value is compared with; None for the tests that compare with no other value."""
        if self.name in ORDERS and not isinstance(self.value, int):
            return self.value  # type: ignore[return-value]
        return None


ORDERS = frozenset({"<", "<=", ">=", ">"})


def _key(field: str) -> str:
    return ValueTest.model_fields[field].alias or field


ConditionItem: TypeAlias = Presence | bool | str | ValueTest
Condition: TypeAlias = ConditionItem | ArrayOf[ConditionItem]
"""What a value must be. If there are several items, one of them must match."""

ConditionTable: TypeAlias = dict[Path, Condition]


def _in_a_tuple(value: object) -> object:
    return [value] if isinstance(value, dict) else value


Conditions: TypeAlias = Annotated[
    ArrayOf[ConditionTable], BeforeValidator(_in_a_tuple, ConditionTable | ArrayOf[ConditionTable])
]
"""Conditions by path, all of which must hold. If there are several tables, one of them must hold; if there is none, the
conditions hold."""


def paths_in_when(when: Conditions, base: str = "") -> Iterator[PathUse]:
    """Yield the paths that conditions read, each with its ``base``."""
    for path, test in _tests(when):
        yield base, path
        if test and test.operand:
            yield from ((base, other) for other in paths_in(test.operand))


def lists_in_when(when: Conditions) -> Iterator[ListUse]:
    """Yield the reference lists that conditions need."""
    for _, test in _tests(when):
        if test and test.list_name:
            yield test.list_name, (), 1
        if test and test.operand:
            yield from lists_in(test.operand)


def _tests(when: Conditions) -> Iterator[tuple[str, ValueTest | None]]:
    for table in when:
        for path, condition in table.items():
            for item in condition if isinstance(condition, tuple) else (condition,):
                yield path, item if isinstance(item, ValueTest) else None

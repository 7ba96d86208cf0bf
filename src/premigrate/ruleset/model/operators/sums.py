"""Arguments of the operators about numbers: total, product, between, days."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Self, TypeAlias

from pydantic import AfterValidator, model_validator
from pydantic import Field as Key

from premigrate.ruleset.model.conditions import Conditions, lists_in_when, paths_in_when
from premigrate.ruleset.model.operands import ListUse, Path, PathUse
from premigrate.ruleset.model.operators.operator import OperatorArguments
from premigrate.ruleset.model.table import ArrayOf


def _check_amount(text: str) -> str:
    if not Decimal(text).is_finite() or Decimal(text) < 0:
        raise ValueError(f"{text!r} is not an amount")
    return text


Amount: TypeAlias = Annotated[str, Key(pattern=r"^[0-9]+(\.[0-9]+)?$"), AfterValidator(_check_amount)]
"""A decimal number as text, so that it stays exact."""


class Total(OperatorArguments):
    """The exact sum of the values at ``add``, minus those at ``subtract``, equals a field.

    If a value is missing, the sum is not checked, unless ``default`` gives a value for a missing field. An item for
    which ``minus_when`` holds is subtracted; its paths start at the item. ``times`` multiplies the field, and
    ``within`` is the tolerance. ``at_most`` replaces ``equals`` if the sum may be less than the field.
    """

    add: ArrayOf[Path] = Key(min_length=1)
    subtract: ArrayOf[Path] = ()
    minus_when: Conditions = ()
    equals: Path | None = None
    default: Amount | None = None
    at_most: Path | None = None
    times: int = 1
    within: Amount = "0"

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.equals is None) == (self.at_most is None):
            raise ValueError("write either equals or at_most")
        return self

    def paths(self) -> Iterator[PathUse]:
        """Yield all paths that the operator reads."""
        yield from (("", path) for path in (*self.add, *self.subtract, self.equals or self.at_most or "."))
        for path in self.add:
            if "[]" in path:
                yield from paths_in_when(self.minus_when, path.rpartition(".")[0])

    def lists(self) -> Iterator[ListUse]:
        """Yield the reference lists that the operator needs."""
        yield from lists_in_when(self.minus_when)


class Product(OperatorArguments):
    """The product of fields equals another field, within a tolerance. It is not checked if a value is missing."""

    of: ArrayOf[Path] = Key(min_length=2)
    equals: Path
    within: Amount = "0"

    def paths(self) -> Iterator[PathUse]:
        """Yield all paths that the operator reads."""
        yield from (("", path) for path in (*self.of, self.equals))


class Between(OperatorArguments):
    """A number is between two sums of fields, inclusive, in either order. It is not checked if a value is missing."""

    field: Path
    sums: ArrayOf[ArrayOf[Path]] = Key(min_length=2, max_length=2)

    def paths(self) -> Iterator[PathUse]:
        """Yield all paths that the operator reads."""
        yield from (("", path) for path in (self.field, *(path for parts in self.sums for path in parts)))


class Days(OperatorArguments):
    """A number equals the number of days from one date to another, both inclusive."""

    from_: Path = Key(alias="from")
    to: Path
    equals: Path

    def paths(self) -> Iterator[PathUse]:
        """Yield all paths that the operator reads."""
        yield from (("", path) for path in (self.from_, self.to, self.equals))

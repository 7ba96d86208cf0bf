"""Arguments of the operators about items of lists: count, unique, same."""

from collections.abc import Iterator
from typing import Self

from pydantic import Field as Key
from pydantic import NonNegativeInt, model_validator

from premigrate.ruleset.model.conditions import Conditions, lists_in_when, paths_in_when
from premigrate.ruleset.model.operands import ListUse, Path, PathUse
from premigrate.ruleset.model.operators.operator import OperatorArguments
from premigrate.ruleset.model.table import ArrayOf


class Items(OperatorArguments):
    """Items found at some paths. Items for which ``where`` does not hold are ignored; its paths start at an item."""

    of: ArrayOf[Path] = Key(min_length=1)
    where: Conditions = ()

    def paths(self) -> Iterator[PathUse]:
        """Yield all paths that the operator reads."""
        for path in self.of:
            yield "", path
            yield from paths_in_when(self.where, path)

    def lists(self) -> Iterator[ListUse]:
        """Yield the reference lists that the operator needs."""
        yield from lists_in_when(self.where)


class Count(OperatorArguments):
    """A list has at least or at most a number of items.

    If ``of`` ends in ``[]``, all items found there are counted together, and ``where`` selects the items.
    """

    of: Path
    where: Conditions = ()
    at_least: NonNegativeInt | None = None
    at_most: NonNegativeInt | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError("write at_least or at_most")
        if self.where and not self.of.endswith("[]"):
            raise ValueError("where applies to items, so the path must end in []")
        return self

    def paths(self) -> Iterator[PathUse]:
        """Yield all paths that the operator reads."""
        yield "", self.of
        yield from paths_in_when(self.where, self.of)

    def lists(self) -> Iterator[ListUse]:
        """Yield the reference lists that the operator needs."""
        yield from lists_in_when(self.where)


class Unique(Items):
    """No two of the values found at ``of`` are the same.

    With ``key``, the values are objects, which are compared by these fields together; a missing field counts as empty.
    With ``across``, duplicates within one item of that list are allowed.
    """

    key: ArrayOf[Path] = ()
    across: Path | None = None

    def paths(self) -> Iterator[PathUse]:
        """Yield all paths that the operator reads."""
        yield from super().paths()
        yield from ((path, name) for path in self.of for name in self.key)


class Same(Items):
    """All values found at ``of`` are the same. Missing values are ignored.

    With ``key`` and ``by``, the values are objects: those with the same values at ``by`` have the same values at
    ``key``. Objects in which a value of ``by`` is missing or empty are ignored.
    """

    key: ArrayOf[Path] = ()
    by: ArrayOf[Path] = ()

    def paths(self) -> Iterator[PathUse]:
        """Yield all paths that the operator reads."""
        yield from super().paths()
        yield from ((path, name) for path in self.of for name in (*self.key, *self.by))

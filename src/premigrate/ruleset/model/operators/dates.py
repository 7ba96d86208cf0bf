"""Arguments of the operators about periods: periods, covers."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import BeforeValidator, model_validator

from premigrate.ruleset.model.conditions import Conditions, lists_in_when, paths_in_when
from premigrate.ruleset.model.operands import FieldKey, ListUse, Operand, Path, PathUse, lists_in, paths_in
from premigrate.ruleset.model.operators.operator import OperatorArguments, as_array
from premigrate.ruleset.model.table import ArrayOf


class Periods(OperatorArguments):
    """Each period of a list ends when the next one starts; only the last period may have no end.

    The periods are sorted by start. ``start`` and ``end`` are fields of the items; the end is exclusive unless
    ``end_included`` is set. Only periods with the same values at ``by`` are compared, whose paths start at an item.
    Items for which ``where`` does not hold are ignored. A gap is allowed if the period before it ends on or before
    ``gap_allowed_until``. ``gaps`` and ``overlaps`` allow all gaps and overlaps.
    """

    of: Path
    start: FieldKey
    end: FieldKey
    end_included: bool = False
    by: ArrayOf[Path] = ()
    where: Conditions = ()
    gaps: bool = False
    overlaps: bool = False
    gap_allowed_until: Operand | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.gaps and (self.overlaps or self.gap_allowed_until):
            raise ValueError("gaps = true cannot be combined with overlaps = true or gap_allowed_until")
        return self

    @property
    def items(self) -> str:
        """The path of the items."""
        return f"{self.of}[]" if self.of != "." else "[]"

    def paths(self) -> Iterator[PathUse]:
        """Yield all paths that the operator reads."""
        yield from ((self.items, name) for name in (self.start, self.end, *self.by))
        yield from paths_in_when(self.where, self.items)
        yield from (("", path) for path in paths_in(self.gap_allowed_until or "<today>"))

    def lists(self) -> Iterator[ListUse]:
        """Yield the reference lists that the operator needs."""
        yield from lists_in_when(self.where)


class Covers(OperatorArguments):
    """One period contains a date, or all of several dates. Without ``start``, only the end must be after the date.

    If ``of`` ends in ``[]``, all periods found there are considered together. ``match`` maps fields of a period to
    paths. Periods whose field differs from the value at the path are ignored.
    """

    of: Path
    start: FieldKey | None = None
    end: FieldKey
    date: Annotated[ArrayOf[Operand], BeforeValidator(as_array, Operand | ArrayOf[Operand])]
    match: dict[FieldKey, Path] = {}

    @property
    def items(self) -> str:
        """The path of the periods."""
        return self.of if self.of.endswith("[]") else f"{self.of}[]"

    def paths(self) -> Iterator[PathUse]:
        """Yield all paths that the operator reads."""
        yield from ((self.items, name) for name in (self.start, self.end, *self.match) if name)
        yield from (("", path) for path in self.match.values())
        yield from (("", path) for operand in self.date for path in paths_in(operand))

    def lists(self) -> Iterator[ListUse]:
        """Yield the reference lists that the operator needs."""
        for operand in self.date:
            yield from lists_in(operand)

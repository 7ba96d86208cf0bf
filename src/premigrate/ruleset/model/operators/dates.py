"""Arguments of the operators about periods: periods, covers."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import BeforeValidator, model_validator

from premigrate.ruleset.model.conditions import When, lists_in_when, paths_in_when
from premigrate.ruleset.model.operands import Mention, Needed, Operand, Path, lists_in, paths_in
from premigrate.ruleset.model.operators.operator import Operator, one_or_several
from premigrate.ruleset.model.table import Name, Several


class Periods(Operator):
    """Sorted by start, each period of a list ends when the next starts; only the last may be open.

    ``start`` and ``end`` are fields of the items; the end is not part of the period, unless ``end_included``. Periods
    are compared with those that agree in ``by``, whose paths start at an item; ``where`` leaves out items for which
    it does not hold. A gap is forgiven when the period before it ends on or before ``forgive_until``, or the one after
    it starts on or before ``forgive_starts_until``; ``gaps`` and ``overlaps`` forgive all of them.
    """

    of: Path
    start: Name
    end: Name
    end_included: bool = False
    by: Several[Path] = ()
    where: When = ()
    gaps: bool = False
    overlaps: bool = False
    forgive_until: Path | None = None
    forgive_starts_until: Operand | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.gaps and (self.overlaps or self.forgive_until or self.forgive_starts_until):
            raise ValueError("if gaps are fine, overlaps must not be, and there is no gap to forgive")
        return self

    @property
    def items(self) -> str:
        """The path of the items."""
        return f"{self.of}[]" if self.of != "." else "[]"

    def paths(self) -> Iterator[Mention]:
        """Yield all paths it mentions."""
        yield from ((self.items, name) for name in (self.start, self.end, *self.by))
        yield from paths_in_when(self.where, self.items)
        yield from (("", path) for path in (self.forgive_until,) if path)
        yield from (("", path) for path in paths_in(self.forgive_starts_until or "<today>"))

    def lists(self) -> Iterator[Needed]:
        """Yield the reference lists it looks into."""
        yield from lists_in_when(self.where)


class Covers(Operator):
    """Some period contains a date, or several. Without ``start``, only the end counts: it must come after the date.

    If ``of`` ends in ``[]``, the periods found there are taken together; ``match`` leaves out those whose field is not
    what stands at a path.
    """

    of: Path
    start: Name | None = None
    end: Name
    date: Annotated[Several[Operand], BeforeValidator(one_or_several, Operand | Several[Operand])]
    match: dict[Name, Path] = {}

    @property
    def items(self) -> str:
        """The path of the periods."""
        return self.of if self.of.endswith("[]") else f"{self.of}[]"

    def paths(self) -> Iterator[Mention]:
        """Yield all paths it mentions."""
        yield from ((self.items, name) for name in (self.start, self.end, *self.match) if name)
        yield from (("", path) for path in self.match.values())
        yield from (("", path) for operand in self.date for path in paths_in(operand))

    def lists(self) -> Iterator[Needed]:
        """Yield the reference lists it looks into."""
        for operand in self.date:
            yield from lists_in(operand)

"""The arguments of the operators: the closed vocabulary of what a rule can demand."""

from collections.abc import Callable, Iterator
from typing import Any, Self

from pydantic import Field as Key
from pydantic import NonNegativeInt, model_validator

from premigrate.rulebook.model import Model, Name, Several
from premigrate.rulebook.operands import Mention, Operand, Path, PlainPattern, When, paths_in, paths_in_when


class Operator(Model):
    """Arguments of an operator."""

    def paths(self) -> Iterator[Mention]:
        """Yield all paths it mentions, each after the path it starts from (empty: what the rule looks at)."""
        raise NotImplementedError


def short_for(key: str) -> Callable[[Any], Any]:
    """Make a reader that lets a bare value stand for a table with this one key."""
    return lambda value: value if isinstance(value, dict | Operator) else {key: value}


class FormatOf(Operator):
    """A field has the format that the scheme ``is`` stands for, in the country that ``territory`` names if given."""

    field: Path = "."
    is_: Name = Key(alias="is")
    territory: Path | None = None

    def paths(self) -> Iterator[Mention]:
        """Yield all paths it mentions."""
        yield from (("", path) for path in (self.field, self.territory) if path)


class Matching(Operator):
    """A value, or several joined by single spaces, matches one of the patterns whole."""

    field: Path = "."
    join: Several[Path] = ()
    patterns: Several[PlainPattern] = Key(min_length=1)
    ignore_case: bool = False

    def paths(self) -> Iterator[Mention]:
        """Yield all paths it mentions."""
        yield from (("", path) for path in (self.field, *self.join))


class Count(Operator):
    """A list has at least or at most so many items."""

    of: Path
    at_least: NonNegativeInt | None = None
    at_most: NonNegativeInt | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError("say at_least or at_most")
        return self

    def paths(self) -> Iterator[Mention]:
        """Yield all paths it mentions."""
        yield "", self.of


class Unique(Operator):
    """No two of the values found at ``of`` are the same.

    With ``key`` they are objects, compared by those fields together (a missing one counts as empty). With
    ``across``, repetitions within one item of that list are forgiven.
    """

    of: Several[Path] = Key(min_length=1)
    key: Several[Path] = ()
    across: Path | None = None

    def paths(self) -> Iterator[Mention]:
        """Yield all paths it mentions."""
        yield from (("", path) for path in self.of)
        yield from ((path, name) for path in self.of for name in self.key)


class Total(Operator):
    """The exact sum of what is found at ``add`` equals the field ``equals``; what is missing counts as zero.

    An item for which ``minus_when`` holds is subtracted; its paths start at the item.
    """

    add: Several[Path] = Key(min_length=1)
    minus_when: When = {}
    equals: Path

    def paths(self) -> Iterator[Mention]:
        """Yield all paths it mentions."""
        yield from (("", path) for path in (*self.add, self.equals))
        for path in self.add:
            if "[]" in path:
                yield from paths_in_when(self.minus_when, path.rpartition(".")[0])


class Periods(Operator):
    """Sorted by start, each period of a list ends when the next starts; only the last may be open.

    ``start`` and ``end`` are fields of the items; the end is not part of the period. A gap is forgiven when the
    period before it ends on or before the date at ``forgive_until``.
    """

    of: Path
    start: Name
    end: Name
    forgive_until: Path | None = None

    def paths(self) -> Iterator[Mention]:
        """Yield all paths it mentions."""
        yield from ((f"{self.of}[]", name) for name in (self.start, self.end))
        yield from (("", path) for path in (self.forgive_until,) if path)


class Covers(Operator):
    """Some period of a list contains a date. Without ``start``, only the end counts: it must come after the date."""

    of: Path
    start: Name | None = None
    end: Name
    date: Operand

    def paths(self) -> Iterator[Mention]:
        """Yield all paths it mentions."""
        yield from ((f"{self.of}[]", name) for name in (self.start, self.end) if name)
        yield from (("", path) for path in paths_in(self.date))


class Listed(Operator):
    """A value occurs in a reference list; without that list the rule is not checked."""

    field: Path = "."
    in_: Name = Key(alias="in")

    def paths(self) -> Iterator[Mention]:
        """Yield all paths it mentions."""
        yield "", self.field

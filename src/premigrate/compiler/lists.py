"""Turns reference lists into tables to look into."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from premigrate.ruleset.model.cohort import CohortRule
    from premigrate.ruleset.model.file import ReferenceList
    from premigrate.ruleset.model.rules import Rule


Row: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts under named columns, which can be read any number of times."""

    columns: tuple[str, ...]
    rows: Iterable[Row]
    _known: dict[tuple[tuple[str, ...], bool], frozenset[str]] = field(default_factory=dict, compare=False, repr=False)

    def has(self, columns: Sequence[str], first: int) -> bool:
        """Whether these columns are there, and as many first ones."""
        return set(columns) <= set(self.columns) and first <= len(self.columns)

    def pick(self, columns: Sequence[str], first: int = 0) -> Iterator[Row]:
        """Yield the values of some columns, row by row: of those named, or else of the first ones."""
        places = [self.columns.index(name) for name in columns] or list(range(first))
        yield from (tuple(row[place] for place in places) for row in self.rows)

    def known(self, columns: Sequence[str], *, ignore_case: bool) -> frozenset[str]:
        """Collect the values of one column, that named or else the first; made once, for a list may be long."""
        key = tuple(columns), ignore_case
        if key not in self._known:
            values = (value for (value,) in self.pick(columns, 1))
            self._known[key] = frozenset(map(str.casefold, values) if ignore_case else values)
        return self._known[key]

    def lookup(self, key: Sequence[str], first: int, take: str) -> Mapping[Row, str]:
        """Collect one column by others; of rows with the same key, the first counts."""
        values = (value for (value,) in self.pick([take]))
        found: dict[Row, str] = {}
        for row, value in zip(self.pick(key, first), values, strict=True):
            found.setdefault(row, value)
        return found


def make_table(spec: ReferenceList) -> Table:
    """Make the table of a list that is there."""
    return Table(spec.columns, _RowsOf(spec))


class _RowsOf:
    """The rows of a list, made anew each time: they may be many."""

    def __init__(self, spec: ReferenceList) -> None:
        self._spec = spec

    def __iter__(self) -> Iterator[Row]:
        return self._spec.rows()


def missing_lists(rule: Rule | CohortRule, tables: Mapping[str, Table]) -> tuple[str, ...]:
    """Name the reference lists that a rule lacks: not there, or without a column it needs."""
    lacking = {
        name for name, columns, first in rule.lists() if name not in tables or not tables[name].has(columns, first)
    }
    return tuple(sorted(lacking))

"""Reference lists as tables, for lookups at compile time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from premigrate.ruleset.model.cohort import CohortRule
    from premigrate.ruleset.model.operands import ListUse
    from premigrate.ruleset.model.rule_file import ReferenceList
    from premigrate.ruleset.model.rules import Rule


Row: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReferenceTable:
    """Rows of texts in named columns, which can be iterated any number of times."""

    columns: tuple[str, ...]
    rows: Iterable[Row]
    _known: dict[tuple[tuple[str, ...], bool], frozenset[str]] = field(default_factory=dict, compare=False, repr=False)

    def has_columns(self, columns: Sequence[str], leading: int) -> bool:
        """Return whether the table has these columns, and at least ``leading`` columns."""
        return set(columns) <= set(self.columns) and leading <= len(self.columns)

    def select(self, columns: Sequence[str], leading: int = 0) -> Iterator[Row]:
        """Yield the named columns of each row; without names, its ``leading`` leading columns."""
        places = [self.columns.index(name) for name in columns] or list(range(leading))
        yield from (tuple(row[place] for place in places) for row in self.rows)

    def column_values(self, columns: Sequence[str], *, ignore_case: bool) -> frozenset[str]:
        """Return the values of the named column, or of the first one; cached, because a list can be long."""
        key = tuple(columns), ignore_case
        if key not in self._known:
            values = (value for (value,) in self.select(columns, 1))
            self._known[key] = frozenset(map(str.casefold, values) if ignore_case else values)
        return self._known[key]

    def index_column(self, key: Sequence[str], leading: int, take: str) -> Mapping[Row, str]:
        """Return the column ``take`` by the key columns; the first row with a key wins."""
        values = (value for (value,) in self.select([take]))
        found: dict[Row, str] = {}
        for row, value in zip(self.select(key, leading), values, strict=True):
            found.setdefault(row, value)
        return found


def load_table(spec: ReferenceList) -> ReferenceTable:
    """Return the table of a reference list that has values."""
    return ReferenceTable(spec.columns, _ReferenceRows(spec))


class _ReferenceRows:
    """The rows of a list, generated on each iteration because there can be many."""

    def __init__(self, spec: ReferenceList) -> None:
        self._spec = spec

    def __iter__(self) -> Iterator[Row]:
        return self._spec.rows()


def missing_lists(rule: Rule | CohortRule, tables: Mapping[str, ReferenceTable]) -> tuple[str, ...]:
    """Return the names of the reference lists that a rule lacks."""
    return lacking_lists(rule.lists(), tables)


def lacking_lists(uses: Iterable[ListUse], tables: Mapping[str, ReferenceTable]) -> tuple[str, ...]:
    """Return the names of the reference lists that lack values, or a column that is used."""
    lacking = {
        name for name, columns, first in uses if name not in tables or not tables[name].has_columns(columns, first)
    }
    return tuple(sorted(lacking))

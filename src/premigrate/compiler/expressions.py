"""Compiles operands and conditions of the rule language."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from premigrate.compiler.paths import compile_path
from premigrate.engine import rule_data
from premigrate.ruleset.model.conditions import Condition, Conditions, ValueTest
from premigrate.ruleset.model.operands import DayAfter, DaysAfter, Earliest, First, Latest, Lookup, Operand

if TYPE_CHECKING:
    from collections.abc import Mapping

    from premigrate.compiler.reference_tables import ReferenceTable


class ExpressionCompiler:
    """Compiles paths, operands and conditions, given the root object and the reference lists that have values."""

    def __init__(self, root: str, tables: Mapping[str, ReferenceTable]) -> None:
        self._root, self.tables = root, tables

    def compile_path(self, path: str) -> rule_data.Path:
        """Compile a path."""
        return compile_path(path, self._root)

    def compile_paths(self, paths: tuple[str, ...]) -> tuple[rule_data.Path, ...]:
        """Compile several paths."""
        return tuple(map(self.compile_path, paths))

    def compile_operand(self, operand: Operand) -> rule_data.Operand:  # noqa: PLR0911 - one branch for each kind
        """Compile an operand."""
        match operand:
            case First(first=options):
                return rule_data.First(tuple(map(self.compile_operand, options)))
            case Earliest(earliest=paths) | Latest(latest=paths):
                return rule_data.Extreme(self.compile_paths(paths), is_latest=isinstance(operand, Latest))
            case DayAfter(day_after=path):
                return rule_data.DaysAfter(1, rule_data.ValuesAt(self.compile_path(path)))
            case DaysAfter(days=days, after=start):
                return rule_data.DaysAfter(days, self.compile_operand(start))
            case Lookup():
                return self.compile_lookup(operand)
            case date():
                return rule_data.FixedDay(operand)
            case _:
                return rule_data.Today() if operand == "<today>" else rule_data.ValuesAt(self.compile_path(operand))

    def compile_optional_operand(self, operand: Operand | None) -> rule_data.Operand | None:
        """Compile an optional operand."""
        return None if operand is None else self.compile_operand(operand)

    def compile_lookup(self, lookup: Lookup) -> rule_data.Lookup:
        """Compile a lookup in a reference list; without ``by``, it takes the first row."""
        table = self.tables[lookup.of]
        if not lookup.by:
            first = next(table.select([lookup.take]), ())
            return rule_data.Lookup((), {(): first[0]} if first else {}, lookup.of)
        return rule_data.Lookup(
            self.compile_paths(lookup.by),
            dict(table.index_column(lookup.key, len(lookup.by), lookup.take)),
            lookup.of,
        )

    def compile_when(self, when: Conditions) -> rule_data.When:
        """Compile tables of conditions."""
        return tuple(
            tuple(self.compile_condition(path, condition) for path, condition in table.items()) for table in when
        )

    def compile_condition(self, path: str, condition: Condition) -> rule_data.Condition:
        """Compile the condition for the values at a path."""
        items = condition if isinstance(condition, tuple) else (condition,)
        values = tuple(item for item in items if isinstance(item, str | bool) and item not in ("<absent>", "<present>"))
        predicates = tuple(self._predicate(item) for item in items if isinstance(item, ValueTest))
        return rule_data.Condition(
            self.compile_path(path), "<absent>" in items, "<present>" in items, values, predicates
        )

    def _predicate(self, test: ValueTest) -> rule_data.Predicate:
        if test.operand is not None:
            return rule_data.Predicate(test.name, operand=self.compile_operand(test.operand))
        if test.list_name:
            known = frozenset(value for (value,) in self.tables[test.list_name].select((), 1))
            return rule_data.Predicate(test.name, value=test.list_name, texts=known)
        return rule_data.Predicate(test.name, value=test.number_or_text)

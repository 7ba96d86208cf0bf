"""Builds the operands of rules, and looks up values in reference lists."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from premigrate.engine import rule_data
from premigrate.engine.operand import DaysAfter, Extreme, First, FixedDay, Operand, Today, ValuesAt
from premigrate.engine.paths import Path, PathMaker, PlaceFrom
from premigrate.engine.values import INVALID, Scope, is_filled
from premigrate.formats.text import text_or_type_name


class Lookup:
    """A cell of a reference list.

    Attributes:
        name: the name of the list.

    """

    __slots__ = ("_by", "_cells", "name")

    def __init__(self, spec: rule_data.Lookup, make_path: PathMaker) -> None:
        self._by = [make_path(path) for path in spec.by]
        self._cells = spec.cells
        self.name = spec.name

    def cell(self, scope: Scope) -> str:
        """Return the text of the cell; empty if no row matches."""
        key = tuple(text_or_type_name(value) for path in self._by for value in path.values(scope) if is_filled(value))
        return self._cells.get(key, "")

    def sources(self, scope: Scope) -> list[tuple[str, PlaceFrom]]:
        """Return the values that choose the row, each with the name of its field, and their places."""
        return [
            (f"{path.label} {text_or_type_name(value)}", place)
            for path in self._by
            for value, place in path.filled(scope)
        ]


class LookupValue(Operand):
    """The value of a cell of a reference list."""

    __slots__ = ("_lookup",)

    def __init__(self, lookup: Lookup) -> None:
        super().__init__(is_single=True, label=f"the list {lookup.name}")
        self._lookup = lookup

    def values(self, scope: Scope) -> list[Any]:
        """Return the values."""
        cell = self._lookup.cell(scope)
        return [parse_cell(cell)] if cell else []

    def sources(self, scope: Scope) -> list[tuple[Any, PlaceFrom]]:
        """Return the cell with the places of the values that choose its row."""
        return [(value, place) for value in self.values(scope) for _, place in self._lookup.sources(scope)]


def make_operand(spec: rule_data.Operand, make_path: PathMaker) -> Operand:  # noqa: PLR0911 - one branch for each kind
    """Build the operand that a program specifies."""
    match spec:
        case rule_data.Today():
            return Today()
        case rule_data.FixedDay(day=day):
            return FixedDay(day)
        case rule_data.ValuesAt(path=path):
            return ValuesAt(make_path(path))
        case rule_data.DaysAfter(days=days, start=start):
            return DaysAfter(days, make_operand(start, make_path))
        case rule_data.First(options=options):
            return First([make_operand(option, make_path) for option in options])
        case rule_data.Extreme(paths=paths, is_latest=is_latest):
            return Extreme([ValuesAt(make_path(path)) for path in paths], is_latest=is_latest)
        case _:
            return LookupValue(Lookup(spec, make_path))


def parse_cell(cell: str) -> object:
    """Parse a cell of a reference list as a date or a number if possible."""
    with suppress(ValueError):
        return date.fromisoformat(cell)
    try:
        number = Decimal(cell)
    except InvalidOperation:
        return cell
    return number if number.is_finite() else cell


def key_part(path: Path, scope: Scope) -> Any:  # noqa: ANN401
    """Return one part of a key: empty if absent, INVALID if it is a list or an object."""
    value = path.first(scope)
    if not is_filled(value):
        return ""
    return INVALID if isinstance(value, (list, dict)) else value

"""Evaluates the operands of rules. Absent values are left out; the mark INVALID is kept."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from premigrate.engine import rule_data
from premigrate.engine.order import extremes, next_day
from premigrate.engine.paths import Path, PathMaker
from premigrate.engine.values import INVALID, Scope, is_filled
from premigrate.formats.text import text_or_type_name
from premigrate.results import Place


class Operand:
    """An operand of a rule. With ``is_single``, it has at most one value."""

    __slots__ = ("is_single",)

    def __init__(self, *, is_single: bool) -> None:
        self.is_single = is_single

    def values(self, scope: Scope) -> list[Any]:
        """Return the values."""
        raise NotImplementedError

    def first(self, scope: Scope) -> Any:  # noqa: ANN401 - any value of a payload
        """Return the first value, or None."""
        values = self.values(scope)
        return values[0] if values else None

    def values_with_places(self, scope: Scope) -> tuple[list[Any], list[Place]]:
        """Return the values and their places."""
        values = self.values(scope)
        return values, [()] * len(values)

    def extremes(self, scope: Scope) -> list[Any]:
        """Return a few values that decide each comparison for all of them (see `order.extremes`)."""
        return extremes(self.values(scope))


class Today(Operand):
    """The date that counts as today."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(is_single=True)

    def first(self, scope: Scope) -> Any:  # noqa: ANN401
        """Return the date."""
        return scope.context.today

    def values(self, scope: Scope) -> list[Any]:
        """Return the values."""
        return [scope.context.today]


class FixedDay(Operand):
    """A constant date of the rule."""

    __slots__ = ("_day",)

    def __init__(self, day: date) -> None:
        super().__init__(is_single=True)
        self._day = day

    def values(self, scope: Scope) -> list[Any]:  # noqa: ARG002
        """Return the values."""
        return [self._day]


class ValuesAt(Operand):
    """The filled values at a path."""

    __slots__ = ("_path", "anchor_id")

    def __init__(self, path: Path) -> None:
        super().__init__(is_single=not path.is_plural)
        self._path = path
        self.anchor_id = path.anchor_id

    def first(self, scope: Scope) -> Any:  # noqa: ANN401
        """Return the first value, or None."""
        if not self.is_single:
            return super().first(scope)
        path, current = self._path, scope.current
        value = current.get(path.key) if path.key and type(current) is dict else path.first(scope)
        return value if value or is_filled(value) else None

    def values(self, scope: Scope) -> list[Any]:
        """Return the values."""
        path = self._path
        if self.is_single:
            value = self.first(scope)
            return [] if value is None else [value]
        if not path.is_shared or path.is_certainly_empty(scope.context):
            values = path.values(scope)
            return values if all(values) else _filled(values)
        return scope.context.cached((self, path.anchor_id(scope)), partial(self._collect, scope))

    def is_certainly_empty(self, scope: Scope) -> bool:
        """Return whether there certainly are no values; False means unknown."""
        return self._path.starts_outside and self._path.is_certainly_empty(scope.context)

    def _collect(self, scope: Scope) -> list[Any]:
        return _filled(self._path.values(scope))

    def extremes(self, scope: Scope) -> list[Any]:
        """Return a few values that decide each comparison for all of them (see `order.extremes`)."""
        if self.is_single:
            value = self.first(scope)
            return [] if value is None else [value]
        anchor = self._path.anchor_id(scope)
        if anchor is None:
            return extremes(self.values(scope))
        return scope.context.cached((self, anchor, "extremes"), lambda: extremes(self.values(scope)))

    def values_with_places(self, scope: Scope) -> tuple[list[Any], list[Place]]:
        """Return the values and their places."""
        pairs = zip(self._path.values(scope), self._path.places(scope), strict=True)
        kept = [pair for pair in pairs if is_filled(pair[0])]
        return [value for value, _ in kept], [place for _, place in kept]


class First(Operand):
    """The first of several operands that has a value."""

    __slots__ = ("_options",)

    def __init__(self, options: list[Operand]) -> None:
        super().__init__(is_single=all(option.is_single for option in options))
        self._options = options

    def first(self, scope: Scope) -> Any:  # noqa: ANN401
        """Return the first value, or None."""
        for option in self._options:
            value = option.first(scope)
            if value is not None:
                return value
        return None

    def values(self, scope: Scope) -> list[Any]:
        """Return the values."""
        if self.is_single:
            value = self.first(scope)
            return [] if value is None else [value]
        for option in self._options:
            values = option.values(scope)
            if values:
                return values
        return []

    def extremes(self, scope: Scope) -> list[Any]:
        """Return a few values that decide each comparison for all of them (see `order.extremes`)."""
        for option in self._options:
            values = option.extremes(scope)
            if values:
                return values
        return []

    def values_with_places(self, scope: Scope) -> tuple[list[Any], list[Place]]:
        """Return the values and their places."""
        for option in self._options:
            values, places = option.values_with_places(scope)
            if values:
                return values, places
        return [], []


class Extreme(Operand):
    """The earliest or latest date at several paths; INVALID if a value is INVALID or the dates can't be compared."""

    __slots__ = ("_is_latest", "_options")

    def __init__(self, options: list[ValuesAt], *, is_latest: bool) -> None:
        super().__init__(is_single=True)
        self._options, self._is_latest = options, is_latest

    def values(self, scope: Scope) -> list[Any]:
        """Return the values."""
        if len(self._options) == 1:
            return self._extreme_of(self._options[0], scope)
        return self._choose([value for option in self._options for value in self._extreme_of(option, scope)])

    def _extreme_of(self, option: ValuesAt, scope: Scope) -> list[Any]:
        if option.is_certainly_empty(scope):
            return []
        anchor = option.anchor_id(scope)
        if anchor is None:
            return self._choose(option.values(scope))
        return scope.context.cached((self, option, anchor), lambda: self._choose(option.values(scope)))

    def _choose(self, values: list[Any]) -> list[Any]:
        if not values:
            return []
        dates = [value for value in values if isinstance(value, date)]
        try:
            return [INVALID] if INVALID in values else [max(dates) if self._is_latest else min(dates)] if dates else []
        except TypeError:  # a date and a datetime, or datetimes with and without an offset
            return [INVALID]


def _filled(values: list[Any]) -> list[Any]:
    return [value for value in values if value or is_filled(value)]


class DayAfter(Operand):
    """The day after a date."""

    __slots__ = ("_operand",)

    def __init__(self, operand: ValuesAt) -> None:
        super().__init__(is_single=operand.is_single)
        self._operand = operand

    def values(self, scope: Scope) -> list[Any]:
        """Return the values."""
        return [next_day(value) for value in self._operand.values(scope)]

    def values_with_places(self, scope: Scope) -> tuple[list[Any], list[Place]]:
        """Return the values and their places."""
        values, places = self._operand.values_with_places(scope)
        return [next_day(value) for value in values], places


class Lookup:
    """A cell of a reference list."""

    __slots__ = ("_by", "_cells")

    def __init__(self, spec: rule_data.Lookup, make_path: PathMaker) -> None:
        self._by = [make_path(path) for path in spec.by]
        self._cells = spec.cells

    def cell(self, scope: Scope) -> str:
        """Return the text of the cell; empty if no row matches."""
        key = tuple(text_or_type_name(value) for path in self._by for value in path.values(scope) if is_filled(value))
        return self._cells.get(key, "")


class LookupValue(Operand):
    """The value of a cell of a reference list."""

    __slots__ = ("_lookup",)

    def __init__(self, lookup: Lookup) -> None:
        super().__init__(is_single=True)
        self._lookup = lookup

    def values(self, scope: Scope) -> list[Any]:
        """Return the values."""
        cell = self._lookup.cell(scope)
        return [parse_cell(cell)] if cell else []


def make_operand(spec: rule_data.Operand, make_path: PathMaker) -> Operand:
    """Build the operand that a program specifies."""
    match spec:
        case rule_data.Today():
            return Today()
        case rule_data.FixedDay(day=day):
            return FixedDay(day)
        case rule_data.ValuesAt(path=path) | rule_data.DayAfter(path=path):
            operand = ValuesAt(make_path(path))
            return operand if isinstance(spec, rule_data.ValuesAt) else DayAfter(operand)
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

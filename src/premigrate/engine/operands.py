"""Finds the values that operands of rules stand for: what is absent is left out, and WRONG stays."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from premigrate.engine import rule_data
from premigrate.engine.order import extremes, next_day
from premigrate.engine.paths import Path, PathMaker
from premigrate.engine.values import WRONG, Scope, filled
from premigrate.formats.text import text_or_type_name
from premigrate.results import Place


class Operand:
    """What an operand stands for. ``is_single``: there is at most one value."""

    __slots__ = ("is_single",)

    def __init__(self, *, is_single: bool) -> None:
        self.is_single = is_single

    def values(self, scope: Scope) -> list[Any]:
        """List its values."""
        raise NotImplementedError

    def first(self, scope: Scope) -> Any:  # noqa: ANN401 - any value of a payload
        """Give the first of its values; None if there is none."""
        values = self.values(scope)
        return values[0] if values else None

    def found(self, scope: Scope) -> tuple[list[Any], list[Place]]:
        """List its values with their places."""
        values = self.values(scope)
        return values, [()] * len(values)

    def extremes(self, scope: Scope) -> list[Any]:
        """List those of its values that stand for all in comparisons."""
        return extremes(self.values(scope))


class Today(Operand):
    """The day that counts as today."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(is_single=True)

    def first(self, scope: Scope) -> Any:  # noqa: ANN401
        """Give the day."""
        return scope.run.today

    def values(self, scope: Scope) -> list[Any]:
        """List its values."""
        return [scope.run.today]


class FixedDay(Operand):
    """A day that the rule names."""

    __slots__ = ("_day",)

    def __init__(self, day: date) -> None:
        super().__init__(is_single=True)
        self._day = day

    def values(self, scope: Scope) -> list[Any]:  # noqa: ARG002
        """List its values."""
        return [self._day]


class ValuesAt(Operand):
    """The filled values at a path."""

    __slots__ = ("_at", "anchor")

    def __init__(self, path: Path) -> None:
        super().__init__(is_single=not path.is_plural)
        self._at = path
        self.anchor = path.anchor

    def first(self, scope: Scope) -> Any:  # noqa: ANN401
        """Give the first of its values; None if there is none."""
        if not self.is_single:
            return super().first(scope)
        at, here = self._at, scope.here
        value = here.get(at.key) if at.key and type(here) is dict else at.first(scope)
        return value if value or filled(value) else None

    def values(self, scope: Scope) -> list[Any]:
        """List its values."""
        path = self._at
        if self.is_single:
            value = self.first(scope)
            return [] if value is None else [value]
        if not path.is_shared or path.is_surely_empty(scope.run):
            found = path.values(scope)
            return found if all(found) else _filled(found)
        return scope.run.once((self, path.anchor(scope)), partial(self._found_once, scope))

    def is_surely_empty(self, scope: Scope) -> bool:
        """Whether there surely are no values."""
        return self._at.is_outside and self._at.is_surely_empty(scope.run)

    def _found_once(self, scope: Scope) -> list[Any]:
        return _filled(self._at.values(scope))

    def extremes(self, scope: Scope) -> list[Any]:
        """List those of its values that stand for all in comparisons."""
        if self.is_single:
            value = self.first(scope)
            return [] if value is None else [value]
        anchor = self._at.anchor(scope)
        if anchor is None:
            return extremes(self.values(scope))
        return scope.run.once((self, anchor, "extremes"), lambda: extremes(self.values(scope)))

    def found(self, scope: Scope) -> tuple[list[Any], list[Place]]:
        """List its values with their places."""
        pairs = zip(self._at.values(scope), self._at.places(scope), strict=True)
        kept = [pair for pair in pairs if filled(pair[0])]
        return [value for value, _ in kept], [place for _, place in kept]


class First(Operand):
    """The first of several operands that has a value."""

    __slots__ = ("_options",)

    def __init__(self, options: list[Operand]) -> None:
        super().__init__(is_single=all(option.is_single for option in options))
        self._options = options

    def first(self, scope: Scope) -> Any:  # noqa: ANN401
        """Give the first of its values; None if there is none."""
        for option in self._options:
            value = option.first(scope)
            if value is not None:
                return value
        return None

    def values(self, scope: Scope) -> list[Any]:
        """List its values."""
        if self.is_single:
            value = self.first(scope)
            return [] if value is None else [value]
        for option in self._options:
            values = option.values(scope)
            if values:
                return values
        return []

    def extremes(self, scope: Scope) -> list[Any]:
        """List those of its values that stand for all in comparisons."""
        for option in self._options:
            values = option.extremes(scope)
            if values:
                return values
        return []

    def found(self, scope: Scope) -> tuple[list[Any], list[Place]]:
        """List its values with their places."""
        for option in self._options:
            values, places = option.found(scope)
            if values:
                return values, places
        return [], []


class Extreme(Operand):
    """The earliest or the latest date of several paths; WRONG if one of the values is, or they can't be compared."""

    __slots__ = ("_is_latest", "_options")

    def __init__(self, options: list[ValuesAt], *, is_latest: bool) -> None:
        super().__init__(is_single=True)
        self._options, self._is_latest = options, is_latest

    def values(self, scope: Scope) -> list[Any]:
        """List its values."""
        if len(self._options) == 1:
            return self._of_option(self._options[0], scope)
        return self._of([value for option in self._options for value in self._of_option(option, scope)])

    def _of_option(self, option: ValuesAt, scope: Scope) -> list[Any]:
        if option.is_surely_empty(scope):
            return []
        anchor = option.anchor(scope)
        if anchor is None:
            return self._of(option.values(scope))
        return scope.run.once((self, option, anchor), lambda: self._of(option.values(scope)))

    def _of(self, values: list[Any]) -> list[Any]:
        if not values:
            return []
        dates = [value for value in values if isinstance(value, date)]
        try:
            return [WRONG] if WRONG in values else [max(dates) if self._is_latest else min(dates)] if dates else []
        except TypeError:  # a date and a time, or times with an offset and without
            return [WRONG]


def _filled(values: list[Any]) -> list[Any]:
    return [value for value in values if value or filled(value)]


class DayAfter(Operand):
    """The day after a date."""

    __slots__ = ("_at",)

    def __init__(self, at: ValuesAt) -> None:
        super().__init__(is_single=at.is_single)
        self._at = at

    def values(self, scope: Scope) -> list[Any]:
        """List its values."""
        return [next_day(value) for value in self._at.values(scope)]

    def found(self, scope: Scope) -> tuple[list[Any], list[Place]]:
        """List its values with their places."""
        values, places = self._at.found(scope)
        return [next_day(value) for value in values], places


class Lookup:
    """A cell of a reference list."""

    __slots__ = ("_by", "_cells")

    def __init__(self, spec: rule_data.Lookup, make_path: PathMaker) -> None:
        self._by = [make_path(path) for path in spec.by]
        self._cells = spec.cells

    def cell(self, scope: Scope) -> str:
        """Find the cell; empty if there is none."""
        key = tuple(text_or_type_name(value) for path in self._by for value in path.values(scope) if filled(value))
        return self._cells.get(key, "")


class Cell(Operand):
    """What stands in a cell of a reference list."""

    __slots__ = ("_lookup",)

    def __init__(self, lookup: Lookup) -> None:
        super().__init__(is_single=True)
        self._lookup = lookup

    def values(self, scope: Scope) -> list[Any]:
        """List its values."""
        cell = self._lookup.cell(scope)
        return [read_cell(cell)] if cell else []


def make_operand(spec: rule_data.Operand, make_path: PathMaker) -> Operand:
    """Make an operand."""
    match spec:
        case rule_data.Today():
            return Today()
        case rule_data.FixedDay(day=day):
            return FixedDay(day)
        case rule_data.ValuesAt(path=path) | rule_data.DayAfter(path=path):
            at = ValuesAt(make_path(path))
            return at if isinstance(spec, rule_data.ValuesAt) else DayAfter(at)
        case rule_data.First(options=options):
            return First([make_operand(option, make_path) for option in options])
        case rule_data.Extreme(paths=paths, latest=latest):
            return Extreme([ValuesAt(make_path(path)) for path in paths], is_latest=latest)
        case _:
            return Cell(Lookup(spec, make_path))


def read_cell(cell: str) -> object:
    """Read what stands in a reference list as a date or a number if it is one."""
    with suppress(ValueError):
        return date.fromisoformat(cell)
    try:
        number = Decimal(cell)
    except InvalidOperation:
        return cell
    return number if number.is_finite() else cell


def part_at(path: Path, scope: Scope) -> Any:  # noqa: ANN401
    """Find one part of a key; what is absent counts as empty, and what is no single value as wrong."""
    value = path.first(scope)
    if not filled(value):
        return ""
    return WRONG if isinstance(value, (list, dict)) else value

"""Turns operands of the rule language into functions of a scope, and order words into comparisons."""

from __future__ import annotations

import operator
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from premigrate.compiling.paths import Finder, Found, compile_path
from premigrate.plan import WRONG, Scope, filled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from premigrate.compiling.context import Context
    from premigrate.compiling.lists import Row
    from premigrate.rulebook.operands import Lookup, Operand

Values: TypeAlias = Callable[[Scope], list[Found]]
Compare: TypeAlias = Callable[[object, object], bool | None]

_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}


def compile_operand(operand: Operand, context: Context) -> Values:
    """Make a function that finds the values an operand stands for: what is absent is left out, WRONG stays."""
    from premigrate.rulebook.operands import DayAfter, Earliest, First, Latest, Lookup

    match operand:
        case "<today>":
            return _find_today
        case First(first=operands):
            return partial(_find_first, [compile_operand(option, context) for option in operands])
        case Earliest(earliest=paths) | Latest(latest=paths):
            choose = min if isinstance(operand, Earliest) else max
            return partial(_find_extreme, [compile_operand(path, context) for path in paths], choose)
        case DayAfter(day_after=path):
            return partial(_find_next_days, compile_operand(path, context))
        case Lookup():
            return partial(_find_cells, compile_lookup(operand, context))
        case _:
            return partial(_find_filled, compile_path(str(operand), context.root))


def _find_today(scope: Scope) -> list[Found]:
    return [((), scope.today)]


def _find_first(options: list[Values], scope: Scope) -> list[Found]:
    return next((found for option in options if (found := option(scope))), [])


def _find_next_days(days: Values, scope: Scope) -> list[Found]:
    return [(place, next_day(value)) for place, value in days(scope)]


def _find_cells(look_up: Callable[[Scope], list[str]], scope: Scope) -> list[Found]:
    return [((), read_cell(cell)) for cell in look_up(scope)]


def _find_filled(find: Finder, scope: Scope) -> list[Found]:
    return [found for found in find(scope) if filled(found[1])]


def _find_extreme(options: list[Values], choose: Callable[[Iterator[date]], date], scope: Scope) -> list[Found]:
    values = [value for option in options for _, value in option(scope)]
    if any(value is WRONG for value in values):
        return [((), WRONG)]
    dates = [value for value in values if isinstance(value, date)]
    return [((), choose(iter(dates)))] if dates else []


def next_day(value: object) -> object:
    """Tell the day after a date; the last day there is has none, and what is no date stays as it is."""
    try:
        return value + timedelta(days=1) if isinstance(value, date) else value
    except OverflowError:
        return WRONG


def compile_lookup(lookup: Lookup, context: Context) -> Callable[[Scope], list[str]]:
    """Make a function that finds the cell of a reference list, if there is one and it is not empty."""
    table = context.tables[lookup.of]
    if not lookup.by:
        cells = [cell for (cell,) in table.pick([lookup.take])][:1]
        return partial(_give_cells, [cell for cell in cells if cell])
    cell_of = table.lookup(lookup.key, len(lookup.by), lookup.take)
    return partial(_look_up, cell_of, [compile_path(path, context.root) for path in lookup.by])


def _give_cells(cells: list[str], _: Scope) -> list[str]:
    return cells


def _look_up(cell_of: Mapping[Row, str], finders: list[Finder], scope: Scope) -> list[str]:
    key = tuple(str(value) for finder in finders for _, value in finder(scope) if filled(value))
    return [cell] if (cell := cell_of.get(key)) else []


def read_cell(cell: str) -> object:
    """Read what stands in a reference list as a date or a number if it is one."""
    with suppress(ValueError):
        return date.fromisoformat(cell)
    try:
        return Decimal(cell)
    except InvalidOperation:
        return cell


def compile_order(word: str) -> Compare:
    """Make a comparison of two numbers, dates or times; None where they can't be compared.

    A date and a time are compared by their days; where the time's day depends on where one stands, they can't be. A
    time without an offset can't be compared with one that has it, because the zone the server reads it in is not
    known.
    """
    return partial(_compare, _ORDERS[word])


def _compare(holds: Callable[[Any, Any], bool], left: object, right: object) -> bool | None:
    if is_number(left) and is_number(right):
        return holds(left, right)
    if not isinstance(left, date) or not isinstance(right, date):
        return None
    if isinstance(left, datetime) != isinstance(right, datetime):
        verdicts = {holds(one, other) for one in _days(left) for other in _days(right)}
        return verdicts.pop() if len(verdicts) == 1 else None
    if isinstance(left, datetime) and isinstance(right, datetime) and _offset(left) != _offset(right):
        return None
    return holds(left, right)


def is_number(value: object) -> bool:
    """Whether a value is a number; true and false are none."""
    return isinstance(value, Decimal | int) and not isinstance(value, bool)


def _days(moment: date) -> set[date]:
    """List the days that a moment may lie on: the one that is written, and the one it is in UTC."""
    if not isinstance(moment, datetime):
        return {moment}
    days = {moment.date()}
    if _offset(moment):
        with suppress(OverflowError):  # the first or last day there is
            days.add(moment.astimezone(UTC).date())
    return days


def _offset(moment: datetime) -> bool:
    return moment.utcoffset() is not None

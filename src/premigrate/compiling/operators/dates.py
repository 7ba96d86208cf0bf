"""Operators about dates: compare, periods, covers."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import product
from typing import Any, NamedTuple

from premigrate.compiling.conditions import compile_items
from premigrate.compiling.context import Context, Search
from premigrate.compiling.operands import compile_operand, compile_order, next_day
from premigrate.compiling.operators.lists import part_at
from premigrate.compiling.paths import compile_path
from premigrate.errors import Place
from premigrate.plan import WRONG, Blame, Scope, filled
from premigrate.rulebook.operands import Operand
from premigrate.rulebook.operators import Covers, Periods

_STARTS_OR_IS, _IS_LATER = compile_order("<="), compile_order(">")


def compile_compare(argument: tuple[Operand, str, Operand], context: Context) -> Search:
    """Demand an order of two values, or of every pair where there are lists; the left is blamed unless it is today."""
    left_operand, word, right_operand = argument
    lefts, rights = compile_operand(left_operand, context), compile_operand(right_operand, context)
    compare = compile_order(word)

    def search(scope: Scope) -> Iterator[Blame]:
        others = rights(scope)
        for left_place, left in lefts(scope):
            for right_place, right in others:
                if compare(left, right) is False:
                    yield Blame(right_place, right) if left_operand == "<today>" else Blame(left_place, left)

    return search


class _Period(NamedTuple):
    """A period to sort: by start, then by where it stands."""

    start: date
    order: int
    end: date | None
    place: Place


def compile_periods(spec: Periods, context: Context) -> Search:
    """Demand that periods follow on; the period that starts too early or too late is blamed."""
    together = spec.of.endswith("[]")
    find = compile_path("." if together else spec.of, context.root)
    group = _compile_groups(spec, spec.of if together else "[]", context)
    forgive_ends = compile_operand(spec.forgive_until, context) if spec.forgive_until else lambda _: []
    forgive_starts = compile_operand(spec.forgive_starts_until, context) if spec.forgive_starts_until else lambda _: []

    def search(scope: Scope) -> Iterator[Blame]:
        ends = [limit for _, limit in forgive_ends(scope)]
        starts = [limit for _, limit in forgive_starts(scope)]
        for place, found in find(scope):
            for periods in group(scope.enter(place, found) if place else scope):
                for period in _misfits(periods, spec, ends, starts):
                    yield Blame((*place, *period.place, spec.start), period.start)

    return search


def _compile_groups(spec: Periods, of: str, context: Context) -> Callable[[Scope], list[list[_Period]]]:
    """Make a function that collects periods by group, sorted; none at all if one of them can't be read."""
    items = compile_items(of, spec.where, context)
    keys = [compile_path(path, context.root) for path in spec.by]

    def groups(scope: Scope) -> list[list[_Period]]:
        found: dict[tuple[object, ...], list[_Period]] = {}
        for order, ((place, item), inside, holds) in enumerate(items(scope)):
            if holds is False:
                continue
            start, end = (item.get(spec.start), item.get(spec.end)) if isinstance(item, dict) else (None, WRONG)
            key = tuple(part_at(find, inside) for find in keys)
            if holds is None or not isinstance(start, date) or end is WRONG or WRONG in key:
                return []
            period = _Period(start, order, end if isinstance(end, date) else None, place)
            found.setdefault(key, []).append(period)
        return [sorted(periods) for periods in found.values() if len({_kind(each.start) for each in periods}) == 1]

    return groups


def _misfits(periods: list[_Period], spec: Periods, ends: list[object], starts: list[object]) -> Iterator[_Period]:
    """Find the periods that start before all earlier ones have ended, or later than the day they should."""
    last = periods[0].end
    for period in periods[1:]:
        due = next_day(last) if spec.end_included else last
        is_late = _IS_LATER(period.start, due) is True
        is_early = last is None or _IS_LATER(due, period.start) is True
        is_forgiven = any(_STARTS_OR_IS(last, limit) is not False for limit in ends) or any(
            _STARTS_OR_IS(period.start, limit) is not False for limit in starts
        )
        if (is_late and not spec.gaps and not is_forgiven) or (is_early and not spec.overlaps):
            yield period
        if last is not None and (period.end is None or _IS_LATER(period.end, last) is True):
            last = period.end


def _kind(start: date) -> tuple[bool, bool]:
    """Tell apart what only compares with its like: days, times with an offset, and times without."""
    return isinstance(start, datetime), isinstance(start, datetime) and start.utcoffset() is not None


def compile_covers(spec: Covers, context: Context) -> Search:
    """Demand that a period contains each of the dates; silent if there are no periods, or one can't be read."""
    together = spec.of.endswith("[]")
    find = compile_path(spec.of, context.root)
    dates = [compile_operand(operand, context) for operand in spec.date]
    matches = [(name, compile_path(path, context.root)) for name, path in spec.match.items()]

    def search(scope: Scope) -> Iterator[Blame]:
        found = list(find(scope))
        days = [[day for _, day in date(scope)] for date in dates]
        wanted = {name: part_at(path, scope) for name, path in matches}
        for place, items in [((), [item for _, item in found])] if together else found:
            if not isinstance(items, list) or not items or WRONG in wanted.values():
                continue
            if not any(_unreadable(item, spec) for item in items):
                fitting = [item for item in items if all(item.get(name) == part for name, part in wanted.items())]
                yield from _uncovered(place, fitting, days, spec)

    return search


def _unreadable(item: object, spec: Covers) -> bool:
    named = (spec.end, spec.start or "", *spec.match)
    return not isinstance(item, dict) or WRONG in [item.get(name) for name in named]


def _uncovered(place: Place, items: list[Any], days: list[list[object]], spec: Covers) -> Iterator[Blame]:
    """Yield blame for days (one of each kind together) that no period contains; a day that is wrong is let pass."""
    for together in product(*days):
        if WRONG not in together and not any(all(_contains(item, day, spec) for day in together) for item in items):
            yield Blame(place, together[0])


def _contains(item: dict[str, object], day: object, spec: Covers) -> bool:
    start, end = item.get(spec.start) if spec.start else None, item.get(spec.end)
    has_begun = not filled(start) or _STARTS_OR_IS(start, day) is not False
    return has_begun and (not filled(end) or _IS_LATER(end, day) is not False)

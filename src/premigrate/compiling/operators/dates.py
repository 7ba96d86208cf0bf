"""Operators about dates: compare, periods, covers."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from premigrate.compiling.conditions import compile_items
from premigrate.compiling.operands import compile_operand, compile_order, next_day
from premigrate.compiling.operators.lists import part_at
from premigrate.compiling.paths import compile_path
from premigrate.plan import WRONG, Blame, filled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from premigrate.compiling.context import Context, Search
    from premigrate.compiling.operands import Compare, Values
    from premigrate.compiling.operators.lists import Items
    from premigrate.compiling.paths import Finder
    from premigrate.errors import Place
    from premigrate.plan import Scope
    from premigrate.rulebook.operands import Operand
    from premigrate.rulebook.operators import Covers, Periods

_STARTS_OR_IS, _IS_LATER = compile_order("<="), compile_order(">")


def compile_compare(argument: tuple[Operand, str, Operand], context: Context) -> Search:
    """Demand an order of two values, or of every pair where there are lists; the left is blamed unless it is today."""
    left_operand, word, right_operand = argument
    lefts, rights = compile_operand(left_operand, context), compile_operand(right_operand, context)
    search = _search_order_of_today if left_operand == "<today>" else _search_order
    return partial(search, lefts, compile_order(word), rights)


def _search_order(lefts: Values, compare: Compare, rights: Values, scope: Scope) -> Iterator[Blame]:
    others = rights(scope)
    for place, left in lefts(scope):
        for _, right in others:
            if compare(left, right) is False:
                yield Blame(place, left)


def _search_order_of_today(lefts: Values, compare: Compare, rights: Values, scope: Scope) -> Iterator[Blame]:
    others = rights(scope)
    for _, left in lefts(scope):
        for place, right in others:
            if compare(left, right) is False:
                yield Blame(place, right)


class _Period(NamedTuple):
    """A period to sort: by start, then by where it stands."""

    start: date
    order: int
    end: date | None
    place: Place


class _Demand(NamedTuple):
    """How periods must follow on, and the names of their ends."""

    start: str
    end: str
    end_included: bool
    gaps: bool
    overlaps: bool


def compile_periods(spec: Periods, context: Context) -> Search:
    """Demand that periods follow on; the period that starts too early or too late is blamed."""
    together = spec.of.endswith("[]")
    find = compile_path("." if together else spec.of, context.root)
    demand = _Demand(spec.start, spec.end, spec.end_included, spec.gaps, spec.overlaps)
    items = compile_items(spec.of if together else "[]", spec.where, context)
    group = partial(_group, demand, items, [compile_path(path, context.root) for path in spec.by])
    forgiven = [
        compile_operand(operand, context) if operand else None
        for operand in (spec.forgive_until, spec.forgive_starts_until)
    ]
    return partial(_search_misfits, demand, find, group, forgiven)


def _search_misfits(
    demand: _Demand,
    find: Finder,
    group: Callable[[Scope], list[list[_Period]]],
    forgiven: list[Values | None],
    scope: Scope,
) -> Iterator[Blame]:
    ends, starts = ([limit for _, limit in limits(scope)] if limits else [] for limits in forgiven)
    for place, found in find(scope):
        for periods in group(scope.enter(place, found) if place else scope):
            for period in _misfits(periods, demand, ends, starts):
                yield Blame((*place, *period.place, demand.start), period.start)


def _group(demand: _Demand, items: Items, keys: list[Finder], scope: Scope) -> list[list[_Period]]:
    """Collect periods by group, sorted; none at all if one of them can't be read."""
    found: dict[tuple[object, ...], list[_Period]] = {}
    for order, ((place, item), inside, holds) in enumerate(items(scope)):
        if holds is False:
            continue
        start, end = (item.get(demand.start), item.get(demand.end)) if isinstance(item, dict) else (None, WRONG)
        key = tuple(part_at(find, inside) for find in keys)
        if holds is None or not isinstance(start, date) or end is WRONG or WRONG in key:
            return []
        period = _Period(start, order, end if isinstance(end, date) else None, place)
        found.setdefault(key, []).append(period)
    return [sorted(periods) for periods in found.values() if len({_kind(each.start) for each in periods}) == 1]


def _misfits(periods: list[_Period], demand: _Demand, ends: list[object], starts: list[object]) -> Iterator[_Period]:
    """Find the periods that start before all earlier ones have ended, or later than the day they should."""
    last = periods[0].end
    for period in periods[1:]:
        due = next_day(last) if demand.end_included else last
        is_late = _IS_LATER(period.start, due) is True
        is_early = last is None or _IS_LATER(due, period.start) is True
        is_forgiven = any(_STARTS_OR_IS(last, limit) is not False for limit in ends) or any(
            _STARTS_OR_IS(period.start, limit) is not False for limit in starts
        )
        if (is_late and not demand.gaps and not is_forgiven) or (is_early and not demand.overlaps):
            yield period
        if last is not None and (period.end is None or _IS_LATER(period.end, last) is True):
            last = period.end


def _kind(start: date) -> tuple[bool, bool]:
    """Tell apart what only compares with its like: days, times with an offset, and times without."""
    return isinstance(start, datetime), isinstance(start, datetime) and start.utcoffset() is not None


class _Cover(NamedTuple):
    """The names of the ends of a period, and the parts by which it is chosen, each with where to find what it is."""

    start: str | None
    end: str
    match: list[tuple[str, Finder]]


def compile_covers(spec: Covers, context: Context) -> Search:
    """Demand that a period contains each of the dates; silent if there are no periods, or one can't be read."""
    together = spec.of.endswith("[]")
    find = compile_path(spec.of, context.root)
    dates = [compile_operand(operand, context) for operand in spec.date]
    matches = [(name, compile_path(path, context.root)) for name, path in spec.match.items()]
    cover = _Cover(spec.start, spec.end, matches)
    return partial(_search_together if together else _search_lists, cover, find, dates)


def _search_lists(cover: _Cover, find: Finder, dates: list[Values], scope: Scope) -> Iterator[Blame]:
    for place, items in find(scope):
        yield from _search_periods(cover, dates, scope, place, items)


def _search_together(cover: _Cover, find: Finder, dates: list[Values], scope: Scope) -> Iterator[Blame]:
    return _search_periods(cover, dates, scope, (), [item for _, item in find(scope)])


def _search_periods(cover: _Cover, dates: list[Values], scope: Scope, place: Place, items: object) -> Iterator[Blame]:
    wanted = {name: part_at(path, scope) for name, path in cover.match}
    if not isinstance(items, list) or not items or WRONG in wanted.values():
        return
    if not any(_unreadable(item, cover) for item in items):
        days = [[day for _, day in date(scope)] for date in dates]
        fitting = [item for item in items if all(item.get(name) == part for name, part in wanted.items())]
        yield from _uncovered(place, fitting, days, cover)


def _unreadable(item: object, cover: _Cover) -> bool:
    named = (cover.end, cover.start or "", *(name for name, _ in cover.match))
    return not isinstance(item, dict) or WRONG in [item.get(name) for name in named]


def _uncovered(place: Place, items: list[Any], days: list[list[object]], cover: _Cover) -> Iterator[Blame]:
    """Yield blame for days (one of each kind together) that no period contains; a day that is wrong is let pass."""
    for together in product(*days):
        if WRONG not in together and not any(all(_contains(item, day, cover) for day in together) for item in items):
            yield Blame(place, together[0])


def _contains(item: dict[str, object], day: object, cover: _Cover) -> bool:
    start, end = item.get(cover.start) if cover.start else None, item.get(cover.end)
    has_begun = not filled(start) or _STARTS_OR_IS(start, day) is not False
    return has_begun and (not filled(end) or _IS_LATER(end, day) is not False)

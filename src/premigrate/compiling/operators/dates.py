"""Operators about dates: compare, periods, covers."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from operator import itemgetter
from typing import Any

from premigrate.compiling.operands import compile_operand, compile_order
from premigrate.compiling.operators.context import Context, Search
from premigrate.compiling.paths import compile_path
from premigrate.errors import Place
from premigrate.plan import WRONG, Blame, Scope, filled
from premigrate.rulebook.operands import Operand
from premigrate.rulebook.operators import Covers, Periods

_STARTS_OR_IS, _ENDS_AFTER = compile_order("<="), compile_order(">")


def compile_compare(argument: tuple[Operand, str, Operand], context: Context) -> Search:
    """Demand an order of two dates, or of every pair where there are lists; the left is blamed unless it is today."""
    left_operand, word, right_operand = argument
    lefts, rights = compile_operand(left_operand, context.root), compile_operand(right_operand, context.root)
    compare = compile_order(word)

    def search(scope: Scope) -> Iterator[Blame]:
        others = rights(scope)
        for left_place, left in lefts(scope):
            for right_place, right in others:
                if compare(left, right) is False:
                    yield Blame(right_place, right) if left_operand == "<today>" else Blame(left_place, left)

    return search


def compile_periods(spec: Periods, context: Context) -> Search:
    """Demand that periods follow on; the period that starts too early or too late is blamed."""
    find = compile_path(spec.of, context.root)
    forgiven_until = compile_operand(spec.forgive_until, context.root) if spec.forgive_until else lambda _: []
    follows, is_over = compile_order("<"), compile_order("<=")

    def search(scope: Scope) -> Iterator[Blame]:
        for place, items in find(scope):
            periods = _periods(items, spec)
            limits = [limit for _, limit in forgiven_until(scope)]
            for (_, _, end), (position, start, _) in pairwise(sorted(periods, key=itemgetter(1, 0))):
                is_gap = follows(end, start) is True
                is_forgiven = is_gap and any(is_over(end, limit) is not False for limit in limits)
                if end != start and not is_forgiven:
                    yield Blame((*place, position, spec.start), start)

    return search


def _periods(items: object, spec: Periods) -> list[tuple[int, Any, object]]:
    """Position, start and end (None: open) of all periods, or none at all if one of them can't be read."""
    periods: list[tuple[int, Any, object]] = []
    for position, item in enumerate(items if isinstance(items, list) else ()):
        start, end = (item.get(spec.start), item.get(spec.end)) if isinstance(item, dict) else (None, None)
        if not isinstance(start, date) or end is WRONG:
            return []
        periods.append((position, start, end if filled(end) else None))
    return periods if len({_kind(start) for _, start, _ in periods}) == 1 else []


def _kind(start: date) -> tuple[bool, bool]:
    """Tell apart what only compares with its like: days, times with an offset, and times without."""
    return isinstance(start, datetime), isinstance(start, datetime) and start.utcoffset() is not None


def compile_covers(spec: Covers, context: Context) -> Search:
    """Demand that a period contains each of the dates; silent if there are no periods, or one can't be read."""
    find = compile_path(spec.of, context.root)
    dates = compile_operand(spec.date, context.root)

    def search(scope: Scope) -> Iterator[Blame]:
        for place, items in find(scope):
            if isinstance(items, list) and items and not any(_unreadable(item, spec) for item in items):
                yield from _uncovered(place, items, [day for _, day in dates(scope)], spec)

    return search


def _unreadable(item: object, spec: Covers) -> bool:
    return not isinstance(item, dict) or WRONG in (item.get(spec.end), item.get(spec.start or ""))


def _uncovered(place: Place, items: list[Any], days: list[object], spec: Covers) -> Iterator[Blame]:
    for day in days:
        if day is not WRONG and not any(_contains(item, day, spec) for item in items):
            yield Blame(place, day)


def _contains(item: dict[str, object], day: object, spec: Covers) -> bool:
    start, end = item.get(spec.start) if spec.start else None, item.get(spec.end)
    has_begun = not filled(start) or _STARTS_OR_IS(start, day) is not False
    return has_begun and (not filled(end) or _ENDS_AFTER(end, day) is not False)

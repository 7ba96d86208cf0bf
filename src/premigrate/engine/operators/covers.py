"""The operator covers: periods contain dates."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from itertools import accumulate, product
from math import inf
from operator import eq
from typing import Any, Final

from premigrate.engine import rule_data
from premigrate.engine.operands import make_operand, part_at
from premigrate.engine.operators.operator import Operator, Parts, Violation
from premigrate.engine.order import AFTER, FEW, NOT_AFTER, days_of
from premigrate.engine.paths import Path
from premigrate.engine.values import WRONG, Scope, filled
from premigrate.results import Place


class Covers(Operator):
    """A period contains each of the dates; silent if there are no periods, or one can't be read."""

    __slots__ = ("_dates", "_match", "_of", "_spec")

    def __init__(self, spec: rule_data.Covers, parts: Parts) -> None:
        self._spec = spec
        self._of = parts.path(spec.of)
        self._dates = [make_operand(operand, parts.path) for operand in spec.dates]
        self._match: list[tuple[str, Path]] = [(name, parts.path(path)) for name, path in spec.match.items()]

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        days: list[list[Any]] = []
        for operand in self._dates:
            values = operand.values(scope)
            if not values:
                return ()
            days.append(values)
        if self._spec.together:
            return [Violation((), day) for day in self._uncovered(days, self._of.values(scope), scope)]
        found: list[Violation] = []
        places: list[Place] | None = None
        for number, items in enumerate(self._of.values(scope)):
            if isinstance(items, list):
                for day in self._uncovered(days, items, scope):
                    places = places or self._of.places(scope)
                    found.append(Violation(places[number], day))
        return found

    def _uncovered(self, days: list[list[Any]], items: list[Any], scope: Scope) -> list[object]:
        """List days (one of each kind together) that no period contains; a day that is wrong is let pass."""
        if not items:
            return []
        wanted = tuple([part_at(path, scope) for _, path in self._match])
        if WRONG in wanted:
            return []
        periods = self._fitting(items, wanted, scope)
        if periods is None or (max(map(len, days)) > 1 and self._are_within_one(periods, scope)):
            return []
        return [together[0] for together in product(*days) if WRONG not in together and not periods.contain(together)]

    def _are_within_one(self, periods: _Periods, scope: Scope) -> bool:
        """Whether a single period contains all days: then each pair of them need not be looked at."""
        return periods.contain([day for operand in self._dates for day in operand.extremes(scope)])

    def _fitting(self, items: list[Any], wanted: tuple[Any, ...], scope: Scope) -> _Periods | None:
        """Find the periods that match; None if one of all can't be read. Those outside are grouped once an account."""
        if self._of.is_outside:
            _, groups = scope.run.once((self, id(items)), lambda: (items, self._grouped(items)))
            return None if groups is None else groups.get(wanted, _NO_PERIODS)
        if any(map(self._is_unreadable, items)):
            return None
        names = [name for name, _ in self._match]
        return self._made([item for item in items if all(map(eq, map(item.get, names), wanted))])

    def _grouped(self, items: list[Any]) -> dict[tuple[Any, ...], _Periods] | None:
        if any(map(self._is_unreadable, items)):
            return None
        groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        for item in items:
            key = tuple([item.get(name) for name, _ in self._match])
            if not any(isinstance(part, (list, dict)) for part in key):  # nothing that is wanted is one
                groups.setdefault(key, []).append(item)
        return {key: self._made(group) for key, group in groups.items()}

    def _made(self, items: list[dict[str, Any]]) -> _Periods:
        start, end = self._spec.start, self._spec.end
        return _Periods([(item.get(start) if start else None, item.get(end)) for item in items])

    def _is_unreadable(self, item: object) -> bool:
        if not isinstance(item, dict):
            return True
        spec = self._spec
        if item.get(spec.end) is WRONG or (spec.start and item.get(spec.start) is WRONG):
            return True
        return any(item.get(name) is WRONG for name, _ in self._match)


class _Periods:
    """Starts and ends. Many are sorted, so that not all have to be looked at to find one that contains a day."""

    __slots__ = ("_ends", "_periods", "_starts")

    def __init__(self, periods: list[tuple[Any, Any]]) -> None:
        self._periods = periods
        self._starts: list[float] = []
        self._ends: list[float] = []
        """The latest end of the period with this start, and of all before."""

    def contain(self, days: Sequence[Any]) -> bool:
        """Whether a single period contains all of these days."""
        if len(self._periods) <= FEW or any(type(day) is not date for day in days):
            return any(all(_contains(start, end, day) for day in days) for start, end in self._periods)
        if not self._starts:
            pairs = sorted((_first_day(start), _last_day(end)) for start, end in self._periods)
            self._starts = [start for start, _ in pairs]
            self._ends = list(accumulate([end for _, end in pairs], max))
        number = bisect_right(self._starts, min(days).toordinal())
        return number > 0 and self._ends[number - 1] > max(days).toordinal()


_NO_PERIODS: Final = _Periods([])


def _contains(start: object, end: object, day: object) -> bool:
    has_begun = not filled(start) or NOT_AFTER.compare(start, day) is not False
    return has_begun and (not filled(end) or AFTER.compare(end, day) is not False)


def _first_day(start: object) -> float:
    """Give the number of the first day that a period with this start may contain."""
    return min(days_of(start)).toordinal() if isinstance(start, date) else -inf


def _last_day(end: object) -> float:
    """Give the number of the day behind the last one that a period with this end may contain."""
    return max(days_of(end)).toordinal() if isinstance(end, date) else inf

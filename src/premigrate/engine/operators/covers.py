"""The operator ``covers``: periods contain dates."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from itertools import accumulate, product
from math import inf
from operator import eq
from typing import Any, Final

from premigrate.engine import rule_data
from premigrate.engine.operands import key_part, make_operand
from premigrate.engine.operators.operator import Dependencies, Operator, Violation
from premigrate.engine.order import AFTER, LINEAR_SCAN_LIMIT, NOT_AFTER, possible_days
from premigrate.engine.paths import Path
from premigrate.engine.phrases import join_words, value_text
from premigrate.engine.values import INVALID, Scope, is_filled
from premigrate.results import Place


class Covers(Operator):
    """Some period contains the dates; no violation if there are no periods, or if one of them is invalid."""

    __slots__ = ("_dates", "_match", "_of", "_spec")

    def __init__(self, spec: rule_data.Covers, dependencies: Dependencies) -> None:
        self._spec = spec
        self._of = dependencies.make_path(spec.of)
        self._dates = [make_operand(operand, dependencies.make_path) for operand in spec.dates]
        self._match: list[tuple[str, Path]] = [
            (name, dependencies.make_path(path)) for name, path in spec.match.items()
        ]

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Return the violations."""
        days: list[list[Any]] = []
        for operand in self._dates:
            values = operand.values(scope)
            if not values:
                return ()
            days.append(values)
        if self._spec.together:
            uncovered = self._uncovered(days, self._of.values(scope), scope)
            return [self._violation((), day, scope) for day in uncovered]
        found: list[Violation] = []
        places: list[Place] | None = None
        for index, items in enumerate(self._of.values(scope)):
            if isinstance(items, list):
                for day in self._uncovered(days, items, scope):
                    places = places or self._of.places(scope)
                    found.append(self._violation(places[index], day, scope))
        return found

    def _violation(self, place: Place, day: object, scope: Scope) -> Violation:
        spec, label = self._spec, self._of.label.removesuffix(".*") or "the list"
        edges = f"{spec.start} on or before it, {spec.end} after it" if spec.start else f"{spec.end} after it"
        names = join_words([name for operand in self._dates if (name := operand.label_at(scope))], " and ")
        source = self._dates[0].source_of(day, scope)
        expected = f"a period in {label} that contains {names or 'the date'} ({edges})"
        if source is None:
            return Violation(place, day, expected)
        shown = f"a period in {label} that contains {value_text(day)}, the {names or 'date'} ({edges})"
        return Violation(place, day, expected, shown, (source,))

    def _uncovered(self, days: list[list[Any]], items: list[Any], scope: Scope) -> list[object]:
        """Return the first date of each combination (one of each operand) that is in no period; skip INVALID dates."""
        if not items or (not self._match and self._are_certainly_covered(days, items)):
            return []
        wanted_key = tuple([key_part(path, scope) for _, path in self._match])
        if INVALID in wanted_key:
            return []
        periods = self._matching_periods(items, wanted_key, scope)
        if periods is None or (max(map(len, days)) > 1 and self._are_covered_at_once(periods, scope)):
            return []
        return [
            combination[0]
            for combination in product(*days)
            if INVALID not in combination and not periods.contain(combination)
        ]

    def _are_certainly_covered(self, days: list[list[Any]], items: list[Any]) -> bool:
        """Return whether one period certainly contains the date, if there is only one."""
        day = days[0][0]
        if len(days) > 1 or len(days[0]) > 1 or type(day) is not date:
            return False
        start_key, end_key = self._spec.start, self._spec.end
        for item in items:
            if type(item) is dict:
                start, end = item.get(start_key) if start_key else None, item.get(end_key)
                has_begun = start is None or (type(start) is date and start <= day)
                if has_begun and (end is None or (type(end) is date and end > day)):
                    return True
        return False

    def _are_covered_at_once(self, periods: _Periods, scope: Scope) -> bool:
        """Return whether one period contains all dates, so that not every combination has to be checked."""
        return periods.contain([day for operand in self._dates for day in operand.extremes(scope)])

    def _matching_periods(self, items: list[Any], wanted_key: tuple[Any, ...], scope: Scope) -> _Periods | None:
        """Return the periods that match; None if any is invalid. Periods outside are grouped once for each account."""
        if self._of.starts_outside:
            _, groups = scope.context.cached((self, id(items)), lambda: (items, self._group_by_key(items)))
            return None if groups is None else groups.get(wanted_key, _NO_PERIODS)
        if any(map(self._is_invalid, items)):
            return None
        names = [name for name, _ in self._match]
        return self._make_periods([item for item in items if all(map(eq, map(item.get, names), wanted_key))])

    def _group_by_key(self, items: list[Any]) -> dict[tuple[Any, ...], _Periods] | None:
        if any(map(self._is_invalid, items)):
            return None
        groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        for item in items:
            key = tuple([item.get(name) for name, _ in self._match])
            if not any(isinstance(part, (list, dict)) for part in key):  # such a key matches nothing
                groups.setdefault(key, []).append(item)
        return {key: self._make_periods(group) for key, group in groups.items()}

    def _make_periods(self, items: list[dict[str, Any]]) -> _Periods:
        start, end = self._spec.start, self._spec.end
        return _Periods([(item.get(start) if start else None, item.get(end)) for item in items])

    def _is_invalid(self, item: object) -> bool:
        if not isinstance(item, dict):
            return True
        spec = self._spec
        if item.get(spec.end) is INVALID or (spec.start and item.get(spec.start) is INVALID):
            return True
        return any(item.get(name) is INVALID for name, _ in self._match)


class _Periods:
    """Periods as pairs of start and end. Many are indexed by start, to find one that contains a date by bisection."""

    __slots__ = ("_ends", "_periods", "_starts")

    def __init__(self, periods: list[tuple[Any, Any]]) -> None:
        self._periods = periods
        self._starts: list[float] = []
        self._ends: list[float] = []
        """The latest end among the periods up to the one with this start."""

    def contain(self, days: Sequence[Any]) -> bool:
        """Return whether a single period contains all of these dates."""
        if len(self._periods) <= LINEAR_SCAN_LIMIT or any(type(day) is not date for day in days):
            return any(all(_contains(start, end, day) for day in days) for start, end in self._periods)
        if not self._starts:
            pairs = sorted((_first_ordinal(start), _last_ordinal(end)) for start, end in self._periods)
            self._starts = [start for start, _ in pairs]
            self._ends = list(accumulate([end for _, end in pairs], max))
        index = bisect_right(self._starts, min(days).toordinal())
        return index > 0 and self._ends[index - 1] > max(days).toordinal()


_NO_PERIODS: Final = _Periods([])


def _contains(start: object, end: object, day: object) -> bool:
    has_begun = not is_filled(start) or NOT_AFTER.compare(start, day) is not False
    return has_begun and (not is_filled(end) or AFTER.compare(end, day) is not False)


def _first_ordinal(start: object) -> float:
    """Return the ordinal of the first day that a period with this start can contain."""
    return min(possible_days(start)).toordinal() if isinstance(start, date) else -inf


def _last_ordinal(end: object) -> float:
    """Return the ordinal of the day after the last one that a period with this end can contain."""
    return max(possible_days(end)).toordinal() if isinstance(end, date) else inf

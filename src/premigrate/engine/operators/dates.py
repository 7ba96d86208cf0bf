"""Operators about dates and periods: compare, periods, covers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import product
from typing import Any, NamedTuple

from premigrate.engine import program
from premigrate.engine.conditions import Items
from premigrate.engine.operands import FixedDay, Operand, Today, make_operand, part_at
from premigrate.engine.operators.base import Operator, Parts, Violation
from premigrate.engine.order import AFTER, NOT_AFTER, Order, kind_of, next_day
from premigrate.engine.paths import Path
from premigrate.engine.values import WRONG, Scope, filled
from premigrate.errors import Place


class Compare(Operator):
    """Two values are in order, or every pair where there are lists.

    The left one is the violation, unless it is today or a day that the rule names: then it is the right one.
    """

    __slots__ = ("_is_left_given", "_left", "_order", "_right")

    def __init__(self, spec: program.Compare, parts: Parts) -> None:
        self._left, self._right = make_operand(spec.left, parts.path), make_operand(spec.right, parts.path)
        self._order = Order(spec.order)
        self._is_left_given = isinstance(self._left, Today | FixedDay)

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        lefts = self._left.values(scope)
        if not lefts:
            return ()
        rights = self._right.values(scope)
        compare = self._order.compare
        wrong: list[tuple[int, int]] = []
        for one, left in enumerate(lefts):
            for other, right in enumerate(rights):
                if compare(left, right) is False:
                    wrong.append((one, other))
        if not wrong:
            return ()
        if self._is_left_given:
            values, places = self._right.found(scope)
            return [Violation(places[other], values[other]) for _, other in wrong]
        values, places = self._left.found(scope)
        return [Violation(places[one], values[one]) for one, _ in wrong]


class _Period(NamedTuple):
    """A period to sort: by start, then by where it stands."""

    start: date
    number: int
    end: date | None


class Periods(Operator):
    """Periods follow on; the period that starts too early or too late is the violation."""

    __slots__ = ("_by", "_forgiven_ends", "_forgiven_starts", "_items", "_lists", "_spec")

    def __init__(self, spec: program.Periods, parts: Parts) -> None:
        self._spec = spec
        self._lists = parts.path(spec.lists)
        self._items = Items(spec.items, spec.where, parts.path, spec.by)
        self._by = [parts.path(path) for path in spec.by]
        self._forgiven_ends = _optional(spec.forgive_until, parts)
        self._forgiven_starts = _optional(spec.forgive_starts_until, parts)

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        ends = self._forgiven_ends.values(scope) if self._forgiven_ends else []
        starts = self._forgiven_starts.values(scope) if self._forgiven_starts else []
        found: list[Violation] = []
        if not self._lists.steps:
            self._check_list(scope, (), ends, starts, found)
            return found
        places: list[Place] | None = None
        for number, inside in enumerate(self._lists.scopes(scope)):
            size = len(found)
            self._check_list(inside, (), ends, starts, found)
            if len(found) > size:
                places = places or self._lists.places(scope)
                around = places[number]
                found[size:] = [each._replace(place=(*around, *each.place)) for each in found[size:]]
        return found

    def _check_list(
        self, scope: Scope, around: Place, ends: list[Any], starts: list[Any], found: list[Violation]
    ) -> None:
        places: list[Place] | None = None
        for periods in self._groups(scope):
            if len(periods) < 2:
                continue
            for period in self._misfits(periods, ends, starts):
                places = places or self._items.places(scope)
                found.append(Violation((*around, *places[period.number], self._spec.start), period.start))

    def _groups(self, scope: Scope) -> list[list[_Period]]:
        """Collect periods by group, sorted; none at all if one of them can't be read."""
        spec = self._spec
        groups: dict[tuple[object, ...], list[_Period]] = {}
        for number, (inside, holds) in enumerate(self._items.of(scope)):
            if holds is False:
                continue
            item = inside.here
            if holds is None or not isinstance(item, dict):
                return []
            start, end = item.get(spec.start), item.get(spec.end)
            key = tuple([part_at(path, inside) for path in self._by])
            if not isinstance(start, date) or end is WRONG or WRONG in key:
                return []
            period = _Period(start, number, end if isinstance(end, date) else None)
            groups.setdefault(key, []).append(period)
        found = []
        for periods in groups.values():
            if len(periods) > 1 and len({kind_of(each.start) for each in periods}) > 1:
                continue
            periods.sort()
            found.append(periods)
        return found

    def _misfits(self, periods: list[_Period], ends: list[Any], starts: list[Any]) -> list[_Period]:
        """Find the periods that start before all earlier ones have ended, or later than the day they should."""
        spec = self._spec
        misfits = []
        last = periods[0].end
        for period in periods[1:]:
            due = next_day(last) if spec.end_included else last
            is_late = AFTER.compare(period.start, due) is True
            is_early = last is None or AFTER.compare(due, period.start) is True
            is_forgiven = any(NOT_AFTER.compare(last, limit) is not False for limit in ends) or any(
                NOT_AFTER.compare(period.start, limit) is not False for limit in starts
            )
            if (is_late and not spec.gaps and not is_forgiven) or (is_early and not spec.overlaps):
                misfits.append(period)
            if last is not None and (period.end is None or AFTER.compare(period.end, last) is True):
                last = period.end
        return misfits


def _optional(spec: program.Operand | None, parts: Parts) -> Operand | None:
    return make_operand(spec, parts.path) if spec is not None else None


class Covers(Operator):
    """A period contains each of the dates; silent if there are no periods, or one can't be read."""

    __slots__ = ("_dates", "_match", "_of", "_spec")

    def __init__(self, spec: program.Covers, parts: Parts) -> None:
        self._spec = spec
        self._of = parts.path(spec.of)
        self._dates = [make_operand(operand, parts.path) for operand in spec.dates]
        self._match: list[tuple[str, Path]] = [(name, parts.path(path)) for name, path in spec.match.items()]

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        if self._spec.together:
            return [Violation((), day) for day in self._uncovered(self._of.values(scope), scope)]
        found: list[Violation] = []
        places: list[Place] | None = None
        for number, items in enumerate(self._of.values(scope)):
            if isinstance(items, list):
                for day in self._uncovered(items, scope):
                    places = places or self._of.places(scope)
                    found.append(Violation(places[number], day))
        return found

    def _uncovered(self, items: list[Any], scope: Scope) -> list[object]:
        """List days (one of each kind together) that no period contains; a day that is wrong is let pass."""
        if not items:
            return []
        days = [operand.values(scope) for operand in self._dates]
        if not all(days):
            return []
        wanted = [(name, part_at(path, scope)) for name, path in self._match]
        if any(part is WRONG for _, part in wanted) or any(map(self._is_unreadable, items)):
            return []
        fitting = [item for item in items if all(item.get(name) == part for name, part in wanted)]
        return [
            together[0]
            for together in product(*days)
            if WRONG not in together and not any(all(self._contains(item, day) for day in together) for item in fitting)
        ]

    def _is_unreadable(self, item: object) -> bool:
        if not isinstance(item, dict):
            return True
        spec = self._spec
        if item.get(spec.end) is WRONG or (spec.start and item.get(spec.start) is WRONG):
            return True
        return any(item.get(name) is WRONG for name, _ in self._match)

    def _contains(self, item: dict[str, Any], day: object) -> bool:
        spec = self._spec
        start, end = item.get(spec.start) if spec.start else None, item.get(spec.end)
        has_begun = not filled(start) or NOT_AFTER.compare(start, day) is not False
        return has_begun and (not filled(end) or AFTER.compare(end, day) is not False)

"""Operators about dates and periods: compare, periods."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from premigrate.engine import rule_data
from premigrate.engine.conditions import Items
from premigrate.engine.operands import FixedDay, Operand, Today, make_operand, part_at
from premigrate.engine.operators.operator import Operator, Parts, Violation
from premigrate.engine.order import AFTER, NOT_AFTER, Order, kind_of, next_day
from premigrate.engine.values import WRONG, Scope
from premigrate.results import Place

_THIS_VALUE: Final = rule_data.ValuesAt(rule_data.Path(0, ()))


class Compare(Operator):
    """Two values are in order, or every pair where there are lists.

    A left one that is not is a violation, unless it is today or a day that the rule names: then a right one is.
    """

    __slots__ = ("_are_single", "_is_left_given", "_is_with_today", "_left", "_order", "_right")

    def __init__(self, spec: rule_data.Compare, parts: Parts) -> None:
        self._left, self._right = make_operand(spec.left, parts.path), make_operand(spec.right, parts.path)
        self._order = Order(spec.order)
        self._is_with_today = spec.left == _THIS_VALUE and spec.right == rule_data.Today()
        self._is_left_given = isinstance(self._left, (Today, FixedDay))
        self._are_single = self._left.is_single and self._right.is_single

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        if self._are_single:
            left = self._left.first(scope)
            right = self._right.first(scope) if left is not None else None
            if right is None or self._order.compare(left, right) is not False:  # in order, or can't be compared
                return ()
        return self._check_all(scope)

    def passes(self, value: Any, today: date) -> bool:  # noqa: ANN401
        """Whether a single value certainly is in order with today."""
        return self._is_with_today and self._order.compare(value, today) is True

    def _check_all(self, scope: Scope) -> Sequence[Violation]:
        blamed, others = (self._right, self._left) if self._is_left_given else (self._left, self._right)
        asked = blamed.values(scope)
        against = others.extremes(scope) if asked else []
        if not against:
            return ()
        compare = self._order.compare
        wrong: list[int] = []
        for number, value in enumerate(asked):
            for other in against:
                if (compare(other, value) if self._is_left_given else compare(value, other)) is False:
                    wrong.append(number)
                    break
        if not wrong:
            return ()
        values, places = blamed.found(scope)
        return [Violation(places[number], values[number]) for number in wrong]


class _Period(NamedTuple):
    """A period to sort: by start, then by where it stands."""

    start: date
    number: int
    end: date | None


class Periods(Operator):
    """Periods follow on; the period that starts too early or too late is the violation."""

    __slots__ = ("_by", "_forgiven_ends", "_forgiven_starts", "_items", "_lists", "_spec")

    def __init__(self, spec: rule_data.Periods, parts: Parts) -> None:
        self._spec = spec
        self._lists = parts.path(spec.lists)
        self._items = Items(spec.items, spec.where, parts.path, spec.by)
        self._by = [parts.path(path) for path in spec.by]
        self._forgiven_ends = _optional(spec.forgive_until, parts)
        self._forgiven_starts = _optional(spec.forgive_starts_until, parts)

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        if not self._lists.steps:
            return self._check_list(scope, scope)
        if self._lists.key:
            items = self._lists.first(scope)
            if type(items) is not list or len(items) < 2:
                return ()
        found: list[Violation] = []
        places: list[Place] | None = None
        for number, inside in enumerate(self._lists.scopes(scope)):
            for each in self._check_list(inside, scope):
                places = places or self._lists.places(scope)
                found.append(each._replace(place=(*places[number], *each.place)))
        return found

    def _check_list(self, inside: Scope, scope: Scope) -> Sequence[Violation]:
        """Give the violations in one list, with their places in it; what is forgiven is found from ``scope``."""
        if len(self._items.path.values(inside)) < 2:
            return ()
        found: list[Violation] = []
        places: list[Place] | None = None
        ends, starts = _limits(self._forgiven_ends, scope), _limits(self._forgiven_starts, scope)
        for periods in self._groups(inside):
            if len(periods) < 2:
                continue
            for period in self._misfits(periods, ends, starts):
                places = places or self._items.places(inside)
                found.append(Violation((*places[period.number], self._spec.start), period.start))
        return found

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


def _limits(operand: Operand | None, scope: Scope) -> list[Any]:
    """List the limits up to which something is forgiven, or those that stand for them."""
    return operand.extremes(scope) if operand is not None else []


def _optional(spec: rule_data.Operand | None, parts: Parts) -> Operand | None:
    return make_operand(spec, parts.path) if spec is not None else None

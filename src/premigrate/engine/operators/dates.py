"""The operators ``compare`` and ``periods``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from premigrate.engine import rule_data
from premigrate.engine.item_selector import ItemSelector
from premigrate.engine.operand import FixedDay, Operand, Today
from premigrate.engine.operands import key_part, make_operand
from premigrate.engine.operators.operator import Dependencies, Operator, Violation
from premigrate.engine.order import AFTER, NOT_AFTER, Order, date_kind, next_day
from premigrate.engine.paths import PlaceFrom
from premigrate.engine.phrases import compared, count_days, value_text
from premigrate.engine.steps import EACH
from premigrate.engine.values import INVALID, Scope
from premigrate.results import Place

_CURRENT_VALUE: Final = rule_data.ValuesAt(rule_data.Path(0, ()))


class Compare(Operator):
    """Two values, or all pairs of the values of two lists, compare as required.

    The violation is the left value, or the right value if the left one is today's date or a constant.
    """

    __slots__ = (
        "_are_single", "_compares_with_today", "_fixed_day", "_is_left_constant", "_left", "_left_key", "_order",
        "_right", "_right_key",
    )  # fmt: skip

    def __init__(self, spec: rule_data.Compare, dependencies: Dependencies) -> None:
        self._left, self._right = (
            make_operand(spec.left, dependencies.make_path),
            make_operand(spec.right, dependencies.make_path),
        )
        self._order = Order(spec.order)
        is_of_current = spec.left == _CURRENT_VALUE
        self._compares_with_today = is_of_current and spec.right == rule_data.Today()
        self._fixed_day = spec.right.day if is_of_current and isinstance(spec.right, rule_data.FixedDay) else None
        self._is_left_constant = isinstance(self._left, (Today, FixedDay))
        self._are_single = self._left.is_single and self._right.is_single
        self._left_key, self._right_key = self._left.key, self._right.key

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Return the violations."""
        if self._are_single:
            is_object = type(scope.current) is dict
            left = scope.current.get(self._left_key) if is_object and self._left_key else self._left.first(scope)
            if left is None:
                return ()
            right = scope.current.get(self._right_key) if is_object and self._right_key else self._right.first(scope)
            if right is None or self._order.compare(left, right) is not False:  # valid, or can't be compared
                return ()
        return self._check_all(scope)

    def is_certainly_valid(self, value: Any, today: date) -> bool:  # noqa: ANN401
        """Return whether a single value certainly compares as required with today's date or a fixed day."""
        other = today if self._compares_with_today else self._fixed_day
        return other is not None and self._order.compare(value, other) is True

    def _check_all(self, scope: Scope) -> Sequence[Violation]:
        reported, others = (self._right, self._left) if self._is_left_constant else (self._left, self._right)
        values = reported.values(scope)
        against = others.extremes(scope) if values else []
        if not against:
            return ()
        compare, is_left_constant = self._order.compare, self._is_left_constant
        wrong: list[tuple[int, Any]] = []
        for index, value in enumerate(values):
            failing: list[Any] = []
            for other in against:
                if (compare(other, value) if is_left_constant else compare(value, other)) is False:
                    failing.append(other)  # noqa: PERF401 - a comprehension is an extra call
            if failing:
                wrong.append((index, self._strictest(failing)))
        if not wrong:
            return ()
        values, places = reported.values_with_places(scope)
        templates = {other: self._violation(other, others, scope) for other in {other for _, other in wrong}}
        found = [templates[other]._replace(place=places[index], value=values[index]) for index, other in wrong]
        return found if reported.is_single else [_naming(violation, reported, scope) for violation in found]

    def _holds(self, value: object, other: object) -> bool | None:
        """Return whether a value compares as required with another; None if they can't be compared."""
        left, right = (other, value) if self._is_left_constant else (value, other)
        return self._order.compare(left, right)

    def _strictest(self, others: list[Any]) -> Any:  # noqa: ANN401
        """Return the other value that a value has to satisfy last, whatever their order; of equal ones, the first."""
        strictest = others[0]
        for other in others[1:]:
            if other != strictest and self._holds(other, strictest) is True:
                strictest = other
        return strictest

    def _violation(self, other: object, others: Operand, scope: Scope) -> Violation:
        """Return the violation of a value that does not compare as required with another, without its place."""
        kind, words = compared(self._order.symbol, other, is_left=not self._is_left_constant)
        source, label = others.source_of(other, scope), others.label_at(scope)
        with_value = f"{kind} {words} {value_text(other)}{f' ({label})' if label else ''}"
        if source is None:
            return Violation((), None, with_value)
        return Violation((), None, f"{kind} {words} {label}" if label else "", with_value, (source,))


def _naming(violation: Violation, operand: Operand, scope: Scope) -> Violation:
    """Return the violation of one of several values of an operand, with the value and its place."""
    own = PlaceFrom(0, violation.place) if violation.place else operand.source_of(violation.value, scope)
    shown = f"{violation.expected_with_values}; {operand.label_at(scope) or 'it'} is {value_text(violation.value)}"
    return violation._replace(
        expected_with_values=shown, related=(*violation.related, own) if own else violation.related
    )


class _Period(NamedTuple):
    """A period, sorted by start, then by its position in the list."""

    start: date
    position: int
    end: date | None


class Periods(Operator):
    """Periods are consecutive; a period that starts too early or too late is a violation."""

    __slots__ = ("_by", "_gap_limit", "_is_single_group", "_items", "_lists", "_spec")

    def __init__(self, spec: rule_data.Periods, dependencies: Dependencies) -> None:
        self._spec = spec
        self._lists = dependencies.make_path(spec.lists)
        self._items = ItemSelector(spec.items, spec.where, dependencies.make_path, spec.by)
        self._by = [dependencies.make_path(path) for path in spec.by]
        self._is_single_group = not self._by and not self._items.is_selective
        limit = spec.gap_allowed_until
        self._gap_limit = make_operand(limit, dependencies.make_path) if limit is not None else None

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Return the violations."""
        if not self._lists.steps:
            return self._check_list(scope, scope)
        if self._lists.key:
            items = self._lists.first(scope)
            if type(items) is not list or len(items) < 2:
                return ()
        found: list[Violation] = []
        places: list[Place] | None = None
        for index, list_scope in enumerate(self._lists.scopes(scope)):
            for each in self._check_list(list_scope, scope):
                places = places or self._lists.places(scope)
                found.append(_moved(each, places[index]))
        return found

    def needs_two_items(self) -> bool:
        """Return whether the periods are items of the current list."""
        return not self._lists.steps and not self._lists.up and self._items.path.steps == (EACH,)

    def _check_list(self, list_scope: Scope, scope: Scope) -> Sequence[Violation]:
        """Return the violations in one list, with their places in it; the limits are evaluated in ``scope``."""
        items = self._items.path.values(list_scope)
        if len(items) < 2 or (self._is_single_group and self._are_in_order(items)):
            return ()
        found: list[Violation] = []
        places: list[Place] | None = None
        limits = self._gap_limit.extremes(scope) if self._gap_limit is not None else []
        for periods in self._groups(list_scope):
            if len(periods) < 2:
                continue
            for period, earlier in self._misplaced(periods, limits):
                places = places or self._items.places(list_scope)
                found.append(self._violation(period, earlier, places))
        return found

    def _are_in_order(self, items: list[Any]) -> bool:
        """Return whether the periods certainly follow on from each other in the order of the list."""
        spec = self._spec
        due: Any = date.min
        for item in items:
            start, end = (item.get(spec.start), item.get(spec.end)) if type(item) is dict else (None, None)
            if type(due) is not date or type(start) is not date or start < due:
                return False
            if start != due and item is not items[0] and not spec.gaps:
                return False
            if end is not None and (type(end) is not date or end < start):
                return False
            due = next_day(end) if spec.end_included else end
        return True

    def _violation(self, period: _Period, earlier: _Period, places: list[Place]) -> Violation:
        """Return the violation of a period that does not follow on from an earlier one."""
        spec = self._spec
        last = earlier.end
        keys = (spec.start,) if last is None else (spec.start, spec.end)
        related = [PlaceFrom(0, (*places[earlier.position], key)) for key in keys]
        place = (*places[period.position], spec.start)
        if last is None:
            expected = f"{spec.end} for the earlier period, which has no end: the two overlap"
            shown = f"{spec.end} for the earlier period, which starts on {value_text(earlier.start)} and has no end"
            return Violation(place, period.start, expected, f"{shown}: the two overlap", tuple(related))
        if AFTER.compare(earlier.start, last) is True:
            expected = f"{spec.end} of the earlier period on or after its {spec.start}"
            shown = f"{spec.end} on or after {value_text(earlier.start)}, the {spec.start} of the earlier period"
            return Violation(place, period.start, expected, f"{shown}; it is {value_text(last)}", tuple(related))
        if AFTER.compare(period.start, period.end) is True:
            return Violation(place, period.start, f"{spec.end} on or after {spec.start}", related=tuple(related))
        due = next_day(last) if spec.end_included else last
        is_gap = AFTER.compare(period.start, due) is True
        order = "on or after " if spec.gaps else "on or before " if spec.overlaps else ""
        end = f"{'the day after ' if spec.end_included else ''}the {spec.end} of the earlier period"
        kind = "inclusive" if spec.end_included else "exclusive"
        fault = "there is a gap" if is_gap else "the two overlap"
        days = _days_between(due, period.start)
        shown_fault = f"{fault} of {count_days(days)}" if is_gap and days else fault
        if is_gap and days == 1 and not spec.end_included:  # usually an end that was written as inclusive
            shown_fault += f"; if {value_text(last)} is its last day, {spec.end} is {value_text(period.start)}"
        dates = f"{value_text(earlier.start)} to {value_text(last)}, end {kind}"
        return Violation(
            place,
            period.start,
            f"{spec.start} {order or 'equal to '}{end}, which is {kind}: {fault}",
            f"{spec.start} {order}{value_text(due)}, {end} ({dates}): {shown_fault}",
            tuple(related),
        )

    def _groups(self, scope: Scope) -> list[list[_Period]]:
        """Return the sorted periods of each group; none at all if one of them is invalid."""
        spec = self._spec
        groups: dict[tuple[object, ...], list[_Period]] = {}
        for index, (item_scope, holds) in enumerate(self._items.select(scope)):
            if holds is False:
                continue
            item = item_scope.current
            if holds is None or not isinstance(item, dict):
                return []
            start, end = item.get(spec.start), item.get(spec.end)
            key = tuple([key_part(path, item_scope) for path in self._by])
            if not isinstance(start, date) or end is INVALID or INVALID in key:
                return []
            period = _Period(start, index, end if isinstance(end, date) else None)
            groups.setdefault(key, []).append(period)
        found = []
        for periods in groups.values():
            if len(periods) > 1 and len({date_kind(each.start) for each in periods}) > 1:
                continue
            periods.sort()
            found.append(periods)
        return found

    def _misplaced(self, periods: list[_Period], limits: list[Any]) -> list[tuple[_Period, _Period]]:
        """Return the periods that overlap with an earlier one, or start after a gap, each with the earlier one."""
        spec = self._spec
        misplaced: list[tuple[_Period, _Period]] = []
        earlier = periods[0]
        for period in periods[1:]:
            last = earlier.end
            due = next_day(last) if spec.end_included else last
            is_late = AFTER.compare(period.start, due) is True
            is_early = last is None or AFTER.compare(due, period.start) is True
            is_allowed = spec.gaps or any(NOT_AFTER.compare(last, limit) is not False for limit in limits)
            if (is_late and not is_allowed) or (is_early and not spec.overlaps):
                misplaced.append((period, earlier))
            if last is not None and (period.end is None or AFTER.compare(period.end, last) is True):
                earlier = period
        return misplaced


def _days_between(earlier: object, later: date) -> int:
    """Return the number of whole days from one date to another; 0 if they can't be compared."""
    try:
        return (later - earlier).days if isinstance(earlier, date) else 0
    except TypeError:  # a date and a datetime, or datetimes with and without an offset
        return 0


def _moved(violation: Violation, start: Place) -> Violation:
    """Return a violation in a list with places that start at the value that contains the list."""
    related = [PlaceFrom(up, (*start, *place)) for up, place in violation.related]
    return violation._replace(place=(*start, *violation.place), related=tuple(related))

"""Compares numbers, dates and times; what cannot be compared is neither in order nor out of order."""

from __future__ import annotations

import operator
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from premigrate.engine.values import WRONG

_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}


class Order:
    """One of the words ``<``, ``<=``, ``==``, ``>=`` and ``>``."""

    __slots__ = ("_holds",)

    def __init__(self, word: str) -> None:
        self._holds = _ORDERS[word]

    def compare(self, left: Any, right: Any) -> bool | None:  # noqa: ANN401 - any values of a payload
        """Compare two numbers, dates or times; None where they can't be compared.

        A date and a time are compared by their days; where the time's day depends on where one stands, they can't be.
        A time without an offset can't be compared with one that has it: the zone the server reads it in is not known.
        """
        kind = type(left)
        if kind is type(right) and (kind is date or (kind is datetime and left.tzinfo and right.tzinfo)):
            return self._holds(left, right)
        if is_number(left) and is_number(right):
            return self._holds(left, right)
        if not isinstance(left, date) or not isinstance(right, date):
            return None
        if isinstance(left, datetime) != isinstance(right, datetime):
            verdicts = {self._holds(one, other) for one in days_of(left) for other in days_of(right)}
            return verdicts.pop() if len(verdicts) == 1 else None
        if isinstance(left, datetime) and isinstance(right, datetime) and _has_offset(left) != _has_offset(right):
            return None
        return self._holds(left, right)


NOT_AFTER, AFTER = Order("<="), Order(">")
FEW: Final = 8
"""Values that are looked at one by one, which is then faster."""


def is_number(value: object) -> bool:
    """Whether a value is a number; true and false are none."""
    return isinstance(value, (Decimal, int)) and not isinstance(value, bool)


def next_day(value: object) -> object:
    """Give the day after a date; the last day there is has none, and what is no date stays as it is."""
    try:
        return value + timedelta(days=1) if isinstance(value, date) else value
    except OverflowError:
        return WRONG


def kind_of(moment: date) -> tuple[bool, bool]:
    """Tell apart what only compares with its like: days, times with an offset, and times without."""
    return isinstance(moment, datetime), isinstance(moment, datetime) and _has_offset(moment)


def days_of(moment: date) -> set[date]:
    """List the days that a moment may lie on: the one that is written, and the one it is in UTC."""
    if not isinstance(moment, datetime):
        return {moment}
    days = {moment.date()}
    if _has_offset(moment):
        with suppress(OverflowError):  # the first or last day there is
            days.add(moment.astimezone(UTC).date())
    return days


def extremes(values: list[Any]) -> list[Any]:
    """Choose of many values a few that stand for all of them.

    A value that is in order with each of the few is so with all, and one that is not with some of all is not with one
    of the few: the least and the greatest number, day and time. For days, a time stands for those that it may be on.
    """
    if len(values) <= FEW:
        return values
    if {date}.issuperset(map(type, values)):
        return [min(values), max(values)]
    groups: dict[object, list[Any]] = {}
    for value in values:
        kind: object = "number" if is_number(value) else kind_of(value) if isinstance(value, date) else ""
        groups.setdefault(kind, []).append(value)
    chosen: list[Any] = []
    for kind, group in groups.items():
        if not kind:  # such a value compares with nothing
            chosen.append(group[0])
            continue
        chosen += [min(group), max(group)]
        if isinstance(group[0], datetime):
            for choose in (min, max):
                chosen += [choose(group, key=_first_day), choose(group, key=_last_day)]
    return chosen


def _first_day(moment: date) -> date:
    return min(days_of(moment))


def _last_day(moment: date) -> date:
    return max(days_of(moment))


def _has_offset(moment: datetime) -> bool:
    return moment.utcoffset() is not None

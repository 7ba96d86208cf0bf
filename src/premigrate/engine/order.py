"""Compares numbers, dates and datetimes; a comparison can be undecidable."""

from __future__ import annotations

import operator
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from premigrate.engine.values import INVALID

_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}


class Order:
    """One of the comparison operators ``<``, ``<=``, ``==``, ``>=`` and ``>``, which is its ``symbol``."""

    __slots__ = ("_holds", "symbol")

    def __init__(self, symbol: str) -> None:
        self.symbol = symbol
        self._holds = _ORDERS[symbol]

    def compare(self, left: Any, right: Any) -> bool | None:  # noqa: ANN401 - any values of a payload
        """Return whether the order holds for two numbers, dates or datetimes; None if they can't be compared.

        A date and a datetime are compared by date; the result is None if it depends on the time zone. A datetime
        without an offset can't be compared with one that has it, because the time zone of the server is unknown.
        """
        kind = type(left)
        if kind is type(right) and (kind is date or (kind is datetime and left.tzinfo and right.tzinfo)):
            return self._holds(left, right)
        if is_number(left) and is_number(right):
            return self._holds(left, right)
        if not isinstance(left, date) or not isinstance(right, date):
            return None
        if isinstance(left, datetime) != isinstance(right, datetime):
            return self._compare_days(possible_days(left), possible_days(right))
        if isinstance(left, datetime) and isinstance(right, datetime) and _has_offset(left) != _has_offset(right):
            return None
        return self._holds(left, right)

    def _compare_days(self, lefts: set[date], rights: set[date]) -> bool | None:
        """Return whether the order holds for all possible days; None if it holds for some of them only."""
        results: set[bool] = set()
        for left in lefts:
            for right in rights:
                results.add(self._holds(left, right))
        return results.pop() if len(results) == 1 else None


NOT_AFTER: Final = Order("<=")
AFTER: Final = Order(">")
LINEAR_SCAN_LIMIT: Final = 8
"""Up to this many values, a linear scan is faster than an index."""


def is_number(value: object) -> bool:
    """Return whether a value is a number; booleans are not."""
    return isinstance(value, (Decimal, int)) and not isinstance(value, bool)


def add_days(value: object, days: int) -> object:
    """Return the day so many days after a date, INVALID out of range; any other value is returned unchanged."""
    try:
        return value + timedelta(days=days) if isinstance(value, date) else value
    except OverflowError:
        return INVALID


def next_day(value: object) -> object:
    """Return the day after a date: INVALID after `date.max`; any other value is returned unchanged."""
    return add_days(value, 1)


def date_kind(value: date) -> tuple[bool, bool]:
    """Return a key for dates, aware and naive datetimes, each of which compares only with its own kind."""
    return isinstance(value, datetime), isinstance(value, datetime) and _has_offset(value)


def possible_days(value: date) -> set[date]:
    """Return the possible dates of a date or datetime: the written one, and the one in UTC."""
    if not isinstance(value, datetime):
        return {value}
    days = {value.date()}
    if value.tzinfo is not UTC and _has_offset(value):
        with suppress(OverflowError):  # at `date.min` or `date.max`
            days.add(value.astimezone(UTC).date())
    return days


def extremes(values: list[Any]) -> list[Any]:
    """Return a few of many values that decide a comparison for all of them.

    If a value compares as required with each of the few, it does with all; if it fails for any value, it fails for one
    of the few. These are the minimum and maximum of the numbers, dates and datetimes. Datetimes with the extreme
    possible dates are included, because they are compared with dates by date.
    """
    if len(values) <= LINEAR_SCAN_LIMIT:
        return values
    if {date}.issuperset(map(type, values)):
        return [min(values), max(values)]
    groups: dict[object, list[Any]] = {}
    for value in values:
        kind: object = "number" if is_number(value) else date_kind(value) if isinstance(value, date) else ""
        groups.setdefault(kind, []).append(value)
    selected: list[Any] = []
    for kind, group in groups.items():
        if not kind:  # such a value can't be compared with any other
            selected.append(group[0])
            continue
        selected += [min(group), max(group)]
        if isinstance(group[0], datetime):
            for pick in (min, max):
                selected += [pick(group, key=_first_day), pick(group, key=_last_day)]
    return selected


def _first_day(value: date) -> date:
    return min(possible_days(value))


def _last_day(value: date) -> date:
    return max(possible_days(value))


def _has_offset(value: datetime) -> bool:
    return value.utcoffset() is not None

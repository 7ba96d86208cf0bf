"""Compares numbers, dates and times; what cannot be compared is neither in order nor out of order."""

from __future__ import annotations

import operator
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

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


def _has_offset(moment: datetime) -> bool:
    return moment.utcoffset() is not None

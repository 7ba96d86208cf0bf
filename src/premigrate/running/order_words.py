"""The words of written code about what comes before what; see `premigrate.running.words`."""

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from premigrate.plan import WRONG

_UPWARDS = ("<", "<=")
_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}


def in_order(lefts: Sequence[Any], word: str, rights: Sequence[Any]) -> bool:
    """Whether all pairs are in order, apart from what is wrong."""
    if not lefts or not rights:
        return True
    try:
        if word in _UPWARDS:
            return _ORDERS[word](max(lefts), min(rights))
        return _ORDERS[word](min(lefts), max(rights)) and word != "=="
    except TypeError:
        return _in_order_apart(lefts, word, rights)


def _in_order_apart(lefts: Sequence[Any], word: str, rights: Sequence[Any]) -> bool:
    """Whether what is not wrong is in order, where not all can be compared: days and moments, or something wrong."""
    readable = [[value for value in values if value is not WRONG] for values in (lefts, rights)]
    return len(readable[0]) + len(readable[1]) < len(lefts) + len(rights) and in_order(readable[0], word, readable[1])


def none_after(values: Sequence[Any], limit: Any) -> bool:  # noqa: ANN401
    """Whether no value comes after a limit, apart from what is wrong."""
    try:
        return not values or not limit or max(values) <= limit
    except TypeError:
        return _in_order_apart(values, "<=", (limit,))


def all_before(values: Sequence[Any], limit: Any) -> bool:  # noqa: ANN401
    """Whether all values come before a limit, apart from what is wrong."""
    try:
        return not values or not limit or max(values) < limit
    except TypeError:
        return _in_order_apart(values, "<", (limit,))


def none_before(values: Sequence[Any], limit: Any) -> bool:  # noqa: ANN401
    """Whether no value comes before a limit, apart from what is wrong."""
    try:
        return not values or not limit or min(values) >= limit
    except TypeError:
        return _in_order_apart(values, ">=", (limit,))


def all_after(values: Sequence[Any], limit: Any) -> bool:  # noqa: ANN401
    """Whether all values come after a limit, apart from what is wrong."""
    try:
        return not values or not limit or min(values) > limit
    except TypeError:
        return _in_order_apart(values, ">", (limit,))


def some_in_order(compare: Callable[[object, object], bool | None], value: object, others: Iterable[object]) -> bool:
    """Whether a value is in order with one of the others."""
    return any(compare(value, other) is True for other in others)


def extreme(choose: Callable[[list[date]], date], *lists: Iterable[object]) -> tuple[object, ...]:
    """Choose one of all dates in several lists; it is wrong if one of them is."""
    found = [value for values in lists for value in values]
    if WRONG in found:
        return (WRONG,)
    dates = [value for value in found if isinstance(value, date)]
    return (choose(dates),) if dates else ()


Get = Callable[[Any, str], Any]
"""Finds a key of an object, of whatever kind objects are."""


def follow_on_by(get: Get, periods: Sequence[Any], start: str, end: str, *, end_included: bool) -> bool:
    """Whether periods stand in order, and each begins just when the one before it ends."""
    if len(periods) < 2:
        return True
    if end_included:
        return False
    last = None
    for number, period in enumerate(periods):
        begun, over = get(period, start), get(period, end)
        if type(begun) is not date or (number and begun != last) or (over is not None and not begun <= over):
            return False
        last = over
    return True


def covered_by(get: Get, periods: Sequence[Any], start: str | None, end: str, days: Sequence[Any]) -> bool:
    """Whether each day lies in one of the periods; where there are none, all is well."""
    if not periods:
        return True
    return all(type(day) is date and any(_contains(get, period, start, end, day) for period in periods) for day in days)


def _contains(get: Get, period: object, start: str | None, end: str, day: date) -> bool:
    begun, over = get(period, start) if start else None, get(period, end)
    return (begun is None or begun <= day) and (over is None or over > day)


_QUESTIONS = (
    all_after,
    all_before,
    extreme,
    in_order,
    none_after,
    none_before,
    some_in_order,
)

ORDER_WORDS: Mapping[str, object] = {
    **{word.__name__: word for word in _QUESTIONS},
    "covered": partial(covered_by, dict.get),
    "follow_on": partial(follow_on_by, dict.get),
}

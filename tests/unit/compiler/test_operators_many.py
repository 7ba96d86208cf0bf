"""Many days are compared as each pair of them is; the plain definitions stand in the tests."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from operator import eq, ge, gt, le, lt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.engine.values import INVALID
from tests.unit.compiler.asking import violations_of
from tests.unit.compiler.test_operators import TODAY, day, operator_of

ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": lt,
    "<=": le,
    "==": eq,
    ">=": ge,
    ">": gt,
}
EARLY, LATE = st.integers(1, 5).map(day), st.integers(5, 9).map(day)
NAIVE, AWARE = datetime(2025, 1, 5, 12), datetime(2025, 1, 5, 12, tzinfo=UTC)
ODD = st.sampled_from([None, "", "soon", 0, 5, INVALID, NAIVE, AWARE])
MANY = (
    st.lists(EARLY, max_size=6)
    | st.lists(LATE, max_size=6)
    | st.lists(st.just(day(5)), max_size=6)
    | st.lists(EARLY | LATE | ODD, max_size=12)
)
"""Most lists are of days only, and often all pairs are in order, so that what is done for many days is done."""


def said(values: list[Any]) -> list[Any]:
    return [value for value in values if value not in (None, "")]


def is_out_of_order(word: str, left: Any, right: Any) -> bool:
    if isinstance(left, int) and isinstance(right, int):
        return not ORDERS[word](left, right)
    if not isinstance(left, date) or not isinstance(right, date):
        return False
    if isinstance(left, datetime) and isinstance(right, datetime):
        return left.tzinfo == right.tzinfo and not ORDERS[word](left, right)
    left, right = (each.date() if isinstance(each, datetime) else each for each in (left, right))
    return not ORDERS[word](left, right)


def extreme(values: list[Any], choose: Callable[[list[Any]], Any]) -> list[Any]:
    dates = [value for value in values if isinstance(value, date)]
    kinds = {(isinstance(each, datetime), getattr(each, "tzinfo", None)) for each in dates}
    if INVALID in values or len(kinds) > 1:
        return [INVALID]
    return [choose(dates)] if dates else []


RIGHTS: dict[str, tuple[Any, Callable[[list[Any], list[Any]], list[Any]]]] = {
    "inside": ("b[].d", lambda b, _: said(b)),
    "outside": ("account.b[].d", lambda b, _: said(b)),
    "first": ({"first": ["account.b[].d", "c[].d"]}, lambda b, c: said(b) or said(c)),
    "first inside": ({"first": ["b[].d", "account.c[].d"]}, lambda b, c: said(b) or said(c)),
    "latest": ({"latest": ["account.b[].d", "c[].d"]}, lambda b, c: extreme(said(b + c), max)),
    "latest outside": ({"latest": ["account.b[].d", "account.c[].d"]}, lambda b, c: extreme(said(b + c), max)),
    "latest of one": ({"latest": ["account.b[].d"]}, lambda b, _: extreme(said(b), max)),
    "earliest": ({"earliest": ["b[].d", "account.c[].d"]}, lambda b, c: extreme(said(b + c), min)),
}


def lists_of(**lists: list[Any]) -> dict[str, Any]:
    return {name: [{"d": value} for value in values] for name, values in lists.items()}


@pytest.mark.parametrize("word", ORDERS)
@pytest.mark.parametrize("right", RIGHTS)
def test_every_pair_is_compared(word: str, right: str) -> None:
    spec, find = RIGHTS[right]
    comparing = operator_of({"compare": ["a[].d", word, spec]})

    @given(MANY, MANY, MANY)
    def check(a: list[Any], b: list[Any], c: list[Any]) -> None:
        others = lists_of(b=b, c=c)
        expected = [
            (f"a.{number}.d", left, "")
            for number, left in enumerate(a)
            if any(is_out_of_order(word, left, other) for other in find(b, c))
        ]
        assert violations_of(comparing, lists_of(a=a) | others, others) == expected

    check()


def test_of_lists_outside_each_wrong_value_is_a_violation_without_a_place() -> None:
    comparing = operator_of({"compare": ["account.a[].d", "<=", "account.b[].d"]})

    @given(MANY, MANY)
    def check(a: list[Any], b: list[Any]) -> None:
        expected = [("", left, "") for left in a if any(is_out_of_order("<=", left, right) for right in b)]
        assert violations_of(comparing, {}, lists_of(a=a, b=b)) == expected

    check()


@pytest.mark.parametrize("demand", [["<today>", ">=", "a[].d"], [TODAY, ">=", "a[].d"], ["a[].d", "<=", "<today>"]])
def test_of_many_days_those_are_wrong_that_are_not_in_order_with_today(demand: list[Any]) -> None:
    comparing = operator_of({"compare": demand})

    @given(st.lists(st.sampled_from([date(2026, 1, 30), TODAY, date(2026, 2, 1)]) | ODD, max_size=12))
    def check(days: list[Any]) -> None:
        wrong = [(f"a.{number}.d", each, "") for number, each in enumerate(days) if is_out_of_order(">=", TODAY, each)]
        assert violations_of(comparing, lists_of(a=days)) == wrong

    check()


@pytest.mark.parametrize("order", ["<", "<=", ">=", ">"])
@pytest.mark.parametrize("others", ["b[].d", "account.b[].d"])
def test_a_condition_on_a_day_asks_for_one_of_many(order: str, others: str) -> None:
    asking = operator_of({"holds": {"x": {order: others}}})
    opposite = {"<": ">=", "<=": ">", ">=": "<", ">": "<="}[order]

    @given(EARLY | LATE | st.sampled_from([4, NAIVE, AWARE]), MANY | st.lists(EARLY | LATE, min_size=9, max_size=12))
    def check(value: Any, b: list[Any]) -> None:
        holds = any(is_out_of_order(opposite, value, other) for other in b)
        root = lists_of(b=b)
        found = violations_of(asking, {"x": value, **root}, root)
        assert found == ([] if holds else [("x", value, "")])

    check()


LIMITS = st.lists(EARLY | LATE, max_size=3) | st.lists(EARLY | LATE | st.sampled_from([None, INVALID]), max_size=3)
FOLLOWING = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 3)), max_size=5)


@pytest.mark.parametrize("limits", ["f[]", "account.f[]"])
def test_a_gap_is_allowed_by_any_of_many_days(limits: str) -> None:
    following = operator_of({"periods": {"of": "p", "start": "s", "end": "e", "gap_allowed_until": limits}})

    @given(FOLLOWING, LIMITS)
    def check(lengths: list[tuple[int, int]], days: list[Any]) -> None:
        periods = [{"s": day(start), "e": day(start + length)} for start, length in lengths]
        in_order = sorted(range(len(periods)), key=lambda number: (periods[number]["s"], number))
        expected = []
        for position, number in enumerate(in_order[1:], 1):
            start, last = periods[number]["s"], max(periods[before]["e"] for before in in_order[:position])
            is_allowed = any(limit is INVALID or last <= limit for limit in said(days))
            if start < last or (start > last and not is_allowed):
                expected.append((f"p.{number}.s", start, ""))
        assert violations_of(following, {"p": periods, "f": days}, {"f": days}) == expected

    check()


@pytest.mark.parametrize(("limit", "allowed"), [(INVALID, True), (NAIVE, False), (NAIVE + timedelta(2), True)])
def test_a_gap_may_be_allowed_by_what_is_no_day(limit: object, *, allowed: bool) -> None:
    following = operator_of({"periods": {"of": "p", "start": "s", "end": "e", "gap_allowed_until": "f[]"}})
    here = {"p": [{"s": day(1), "e": day(6)}, {"s": day(7)}]}
    assert violations_of(following, {**here, "f": [day(2), limit]}) == [("p.1.s", day(7), "")] * (not allowed)
    assert violations_of(following, {**here, "f": [day(2), None, ""]}) == [("p.1.s", day(7), "")]

"""Operators that look at many days find what each pair of them shows; the plain definitions stand in the tests."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import product
from operator import eq, ge, gt, le, lt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.engine.values import WRONG
from tests.unit.compiler.asking import told, told_of_each
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
ODD = st.sampled_from([None, "", "soon", 4, 5, WRONG, NAIVE, AWARE])
MANY = (
    st.lists(EARLY, max_size=6)
    | st.lists(LATE, max_size=6)
    | st.lists(st.just(day(5)), max_size=6)
    | st.lists(EARLY | LATE | ODD, max_size=6)
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
    if WRONG in values or len(kinds) > 1:
        return [WRONG]
    return [choose(dates)] if dates else []


RIGHTS: dict[str, tuple[Any, Callable[[list[Any], list[Any]], list[Any]]]] = {
    "inside": ("b[].d", lambda b, _: said(b)),
    "outside": ("account.b[].d", lambda b, _: said(b)),
    "first": ({"first": ["account.b[].d", "c[].d"]}, lambda b, c: said(b) or said(c)),
    "first inside": ({"first": ["b[].d", "account.c[].d"]}, lambda b, c: said(b) or said(c)),
    "latest": ({"latest": ["account.b[].d", "c[].d"]}, lambda b, c: extreme(said(b + c), max)),
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
            for other in find(b, c)
            if is_out_of_order(word, left, other)
        ]
        assert told(comparing, lists_of(a=a) | others, others) == expected

    check()


def test_of_lists_outside_the_left_value_is_told_and_no_place() -> None:
    comparing = operator_of({"compare": ["account.a[].d", "<=", "account.b[].d"]})

    @given(MANY, MANY)
    def check(a: list[Any], b: list[Any]) -> None:
        expected = [("", left, "") for left in a for right in b if is_out_of_order("<=", left, right)]
        assert told(comparing, {}, lists_of(a=a, b=b)) == expected

    check()


@pytest.mark.parametrize("demand", [["<today>", ">=", "a[].d"], [TODAY, ">=", "a[].d"], ["a[].d", "<=", "<today>"]])
def test_of_many_days_those_are_told_that_are_not_in_order_with_today(demand: list[Any]) -> None:
    comparing = operator_of({"compare": demand})

    @given(st.lists(st.sampled_from([date(2026, 1, 30), TODAY, date(2026, 2, 1)]) | ODD, max_size=12))
    def check(days: list[Any]) -> None:
        wrong = [(f"a.{number}.d", each, "") for number, each in enumerate(days) if is_out_of_order(">=", TODAY, each)]
        assert told(comparing, lists_of(a=days)) == wrong

    check()


@pytest.mark.parametrize(("word", "order"), [("before", "<"), ("until", "<="), ("since", ">="), ("after", ">")])
@pytest.mark.parametrize("others", ["b[].d", "account.b[].d"])
def test_a_condition_on_a_day_asks_for_one_of_many(word: str, order: str, others: str) -> None:
    asking = operator_of({"holds": {"x": {word: others}}})
    opposite = {"<": ">=", "<=": ">", ">=": "<", ">": "<="}[order]

    @given(EARLY | LATE | st.sampled_from([4, NAIVE, AWARE]), MANY | st.lists(EARLY | LATE, min_size=9, max_size=12))
    def check(value: Any, b: list[Any]) -> None:
        holds = any(is_out_of_order(opposite, value, other) for other in b)
        root = lists_of(b=b)
        found = told(asking, {"x": value, **root}, root)
        assert found == ([] if holds else [("x", value, "")])

    check()


STARTS, ENDS = (st.sampled_from([None, *map(day, days)]) for days in ((1, 2, 5), (5, 6, 9)))
PERIODS = st.lists(st.fixed_dictionaries({"s": STARTS, "e": ENDS, "k": st.sampled_from("xy")}), max_size=12)
SOME_DAYS = st.lists(EARLY | LATE, max_size=4) | st.lists(EARLY | LATE | st.sampled_from([None, WRONG]), max_size=4)


def contains(period: dict[str, Any], when: date) -> bool:
    return (period["s"] is None or period["s"] <= when) and (period["e"] is None or when < period["e"])


@pytest.mark.parametrize("of", ["p", "account.p", "account.p[]"])
@pytest.mark.parametrize("match", [{}, {"k": "c"}])
def test_a_single_period_contains_each_pair_of_days(of: str, match: dict[str, str]) -> None:
    dates = ["a[]", "account.b[]"]
    covering = operator_of({"covers": {"of": of, "start": "s", "end": "e", "date": dates, "match": match}})

    @given(PERIODS, SOME_DAYS, SOME_DAYS, st.sampled_from(["x", "z"]))
    def check(periods: list[Any], a: list[Any], b: list[Any], kind: str) -> None:
        fitting = [period for period in periods if not match or period["k"] == kind]
        expected = [
            ("p" if of == "p" else "", one, "")
            for one, other in product(said(a), said(b))
            if WRONG not in (one, other)
            and not any(contains(period, one) and contains(period, other) for period in fitting)
        ]
        here = {"p": periods, "a": a, "c": kind}
        assert told(covering, here, {"p": periods, "b": b}) == (expected if periods else [])

    check()


@pytest.mark.parametrize("kinds", [("a[]", "b[]"), ("b[]", "a[]")])
def test_days_that_lie_in_two_periods_lie_in_no_single_one(kinds: tuple[str, str]) -> None:
    covering = operator_of({"covers": {"of": "p", "start": "s", "end": "e", "date": kinds}})
    first, second = {"s": day(1), "e": day(5)}, {"s": day(5), "e": day(9)}
    days = {"a[]": [day(1), day(4)], "b[]": [day(8)]}
    here = {"p": [first, second], "a": days["a[]"], "b": days["b[]"]}
    pairs = product(days[kinds[0]], days[kinds[1]])
    assert told(covering, here) == [("p", one, "") for one, _ in pairs]
    for period in ({"s": day(1), "e": day(9)}, {"s": day(1)}, {"e": day(9)}):
        assert told(covering, {**here, "p": [first, period, second]}) == []
    for period in ({"s": day(2), "e": day(9)}, {"s": day(1), "e": day(8)}):
        assert told(covering, {**here, "p": [first, period, second]}) != []


def test_days_of_which_one_is_odd_are_contained_one_by_one() -> None:
    covering = operator_of({"covers": {"of": "p", "start": "s", "end": "e", "date": "a[]"}})
    days_of: dict[date, date] = {NAIVE: NAIVE.date()}

    @given(PERIODS, st.lists(EARLY | LATE, max_size=4), st.sampled_from([NAIVE, WRONG, None]))
    def check(periods: list[Any], days: list[Any], odd: Any) -> None:
        expected = [
            ("p", each, "")
            for each in [*days, odd]
            if isinstance(each, date) and not any(contains(period, days_of.get(each, each)) for period in periods)
        ]
        assert told(covering, {"p": periods, "a": [*days, odd]}) == (expected if periods else [])

    check()


def test_each_of_several_lists_has_to_contain_the_days() -> None:
    covering = operator_of({"covers": {"of": "l[].p", "start": "s", "end": "e", "date": "a[]"}})

    @given(st.lists(PERIODS, max_size=3), st.lists(EARLY | LATE, max_size=3))
    def check(lists: list[list[Any]], days: list[Any]) -> None:
        expected = [
            (f"l.{number}.p", each, "")
            for number, periods in enumerate(lists)
            for each in days
            if periods and not any(contains(period, each) for period in periods)
        ]
        assert told(covering, {"l": [{"p": periods} for periods in lists], "a": days}) == expected

    check()


@pytest.mark.parametrize("of", ["account.p", "account.p[]"])
def test_periods_outside_are_matched_anew_for_each_value(of: str) -> None:
    covering = operator_of({"covers": {"of": of, "start": "s", "end": "e", "date": "d", "match": {"k": "c"}}})

    @given(PERIODS, st.lists(st.tuples(st.sampled_from(["x", "y", "z", WRONG]), EARLY | LATE), max_size=5))
    def check(periods: list[Any], asked: list[Any]) -> None:
        expected = [
            [("", when, "")]
            if periods and kind is not WRONG and not any(contains(each, when) for each in periods if each["k"] == kind)
            else []
            for kind, when in asked
        ]
        assert told_of_each(covering, [{"c": kind, "d": when} for kind, when in asked], {"p": periods}) == expected

    check()


LIMITS = st.lists(EARLY | LATE, max_size=3) | st.lists(EARLY | LATE | st.sampled_from([None, WRONG]), max_size=3)
FOLLOWING = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 3)), max_size=5)


@pytest.mark.parametrize("limits", ["f[]", "account.f[]"])
@pytest.mark.parametrize("word", ["forgive_until", "forgive_starts_until"])
def test_a_gap_is_forgiven_by_any_of_many_days(word: str, limits: str) -> None:
    following = operator_of({"periods": {"of": "p", "start": "s", "end": "e", word: limits}})

    @given(FOLLOWING, LIMITS)
    def check(lengths: list[tuple[int, int]], forgiving: list[Any]) -> None:
        periods = [{"s": day(start), "e": day(start + length)} for start, length in lengths]
        in_order = sorted(range(len(periods)), key=lambda number: (periods[number]["s"], number))
        expected = []
        for position, number in enumerate(in_order[1:], 1):
            start, last = periods[number]["s"], max(periods[before]["e"] for before in in_order[:position])
            turn = last if word == "forgive_until" else start
            is_forgiven = any(limit is WRONG or turn <= limit for limit in said(forgiving))
            if start < last or (start > last and not is_forgiven):
                expected.append((f"p.{number}.s", start, ""))
        assert told(following, {"p": periods, "f": forgiving}, {"f": forgiving}) == expected

    check()

"""The words of written code answer as they say, for a wrong "yes" hides an error, and a wrong "no" takes long."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from premigrate.formats import Refused
from premigrate.plan import WRONG
from premigrate.running import order_words, words

ONE, TWO, THREE = date(2025, 1, 1), date(2025, 1, 2), date(2025, 1, 3)
MOMENT = datetime(2025, 1, 2, 12)
LIST = [{"a": 1}, {"a": None}, {"a": ""}, {"a": 0}, {}, WRONG, "x", {"a": WRONG}]


def test_parts() -> None:
    assert words.part({"a": 1}, "a") == 1
    assert words.part({}, "a") is words.part("x", "a") is words.part(None, "a") is None
    assert words.part(WRONG, "a") is WRONG
    assert words.parts(LIST, "a") == [1, "", 0, WRONG, WRONG]
    assert words.filled_parts(LIST, "a") == [1, 0, WRONG, WRONG]


def test_items() -> None:
    assert words.items([1]) == [1]
    assert words.items(WRONG) == (WRONG,)
    assert words.items("x") == words.items(None) == ()
    assert words.items_of([[1, 2], WRONG, None, [3]]) == [1, 2, WRONG, 3]
    below = [{"a": [1]}, {"a": None}, {}, WRONG, "x", {"a": WRONG}, {"a": [2, 3]}]
    assert words.items_below(below, "a") == [1, WRONG, WRONG, 2, 3]


def test_what_says_something() -> None:
    assert words.filled([0, "", None, "x", WRONG, Decimal(0)]) == [0, "x", WRONG, Decimal(0)]
    assert words.filled([]) == words.listed("") == words.listed(None) == ()
    assert words.listed(0) == (0,)
    assert words.listed("x") == ("x",)


def test_texts_are_joined() -> None:
    assert words.joined("a", "", None, "b") == "a b"
    assert words.joined("a", 0) == words.joined("a", WRONG) == words.joined() == ""


def test_the_form_of_a_territory() -> None:
    judges: Any = {"PT": lambda text: None if text == "1" else Refused("no")}
    assert words.fits_there(judges, "PT", "1")
    assert words.fits_there(judges, "pt", "1")
    assert not words.fits_there(judges, "PT", "2")
    assert not words.fits_there(judges, "pt", "2")
    assert words.fits_there(judges, "DK", "2")
    assert words.fits_there(judges, None, "2")
    assert words.fits_there(judges, WRONG, "2")


@pytest.mark.parametrize(
    ("lists", "expected"),
    [([[]], True), ([[1]], True), ([[1, 2]], True), ([[1, 1]], False), ([[1], [1]], False), ([[1], [2]], True)],
)
def test_distinct(lists: list[list[object]], expected: bool) -> None:
    assert words.distinct(*lists) is expected
    objects = [[{"a": value, "b": 5} for value in values] for values in lists]
    assert words.distinct_of("a", *objects) is expected
    assert words.distinct_by(("a", "b"), *objects) is expected
    assert words.distinct_by(("b", "a"), *objects) is expected


def test_what_says_nothing_is_not_there_twice() -> None:
    for nothing in ("", None, WRONG):
        assert words.distinct_of("a", [{"a": nothing}, {"a": nothing}])
    assert words.distinct_of("a", [{}, "x", {}, "x", WRONG, WRONG])
    assert not words.distinct_of("a", [{"a": 0}, {"a": 0}])
    assert not words.distinct_by(("a", "b"), [{"a": 1}, {"a": 1, "b": ""}])
    assert words.distinct_by(("a", "b"), [{"a": 1}, {"b": 1}])
    assert words.distinct_by(("a", "b"), [{"a": 1}, {"a": 1, "b": "X"}])


def test_alike_and_contained() -> None:
    assert words.alike()
    assert words.alike([], [1], [1])
    assert not words.alike([1], [2])
    assert words.contained([])
    assert words.contained([1, 2], [2], [1])
    assert not words.contained([1, 2], [2])


def test_chosen_objects_are_counted() -> None:
    assert words.chosen([{"a": 1}, {}, "x", {"a": 2}], bool) == 2
    assert words.chosen([{"a": 1}], lambda _: False) == 0


def test_signs() -> None:
    holders = [
        {"n": Decimal(1), "s": "out"},
        {"n": Decimal(2), "s": "in"},
        {"n": 3, "s": "out"},
        {"n": Decimal(4)},
        {"n": Decimal(5), "s": WRONG},
        {"n": "x", "s": "out"},
        {"s": "out"},
        WRONG,
        "x",
    ]
    signed = words.signed(holders, "n", "s", frozenset({"out"}))
    assert signed == [Decimal(-1), Decimal(2), Decimal(-3), Decimal(4), WRONG, "x", None, WRONG, "x"]


@pytest.mark.parametrize(
    ("added", "taken", "goal", "times", "expected"),
    [
        ([1, 2], [], 3, 1, True),
        ([1, 2], [], 4, 1, False),
        ([1, 2], [], 2, 1, False),
        ([5], [2], 3, 1, True),
        ([5], [2], 4, 1, False),
        ([6], [], 3, 2, True),
        ([6], [], 6, 2, False),
        ([], [], 5, 0, True),
        ([5], [], 5, 0, False),
        ([], [], None, 1, True),
        ([1], [], None, 1, False),
        ([1], [1], None, 1, True),
        ([1], [], "x", 1, False),
        ([1], [], WRONG, 1, True),
        ([WRONG, 1], [], 7, 1, True),
        ([], [WRONG], 7, 1, True),
        ([None, "x"], [None], 0, 1, True),
        ([Decimal("0.1"), Decimal("0.2")], [], Decimal("0.3"), 1, True),
    ],
)
def test_sums(added: list[Any], taken: list[Any], goal: object, times: int, expected: bool) -> None:
    assert words.adds_up(added, taken, goal, times, Decimal(0), is_bound=False) is expected


@pytest.mark.parametrize(
    ("total", "is_near", "is_below"),
    [("2.98", False, True), ("2.99", True, True), ("3", True, True), ("3.01", True, True), ("3.02", False, False)],
)
def test_sums_within(total: str, is_near: bool, is_below: bool) -> None:
    for is_bound, expected in ((False, is_near), (True, is_below)):
        assert words.adds_up([Decimal(total)], [], 3, 1, Decimal("0.01"), is_bound=is_bound) is expected


def test_a_bound_that_is_not_there_bounds_nothing() -> None:
    assert words.adds_up([5], [], None, 1, Decimal(0), is_bound=True)
    assert words.adds_up([5], [], WRONG, 1, Decimal(0), is_bound=True)
    assert not words.adds_up([5], [], "x", 1, Decimal(0), is_bound=True)


@pytest.mark.parametrize(
    ("lefts", "rights", "holding"),
    [
        ([ONE], [TWO], "< <="),
        ([TWO], [TWO], "<= >= =="),
        ([THREE], [TWO], "> >="),
        ([ONE, TWO], [TWO], "<="),
        ([ONE, THREE], [TWO], ""),
        ([TWO, THREE], [TWO], ">="),
        ([], [TWO], "< <= == >= >"),
        ([TWO], [], "< <= == >= >"),
        ([ONE, WRONG], [TWO], "< <="),
        ([THREE], [WRONG, TWO], "> >="),
        ([ONE, ONE, TWO], [WRONG, THREE], "< <="),
        ([WRONG], [TWO], "< <= == >= >"),
    ],
)
def test_order(lefts: list[Any], rights: list[Any], holding: str) -> None:
    for word in ("<", "<=", ">=", ">"):
        assert order_words.in_order(lefts, word, rights) is (word in holding.split()), word
    if "==" not in holding.split():
        assert not order_words.in_order(lefts, "==", rights)
    if len(rights) == 1:
        named = {"<": order_words.all_before, "<=": order_words.none_after}
        named |= {">": order_words.all_after, ">=": order_words.none_before}
        for word, question in named.items():
            assert question(lefts, rights[0]) is (word in holding.split()), word


@pytest.mark.parametrize("word", ["<", "<=", ">=", ">"])
def test_days_and_moments_are_not_compared(word: str) -> None:
    assert not order_words.in_order([ONE, MOMENT], word, [TWO])
    assert not order_words.in_order([MOMENT], word, [TWO])


def test_no_limit_limits_nothing() -> None:
    questions = (order_words.all_after, order_words.all_before, order_words.none_after, order_words.none_before)
    assert all(question([TWO], None) and question([], TWO) for question in questions)
    assert not any(question([MOMENT], TWO) for question in questions)


def test_some_in_order() -> None:
    orders = {1: True, 2: None, 3: False}
    assert order_words.some_in_order(lambda _, other: orders[other], 0, [3, 2, 1])  # type: ignore[index]
    assert not order_words.some_in_order(lambda _, other: orders[other], 0, [3, 2])  # type: ignore[index]


def test_extremes() -> None:
    assert order_words.extreme(min, [TWO, None], [ONE, "x"]) == (ONE,)
    assert order_words.extreme(max, [TWO], [ONE]) == (TWO,)
    assert order_words.extreme(max, [TWO], [WRONG]) == (WRONG,)
    assert order_words.extreme(max, ["x"], []) == ()


def period(start: Any, end: Any) -> dict[str, Any]:
    return {"s": start, "e": end}


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ([], True),
        ([period(None, None)], True),
        ([period(ONE, TWO), period(TWO, None)], True),
        ([period(ONE, TWO), period(TWO, TWO)], True),
        ([period(ONE, TWO), period(TWO, THREE), period(THREE, None)], True),
        ([period(ONE, TWO), period(THREE, None)], False),
        ([period(ONE, None), period(TWO, None)], False),
        ([period(TWO, ONE), period(ONE, None)], False),
        ([period(MOMENT, TWO), period(TWO, None)], False),
        ([period(ONE, TWO), period(MOMENT, None)], False),
        ([period(None, TWO), period(TWO, None)], False),
    ],
)
def test_periods_follow_on(periods: list[Any], expected: bool) -> None:
    assert order_words.follow_on_by(dict.get, periods, "s", "e", end_included=False) is expected
    assert order_words.follow_on_by(dict.get, periods, "s", "e", end_included=True) is (len(periods) < 2)


@pytest.mark.parametrize(
    ("periods", "days", "expected"),
    [
        ([], [ONE], True),
        ([period(ONE, TWO)], [], True),
        ([period(ONE, TWO)], [ONE], True),
        ([period(ONE, TWO)], [TWO], False),
        ([period(TWO, None)], [THREE], True),
        ([period(TWO, None)], [ONE], False),
        ([period(None, TWO)], [ONE], True),
        ([period(ONE, TWO), period(TWO, THREE)], [ONE, TWO], True),
        ([period(ONE, TWO)], [ONE, TWO], False),
        ([period(ONE, None)], [MOMENT], False),
        ([period(ONE, None)], [WRONG], False),
    ],
)
def test_periods_cover_days(periods: list[Any], days: list[Any], expected: bool) -> None:
    assert order_words.covered_by(dict.get, periods, "s", "e", days) is expected


def test_periods_without_a_start_reach_back() -> None:
    assert order_words.covered_by(dict.get, [period(THREE, TWO)], None, "e", [ONE])
    assert not order_words.covered_by(dict.get, [period(ONE, TWO)], None, "e", [TWO])

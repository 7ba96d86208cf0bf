"""Sums of floats that stand for decimals are those of the decimals."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.running import struct_words, words

AMOUNTS = st.decimals(-999_999_999, 999_999_999, places=6, allow_nan=False) | st.integers(-(10**9) + 1, 10**9 - 1).map(
    Decimal
)
NEAR = st.sampled_from(["0", "0.000001", "-0.000001", "0.01", "5", "-5"]).map(Decimal)


@given(st.lists(AMOUNTS, max_size=12), st.lists(AMOUNTS, max_size=3), NEAR, st.booleans(), st.sampled_from([1, 12]))
def test_sums(added: list[Decimal], taken: list[Decimal], off: Decimal, is_bound: bool, times: int) -> None:
    goal = sum(added, -sum(taken, Decimal(0))) / times + off
    if abs(goal) >= 10**9 or goal != round(goal, 6):
        goal = off
    for within in ("0", "0.01", "5"):
        exact = words.adds_up(added, taken, goal, times, Decimal(within), is_bound)
        more, less = ([float(amount) for amount in amounts] for amounts in (added, taken))
        counted = int(Decimal(within).scaleb(6))
        assert struct_words.adds_up(more, less, float(goal), times, counted, is_bound) == exact


@pytest.mark.parametrize(("is_bound", "added", "fits"), [(True, [5.0], True), (False, [5.0], False), (False, [], True)])
def test_a_goal_that_is_not_there_is_nothing_but_no_bound(is_bound: bool, added: list[float], fits: bool) -> None:
    assert struct_words.adds_up(added, [None], None, 1, 0, is_bound) is fits


def test_amounts_that_are_not_there_are_nothing() -> None:
    assert struct_words.adds_up([None, 0.1, 0.2], [None], 0.3, 1, 0, is_bound=False)
    assert not struct_words.adds_up([0.1, 0.2], [], 0.300001, 1, 0, is_bound=False)


@pytest.mark.parametrize(
    ("added", "is_near", "is_below"),
    [(0.98, False, True), (0.99, True, True), (1.01, True, True), (1.02, False, False), (1.010001, False, False)],
)
def test_a_sum_may_be_off_by_so_much(added: float, is_near: bool, is_below: bool) -> None:
    for is_bound, expected in ((False, is_near), (True, is_below)):
        assert struct_words.adds_up([added], [], 1.0, 1, 10_000, is_bound) is expected


def some(*values: object) -> list[SimpleNamespace]:
    return [SimpleNamespace(a=value) for value in values]


@pytest.mark.parametrize(
    ("word", "values", "expected"),
    [
        ("parts", ["x", None, "", 0, 1.5], ["x", "", 0, 1.5]),
        ("filled_parts", ["x", None, "", 0, 1.5, -1], ["x", 0, 1.5, -1]),
        ("items_below", [[1, 2], None, [], [3]], [1, 2, 3]),
    ],
)
def test_a_key_of_several_objects(word: str, values: list[object], expected: list[object]) -> None:
    assert getattr(struct_words, word)([*some(*values), SimpleNamespace()], "a") == expected


def test_a_key_of_one_object() -> None:
    look = struct_words.part
    assert [look(value, "a") for value in (*some("x", None), SimpleNamespace())] == ["x", None, None]


@pytest.mark.parametrize(
    ("lists", "is_distinct"),
    [
        ([["x", "y"]], True),
        ([["x", "x"]], False),
        ([["x"], ["x"]], False),
        ([["x"], ["y"], ["z", "x"]], False),
        ([["x", None, "", None, ""]], True),
        ([["x", 0, None, 0.0]], False),
        ([[0, "", None]], True),
        ([], True),
    ],
)
def test_what_is_blank_comes_as_often_as_it_likes(lists: list[list[object]], is_distinct: bool) -> None:
    assert struct_words.distinct_of("a", *(some(*values) for values in lists)) is is_distinct


@pytest.mark.parametrize(
    ("pairs", "is_distinct"),
    [
        ([("x", "y"), ("x", "z"), ("y", "y")], True),
        ([("x", "y"), ("z", "z"), ("x", "y")], False),
        ([("x", None), ("x", "")], False),
        ([("x", None), ("x", "X")], True),
        ([], True),
    ],
)
def test_objects_are_compared_by_all_keys(pairs: list[tuple[object, object]], is_distinct: bool) -> None:
    objects = [SimpleNamespace(a=one, b=other) for one, other in pairs]
    assert struct_words.distinct_by(("a", "b"), objects) is is_distinct
    assert struct_words.distinct_by(("a", "b"), objects[:1], objects[1:]) is is_distinct


def test_an_amount_has_the_sign_that_is_told_beside_it() -> None:
    holders = [SimpleNamespace(a=amount, b=sign) for amount, sign in ((1, "-"), (2, "+"), (None, "-"), (0.5, None))]
    found = struct_words.signed([*holders, SimpleNamespace(a=3)], "a", "b", frozenset({"-"}))
    assert found == [-1, 2, 0.5, 3]

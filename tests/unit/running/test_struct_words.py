"""Sums of floats that stand for decimals are those of the decimals."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.running.struct_words import STRUCT_WORDS
from premigrate.running.words import WORDS

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
        exact = WORDS["adds_up"](added, taken, goal, times, Decimal(within), is_bound)  # type: ignore[operator]
        floats = [[float(amount) for amount in amounts] for amounts in (added, taken)]
        counted = int(Decimal(within).scaleb(6))
        assert STRUCT_WORDS["adds_up"](*floats, float(goal), times, counted, is_bound) == exact  # type: ignore[operator]


@pytest.mark.parametrize(("is_bound", "added", "fits"), [(True, [5.0], True), (False, [5.0], False), (False, [], True)])
def test_a_goal_that_is_not_there_is_nothing_but_no_bound(is_bound: bool, added: list[float], fits: bool) -> None:
    assert STRUCT_WORDS["adds_up"](added, [None], None, 1, 0, is_bound) is fits  # type: ignore[operator]


def test_amounts_that_are_not_there_are_nothing() -> None:
    exactly = {"times": 1, "within": 0, "is_bound": False}
    assert STRUCT_WORDS["adds_up"]([None, 0.1, 0.2], [None], 0.3, **exactly)  # type: ignore[operator]
    assert not STRUCT_WORDS["adds_up"]([0.1, 0.2], [], 0.300001, **exactly)  # type: ignore[operator]

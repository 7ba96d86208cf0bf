"""A few of many values stand for all of them in comparisons."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.engine.order import LINEAR_SCAN_LIMIT, Order, extremes
from premigrate.engine.values import INVALID

DAYS = st.integers(1, 6).map(lambda number: date(2025, 1, number))
ZONES = st.sampled_from([UTC, *(timezone(timedelta(hours=hours)) for hours in (-12, -1, 1, 14))])
TIMES = st.builds(
    lambda day, hour, zone: datetime(day.year, day.month, day.day, hour, tzinfo=zone),
    DAYS,
    st.integers(0, 23),
    st.none() | ZONES,
)
NUMBERS = st.integers(-3, 3) | st.integers(-3, 3).map(Decimal)
ONE = DAYS | TIMES | NUMBERS | st.sampled_from(["", "2025-01-01", True, INVALID, None])
MANY = (
    st.lists(DAYS, max_size=14) | st.lists(TIMES, max_size=14) | st.lists(ONE, min_size=LINEAR_SCAN_LIMIT, max_size=24)
)
QUESTIONS: dict[str, Callable[[bool | None], bool]] = {
    "in order": lambda verdict: verdict is True,
    "out of order": lambda verdict: verdict is False,
    "not out of order": lambda verdict: verdict is not False,
}


@pytest.mark.parametrize(
    ("word", "question"),
    [("==", "out of order"), *((word, question) for word in ("<", "<=", ">=", ">") for question in QUESTIONS)],
)
def test_a_few_values_stand_for_all(word: str, question: str) -> None:
    compare, ask = Order(word).compare, QUESTIONS[question]

    @given(ONE, MANY)
    def check(value: Any, values: list[Any]) -> None:
        few = extremes(values)
        assert any(ask(compare(value, each)) for each in few) == any(ask(compare(value, each)) for each in values)
        assert any(ask(compare(each, value)) for each in few) == any(ask(compare(each, value)) for each in values)

    check()


def test_only_few_of_many_are_left() -> None:
    days = [date(2025, 1, 1) + timedelta(number) for number in range(1000)]
    times = [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=number) for number in range(1000)]
    assert extremes(days) == [days[0], days[-1]]
    assert len(extremes([*days, *times, *range(1000), "x", "y"])) <= 11

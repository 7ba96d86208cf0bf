"""Not every pair of many values is looked at: the time grows with the values, in order or not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.growth import grows_linearly
from tests.unit.compiler.asking import violations_of, violations_of_each
from tests.unit.compiler.test_operators import day, operator_of

PERIOD = {"of": "p", "start": "s", "end": "e"}
DEMANDS: dict[str, dict[str, Any]] = {
    "compare": {"compare": ["a[]", "<", "b[]"]},
    "compare with what is outside": {"compare": ["account.b[]", ">=", "a[]"]},
    "compare with a first": {"compare": ["a[]", "<=", {"first": ["c[]", "b[]"]}]},
    "compare with a latest": {"compare": ["a[]", "<=", {"latest": ["b[]", "account.b[]"]}]},
    "covers": {"covers": {**PERIOD, "date": ["a[]", "b[]"]}},
    "covers one by one": {"covers": {**PERIOD, "date": "a[]"}},
    "periods": {"periods": {**PERIOD, "gap_allowed_until": "b[]"}},
}


@pytest.mark.parametrize("name", DEMANDS)
def test_many_values_in_order_take_little_time(name: str) -> None:
    check = operator_of(DEMANDS[name])

    def make(size: int) -> Callable[[], object]:
        days = [day(1) + timedelta(number) for number in range(3 * size)]
        periods = [{"s": one, "e": other} for one, other in pairwise(days[:size])]
        if name == "covers":
            periods.append({"s": day(1), "e": days[-1] + timedelta(1)})
        here = {"p": periods, "a": days[: size - 1], "b": days[size : 2 * size]}
        assert violations_of(check, here, here) == []
        return lambda: violations_of(check, here, here)

    assert grows_linearly(make, 15_000, 200)


@pytest.mark.parametrize("kind", ["days", "days and times"])
@pytest.mark.parametrize(
    ("demand", "wrong"),
    [
        ({"compare": ["a[]", ">", "b[]"]}, "all"),
        ({"compare": ["a[]", ">", "account.b[]"]}, "all"),
        ({"holds": {"a[]": {">": "b[]"}}}, "one"),
        ({"holds": {"a[]": {">": "account.b[]"}}}, "one"),
    ],
)
def test_many_values_out_of_order_take_little_time(demand: dict[str, Any], wrong: str, kind: str) -> None:
    check = operator_of(demand)

    def make(size: int) -> Callable[[], object]:
        days: list[Any] = [day(1) + timedelta(number) for number in range(2 * size)]
        others = [datetime(each.year, each.month, each.day) for each in days[size:]] if kind != "days" else days[size:]
        here = {"a": days[:size], "b": others}
        assert len(violations_of(check, here, here)) == (size if wrong == "all" else 1)
        return lambda: violations_of(check, here, here)

    assert grows_linearly(make, 15_000, 200)


def test_items_outside_are_counted_once_an_account() -> None:
    check = operator_of({"count": {"of": "account.b[]", "where": {"k": "x"}, "at_least": 1}})

    def make(size: int) -> Callable[[], object]:
        root = {"b": [{"k": "x"}] * size}
        return lambda: violations_of_each(check, [{}] * size, root)

    assert grows_linearly(make, 15_000, 200)

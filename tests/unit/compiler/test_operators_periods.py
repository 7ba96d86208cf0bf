"""Many periods contain many days if each pair lies in a single one; the plain definitions stand in the tests."""

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.engine.values import INVALID
from tests.unit.compiler.asking import violations_of, violations_of_each
from tests.unit.compiler.test_operators import day, operator_of
from tests.unit.compiler.test_operators_many import EARLY, LATE, NAIVE, said

EAST, WEST = (datetime(2025, 1, 5, hour, tzinfo=timezone(timedelta(hours=off))) for hour, off in ((1, 2), (23, -2)))
STARTS, ENDS = (st.sampled_from([None, *map(day, days)]) for days in ((1, 2, 5), (5, 6, 9)))
PERIOD, PERIOD_OF_MOMENTS = (
    st.fixed_dictionaries({"s": starts, "e": ends, "k": st.sampled_from("xy")})
    for starts, ends in ((STARTS, ENDS), (st.sampled_from([None, EAST, WEST]), st.sampled_from([EAST, WEST])))
)
PERIODS = st.lists(PERIOD, max_size=12)
PERIODS_OF_MOMENTS = st.lists(PERIOD | PERIOD_OF_MOMENTS, max_size=12)
SOME_DAYS = st.lists(EARLY | LATE, max_size=4) | st.lists(EARLY | LATE | st.sampled_from([None, INVALID]), max_size=4)


def days_of(moment: date) -> list[date]:
    """The days on which a moment may be: the one where it was written, and the one in UTC."""
    return [moment.date(), moment.astimezone(UTC).date()] if isinstance(moment, datetime) else [moment]


def contains(period: dict[str, Any], when: date) -> bool:
    has_begun = period["s"] is None or min(days_of(period["s"])) <= when
    return has_begun and (period["e"] is None or when < max(days_of(period["e"])))


@pytest.mark.parametrize("of", ["p", "account.p", "account.p[]"])
@pytest.mark.parametrize("match", [{}, {"k": "c"}])
def test_a_single_period_contains_each_pair_of_days(of: str, match: dict[str, str]) -> None:
    dates = ["a[]", "account.b[]"]
    covering = operator_of({"covers": {"of": of, "start": "s", "end": "e", "date": dates, "match": match}})

    @given(PERIODS | PERIODS_OF_MOMENTS, SOME_DAYS, SOME_DAYS, st.sampled_from(["x", "z"]))
    def check(periods: list[Any], a: list[Any], b: list[Any], kind: str) -> None:
        fitting = [period for period in periods if not match or period["k"] == kind]
        expected = [
            ("p" if of == "p" else "", one, "")
            for one, other in product(said(a), said(b))
            if INVALID not in (one, other)
            and not any(contains(period, one) and contains(period, other) for period in fitting)
        ]
        here = {"p": periods, "a": a, "c": kind}
        assert violations_of(covering, here, {"p": periods, "b": b}) == (expected if periods else [])

    check()


@pytest.mark.parametrize("kinds", [("a[]", "b[]"), ("b[]", "a[]")])
@pytest.mark.parametrize("others_there", [0, 12])
def test_days_that_lie_in_two_periods_lie_in_no_single_one(kinds: tuple[str, str], others_there: int) -> None:
    covering = operator_of({"covers": {"of": "p", "start": "s", "end": "e", "date": kinds}})
    first, second = {"s": day(1), "e": day(5)}, {"s": day(5), "e": day(9)}
    days = {"a[]": [day(1), day(4)], "b[]": [day(8)]}
    others = [{"s": day(20), "e": day(25)}] * others_there
    here = {"p": [first, second, *others], "a": days["a[]"], "b": days["b[]"]}
    pairs = product(days[kinds[0]], days[kinds[1]])
    assert violations_of(covering, here) == [("p", one, "") for one, _ in pairs]
    for period in ({"s": day(1), "e": day(9)}, {"s": day(1)}, {"e": day(9)}):
        assert violations_of(covering, {**here, "p": [first, period, second, *others]}) == []
    for period in ({"s": day(2), "e": day(9)}, {"s": day(1), "e": day(8)}):
        assert violations_of(covering, {**here, "p": [first, period, second, *others]}) != []


def test_days_of_which_one_is_odd_are_contained_one_by_one() -> None:
    covering = operator_of({"covers": {"of": "p", "start": "s", "end": "e", "date": "a[]"}})
    plain: dict[date, date] = {NAIVE: NAIVE.date()}

    @given(PERIODS, st.lists(EARLY | LATE, max_size=4), st.sampled_from([NAIVE, INVALID, None]))
    def check(periods: list[Any], days: list[Any], odd: Any) -> None:
        expected = [
            ("p", each, "")
            for each in [*days, odd]
            if isinstance(each, date) and not any(contains(period, plain.get(each, each)) for period in periods)
        ]
        assert violations_of(covering, {"p": periods, "a": [*days, odd]}) == (expected if periods else [])

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
        assert violations_of(covering, {"l": [{"p": periods} for periods in lists], "a": days}) == expected

    check()


@pytest.mark.parametrize("of", ["account.p", "account.p[]"])
def test_periods_outside_are_matched_anew_for_each_value(of: str) -> None:
    covering = operator_of({"covers": {"of": of, "start": "s", "end": "e", "date": "d", "match": {"k": "c"}}})

    @given(PERIODS, st.lists(st.tuples(st.sampled_from(["x", "y", "z", INVALID]), EARLY | LATE), max_size=5))
    def check(periods: list[Any], asked: list[Any]) -> None:
        expected = [
            [("", when, "")]
            if periods
            and kind is not INVALID
            and not any(contains(each, when) for each in periods if each["k"] == kind)
            else []
            for kind, when in asked
        ]
        assert (
            violations_of_each(covering, [{"c": kind, "d": when} for kind, when in asked], {"p": periods}) == expected
        )

    check()


@pytest.mark.parametrize("others", [0, 12])
@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ({"s": EAST, "e": day(9)}, 4, 8),
        ({"s": WEST, "e": day(9)}, 5, 8),
        ({"s": day(3), "e": EAST}, 3, 4),
        ({"s": day(3), "e": WEST}, 3, 5),
    ],
)
def test_a_moment_is_taken_for_the_better_of_its_two_days(
    period: dict[str, Any], first: int, last: int, others: int
) -> None:
    covering = operator_of({"covers": {"of": "p", "start": "s", "end": "e", "date": "d"}})
    periods = [period, *[{"s": day(20), "e": EAST}] * others]
    covered = [number for number in range(1, 12) if not violations_of(covering, {"p": periods, "d": day(number)})]
    assert covered == list(range(first, last + 1))


SHORT: list[Any] = [{"s": day(1), "e": day(3), "k": "x"}, *[{"s": day(5), "e": day(7), "k": "x"}] * 11]
OF_ANOTHER_KIND: list[Any] = [{"k": "y"}, {"k": ["x"]}, {"k": {}}, {"k": None}, {}]


@pytest.mark.parametrize("of", ["p", "account.p", "account.p[]"])
@pytest.mark.parametrize("broken", [INVALID, "soon", None, {"s": INVALID}, {"e": INVALID}, {"k": INVALID}])
@pytest.mark.parametrize("size", [0, 1, 12])
def test_nothing_is_known_of_periods_one_of_which_cannot_be_read(of: str, broken: object, size: int) -> None:
    covering = operator_of({"covers": {"of": of, "start": "s", "end": "e", "date": "d", "match": {"k": "c"}}})
    place = "p" if of == "p" else ""
    for periods in ([*SHORT[:size], broken], [broken, *SHORT[:size]]):
        assert violations_of_each(covering, [{"p": periods, "c": "x", "d": day(9)}] * 2, {"p": periods}) == [[], []]
    for other in OF_ANOTHER_KIND:
        periods = [*SHORT[:size], other]
        found = violations_of_each(covering, [{"p": periods, "c": "x", "d": day(9)}] * 2, {"p": periods})
        assert found == [[(place, day(9), "")]] * 2


@pytest.mark.parametrize("size", [2, 8, 9, 12])
@pytest.mark.parametrize(
    ("when", "is_in_one"), [(0, False), (1, True), (2, True), (3, False), (4, False), (5, True), (7, False)]
)
def test_the_first_and_the_last_of_many_periods_count_too(size: int, when: int, *, is_in_one: bool) -> None:
    covering = operator_of({"covers": {"of": "p", "start": "s", "end": "e", "date": "d"}})
    asked = day(1) - (day(2) - day(1)) if when == 0 else day(when)
    for periods in (SHORT[:size], SHORT[:size][::-1]):
        assert violations_of(covering, {"p": periods, "d": asked}) == [("p", asked, "")] * (not is_in_one)

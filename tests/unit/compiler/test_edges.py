"""Operators where values are wrong, of another kind, or in an unusual order."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from premigrate.engine.values import INVALID
from premigrate.formats.registry import FORMATS
from tests.unit.compiler.test_operators import PERIODS, blamed, day, operator_of, scope_of

COVERS = {"covers": {"of": "p", "start": "s", "end": "e", "date": "d"}}


def test_an_extreme_with_a_wrong_date_among_others_is_not_known() -> None:
    here = {"x": day(5), "b": day(4), "c": INVALID}
    assert blamed({"compare": ["x", "<=", {"earliest": ["b"]}]}, here) == ["x"]
    assert blamed({"compare": ["x", "<=", {"earliest": ["b", "c"]}]}, here) == []
    assert blamed({"compare": ["x", ">=", {"latest": ["x", "c"]}]}, {**here, "x": day(9)}) == []


@pytest.mark.parametrize("wrong", ["c", {"earliest": ["c"]}, {"latest": ["b", "c"]}])
def test_a_wrong_date_is_no_reason_to_look_at_the_next(wrong: object) -> None:
    demand = {"compare": ["x", "<=", {"first": [wrong, "b"]}]}
    assert blamed(demand, {"x": day(5), "b": day(4), "c": INVALID}) == []


def test_an_extreme_leaves_out_what_is_no_date() -> None:
    here = {"x": day(5), "b": "soon", "c": day(4)}
    assert blamed({"compare": ["x", "<=", {"earliest": ["b", "c"]}]}, here) == ["x"]
    assert blamed({"compare": ["x", "<=", {"earliest": ["b"]}]}, here) == []


def test_the_name_of_the_root_is_the_account_itself() -> None:
    assert blamed({"present": ["account"]}, {"account": ""}, {"b": 1}) == []
    assert blamed({"absent": ["account"]}, {"account": ""}, {"b": 1}) == [""]


@pytest.mark.parametrize(
    ("periods", "expected"),
    [([(1, 9), (1, 5)], ["p.1.s"]), ([(1, 5), (1, 9)], ["p.1.s"]), ([(1, None), (1, 5)], ["p.1.s"])],
)
def test_of_periods_that_start_together_the_later_in_the_list_is_blamed(
    periods: list[tuple[int, int | None]], expected: list[str]
) -> None:
    items = [{"s": day(start), "e": end and day(end)} for start, end in periods]
    assert blamed(PERIODS, {"p": items}) == expected


def test_periods_with_and_without_offset_have_no_order() -> None:
    aware, naive = datetime.fromisoformat("2025-01-02T00:00:00+00:00"), datetime.fromisoformat("2025-01-05T00:00:00")
    assert blamed(PERIODS, {"p": [{"s": aware}, {"s": naive}]}) == []
    assert blamed(PERIODS, {"p": [{"s": aware}, {"s": aware}]}) == ["p.1.s"]
    assert blamed(PERIODS, {"p": [{"s": naive}, {"s": naive}]}) == ["p.1.s"]


@pytest.mark.parametrize("broken", [INVALID, {"s": INVALID, "e": day(3)}, {"s": day(1), "e": INVALID}])
def test_covers_is_silent_if_one_of_the_periods_cannot_be_read(broken: object) -> None:
    short = {"s": day(2), "e": day(3)}
    assert blamed(COVERS, {"p": [short], "d": day(20)}) == ["p"]
    assert blamed(COVERS, {"p": [short, broken], "d": day(20)}) == []
    assert blamed(COVERS, {"p": [broken, short], "d": day(20)}) == []


def test_one_period_that_covers_is_enough() -> None:
    periods = [{"s": day(1), "e": day(5)}, {"s": day(5), "e": day(9)}]
    assert blamed(COVERS, {"p": periods, "d": day(3)}) == []
    assert blamed(COVERS, {"p": periods, "d": day(7)}) == []
    assert blamed(COVERS, {"p": periods, "d": day(9)}) == ["p"]


def test_count_looks_on_behind_a_wrong_list() -> None:
    demand = {"count": {"of": "a[].b", "at_most": 1}}
    assert blamed(demand, {"a": [{"b": INVALID}, {"b": [1, 2]}, {"b": [1]}]}) == ["a.1.b"]


def test_no_items_are_at_least_none() -> None:
    assert blamed({"count": {"of": "a", "at_least": 0}}, {}) == []


@pytest.mark.parametrize("skipped", [{"b": ""}, {"b": INVALID}, {"b": 1.5}, {}])
def test_unique_looks_on_behind_what_cannot_be_compared(skipped: object) -> None:
    assert blamed({"unique": ["a[].b"]}, {"a": [skipped, {"b": "x"}, {"b": "x"}]}) == ["a.2.b"]


def test_items_that_are_no_objects_have_no_key() -> None:
    assert blamed({"unique": {"of": ["[]"], "key": ["a"]}}, ["x", "x", None, None]) == []


def test_only_items_of_lists_have_a_sign() -> None:
    demand = {"total": {"add": ["base", "items[].amount"], "minus_when": {"type": ["OUT"]}, "equals": "sum"}}
    items = [{"type": "OUT", "amount": Decimal(1)}]
    assert blamed(demand, {"type": "OUT", "base": Decimal(3), "items": items, "sum": Decimal(2)}) == []
    assert blamed(demand, {"type": INVALID, "base": Decimal(3), "items": items, "sum": Decimal(3)}) == ["sum"]


def test_a_format_is_for_texts_and_whole_numbers_only() -> None:
    anything = FORMATS["pattern"](patterns=[".*"])
    operator = operator_of({"format": {"field": "n", "is": "any"}}, {("any", None): anything})
    told = {repr(n): [each.place for each in operator.check(scope_of({"n": n}))] for n in (1, "1", 1.5, True, ["1"])}
    assert told == {"1": [], "'1'": [], "1.5": [("n",)], "True": [("n",)], "['1']": [("n",)]}


@pytest.mark.parametrize("value", ["", None, 5, INVALID, date(2025, 1, 1)])
def test_matches_is_silent_of_what_is_no_filled_text(value: object) -> None:
    assert blamed({"matches": {"field": "a", "patterns": ["[0-9]{3}"]}}, {"a": value}) == []


@pytest.mark.parametrize("other", [5, INVALID, ["x"]])
def test_joined_texts_are_all_texts(other: object) -> None:
    demand = {"matches": {"join": ["a", "b"], "patterns": ["The Occupier"]}}
    assert blamed(demand, {"a": "The", "b": "Tenant"}) == ["a"]
    assert blamed(demand, {"a": "The", "b": other}) == []
    assert blamed(demand, {"a": other, "b": "Tenant"}) == []


def test_same_looks_on_behind_items_that_do_not_count() -> None:
    demand = {"same": {"of": ["a[]"], "key": ["v"], "by": ["g"], "where": {"k": "x"}}}
    first, second = {"k": "x", "g": 1, "v": 1}, {"k": "x", "g": 1, "v": 2}
    for other in ({**first, "k": "y"}, {**first, "k": INVALID}, {**first, "g": ""}, {**first, "g": INVALID}):
        assert blamed(demand, {"a": [other, first, second]}) == ["a.2"]


def test_of_two_kinds_of_periods_only_those_meant_are_looked_at() -> None:
    demand = {"periods": {"of": "p", "start": "s", "end": "e", "where": {"k": "x"}}}
    open_one, later = {"k": "x", "s": day(1), "e": None}, {"k": "x", "s": day(5), "e": None}
    assert blamed(demand, {"p": [{**open_one, "k": "y"}, open_one, later]}) == ["p.2.s"]
    assert blamed(demand, {"p": [open_one, {**open_one, "k": INVALID}, later]}) == []


def test_covers_looks_on_behind_a_list_without_periods() -> None:
    demand = {"covers": {"of": "a[].p", "start": "s", "end": "e", "date": "d"}}
    short = {"s": day(2), "e": day(3)}
    assert blamed(demand, {"a": [{"p": []}, {"p": [short]}], "d": day(20)}) == ["a.1.p"]


def test_items_that_are_no_simple_values_are_not_told_apart() -> None:
    assert blamed({"unique": ["a[]"]}, {"a": [{"x": 1}, {"x": 1}, [1], [1]]}) == []
    assert blamed({"unique": ["a[]"]}, {"a": ["x", {"x": 1}, "x"]}) == ["a.2"]


def test_nobody_knows_whether_the_day_after_the_last_is_covered() -> None:
    demand = {"covers": {"of": "p", "end": "e", "date": {"day_after": "d"}, "match": {"k": "c"}}}
    here = {"p": [{"k": "x", "e": day(3)}], "c": "y"}
    assert blamed(demand, {**here, "d": day(1)}) == ["p"]
    assert blamed(demand, {**here, "d": date.max}) == []


def test_days_after_a_date() -> None:
    late = {"compare": ["d", "<=", {"days": 30, "after": "e"}]}
    assert blamed(late, {"d": date(2020, 1, 31), "e": date(2020, 1, 1)}) == []
    assert blamed(late, {"d": date(2020, 2, 1), "e": date(2020, 1, 1)}) == ["d"]
    assert blamed(late, {"d": date(2020, 2, 1), "e": date.max}) == [], "no day can be told"
    assert blamed(late, {"d": date(2020, 2, 1)}) == []
    early = {"compare": ["d", ">=", {"days": -1, "after": "<today>"}]}
    assert blamed(early, {"d": date.max}) == []
    assert blamed(early, {"d": date.min}) == ["d"]


def test_of_days_that_no_period_covers_the_first_is_told() -> None:
    demand = {"covers": {"of": "p", "end": "e", "date": ["a", "b"]}}
    here = {"p": [{"e": day(3)}], "a": day(1), "b": day(9)}
    (blame,) = operator_of(demand).check(scope_of(here))
    assert blame.value == day(1)


@pytest.mark.parametrize("group", ["", None, INVALID])
def test_items_of_no_group_need_not_agree(group: object) -> None:
    demand = {"same": {"of": ["a[]"], "key": ["v"], "by": ["g", "h"]}}
    items = [{"g": group, "h": 1, "v": value} for value in (1, 2)]
    assert blamed(demand, {"a": items}) == []
    assert blamed(demand, {"a": [{**item, "g": "x"} for item in items]}) == ["a.1"]


@pytest.mark.parametrize("kind", ["y", INVALID, ""])
def test_items_that_are_not_meant_need_not_agree(kind: object) -> None:
    demand = {"same": {"of": ["a[]"], "key": ["v"], "by": ["g"], "where": {"k": "x"}}}
    items = [{"k": kind, "g": 1, "v": 0}, {"k": "x", "g": 1, "v": 1}, {"k": "x", "g": 1, "v": 1}]
    assert blamed(demand, {"a": items}) == []


def test_nothing_counts_nothing_in_a_total() -> None:
    demand = {"total": {"add": ["a", "items[].x"], "subtract": ["b"], "equals": "sum"}}
    nothing = [{"x": 0}, {"x": Decimal("0.00")}, {"x": None}, {}]
    assert blamed(demand, {"a": 3, "b": Decimal(0), "items": nothing, "sum": 3}) == []
    assert blamed({"total": {"add": ["a"], "at_most": "sum"}}, {"a": 0, "sum": 0}) == []


@pytest.mark.parametrize("exponent", [0, 300])
def test_totals_and_products_of_large_numbers_are_exact(exponent: int) -> None:
    large = Decimal(1).scaleb(exponent)
    total = {"total": {"add": ["a", "b"], "equals": "sum"}}
    assert blamed(total, {"a": large, "b": Decimal("0.01"), "sum": large}) == ["sum"]
    product = {"product": {"of": ["a", "b"], "equals": "sum"}}
    assert blamed(product, {"a": large, "b": 3, "sum": 3 * large}) == []
    between = {"between": {"field": "sum", "sums": [["a", "b"], ["a"]]}}
    assert blamed(between, {"a": large, "b": 1, "sum": large}) == []

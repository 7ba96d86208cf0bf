"""The operators, operands and conditions of lists, look-ups, numbers and groups, at their edges."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from premigrate.compiling.conditions import compile_when
from premigrate.compiling.context import Context
from premigrate.compiling.lists import Table
from premigrate.compiling.operators import COMPILERS
from premigrate.plan import WRONG, Scope
from premigrate.rulebook import Rule

TODAY = date(2026, 1, 31)
TABLES = {
    "plain": Table(("value",), (("a",), ("B",), ("7",))),
    "pairs": Table(("key", "item", "since"), (("x", "1", "2025-01-05"), ("x", "2", ""), ("y", "1", "2.5"))),
    "kinds": Table(
        ("key", "type", "pattern"),
        (
            ("t", "text", "[a-z]+"),
            ("n", "number", ""),
            ("i", "integer", ""),
            ("b", "boolean", ""),
            ("d", "date", ""),
            ("m", "datetime", ""),
            ("o", "", ""),
        ),
    ),
    "one": Table(("amount",), (("5",),)),
    "none": Table(("value",), ()),
}
CONTEXT = Context("account", {}, TABLES)


def rule_of(demand: dict[str, Any]) -> Rule:
    given = {name: ["a"] for name in TABLES if repr(name) in repr(demand)}
    papers = {"why": "w.", "basis": "inferred", "source": "s", "good": 1, "bad": 1, "given": given}
    return Rule.model_validate({"id": "x", "on": "thing", "code": "c", **papers, **demand})


def blamed(demand: dict[str, Any], here: object) -> list[str]:
    rule = rule_of(demand)
    search = COMPILERS[rule.operator](rule.argument, CONTEXT)
    return [".".join(map(str, blame.place)) for blame in search(Scope(here, {"top": "x"}, TODAY))]


def holds(when: object, here: object) -> bool:
    return compile_when(rule_of({"present": ["x"], "when": when}).when, CONTEXT)(Scope(here, None, TODAY))


def day(number: int) -> date:
    return date(2025, 1, number)


@pytest.mark.parametrize(
    ("condition", "value", "expected"),
    [
        ({"other_than": 0}, Decimal("0.0"), False),
        ({"other_than": 0}, Decimal("0.1"), True),
        ({"other_than": 0}, -1, True),
        ({"other_than": 0}, None, False),
        ({"other_than": 0}, "1", False),
        ({"other_than": 0}, True, False),
        ({"other_than": "A"}, "B", True),
        ({"other_than": "A"}, "A", False),
        ({"other_than": "A"}, 1, False),
        ({"over": 1}, 1, False),
        ({"over": 1}, Decimal("1.1"), True),
        ({"over": 1}, day(1), False),
        ({"ignoring_case": "The X"}, "the x", True),
        ({"ignoring_case": "The X"}, "the y", False),
        ({"ignoring_case": "1"}, 1, False),
        ({"in_list": "plain"}, "a", True),
        ({"in_list": "plain"}, "b", False),
        (["<absent>", {"other_than": "A"}], None, True),
    ],
)
def test_conditions_on_values(condition: Any, value: object, *, expected: bool) -> None:
    assert holds({"x": condition}, {"x": value}) is expected


def test_of_several_tables_one_is_enough() -> None:
    when = [{"a": "<present>", "b": "<present>"}, {"c": True}]
    assert holds(when, {"a": 1, "b": 1})
    assert holds(when, {"c": True})
    assert not holds(when, {"a": 1})
    assert holds([], {})


def test_holds_blames_the_first_condition_that_does_not() -> None:
    demand = {"holds": {"a": "A", "b": ["B", "<absent>"]}}
    assert blamed(demand, {"a": "A"}) == []
    assert blamed(demand, {"a": "A", "b": "C"}) == ["b"]
    assert blamed(demand, {"a": "X", "b": "C"}) == ["a"]
    assert blamed(demand, {"a": WRONG, "b": "C"}) == []
    either = {"holds": [{"a": "A"}, {"b": "B"}]}
    assert blamed(either, {"b": "B"}) == []
    assert blamed(either, {"a": "X"}) == [""]


def test_all_or_none() -> None:
    demand = {"all_or_none": ["p[].x"]}
    assert blamed(demand, {"p": [{"x": 1}, {"x": 2}]}) == []
    assert blamed(demand, {"p": [{"x": ""}, {}]}) == []
    assert blamed(demand, {"p": [{}, {"x": 1}, {"x": None}]}) == ["p.0.x"]
    assert blamed(demand, {"p": [{"x": WRONG}, {}]}) == []
    assert blamed(demand, {"p": [{"x": WRONG}, {}, {"x": 1}]}) == ["p.1.x"]


def test_count_of_items_that_hold() -> None:
    demand = {"count": {"of": "p[].q[]", "where": {"x": True}, "at_least": 1, "at_most": 2}}
    yes, no, unsure = {"x": True}, {"x": False}, {"x": WRONG}
    assert blamed(demand, {"p": [{"q": [no]}, {"q": [yes]}]}) == []
    assert blamed(demand, {"p": [{"q": [no]}, {"q": []}]}) == [""]
    assert blamed(demand, {"p": [{"q": [yes, yes]}, {"q": [yes]}]}) == [""]
    assert blamed(demand, {"p": [{"q": [yes, yes, unsure]}]}) == []
    assert blamed(demand, {"p": [{"q": [unsure]}, {"q": WRONG}]}) == []
    with pytest.raises(ValueError, match="ends in"):
        rule_of({"count": {"of": "p", "where": {"x": True}, "at_most": 1}})


def test_unique_where_and_by_what_is_around() -> None:
    demand = {"unique": {"of": ["p[].q[]"], "key": ["up.k", "x"], "where": {"off": [False, "<absent>"]}}}
    assert blamed(demand, {"p": [{"k": 1, "q": [{"x": 1}]}, {"k": 2, "q": [{"x": 1}]}]}) == []
    assert blamed(demand, {"p": [{"k": 1, "q": [{"x": 1}, {"x": 1}]}]}) == ["p.0.q.1"]
    assert blamed(demand, {"p": [{"k": 1, "q": [{"x": 1}, {"x": 1, "off": True}]}]}) == []
    assert blamed(demand, {"p": [{"k": 1, "q": [{"x": 1}, {"x": 1, "off": WRONG}]}]}) == []
    assert blamed(demand, {"p": [{"k": WRONG, "q": [{"x": 1}, {"x": 1}]}]}) == []
    assert blamed(demand, {"p": [{"k": 1, "q": [{"x": [1]}, {"x": [1]}]}]}) == []


def test_same() -> None:
    demand = {"same": ["p[].x"]}
    assert blamed(demand, {"p": [{"x": 1}, {}, {"x": ""}, {"x": 1}, {"x": WRONG}]}) == []
    assert blamed(demand, {"p": [{"x": 1}, {"x": 2}, {"x": 1}]}) == ["p.1.x"]
    grouped = {"same": {"of": ["p[]", "q[]"], "by": ["k", "d"], "key": ["x", "y"]}}
    first = {"k": "a", "d": day(1), "x": 1, "y": 1}
    assert blamed(grouped, {"p": [first], "q": [{**first, "x": 2, "y": 2}]}) == ["q.0"]
    assert blamed(grouped, {"p": [first], "q": [{**first, "y": 2}]}) == ["q.0"]
    for other in ({"k": "b"}, {"k": ""}, {"d": day(2)}, {"d": None}, {"k": WRONG}, {"x": None}):
        assert blamed(grouped, {"p": [first], "q": [{**first, "x": 2, **other}]}) == []


def test_a_total_with_a_factor_and_a_tolerance() -> None:
    demand = {"total": {"add": ["a"], "subtract": ["b[].x"], "equals": "t", "times": 12, "within": "1.5"}}
    assert blamed(demand, {"a": Decimal("13.5"), "t": 1}) == []
    assert blamed(demand, {"a": Decimal("10.5"), "t": 1}) == []
    assert blamed(demand, {"a": Decimal("13.6"), "t": 1}) == ["t"]
    assert blamed(demand, {"a": Decimal("10.4"), "t": 1}) == ["t"]
    assert blamed(demand, {"a": 20, "b": [{"x": 4}, {"x": 4}], "t": 1}) == []
    assert blamed(demand, {"a": 20, "b": [{"x": WRONG}], "t": 1}) == []
    limit = {"total": {"add": ["b[].x"], "at_most": "t"}}
    assert blamed(limit, {"b": [{"x": 2}, {"x": 3}], "t": 5}) == []
    assert blamed(limit, {"b": [{"x": 2}], "t": 5}) == []
    assert blamed(limit, {"b": [{"x": 2}, {"x": 4}], "t": 5}) == ["t"]
    assert blamed(limit, {"b": [{"x": 2}]}) == []
    for bad in ({"add": ["a"]}, {"add": ["a"], "equals": "t", "at_most": "t"}):
        with pytest.raises(ValueError, match="either equals or at_most"):
            rule_of({"total": bad})


def test_product_is_exact_but_for_its_tolerance() -> None:
    demand = {"product": {"of": ["a", "b"], "equals": "t", "within": "0.01"}}
    assert blamed(demand, {"a": Decimal("1.5"), "b": 3, "t": Decimal("4.51")}) == []
    assert blamed(demand, {"a": Decimal("1.5"), "b": 3, "t": Decimal("4.49")}) == []
    assert blamed(demand, {"a": Decimal("1.5"), "b": 3, "t": Decimal("4.511")}) == ["t"]
    assert blamed(demand, {"a": Decimal("1.5"), "b": 3, "t": Decimal("4.489")}) == ["t"]
    for missing in ({"b": 3, "t": 9}, {"a": None, "b": 3, "t": 9}, {"a": 1, "b": WRONG, "t": 9}, {"a": 1, "b": 3}):
        assert blamed(demand, missing) == []


@pytest.mark.parametrize(
    ("value", "expected"), [(2, ["x"]), (3, []), (4, []), (10, []), (11, ["x"]), (None, []), (WRONG, [])]
)
def test_between_in_either_order(value: object, expected: list[str]) -> None:
    for sums in ([["a"], ["b", "c"]], [["b", "c"], ["a"]]):
        assert blamed({"between": {"field": "x", "sums": sums}}, {"x": value, "a": 10, "b": 1, "c": 2}) == expected
    assert blamed({"between": {"field": "x", "sums": [["a"], ["b"]]}}, {"x": 99, "a": 1}) == []


def test_days_count_both_ends() -> None:
    demand = {"days": {"from": "a", "to": "b", "equals": "n"}}
    assert blamed(demand, {"a": day(1), "b": day(31), "n": 31}) == []
    assert blamed(demand, {"a": day(1), "b": day(1), "n": Decimal("1.0")}) == []
    assert blamed(demand, {"a": day(1), "b": day(31), "n": 30}) == ["n"]
    for missing in ({"a": day(1), "n": 5}, {"a": WRONG, "b": day(1), "n": 5}, {"a": day(1), "b": day(2)}):
        assert blamed(demand, missing) == []


def test_refers() -> None:
    demand = {"refers": {"field": "p[].x", "to": ["q[].y", "z"]}}
    assert blamed(demand, {"p": [{"x": "a"}, {"x": "b"}, {"x": ""}, {}], "q": [{"y": "a"}], "z": "b"}) == []
    assert blamed(demand, {"p": [{"x": "a"}, {"x": "c"}], "q": [{"y": "a"}]}) == ["p.1.x"]
    assert blamed(demand, {"p": [{"x": "a"}, {"x": WRONG}]}) == ["p.0.x"]
    assert blamed(demand, {"p": [{"x": "a"}], "q": [{"y": WRONG}]}) == []
    assert blamed(demand, {"p": [{"x": "a"}], "q": WRONG}) == []


@pytest.mark.parametrize(
    ("spec", "value", "there"),
    [
        ("plain", "a", True),
        ("plain", "b", False),
        ("plain", 7, True),
        ({"in": "plain", "ignore_case": True}, "A", True),
        ({"in": "plain", "ignore_case": True}, "b", True),
        ({"in": "plain", "ignore_case": True}, "c", False),
        ({"in": "pairs", "columns": ["item"]}, "2", True),
        ({"in": "pairs"}, "2", False),
        ("none", "a", False),
    ],
)
def test_listed_and_not_listed(spec: Any, value: object, *, there: bool) -> None:
    assert blamed({"listed": spec}, value) == ([] if there else [""])
    assert blamed({"not_listed": spec}, value) == ([""] if there else [])
    for nothing in (None, "", WRONG, True):
        assert blamed({"listed": spec}, nothing) == blamed({"not_listed": spec}, nothing) == []


def test_several_fields_are_looked_for_in_one_row() -> None:
    demand = {"listed": {"field": ["k", "p[].i"], "in": "pairs", "columns": ["key", "item"]}}
    assert blamed(demand, {"k": "x", "p": [{"i": "1"}, {"i": 2}]}) == []
    assert blamed(demand, {"k": "y", "p": [{"i": "1"}, {"i": "2"}]}) == ["k"]
    assert blamed(demand, {"k": "z"}) == []
    with pytest.raises(ValueError, match="as many columns"):
        rule_of({"listed": {"field": ["k"], "in": "pairs", "columns": ["key", "item"]}})


def test_includes() -> None:
    demand = {"includes": {"field": "p[].x", "all_of": "plain"}}
    assert blamed(demand, {"p": [{"x": "7"}, {"x": "a"}, {"x": "B"}, {"x": "c"}]}) == []
    assert blamed(demand, {"p": [{"x": "a"}]}) == ["", ""]
    assert blamed(demand, {"p": [{"x": "a"}, {"x": WRONG}]}) == []
    assert blamed({"includes": {"field": "p[].x", "all_of": "none"}}, {"p": []}) == []


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("t", ["x"], [1, True, ["x"]]),
        ("n", [1, 1.5, Decimal(1)], ["1", True]),
        ("i", [1], [1.5, Decimal("1.5"), "1", True]),
        ("b", [True, False], ["true", 1]),
        ("d", ["2025-01-01"], ["2025-13-01", 20250101, "yesterday"]),
        ("m", ["2025-01-01T12:00:00Z"], ["yesterday", 5]),
        ("o", ["x", 1, True, []], []),
        ("unknown", ["x", 1], []),
    ],
)
def test_typed(kind: str, right: list[object], wrong: list[object]) -> None:
    demand = {"typed": {"field": "v", "type": {"of": "kinds", "by": ["k"], "take": "type"}}}
    assert [blamed(demand, {"k": kind, "v": value}) for value in right] == [[]] * len(right)
    assert [blamed(demand, {"k": kind, "v": value}) for value in wrong] == [["v"]] * len(wrong)
    assert blamed(demand, {"k": kind, "v": None}) == []


def test_a_pattern_from_a_list() -> None:
    demand = {"matches": {"field": "v", "pattern": {"of": "kinds", "by": ["k"], "take": "pattern"}}}
    assert blamed(demand, {"k": "t", "v": "abc"}) == []
    assert blamed(demand, {"k": "t", "v": "ABC"}) == ["v"]
    assert blamed(demand, {"k": "n", "v": "ABC"}) == []
    assert blamed(demand, {"k": "zzz", "v": "ABC"}) == []


@pytest.mark.parametrize(
    ("here", "expected"),
    [
        ({"k": "x", "i": "1", "v": day(5)}, []),
        ({"k": "x", "i": "1", "v": day(4)}, ["v"]),
        ({"k": "x", "i": "2", "v": day(1)}, []),
        ({"k": "y", "i": "1", "v": Decimal("2.5")}, []),
        ({"k": "y", "i": 1, "v": 2}, ["v"]),
        ({"k": "z", "i": "1", "v": day(1)}, []),
        ({"k": "x", "v": day(1)}, []),
    ],
)
def test_compare_with_a_look_up(here: dict[str, object], expected: list[str]) -> None:
    lookup = {"of": "pairs", "by": ["k", "i"], "key": ["key", "item"], "take": "since"}
    assert blamed({"compare": ["v", ">=", lookup]}, here) == expected


def test_a_list_may_hold_one_number() -> None:
    demand = {"compare": ["v", ">=", {"of": "one", "take": "amount"}]}
    assert blamed(demand, {"v": 5}) == []
    assert blamed(demand, {"v": Decimal("4.99")}) == ["v"]
    assert blamed({"compare": ["v", "==", {"of": "one", "take": "amount"}]}, {"v": Decimal("5.0")}) == []
    assert blamed({"compare": ["v", "==", {"of": "one", "take": "amount"}]}, {"v": 6}) == ["v"]


@pytest.mark.parametrize(
    ("rows", "expected"), [((("5",), ("9",)), []), ((("",), ("9",)), []), ((("9",), ("5",)), ["v"])]
)
def test_of_a_list_that_should_hold_one_number_the_first_counts(
    rows: tuple[tuple[str], ...], expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TABLES, "one", Table(("amount",), rows))
    assert blamed({"compare": ["v", ">=", {"of": "one", "take": "amount"}]}, {"v": 5}) == expected


def test_the_day_after() -> None:
    demand = {"compare": ["a", "<=", {"day_after": "b"}]}
    assert blamed(demand, {"a": day(2), "b": day(1)}) == []
    assert blamed(demand, {"a": day(3), "b": day(1)}) == ["a"]
    assert blamed(demand, {"a": date.max, "b": date.max}) == []


def test_a_moment_is_only_judged_by_days_that_it_surely_lies_on() -> None:
    demand = {"compare": ["a", "<=", "<today>"]}
    east, west = timezone(timedelta(hours=2)), timezone(timedelta(hours=-5))
    assert blamed(demand, {"a": datetime(2026, 2, 1, 0, 30, tzinfo=east)}) == []
    assert blamed(demand, {"a": datetime(2026, 1, 31, 23, 30, tzinfo=west)}) == []
    assert blamed(demand, {"a": datetime(2026, 2, 1, 3, 30, tzinfo=east)}) == ["a"]
    assert blamed(demand, {"a": datetime(2026, 2, 1, 0, 0, tzinfo=UTC)}) == ["a"]
    assert blamed(demand, {"a": datetime(2026, 2, 1, 0, 0)}) == ["a"]
    assert blamed(demand, {"a": datetime(9999, 12, 31, 23, 0, tzinfo=west)}) == ["a"]


def periods(*spans: tuple[int, int | None], **more: Any) -> list[str]:
    items = [{"s": day(start), "e": end and day(end), "g": "a"} for start, end in spans]
    return blamed({"periods": {"of": "p", "start": "s", "end": "e", **more}}, {"p": items})


def test_periods_with_gaps_or_overlaps_forgiven() -> None:
    assert periods((1, 3), (5, 6), gaps=True) == []
    assert periods((1, 3), (3, 6), gaps=True) == []
    assert periods((1, 4), (3, 6), gaps=True) == ["p.1.s"]
    assert periods((1, None), (3, 6), gaps=True) == ["p.1.s"]
    assert periods((1, 4), (3, 6), overlaps=True) == []
    assert periods((1, 4), (5, 6), overlaps=True) == ["p.1.s"]
    assert periods((1, 9), (2, 3), (9, None), overlaps=True) == []
    assert periods((1, 9), (2, 3), (5, 8), gaps=True) == ["p.1.s", "p.2.s"]
    with pytest.raises(ValueError, match="if gaps are fine"):
        periods(gaps=True, overlaps=True)


def test_periods_whose_end_counts() -> None:
    assert periods((1, 3), (4, 6), end_included=True) == []
    assert periods((1, 3), (3, 6), end_included=True) == ["p.1.s"]
    assert periods((1, 3), (5, 6), end_included=True) == ["p.1.s"]
    assert periods((1, 3), (5, 6), end_included=True, gaps=True) == []


def test_periods_in_groups() -> None:
    one, other = {"s": day(1), "e": day(9)}, {"s": day(3), "e": day(5)}
    demand = {"periods": {"of": "p", "start": "s", "end": "e", "gaps": True, "by": ["g"], "where": {"off": "<absent>"}}}
    assert blamed(demand, {"p": [{**one, "g": 1}, {**other, "g": 2}]}) == []
    assert blamed(demand, {"p": [{**one, "g": 1}, {**other, "g": 1}]}) == ["p.1.s"]
    assert blamed(demand, {"p": [one, {**other, "g": None}]}) == ["p.1.s"]
    assert blamed(demand, {"p": [one, {**other, "off": True}]}) == []
    assert blamed(demand, {"p": [one, {**other, "g": WRONG}]}) == []
    assert blamed(demand, {"p": [one, {**other, "off": WRONG}]}) == []


def test_periods_of_several_lists_together() -> None:
    demand = {"periods": {"of": "[].q[]", "start": "s", "end": "e", "gaps": True, "by": ["up.k"]}}
    one, other = {"s": day(1), "e": day(9)}, {"s": day(3), "e": day(5)}
    assert blamed(demand, [{"k": 1, "q": [one]}, {"k": 1, "q": [other]}]) == ["1.q.0.s"]
    assert blamed(demand, [{"k": 1, "q": [one]}, {"k": 2, "q": [other]}]) == []


def test_gaps_before_a_day_are_forgiven() -> None:
    spec = {"of": ".", "start": "s", "end": "e", "overlaps": True, "forgive_starts_until": "<today>"}
    past, future = date(2025, 1, 1), date(2026, 2, 10)
    assert blamed({"periods": spec}, [{"s": past, "e": past}, {"s": TODAY}]) == []
    assert blamed({"periods": spec}, [{"s": past, "e": past}, {"s": future}]) == ["1.s"]
    assert blamed({"periods": spec}, [{"s": future}]) == []


def test_covers_days_together_in_a_matching_period() -> None:
    demand = {"covers": {"of": "p[].q[]", "start": "s", "end": "e", "date": ["a", "b"], "match": {"k": "c"}}}
    fits = {"k": "x", "s": day(1), "e": day(9)}
    assert blamed(demand, {"a": day(1), "b": day(8), "c": "x", "p": [{"q": [fits]}]}) == []
    assert blamed(demand, {"a": day(1), "b": day(9), "c": "x", "p": [{"q": [fits]}]}) == [""]
    assert blamed(demand, {"a": day(1), "b": day(8), "c": "y", "p": [{"q": [fits]}]}) == [""]
    halves = [{**fits, "e": day(5)}, {**fits, "s": day(5)}]
    assert blamed(demand, {"a": day(1), "b": day(8), "c": "x", "p": [{"q": halves[:1]}, {"q": halves[1:]}]}) == [""]
    assert blamed(demand, {"a": day(1), "b": WRONG, "c": "y", "p": [{"q": [fits]}]}) == []
    assert blamed(demand, {"a": day(1), "b": day(8), "c": "y", "p": []}) == []
    assert blamed(demand, {"a": day(1), "b": day(8), "c": "y", "p": [{"q": [fits, {**fits, "k": WRONG}]}]}) == []
    assert blamed(demand, {"b": day(8), "c": "y", "p": [{"q": [fits]}]}) == []


def test_up_leads_to_the_object_around() -> None:
    scope = Scope({"k": 1, "p": [{"k": 2, "q": [{"k": 3}]}]}, None, TODAY)
    inside = scope.enter(("p", 0, "q", 0), {"k": 3})
    assert inside.up is not None
    assert inside.up.here == {"k": 2, "q": [{"k": 3}]}
    assert inside.up.up is scope
    assert inside.up.up.up is None
    assert Scope([{"k": 1}], None, TODAY).enter((0,), {"k": 1}).up is None


@pytest.mark.parametrize("odd", [{"a": 1}, [1]])
def test_what_is_no_single_value_breaks_no_operator(odd: object) -> None:
    assert blamed({"refers": {"field": "x", "to": ["y"]}}, {"x": odd, "y": "a"}) == ["x"]
    assert blamed({"refers": {"field": "x", "to": ["y"]}}, {"x": "a", "y": odd}) == ["x"]
    assert not holds({"x": {"in_list": "plain"}}, {"x": odd})
    assert (
        blamed({"same": {"of": ["p[]"], "by": ["k"], "key": ["x"]}}, {"p": [{"k": odd, "x": 1}, {"k": 1, "x": odd}]})
        == []
    )
    spans = [{"s": day(1), "e": day(9), "g": odd}, {"s": day(2), "e": day(3), "g": odd}]
    same = {"same": {"of": ["p[]"], "by": ["k"], "key": ["x"]}}
    assert blamed(same, {"p": [{"k": odd, "x": 1}, {"k": 1, "x": odd}]}) == []
    spans = [{"s": day(1), "e": day(9), "g": odd}, {"s": day(2), "e": day(3), "g": odd}]
    assert blamed({"periods": {"of": "p", "start": "s", "end": "e", "by": ["g"]}}, {"p": spans}) == []
    assert blamed({"listed": {"field": "x", "in": "plain"}}, {"x": odd}) == []
    covers = {"covers": {"of": "p", "end": "e", "date": "d", "match": {"g": "x"}}}
    assert blamed(covers, {"p": spans, "d": day(1), "x": odd}) == []
    assert blamed(covers, {"p": spans, "d": day(1), "x": "a"}) == ["p"]

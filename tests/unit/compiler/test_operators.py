"""Every operator at its edges, on rules made for the test."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.compiler.expressions import ExpressionCompiler
from premigrate.compiler.operators import compile_operator
from premigrate.compiler.reference_tables import ReferenceTable
from premigrate.engine.operators import make_operator
from premigrate.engine.operators.operator import Dependencies, Operator
from premigrate.engine.paths import PathMaker
from premigrate.engine.values import INVALID, EvaluationContext, Scope
from premigrate.formats.interfaces import FormatCheck
from premigrate.formats.registry import FORMATS
from premigrate.ruleset.model.rules import Rule

TODAY = date(2026, 1, 31)
CHECKS: dict[tuple[str, str | None], FormatCheck] = {
    ("code", None): FORMATS["pattern"](patterns=["[A-Z]+"], tolerated=["[a-z]+"]),
}
TABLES = {"known": ReferenceTable(("value",), (("a",), ("b",)))}
WORDS = ExpressionCompiler("account", TABLES)


def rule_of(demand: dict[str, Any]) -> Rule:
    lists = {name: ["a"] for name in TABLES if repr(name) in repr(demand)}
    papers = {"why": "w.", "basis": "inferred", "source": "s", "good": [1], "bad": [1], "example_lists": lists}
    return Rule.model_validate({"id": "x", "on": "thing", "code": "c", **papers, **demand})


def blamed(demand: dict[str, Any], here: object, root: object = None) -> list[str]:
    operator, scope = operator_of(demand), scope_of(here, root)
    found = operator.check(scope)
    assert operator.is_violated(scope) is bool(found)
    return ["?" * bool(violation.doubt) + ".".join(map(str, violation.place)) for violation in found]


def operator_of(demand: dict[str, Any], formats: dict[tuple[str, str | None], FormatCheck] = CHECKS) -> Operator:
    rule = rule_of(demand)
    return make_operator(compile_operator(rule.operator, rule.argument, WORDS), Dependencies(PathMaker(), formats))


def scope_of(here: object, root: object = None) -> Scope:
    return Scope(here, EvaluationContext(TODAY, root))


def day(number: int) -> date:
    return date(2025, 1, number)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ABC", []),
        ("abc", ["?code"]),
        ("A1", ["code"]),
        ("", []),
        (None, []),
        (INVALID, []),
        (12, ["code"]),
        (True, ["code"]),
        (1.5, ["code"]),
    ],
)
def test_format(value: object, expected: list[str]) -> None:
    assert blamed({"format": {"field": "code", "is": "code"}}, {"code": value}) == expected


def test_format_of_a_country_nobody_knows_is_not_judged() -> None:
    demand = {"format": {"field": "code", "is": "code", "territory": "country"}}
    assert blamed(demand, {"code": "1", "country": "FR"}) == []
    assert blamed(demand, {"code": "1", "country": INVALID}) == []
    assert blamed(demand, {"code": "1"}) == []


@pytest.mark.parametrize(
    ("value", "expected"), [("test@x", ["e"]), ("TEST@x", ["e"]), ("atest@x", []), ("", []), (5, []), (INVALID, [])]
)
def test_not_matching(value: object, expected: list[str]) -> None:
    assert (
        blamed({"not_matching": {"field": "e", "patterns": ["test@.*"], "ignore_case": True}}, {"e": value}) == expected
    )


def test_matches_whole_values_only() -> None:
    assert blamed({"matches": ["[0-9]{3}"]}, "123") == []
    assert blamed({"matches": ["[0-9]{3}"]}, "1234") == [""]
    assert blamed({"matches": ["[0-9]{3}"]}, "123\n") == [""]
    assert blamed({"matches": ["[0-9]{3}", "x"]}, "x") == []
    assert blamed({"matches": ["[0-9]"]}, "٣") == [""], "digits are ASCII digits"


def test_joined_texts() -> None:
    demand = {"not_matching": {"join": ["a", "b"], "patterns": ["the occupier"], "ignore_case": True}}
    assert blamed(demand, {"a": "The", "b": "Occupier"}) == ["a"]
    assert blamed(demand, {"a": "", "b": "The Occupier"}) == ["b"]
    assert blamed(demand, {"a": "The", "b": INVALID}) == []
    assert blamed(demand, {}) == []


def test_present_and_absent() -> None:
    here = {"a": "", "b": 0, "c": [{"d": "x"}, {}, {"d": None}, INVALID], "e": INVALID, "f": {}}
    assert blamed({"present": ["a", "b", "c[].d", "e", "f", "g.h"]}, here) == ["a", "c.1.d", "c.2.d", "f", "g.h"]
    assert blamed({"absent": ["a", "b", "c[].d", "e", "f", "g.h"]}, here) == ["b", "c.0.d"]


def test_at_least_and_at_most_one() -> None:
    assert blamed({"at_least_one": ["a", "b[].c"]}, {"a": " "}) == []
    assert blamed({"at_least_one": ["a", "b[].c"]}, {"a": "", "b": [{"c": None}]}) == [""]
    assert blamed({"at_least_one": ["a", "b[].c"]}, {"b": INVALID}) == []
    assert blamed({"at_most_one": ["a", "b"]}, {"a": "x", "b": ["y"]}) == ["b"]
    assert blamed({"at_most_one": ["a", "b"]}, {"a": "x", "b": []}) == []
    assert blamed({"at_most_one": ["a", "b"]}, {"a": "x", "b": INVALID}) == []


@pytest.mark.parametrize(
    ("word", "left", "right", "is_wrong"),
    [
        ("<", 1, 1, True),
        ("<", 1, 2, False),
        ("<=", 1, 1, False),
        ("<=", 2, 1, True),
        (">", 1, 1, True),
        (">", 2, 1, False),
        (">=", 1, 1, False),
        (">=", 1, 2, True),
    ],
)
def test_compare(word: str, left: int, right: int, *, is_wrong: bool) -> None:
    assert blamed({"compare": ["a", word, "b"]}, {"a": day(left), "b": day(right)}) == ["a"] * is_wrong


def test_compare_over_lists_today_and_fallbacks() -> None:
    assert blamed({"compare": ["a[].b", "<=", "<today>"]}, {"a": [{"b": TODAY}, {"b": date(2026, 2, 1)}, {}]}) == [
        "a.1.b"
    ]
    assert blamed({"compare": ["<today>", ">=", "a"]}, {"a": date(2026, 2, 1)}) == ["a"]
    first = {"first": ["a", {"earliest": ["b", "c[].d"]}]}
    here = {"x": day(5), "b": day(9), "c": [{"d": day(4)}, {"d": None}]}
    assert blamed({"compare": ["x", "<=", first]}, here) == ["x"]
    assert blamed({"compare": ["x", "<=", first]}, {**here, "a": day(5)}) == []
    assert blamed({"compare": ["x", "<=", first]}, {**here, "c": INVALID}) == []
    assert blamed({"compare": ["x", "<=", {"latest": ["b", "c[].d"]}]}, here) == []
    assert blamed({"compare": ["x", "<=", "account.y"]}, here, {"y": day(4)}) == ["x"]
    assert blamed({"compare": ["x", "<=", "account.y"]}, here, {}) == []


def test_times_with_and_without_offset_are_not_compared() -> None:
    aware, naive = datetime.fromisoformat("2025-01-02T00:00:00+00:00"), datetime.fromisoformat("2025-01-01T00:00:00")
    assert blamed({"compare": ["a", "<=", "b"]}, {"a": aware, "b": naive}) == []
    assert blamed({"compare": ["a", "<=", "b"]}, {"a": aware, "b": day(1)}) == ["a"]
    assert blamed({"compare": ["a", "<=", "b"]}, {"a": aware, "b": day(2)}) == []


@pytest.mark.parametrize(("size", "is_wrong"), [(0, True), (1, False), (2, False), (3, True)])
def test_count(size: int, *, is_wrong: bool) -> None:
    assert blamed({"count": {"of": "a", "at_least": 1, "at_most": 2}}, {"a": [1] * size}) == ["a"] * is_wrong


def test_count_of_nothing_and_of_something_wrong() -> None:
    assert blamed({"count": {"of": "a", "at_least": 1}}, {}) == ["a"]
    assert blamed({"count": {"of": "a", "at_least": 1}}, {"a": INVALID}) == []


def test_unique() -> None:
    assert blamed({"unique": ["a[].b", "c[].b"]}, {"a": [{"b": "x"}, {"b": "X"}], "c": [{"b": "x"}, {"b": "x"}]}) == [
        "c.0.b",
        "c.1.b",
    ]
    assert blamed({"unique": ["a[].b"]}, {"a": [{"b": ""}, {"b": ""}, {}, {}, {"b": INVALID}, {"b": INVALID}]}) == []


def test_unique_by_several_fields_and_across() -> None:
    keyed = {"unique": {"of": ["[]"], "key": ["a", "b"]}}
    assert blamed(keyed, [{"a": "x"}, {"a": "x", "b": ""}, {"b": "x"}]) == ["1"]
    assert blamed(keyed, [{"a": "x", "b": INVALID}, {"a": "x", "b": INVALID}, INVALID]) == []
    across = {"unique": {"of": ["[].p[].id"], "across": "[]"}}
    assert blamed(across, [{"p": [{"id": "1"}, {"id": "1"}]}, {"p": [{"id": "2"}]}]) == []
    assert blamed(across, [{"p": [{"id": "1"}]}, {"p": [{"id": "1"}]}]) == ["1.p.0.id"]


def test_total() -> None:
    demand = {"total": {"add": ["base", "items[].amount"], "minus_when": {"type": ["OUT"]}, "equals": "sum"}}
    items = [{"type": "IN", "amount": Decimal("0.1")}, {"type": "OUT", "amount": Decimal("0.3")}]
    assert blamed(demand, {"base": Decimal("0.2"), "items": items, "sum": Decimal("0.00")}) == []
    assert blamed(demand, {"base": Decimal("0.2"), "items": items, "sum": Decimal("1E-10")}) == ["sum"]
    assert blamed(demand, {"base": INVALID, "items": items, "sum": Decimal(9)}) == []
    assert blamed(demand, {"items": [{"type": INVALID, "amount": Decimal(1)}], "sum": Decimal(9)}) == []
    assert blamed(demand, {"items": [INVALID], "sum": Decimal(9)}) == []
    assert blamed(demand, {"base": Decimal("0.2"), "items": items, "sum": INVALID}) == []


@pytest.mark.parametrize("missing", [{}, {"type": "IN"}, {"type": "OUT", "amount": None}, {"amount": ""}])
def test_total_without_one_of_its_numbers_says_nothing(missing: dict[str, Any]) -> None:
    demand = {"total": {"add": ["items[].amount"], "minus_when": {"type": ["OUT"]}, "equals": "sum"}}
    items = [{"type": "IN", "amount": Decimal(1)}]
    assert blamed(demand, {"items": items, "sum": Decimal(9)}) == ["sum"]
    assert blamed(demand, {"items": [*items, missing], "sum": Decimal(9)}) == []
    assert blamed({"total": {**demand["total"], "default": "9"}}, {"items": [*items, missing]}) == []
    simple = {"total": {"add": ["base"], "subtract": ["less"], "equals": "sum"}}
    assert blamed(simple, {"base": 1, "sum": 9}) == blamed(simple, {"less": 1, "sum": 9}) == []


def test_total_has_a_default_for_its_target_alone() -> None:
    total = {"add": ["base"], "equals": "sum"}
    assert blamed({"total": total}, {"base": 1}) == []
    with_default = {"total": {**total, "default": "2"}}
    assert blamed(with_default, {"base": 1}) == blamed(with_default, {"base": 1, "sum": None}) == ["sum"]
    assert blamed(with_default, {"base": 2}) == blamed(with_default, {"base": 1, "sum": 1}) == []
    assert blamed(with_default, {"base": 2, "sum": 1}) == ["sum"]
    assert blamed(with_default, {}) == blamed(with_default, {"base": 1, "sum": INVALID}) == []


def test_total_keeps_every_digit() -> None:
    many = [{"amount": Decimal("9999999999.9999999999")}] * 20000
    total = Decimal("9999999999.9999999999") * 2 * 10000
    demand = {"total": {"add": ["items[].amount"], "equals": "sum"}}
    assert blamed(demand, {"items": many, "sum": Decimal("199999999999999.999998")}) == []
    assert total == Decimal("199999999999999.999998")


PERIODS = {"periods": {"of": "p", "start": "s", "end": "e", "gap_allowed_until": "f"}}


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ([], []),
        ([(1, None)], []),
        ([(1, 5), (5, 9), (9, None)], []),
        ([(5, None), (1, 5)], []),
        ([(1, 5), (6, None)], ["p.1.s"]),
        ([(1, 5), (4, None)], ["p.1.s"]),
        ([(1, None), (4, None)], ["p.1.s"]),
        ([(1, 5), (1, 5)], ["p.1.s"]),
    ],
)
def test_periods(periods: list[tuple[int, int | None]], expected: list[str]) -> None:
    items = [{"s": day(start), "e": end and day(end)} for start, end in periods]
    assert blamed(PERIODS, {"p": items}) == expected


@pytest.mark.parametrize(("until", "expected"), [(4, ["p.1.s"]), (5, []), (6, [])])
def test_gaps_are_allowed_until_a_day(until: int, expected: list[str]) -> None:
    items = [{"s": day(1), "e": day(5)}, {"s": day(8)}]
    assert blamed(PERIODS, {"p": items, "f": day(until)}) == expected
    overlapping = [{"s": day(1), "e": day(5)}, {"s": day(4)}]
    assert blamed(PERIODS, {"p": overlapping, "f": day(until)}) == ["p.1.s"]


def test_periods_that_cannot_be_read_say_nothing() -> None:
    for broken in (
        INVALID,
        {"s": INVALID},
        {"s": day(3), "e": INVALID},
        {},
        {"s": datetime.fromisoformat("2025-01-03T00:00:00")},
    ):
        assert blamed(PERIODS, {"p": [{"s": day(1), "e": day(5)}, broken]}) == []


@pytest.mark.parametrize(("when", "expected"), [(1, ["p"]), (2, []), (4, []), (5, ["p"])])
def test_covers(when: int, expected: list[str]) -> None:
    here = {"p": [{"s": day(2), "e": day(5)}], "d": day(when)}
    assert blamed({"covers": {"of": "p", "start": "s", "end": "e", "date": "d"}}, here) == expected
    lasting = [] if when == 1 else expected
    assert blamed({"covers": {"of": "p", "end": "e", "date": "d"}}, here) == lasting


def test_covers_without_end_date_or_periods() -> None:
    demand = {"covers": {"of": "p", "start": "s", "end": "e", "date": "d"}}
    assert blamed(demand, {"p": [{"s": day(2)}], "d": day(20)}) == []
    assert blamed(demand, {"p": [], "d": day(20)}) == []
    assert blamed(demand, {"p": [{"s": day(2), "e": day(3)}]}) == []
    assert blamed(demand, {"p": [{"s": day(2), "e": INVALID}], "d": day(1)}) == []
    assert blamed(demand, {"p": [{"s": day(2)}], "d": INVALID}) == []


START = st.sampled_from([day(number) for number in (10, 11, 12, 18)])
END = st.sampled_from([day(number) for number in (11, 12, 13, 19)])
DAYS = st.sampled_from([None, *(day(number) for number in range(9, 21))])


@given(
    st.lists(st.fixed_dictionaries({"s": START, "e": END}), min_size=9, max_size=12),
    st.lists(DAYS, min_size=1, max_size=3),
)
def test_of_many_periods_one_contains_a_day_as_of_few(periods: list[dict[str, Any]], days: list[Any]) -> None:
    demand = {"covers": {"of": "p", "start": "s", "end": "e", "date": ["d", "f"]}}
    for when in days:
        here = {"d": when, "f": days[0]}
        contained = [not blamed(demand, {**here, "p": [each]}) for each in periods]
        assert (not blamed(demand, {**here, "p": periods})) == any(contained)


@pytest.mark.parametrize(("value", "expected"), [("a", []), ("c", ["x"]), ("", []), (None, []), (INVALID, [])])
def test_listed(value: object, expected: list[str]) -> None:
    assert blamed({"listed": {"field": "x", "in": "known"}}, {"x": value}) == expected


@pytest.mark.parametrize(
    ("value", "others", "expected"),
    [
        (day(1), [day(1), day(2)], []),
        (day(1), [day(2)], ["one"]),
        (day(1), [datetime(2025, 1, 1)], ["one"]),
        (Decimal("1.50"), [Decimal("1.5")], []),
        (Decimal("1.5"), [Decimal(2)], ["one"]),
        (1, [Decimal(1)], []),
        (day(1), [INVALID], []),
    ],
)
def test_refers_between_dates_and_between_numbers(value: object, others: list[object], expected: list[str]) -> None:
    assert blamed({"refers": {"field": "one", "to": ["others[]"]}}, {"one": value, "others": others}) == expected

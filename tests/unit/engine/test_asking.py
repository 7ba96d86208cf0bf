"""Which rules are asked, by the keys that are there, on plans made for the test."""

from typing import Any

import pytest

from premigrate.compiler.program import compile_program
from tests.books import make_book
from tests.payloads import AS_OF
from tests.run_program import run_program

TEXT = {"type": "string"}
ITEM = {"fields": {"a": TEXT, "b": TEXT, "day": {"type": "date"}}}


def rules_broken(payload: object, *rules: dict[str, Any], is_open: bool = False) -> list[tuple[str, str]]:
    """Rules that an account breaks, each with the place."""
    account = {"open": is_open, "fields": {"a": TEXT, "b": TEXT, "items": {"list": "item"}, "one": {"object": "item"}}}
    tables = {"object": {"account": account, "item": ITEM}, "rule": [{"on": "account", **rule} for rule in rules]}
    found = run_program(compile_program(make_book(tables)), payload, AS_OF)
    return [(error.rule, error.attr) for error in found.errors]


def test_what_an_item_must_have_is_not_looked_for_outside_of_it() -> None:
    rule = {"id": "r", "for_each": "items[]", "present": ["a"]}
    assert rules_broken({"a": "x", "items": [{"a": "x"}, {"b": "x"}]}, rule) == [("r", "items.1.a")]


@pytest.mark.parametrize("is_open", [False, True])
@pytest.mark.parametrize(
    ("payload", "places"), [({"a": "x", "b": "x"}, ["a", "b"]), ({"a": "x"}, ["a"]), ({"b": "x"}, ["b"]), ({}, [])]
)
def test_a_rule_that_several_keys_bring_along_is_asked_once(
    payload: dict[str, str], places: list[str], *, is_open: bool
) -> None:
    rule = {"id": "r", "absent": ["a", "b"]}
    assert rules_broken(payload, rule, is_open=is_open) == [("r", place) for place in places]


def test_a_rule_of_keys_that_are_not_declared_is_asked_of_an_open_object_once() -> None:
    rule = {"id": "r", "absent": ["x", "y"]}
    assert rules_broken({"x": 1, "y": 1}, rule, is_open=True) == [("r", "x"), ("r", "y")]
    assert rules_broken({"x": 1, "y": 1}, rule) == []


@pytest.mark.parametrize(
    ("one", "is_broken"), [({"day": "2026-01-30"}, False), ({"day": "2026-02-01"}, True), ({"day": None}, False)]
)
def test_a_rule_of_a_single_value_speaks_up(one: dict[str, object], *, is_broken: bool) -> None:
    fields = {"one": {"object": "item"}}
    item = {"fields": {"day": {"type": "date", "nullable": True}}}
    rule = {"id": "r", "on": "item.day", "compare": [".", "<=", "<today>"]}
    book = make_book({"object": {"account": {"fields": fields}, "item": item}, "rule": [rule]})
    found = run_program(compile_program(book), {"one": one}, AS_OF)
    assert [error.rule for error in found.errors] == ["r"] * is_broken


@pytest.mark.parametrize(
    ("said", "holds"), [("DE", True), ("de", False), ("", True), (None, True), ("es", True), ("Es", True), ("x", False)]
)
def test_conditions_on_texts(said: object, *, holds: bool) -> None:
    rule = {"id": "r", "on": "account", "absent": ["b"], "when": {"a": ["<absent>", "DE", {"ignoring_case": "ES"}]}}
    account = {"fields": {"a": {"type": "string", "nullable": True, "blank": True}, "b": TEXT}}
    book = make_book({"object": {"account": account}, "rule": [rule]})
    found = run_program(compile_program(book), {"a": said, "b": "x"}, AS_OF)
    assert [error.rule for error in found.errors] == ["r"] * holds


ANY_OF_TWO = [{"a": "DE"}, {"flag": True, "c": "<present>"}]


@pytest.mark.parametrize(
    ("when", "account", "holds"),
    [
        ({"a": "DE"}, {"a": "DE"}, True),
        ({"a": ["ES", "DE"]}, {"a": "DE"}, True),
        ({"a": "DE"}, {"a": "de"}, False),
        ({"a": "DE"}, {"a": ["DE"]}, False),
        ({"a": "DE"}, {}, False),
        ({"flag": True}, {"flag": True}, True),
        ({"flag": True}, {"flag": False}, False),
        ({"any": True}, {"any": 1}, False),
        ({"a": "DE", "c": "<present>"}, {"a": "DE", "c": "x"}, True),
        ({"a": "DE", "c": "<present>"}, {"a": "DE"}, False),
        (ANY_OF_TWO, {"a": "DE", "flag": True, "c": "x"}, True),
        (ANY_OF_TWO, {"a": "ES", "flag": True, "c": "x"}, True),
        (ANY_OF_TWO, {"a": "ES", "flag": True}, False),
        (ANY_OF_TWO, {"c": "x"}, False),
    ],
)
@pytest.mark.parametrize("is_open", [False, True])
def test_a_rule_with_conditions_on_values_is_asked_once(
    when: Any, account: dict[str, Any], *, holds: bool, is_open: bool
) -> None:
    rule = {"id": "r", "on": "account", "absent": ["b"], "when": when}
    fields = {"a": TEXT, "b": TEXT, "c": TEXT, "flag": {"type": "boolean"}, "any": {"type": "json"}}
    book = make_book({"object": {"account": {"fields": fields, "open": is_open}}, "rule": [rule]})
    found = run_program(compile_program(book), {**account, "b": "x"}, AS_OF)
    assert [error.rule for error in found.errors if error.rule == "r"] == ["r"] * holds


DAY = {"type": "date"}
PART = {"fields": {"a": TEXT, "start": DAY, "end": DAY}}


def list_rules_broken(items: list[dict[str, Any]], **rule: Any) -> list[str]:
    """Places where an account breaks a rule about its list of items, which have parts."""
    item = {"fields": {"a": TEXT, "parts": {"list": "part"}, "start": DAY, "end": DAY}}
    tables = {
        "object": {"account": {"fields": {"items": {"list": "item"}}}, "item": item, "part": PART},
        "rule": [{"id": "r", "on": "account.items", **rule}],
    }
    found = run_program(compile_program(make_book(tables)), {"items": items}, AS_OF)
    return [error.attr for error in found.errors if error.rule == "r"]


@pytest.mark.parametrize(
    ("rule", "items", "places"),
    [
        ({"unique": ["[].a"]}, [{"a": "x"}], []),
        ({"unique": ["[].a"]}, [{"a": "x"}, {"a": "x"}], ["items.1.a"]),
        ({"unique": ["[].parts[].a"]}, [{"parts": [{"a": "x"}, {"a": "x"}]}], ["items.0.parts.1.a"]),
        ({"unique": {"of": ["[].parts[].a"], "across": "[]"}}, [{"parts": [{"a": "x"}, {"a": "x"}]}], []),
        ({"unique": ["[].a", "[].parts[].a"]}, [{"a": "x", "parts": [{"a": "x"}]}], ["items.0.parts.0.a"]),
        ({"same": ["[].a"]}, [{"a": "x"}], []),
        ({"same": ["[].a"]}, [{"a": "x"}, {"a": "y"}], ["items.1.a"]),
        ({"same": ["[].parts[].a"]}, [{"parts": [{"a": "x"}, {"a": "y"}]}], ["items.0.parts.1.a"]),
    ],
)
def test_only_rules_that_compare_items_skip_a_list_of_one(
    rule: dict[str, Any], items: list[dict[str, Any]], places: list[str]
) -> None:
    assert list_rules_broken(items, **rule, attr="<found>") == places


@pytest.mark.parametrize(
    ("periods", "places"),
    [
        (["2020-01-01/2020-02-01"], []),
        (["2020-01-01/2020-02-01", "2020-02-01/2020-03-01"], []),
        (["2020-02-01/2020-03-01", "2020-01-01/2020-02-01"], []),
        (["2020-01-01/2020-01-01", "2020-01-01/2020-02-01", "2020-02-01"], []),
        (["2020-01-01/2020-02-01", "2020-02-02/2020-03-01"], ["items.1.start"]),
        (["2020-01-01/2020-02-01", "2020-01-31/2020-03-01"], ["items.1.start"]),
        (["2020-01-01", "2020-02-01"], ["items.1.start"]),
        (["2020-03-01/2020-02-01", "2020-02-01/2020-02-15"], ["items.0.start"]),
    ],
)
def test_periods_of_the_current_list(periods: list[str], places: list[str]) -> None:
    items = [dict(zip(("start", "end"), period.split("/"), strict=False)) for period in periods]
    rule = {"periods": {"of": ".", "start": "start", "end": "end"}}
    assert list_rules_broken(items, **rule, attr="<found>") == places


@pytest.mark.parametrize(("last", "places"), [("9999-12-31", []), ("9999-12-30", ["items.1.start"])])
def test_nothing_follows_a_period_up_to_the_last_day_of_all(last: str, places: list[str]) -> None:
    items = [{"start": "2020-01-01", "end": last}, {"start": "9999-12-30", "end": "9999-12-31"}]
    rule = {"periods": {"of": ".", "start": "start", "end": "end", "end_included": True}}
    assert list_rules_broken(items, **rule, attr="<found>") == places


AMOUNT = {"type": "decimal"}
AMOUNTS = {
    "account": {"fields": {"sum": AMOUNT, "items": {"list": "amount"}, "one": AMOUNT}},
    "amount": {"fields": {"value": AMOUNT}},
}


@pytest.mark.parametrize(
    ("default", "account", "is_broken"),
    [
        ("0", {}, False),
        ("0", {"items": []}, False),
        ("0", {"items": [{"value": 5}]}, True),
        ("0", {"sum": 5}, True),
        ("5", {}, True),
        ("5", {"items": []}, True),
        ("5", {"items": [{}]}, False),
        ("5", {"items": [{"value": 5}]}, False),
        ("5", {"items": [{"value": 4}]}, True),
        ("5", {"sum": 0}, False),
        (None, {}, False),
        (None, {"items": [{"value": 5}]}, False),
    ],
)
def test_total_of_an_absent_list_is_zero(default: str | None, account: dict[str, Any], *, is_broken: bool) -> None:
    argument = {"add": ["items[].value"], "equals": "sum", **({} if default is None else {"default": default})}
    rule = {"id": "r", "on": "account", "total": argument}
    found = run_program(compile_program(make_book({"object": AMOUNTS, "rule": [rule]})), account, AS_OF)
    assert [error.attr for error in found.errors] == ["sum"] * is_broken


@pytest.mark.parametrize(("account", "is_broken"), [({}, False), ({"items": [{"value": 6}]}, True)])
def test_total_of_an_absent_list_is_below_a_default(account: dict[str, Any], *, is_broken: bool) -> None:
    rule = {"id": "r", "on": "account", "total": {"add": ["items[].value"], "at_most": "sum", "default": "5"}}
    book = make_book({"object": AMOUNTS, "rule": [rule]})
    assert [error.attr for error in run_program(compile_program(book), account, AS_OF).errors] == ["sum"] * is_broken


def test_total_without_a_single_amount_is_not_checked() -> None:
    rule = {"id": "r", "on": "account", "total": {"add": ["one"], "equals": "sum", "default": "5"}}
    book = make_book({"object": AMOUNTS, "rule": [rule]})
    assert run_program(compile_program(book), {}, AS_OF).errors == ()
    assert [error.attr for error in run_program(compile_program(book), {"one": 4}, AS_OF).errors] == ["sum"]

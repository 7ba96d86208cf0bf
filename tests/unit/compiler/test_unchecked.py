"""What can't be checked is recorded for the accounts that need it: where some content of the lists could refuse it."""

from typing import Any

import pytest

from tests.unit.compiler.small import program_of, run

TEXT = {"type": "string"}
ITEM = {"fields": {"code": TEXT, "kind": TEXT, "days": {"type": "integer"}, "tags": {"list": "string"}}}
FIELDS = {
    "name": TEXT,
    "land": TEXT,
    "day": {"type": "date"},
    "item": {"object": "item"},
    "items": {"list": "item"},
    "choice": {"type": "choice", "open": True, "listed": "kinds"},
}
LISTS = {name: {"about": "k."} for name in ("kinds", "known", "pairs")}
LISTED = {"listed": {"field": "name", "in": "known"}}
BY_LAND = {"of": "pairs", "by": ["land"], "take": "b"}


def not_checked(payload: Any, *rules: dict[str, Any]) -> tuple[str, ...]:
    return run(program_of(FIELDS, rules, lists=LISTS, objects={"item": ITEM}), payload).not_checked


@pytest.mark.parametrize(
    ("rule", "needed", "needless"),
    [
        (LISTED, {"name": "a"}, [{}, {"name": ""}, {"name": None}, {"name": ["x"]}, {"land": "a"}]),
        ({"not_listed": {"field": "name", "in": "known"}}, {"name": "a"}, [{}]),
        ({"listed": {"field": ["name", "land"], "in": "pairs"}}, {"name": "a", "land": "b"}, [{"name": "a"}, {}]),
        ({**LISTED, "when": {"land": "x"}}, {"name": "a", "land": "x"}, [{"name": "a"}, {"name": "a", "land": "y"}]),
        ({**LISTED, "when": {"land": {"in_list": "known"}}}, {"name": "a", "land": "x"}, [{"name": "a"}]),
        ({"listed": {"field": ".", "in": "known"}, "on": "thing.name"}, {"name": "a"}, [{}, {"name": ""}]),
        ({"listed": {"field": "code", "in": "known"}, "on": "item"}, {"items": [{}, {"code": "a"}]}, [{"items": [{}]}]),
        (
            {"listed": {"field": "code", "in": "known"}, "on": "thing.item"},
            {"item": {"code": "a"}},
            [{"item": {}}, {"items": [{"code": "a"}]}],
        ),
        (
            {"listed": {"field": ["code", "up.land"], "in": "pairs"}, "for_each": "items[]"},
            {"land": "a", "items": [{}, {"code": "a"}]},
            [{"land": "a", "items": [{}]}, {"items": [{"code": "a"}]}],
        ),
        ({"typed": {"field": "name", "type": BY_LAND}}, {"name": "a", "land": "b"}, [{"name": "a"}, {"land": "b"}]),
        ({"matches": {"field": "name", "pattern": BY_LAND}}, {"name": "a", "land": "b"}, [{"name": "a"}]),
        ({"compare": ["day", "<=", BY_LAND]}, {"day": "2020-01-01", "land": "b"}, [{"land": "b"}]),
        ({"includes": {"field": "[].code", "all_of": "known"}, "on": "thing.items"}, {"items": []}, [{}]),
        ({"includes": {"field": "items[].code", "all_of": "known"}}, {}, [[]]),
        ({"holds": {"name": {"in_list": "known"}}}, {"name": "a"}, []),
        ({"holds": {"name": ["<absent>", {"in_list": "known"}]}}, {"name": "a"}, [{}]),
        ({"holds": {"name": ["<absent>", {"not_in_list": "known"}]}}, {"name": "a"}, [{}]),
        ({"absent": ["name"], "when": {"land": {"in_list": "known"}}}, {"name": "a", "land": "b"}, [{"land": "b"}]),
        (
            {"unique": {"of": ["items[]"], "key": ["code"], "where": {"kind": {"in_list": "known"}}}},
            {"items": [{"code": "a", "kind": "x"}, {"code": "a", "kind": "y"}]},
            [{"items": [{"code": "a", "kind": "x"}, {"code": "b", "kind": "y"}]}, {"items": [{"code": "a"}] * 2}],
        ),
        ({"server_only": "Only the API knows."}, {}, [[], "x"]),
        ({"server_only": "Only the API knows.", "on": "thing.name"}, {"name": "a"}, [{}, {"name": None}]),
        (
            {"server_only": "k.", "on": "item", "when": {"kind": "x"}},
            {"item": {"kind": "x"}},
            [{"item": {}}, {}],
        ),
    ],
)
def test_a_rule_is_not_checked_if_some_list_could_make_it_fail(
    rule: dict[str, Any], needed: Any, needless: list[Any]
) -> None:
    assert not_checked(needed, rule) == ("r1",)
    assert [not_checked(payload, rule) for payload in needless] == [()] * len(needless)


def test_a_choice_is_not_checked_if_it_is_there() -> None:
    assert not_checked({"choice": "x"}) == ("thing.choice",)
    others: list[Any] = ["", None, {}]
    for other in others:
        assert not_checked({"choice": other}) == ()
    assert not_checked({}) == ()


def test_a_rule_of_a_field_is_not_checked_beside_another_error_of_the_field() -> None:
    fields = {**FIELDS, "name": {"type": "string", "max_length": 2, "nullable": True}}
    rules: list[dict[str, Any]] = [{**LISTED, "on": "thing.name"}, LISTED]
    rules[0]["listed"] = {"field": ".", "in": "known"}
    program = program_of(fields, rules, lists=LISTS, objects={"item": ITEM})
    expected: dict[Any, tuple[str, ...]] = {"ab": ("r1", "r2"), "abc": ("r1",), None: (), "": (), True: ()}
    assert {name: run(program, {"name": name}).not_checked for name in expected} == expected
    with_list = program_of(fields, rules, lists={**LISTS, "known": {"values": ["a"]}}, objects={"item": ITEM})
    assert {error.rule for error in run(with_list, {"name": "abc"}).errors} == {"r1", "field"}


def test_ids_are_in_the_order_of_declaration_and_each_is_there_once() -> None:
    rules: list[dict[str, Any]] = [
        {"listed": {"field": "code", "in": "known"}, "on": ["item", "thing.item"]},
        {**LISTED, "when": {"name": "<present>"}},
        {"server_only": "Only the API knows."},
    ]
    payload: dict[str, Any] = {
        "choice": "x",
        "items": [{"code": "a"}, {"code": "b"}],
        "item": {"code": "a"},
        "name": "a",
    }
    assert not_checked(payload, *rules) == ("r1", "r2", "r3", "thing.choice")


def test_what_can_not_be_checked_has_no_findings() -> None:
    program = program_of(
        FIELDS, [LISTED, {**LISTED, "when": {"name": "<present>"}}], lists=LISTS, objects={"item": ITEM}
    )
    assert run(program, {"name": "a"})[:2] == ((), ())


def test_the_value_of_a_rule_with_its_list_is_checked() -> None:
    lists = {**LISTS, "known": {"about": "k.", "values": ["a"]}}
    program = program_of(FIELDS, [LISTED], lists=lists, objects={"item": ITEM})
    assert [(run(program, {"name": name}).not_checked, len(run(program, {"name": name}).errors)) for name in "ab"] == [
        ((), 0),
        ((), 1),
    ]

"""What a rule needs is found in its conditions and its operator, and never too much of it."""

from typing import Any

import pytest

from premigrate.compiler.required_keys import required_inner_keys_of, required_keys_of
from tests.books import make_book
from tests.unit.compiler.test_operators import rule_of


@pytest.mark.parametrize(
    ("demand", "expected"),
    [
        ({"present": ["a"]}, []),
        ({"present": ["a[].b", "c[]"]}, [{"a", "c"}]),
        ({"present": ["a[].b", "c"]}, []),
        ({"at_least_one": ["a", "b"]}, []),
        ({"holds": {"a": "x"}}, []),
        ({"holds": {"a": ["<absent>", "x"], "b.c": "<absent>"}}, [{"a", "b"}]),
        ({"holds": {"a": ["<absent>", "x"], "b": "y"}}, []),
        ({"absent": ["a", "b[].c"]}, [{"a", "b"}]),
        ({"at_most_one": ["a", "b"]}, [{"a"}, {"b"}]),
        ({"at_most_one": ["a", "b", "c"]}, [{"a", "b", "c"}]),
        ({"all_or_none": ["a[].b"]}, [{"a"}]),
        ({"compare": ["a", "<=", "<today>"]}, [{"a"}]),
        ({"compare": ["a[].b", "<=", {"first": ["c", {"latest": ["d[].e", "f"]}]}]}, [{"a"}, {"c", "d", "f"}]),
        ({"compare": ["a", "<=", {"first": ["account.c", "d"]}]}, [{"a"}]),
        ({"compare": ["a", "<=", "up.c"]}, [{"a"}]),
        ({"compare": ["account.a", "<=", "account.b"]}, []),
        ({"count": {"of": "a", "at_most": 1}}, [{"a"}]),
        ({"count": {"of": "a", "at_least": 1}}, []),
        ({"count": {"of": "a", "at_least": 1, "at_most": 2}}, []),
        ({"unique": ["a[].b", "c"]}, [{"a", "c"}]),
        ({"unique": ["[].b"]}, []),
        ({"same": ["a[].b"]}, [{"a"}]),
        ({"total": {"add": ["a"], "subtract": ["b"], "equals": "c"}}, [{"a", "b", "c"}]),
        ({"total": {"add": ["a[].b"], "equals": "c", "default": "0.00"}}, [{"a", "c"}]),
        ({"total": {"add": ["a[].b"], "equals": "c", "default": "5"}}, []),
        ({"total": {"add": ["a[].b"], "equals": "c", "default": "5"}, "when": {"d": "x"}}, [{"d"}]),
        ({"product": {"of": ["a", "b"], "equals": "c"}}, [{"a"}, {"b"}, {"c"}]),
        ({"days": {"from": "a", "to": "b", "equals": "c"}}, [{"a"}, {"b"}, {"c"}]),
        ({"between": {"field": "a", "sums": [["b"], ["c", "d"]]}}, [{"a"}, {"b"}, {"c"}, {"d"}]),
        ({"periods": {"of": "a", "start": "s", "end": "e", "gap_allowed_until": "f"}}, [{"a"}]),
        ({"covers": {"of": "a", "end": "e", "date": ["b", "<today>"]}}, [{"a"}, {"b"}]),
        ({"refers": {"field": "a", "to": ["b[].c"]}}, [{"a"}]),
        ({"not_matching": {"join": ["a", "b"], "patterns": ["x"]}}, [{"a", "b"}]),
        ({"matches": ["x"]}, []),
        ({"matches": {"field": "a", "patterns": ["x"]}}, [{"a"}]),
        ({"matches": {"join": ["a", "b"], "patterns": ["x"]}}, [{"a", "b"}]),
        ({"not_matching": {"field": "a", "patterns": ["x"]}}, [{"a"}]),
        ({"format": {"field": "a", "is": "phone"}}, [{"a"}]),
        ({"typed": {"field": "a", "type": {"of": "known", "by": ["b"], "take": "type"}}}, [{"a"}]),
        ({"not_listed": {"field": ["a", "b"], "in": "known"}}, [{"a"}, {"b"}]),
        ({"total": {"add": ["a"], "at_most": "c"}}, [{"a", "c"}]),
        ({"total": {"add": ["a"], "equals": "account.c"}}, []),
        ({"listed": {"field": ["a", "b"], "in": "known"}}, [{"a"}, {"b"}]),
        ({"includes": {"field": "a[].b", "all_of": "known"}}, []),
        ({"present": ["a"], "when": {"b": "x", "c": ["<absent>", "y"], "d.e": "<present>"}}, [{"b"}, {"d"}]),
        ({"present": ["a"], "when": {"b": False, "c": {">": 1}, "d": "<absent>"}}, [{"b"}, {"c"}]),
        ({"present": ["a"], "when": [{"b": "x"}, {"c": "y", "d": "z"}]}, [{"b", "c"}]),
        ({"present": ["a"], "when": [{"b": "x"}, {"c": "<absent>"}]}, []),
        ({"present": ["a"], "when": {"account.b": "x"}}, []),
        ({"present": ["a"], "for_each": "b[].c[]"}, [{"b"}]),
        ({"compare": ["a", "<=", "b"], "for_each": "c[]", "when": {"d": "x"}}, [{"c"}]),
    ],
)
def test_needs(demand: dict[str, Any], expected: list[set[str]]) -> None:
    assert [set(need) for need in required_keys_of(rule_of(demand), "account")] == expected


_OBJECTS: dict[str, Any] = {
    "account": {"fields": {"a": {"list": "item"}, "one": {"object": "item"}, "key": {"object": "kind"}}},
    "item": {
        "fields": {
            "b": {"type": "string"},
            "c": {"type": "string", "required": True},
            "d": {"list": "item"},
            "e": {"object": "open"},
            "f": {"type": "object"},
        }
    },
    "open": {"open": True, "fields": {"b": {"type": "string"}}},
    "kind": {"select": "type", "variants": {"X": "first", "Y": "second"}},
    "first": {"fields": {"b": {"type": "string"}, "c": {"type": "string"}}},
    "second": {"fields": {"b": {"type": "string", "required": True}, "g": {"type": "string"}}},
}


@pytest.mark.parametrize(
    ("demand", "expected"),
    [
        ({"unique": ["a[].b"]}, ["b"]),
        ({"unique": ["a[].c"]}, []),
        ({"unique": ["a[].d[].c"]}, ["d"]),
        ({"unique": ["a[].d[].b"]}, ["b", "d"]),
        ({"unique": ["a[].b", "one.d[].b"]}, ["b"]),
        ({"unique": ["a[].b", "a[].c"]}, []),
        ({"unique": ["a[].b", "account.one.b"]}, ["b"]),
        ({"compare": ["account.one.b", "<=", "account.a[].d[].c"]}, ["a", "b", "d", "one"]),
        ({"compare": ["up.one.b", "<=", "<today>"]}, []),
        ({"unique": ["a[].e.b"]}, ["e"]),
        ({"unique": ["a[].f.b"]}, ["f"]),
        ({"total": {"add": ["a[].b"], "equals": "one.b", "default": "0"}}, ["b"]),
        ({"total": {"add": ["a[].b"], "equals": "one.b", "default": "5"}}, []),
        ({"present": ["a[].b"]}, []),
        ({"present": ["a"], "when": {"one.b": "x"}}, ["b"]),
        ({"present": ["a"], "when": {"one.b": ["<absent>", "x"]}}, []),
        ({"absent": ["b"], "for_each": "a[].d[]"}, ["b", "d"]),
        ({"compare": ["b", "<=", {"first": ["e.b", "account.one.b"]}], "for_each": "a[]"}, ["b"]),
        ({"absent": ["key.b"]}, []),
        ({"absent": ["key.c"]}, ["c"]),
        ({"absent": ["key.type"]}, []),
        ({"unique": ["[].b"], "on": "account.a"}, ["b"]),
        ({"unique": ["[].d[].c"], "on": "account.a"}, ["d"]),
    ],
)
def test_inner_keys(demand: dict[str, Any], expected: list[str]) -> None:
    assert inner_keys(demand) == [{key} for key in expected]


def inner_keys(demand: dict[str, Any]) -> list[set[str]]:
    book = make_book({"object": _OBJECTS, "rule": [{"id": "r", "on": "account", **demand}]})
    return list(map(set, required_inner_keys_of(book.rules[0], book)))


@pytest.mark.parametrize(
    ("demand", "expected"),
    [
        ({"unique": ["a[].b", "one.d[].c"]}, [{"b", "d"}]),
        ({"unique": ["a[].b", "one.c"]}, []),
        ({"absent": ["f", "account.one.b"], "for_each": "a[]"}, [{"b", "f"}]),
        ({"absent": ["f", "up.one"], "for_each": "a[]"}, []),
        ({"compare": ["b", "<=", {"first": ["f", "account.one.d[].c"]}], "for_each": "a[]"}, [{"b"}, {"f", "d"}]),
    ],
)
def test_of_several_paths_one_key_each_is_needed(demand: dict[str, Any], expected: list[set[str]]) -> None:
    assert inner_keys(demand) == expected


@pytest.mark.parametrize(
    ("count", "when", "expected"),
    [
        ({"where": {"b": "<absent>"}, "at_least": 1}, {"a[]": "<present>"}, [{"b"}]),
        ({"where": {"b": ["<absent>", "x"], "f": "<absent>"}, "at_least": 1}, {"a[]": "<present>"}, [{"b", "f"}]),
        ({"where": {"b": "x"}, "at_least": 1}, {"a[]": "<present>"}, []),
        ({"where": {"b": "<absent>"}, "at_least": 2}, {"a[]": "<present>"}, []),
        ({"where": {"b": "<absent>"}, "at_least": 1, "at_most": 2}, {"a[]": "<present>"}, []),
        ({"where": {"b": "<absent>"}, "at_least": 1}, {"one": "<present>"}, []),
        ({"where": {"b": "<absent>"}, "at_least": 1}, [{"a[]": "<present>"}, {"one": "<present>"}], []),
    ],
)
def test_items_that_count_need_a_key_not_to(count: dict[str, Any], when: Any, expected: list[set[str]]) -> None:
    assert inner_keys({"count": {"of": "a[]", **count}, "when": when}) == expected

"""What the engine settles when several checks and the reading speak of one place, on a plan made for the test."""

from collections.abc import Iterable
from typing import Any

import pytest

import premigrate
from premigrate.compiler.program import compile_program
from premigrate.engine.engine import Engine
from premigrate.engine.envelope import advise_on_text
from premigrate.engine.settle import Findings
from tests.books import make_book
from tests.payloads import AS_OF
from tests.run_program import run_program

NOTE = {"note": {"type": "string", "blank": True, "deprecated": True}}
SUSPICIOUS = {"format": {"field": "note", "is": "capitals"}}
CAPITALS = {
    "format": "pattern",
    "arguments": {"patterns": ["[A-Z]+"], "tolerated": ["[a-z]+"]},
    "good": ["A"],
    "bad": ["1"],
}


def run(payload: object, *rules: dict[str, Any]) -> Findings:
    """What is found in an account that is a deprecated note, by rules about it."""
    tables = {"object": {"account": {"fields": NOTE}}, "scheme": {"capitals": CAPITALS}}
    rule = [{"on": "account", **rule} for rule in rules]
    return run_program(compile_program(make_book({**tables, "rule": rule})), payload, AS_OF)


def absent(rule: str, *, validation: str | None = None, path: str = "note") -> dict[str, Any]:
    """A rule that an account breaks that has a note."""
    return {"id": rule, "absent": [path], **({"validation": validation} if validation else {})}


def rules_of(findings: Iterable[premigrate.Error | premigrate.Advice]) -> list[str]:
    return [finding.rule for finding in findings]


def test_of_rules_with_one_part_of_the_first_that_fails_is_reported() -> None:
    found = run({"note": "A"}, absent("one", validation="whole"), absent("two", validation="whole"))
    assert rules_of(found.errors) == ["one"]
    found = run({"note": "A"}, absent("one", validation="whole", path="other"), absent("two", validation="whole"))
    assert rules_of(found.errors) == ["two"]


def test_a_suspicious_value_hides_no_other_rule_of_the_same_part_of() -> None:
    found = run({"note": "a"}, {"id": "one", "validation": "whole", **SUSPICIOUS}, absent("two", validation="whole"))
    assert rules_of(found.errors) == ["two"]
    assert [hint.code for hint in found.advice] == []  # the error at the same place counts
    found = run({"note": "a"}, {"id": "one", "validation": "whole", **SUSPICIOUS})
    assert [(hint.rule, hint.code) for hint in found.advice] == [
        ("deprecated-field", "deprecated_field"),
        ("one", "doubtful_value"),
    ]


def test_rules_without_part_of_are_all_reported() -> None:
    found = run({"note": "A"}, absent("one"), {"id": "two", "absent": ["note", "note"]})
    assert rules_of(found.errors) == ["one", "two", "two"]


@pytest.mark.parametrize(("note", "codes"), [("x", ["deprecated_field"]), ([], [])])
def test_advice_gives_way_to_an_error_at_its_place(note: object, codes: list[str]) -> None:
    found = run({"note": note})
    assert [hint.code for hint in found.advice] == codes
    assert [error.path for error in found.errors] == [("note",)] * (not codes)


@pytest.mark.parametrize(
    ("payload", "codes"),
    [
        ({"payload": {"note": "x"}}, ["deprecated_field"]),
        ({"payload": {"note": "x"}, "id": 5}, ["beside_payload", "deprecated_field"]),
        ({"payload": {"note": "x"}, "task_params": {"queue": "a"}}, ["deprecated_field"]),
        ({"payload": {"note": "x"}, "task_params": 1, "id": 5}, ["beside_payload", "deprecated_field"]),
        ({"note": "x", "payload": {"note": []}}, ["deprecated_field", "unknown_field"]),
    ],
)
def test_an_account_with_a_field_called_payload_is_not_unwrapped(payload: Any, codes: list[str]) -> None:
    found = run(payload)
    assert found.errors == ()
    assert sorted(hint.code for hint in found.advice) == codes


@pytest.mark.parametrize(("others", "code"), [(999, "unknown_field_near"), (1000, "unknown_field")])
def test_so_many_unknown_keys_are_no_misspellings(others: int, code: str) -> None:
    account = {**{f"{number:04}": 1 for number in range(others)}, "noet": "x"}
    assert run(account).advice[-1].code == code


def test_of_a_text_the_places_within_the_account_are_told() -> None:
    texts = {"duplicate_key": "{name}", "byte_order_mark": "BOM"}
    places = [("payload",), ("payload", "a"), ("beside", "b")]
    told = advise_on_text(texts, ("a",), {"payload": {}}, had_bom=False, duplicate_keys=places)
    assert [hint.attr for hint in told] == ["payload", "a", "beside.b"]
    told = advise_on_text(texts, ("a",), {}, had_bom=True, duplicate_keys=places)
    assert [hint.attr for hint in told] == ["", "payload", "payload.a", "beside.b"]


@pytest.mark.parametrize(
    ("attr", "expected"), [("up.sum", "items.1.sum"), ("up.up.sum", "sum"), ("sum", "items.1.parts.0.sum")]
)
def test_the_api_may_blame_the_object_around(attr: str, expected: str) -> None:
    """Past the position in a list, and the key of the list."""
    fields = {"sum": {"type": "integer"}}
    objects = {
        "account": {"fields": {**fields, "items": {"list": "item"}}},
        "item": {"fields": {**fields, "parts": {"list": "part"}, "one": {"object": "part"}}},
        "part": {"fields": fields},
    }
    plan = compile_program(
        make_book({"object": objects, "rule": [{"id": "x", "on": "part", "present": ["sum"], "attr": attr}]})
    )
    found = Engine(plan).run({"items": [{}, {"parts": [{}]}]}, AS_OF)
    assert [error.attr for error in found.errors] == [expected]
    found = Engine(plan).run({"items": [{}, {"one": {}}]}, AS_OF)
    assert [error.attr for error in found.errors] == [expected.replace("parts.0", "one")]


@pytest.mark.parametrize(
    ("wrong", "code"), [(5, "not_a_list"), ({}, "not_a_list"), ("a", "not_a_list"), (None, "null")]
)
def test_what_is_wrong_is_not_missing_too(wrong: object, code: str) -> None:
    fields = {"words": {"list": "string"}, "a": {"type": "string"}}
    rules = [{"id": "words-there", "on": "account", "present": ["words"]}]
    plan = compile_program(make_book({"object": {"account": {"fields": fields}}, "rule": rules}))
    assert [error.code for error in Engine(plan).run({"words": wrong}, AS_OF).errors] == [code]
    assert [error.code for error in Engine(plan).run({"a": "x"}, AS_OF).errors] == ["wrong"]


def test_what_an_error_hides_is_told_for_the_next_call() -> None:
    fields = {"a": {"type": "integer"}, "b": {"type": "string"}}
    rules = [{"id": "b-there", "on": "account", "present": ["b"]}]
    plan = compile_program(make_book({"object": {"account": {"fields": fields}}, "rule": rules}))
    for payload, expected in (({"a": "x"}, [("a", "now"), ("b", "follow-on")]), ({"a": 1}, [("b", "now")])):
        assert [(error.attr, error.stage) for error in Engine(plan).run(payload, AS_OF).errors] == expected

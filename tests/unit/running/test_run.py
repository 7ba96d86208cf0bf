"""What the engine settles when several checks and the reading speak of one place, on a plan made for the test."""

from collections.abc import Iterable
from typing import Any

import pytest

import premigrate
from premigrate.compiling import compile_plan
from premigrate.formats import text
from premigrate.plan import DOUBT, Blame, Check, FieldNode, LeafNode, ObjectNode, Plan, Told
from premigrate.running import Engine, Findings, run_plan
from premigrate.running.around import advise_on_text
from tests.books import make_book
from tests.payloads import AS_OF

ADVICE_TEXTS = {
    DOUBT: "Doubtful: {why}",
    "deprecated_field": "Old.",
    "unknown_field": "{name}?",
    "unknown_field_near": "{nearest}?",
    "beside_payload": "{name} stands beside.",
}


def check(rule: str, *blames: Blame, part_of: str = "") -> Check:
    return Check(rule, "code", "Wrong.", lambda _: blames, part_of=part_of, doubt_detail="Doubtful: {why}")


def run(payload: object, *checks: Check) -> Findings:
    note = LeafNode(text.reader(blank=True), {"invalid": "Not a valid string.", "null": "Null."})
    field = FieldNode("note", note, advice=Told("This field is deprecated.", "deprecated_field", "deprecated-field"))
    texts = {"null": "No data provided", "invalid": "Not an object."}
    root = ObjectNode("thing", (field,), texts, tuple(checks), known=frozenset({"note"}))
    return run_plan(Plan(root, ("refused", "Refused."), ADVICE_TEXTS), payload, AS_OF)


def rules_of(findings: Iterable[premigrate.Error | premigrate.Advice]) -> list[str]:
    return [finding.rule for finding in findings]


def test_of_the_parts_of_a_validation_the_first_that_fails_speaks() -> None:
    found = run({}, *(check(name, Blame(()), part_of="whole") for name in ("one", "two")))
    assert rules_of(found.errors) == ["one"]
    found = run({}, check("one", part_of="whole"), check("two", Blame(()), part_of="whole"))
    assert rules_of(found.errors) == ["two"]


def test_a_doubt_leaves_the_word_to_the_other_parts() -> None:
    doubt = check("one", Blame((), why="odd", doubt=True), part_of="whole")
    found = run({"note": 1}, doubt, check("two", Blame(("note",)), part_of="whole"))
    assert rules_of(found.errors) == ["two"]
    assert [(hint.rule, hint.detail) for hint in found.advice if hint.code == DOUBT] == [("one", "Doubtful: odd")]


def test_checks_that_are_part_of_nothing_all_speak() -> None:
    found = run({}, check("one", Blame(())), check("two", Blame(()), Blame(("note",))))
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
    plan = Plan(ObjectNode("thing", (), {}, ()), ("", ""), {"duplicate_key": "{name}", "byte_order_mark": "BOM"})
    places = [("payload",), ("payload", "a"), ("beside", "b")]
    told = advise_on_text(plan, {"payload": {}}, had_bom=False, repeated=places)
    assert [hint.attr for hint in told] == ["payload", "a", "beside.b"]
    told = advise_on_text(plan, {}, had_bom=True, repeated=places)
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
    plan = compile_plan(
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
    plan = compile_plan(make_book({"object": {"account": {"fields": fields}}, "rule": rules}))
    assert [error.code for error in Engine(plan).run({"words": wrong}, AS_OF).errors] == [code]
    assert [error.code for error in Engine(plan).run({"a": "x"}, AS_OF).errors] == ["wrong"]


def test_what_an_error_hides_is_told_for_the_next_call() -> None:
    fields = {"a": {"type": "integer"}, "b": {"type": "string"}}
    rules = [{"id": "b-there", "on": "account", "present": ["b"]}]
    plan = compile_plan(make_book({"object": {"account": {"fields": fields}}, "rule": rules}))
    for payload, expected in (({"a": "x"}, [("a", "now"), ("b", "next")]), ({"a": 1}, [("b", "now")])):
        assert [(error.attr, error.stage) for error in Engine(plan).run(payload, AS_OF).errors] == expected


def test_a_parser_is_made_once_it_pays() -> None:
    """Twenty accounts are read without it; from twenty more it learns how accounts are."""
    plan = compile_plan(make_book({"object": {"account": {"fields": {"a": {"type": "string"}}}}}))
    engine, count = Engine(plan), 0
    while engine.expected() is None:
        assert engine.run({"a": "x"}, AS_OF) == Findings((), ())
        count += 1
    assert count == 39

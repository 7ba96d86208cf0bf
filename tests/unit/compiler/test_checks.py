"""What becomes of a rule besides its operator: where it looks, when it speaks, and whom it blames with which words."""

from collections.abc import Sequence
from typing import Any

import pytest

from premigrate.compiler.program import compile_program
from premigrate.exceptions import BadRules
from tests.unit.compiler.small import Tables, advice, book_of, errors, program_of, run

TEXT = {"type": "string"}
FIELDS = {"name": TEXT, "kind": TEXT, "parts": {"list": "part"}, "box": {"object": "box"}}
OBJECTS = {
    "part": {"fields": {"size": TEXT, "kind": TEXT}},
    "box": {"fields": {"lid": TEXT, "size": TEXT, "parts": {"list": "part"}}},
}


def told(rules: Sequence[Tables], payload: object) -> list[tuple[str, str]]:
    """Rule and attr of all errors of a thing."""
    found = run(program_of(FIELDS, rules, objects=OBJECTS), payload)
    return [(error.rule, error.attr) for error in found.errors]


def test_an_error_has_the_words_of_its_code() -> None:
    program = program_of(FIELDS, [{"absent": ["name"]}, {"absent": ["kind"], "code": "bad"}], objects=OBJECTS)
    found = run(program, {"name": "x", "kind": "y"}).errors
    assert [error[:6] for error in found] == [
        ("It is wrong: x.", "wrong", "name", "r1", ("name",), "now"),
        ("It is bad.", "bad", "kind", "r2", ("kind",), "follow-on"),
    ]


def test_advice_has_words_of_its_own_and_makes_nothing_wrong() -> None:
    rule = {"absent": ["name"], "level": "advice", "code": "customers_missing"}
    program = program_of(FIELDS, [rule], objects=OBJECTS)
    (hint,) = run(program, {"name": "x"}).advice
    words = "There is no customer, and unknown_occupier is not set."
    assert hint == (words, "customers_missing", "name", "r1", ("name",), "", "no value for name", ())
    assert advice(program, {"name": "x"}) == [("customers_missing", "name")]


def test_a_rule_speaks_only_if_its_conditions_hold() -> None:
    rule = {"absent": ["name"], "when": {"kind": "A"}}
    assert told([rule], {"name": "x", "kind": "A"}) == [("r1", "name")]
    assert told([rule], {"name": "x", "kind": "B"}) == told([rule], {"name": "x"}) == []


def test_a_rule_looks_at_each_in_turn_and_so_do_its_conditions() -> None:
    rule = {"absent": ["size"], "for_each": "parts[]", "when": {"kind": "A"}}
    some, other = {"size": "1", "kind": "A"}, {"size": "1", "kind": "B"}
    assert told([rule], {"kind": "A", "parts": [some, other, {}, some]}) == [
        ("r1", "parts.0.size"),
        ("r1", "parts.3.size"),
    ]
    around = {"present": ["kind"], "for_each": "box.parts[]", "when": {"up.lid": "x", "thing.name": "y"}}
    payload: dict[str, Any] = {"name": "y", "box": {"lid": "x", "parts": [{"size": "1"}, some]}}
    assert told([around], payload) == [("r1", "box.parts.0.kind")]
    assert told([around], {**payload, "name": "z"}) == []
    assert told([around], {**payload, "box": {**payload["box"], "lid": "z"}}) == []


@pytest.mark.parametrize(
    ("on", "attr", "place"),
    [
        ("thing", "kind", "kind"),
        ("thing", "box.size", "box.size"),
        ("box", "up.kind", "kind"),
        ("box", "lid", "box.lid"),
        ("part", "size", "parts.0.size"),
        ("part", "up.kind", "kind"),
        ("part", "up.box.lid", "box.lid"),
    ],
)
def test_a_rule_may_say_whom_the_api_blames(on: str, attr: str, place: str) -> None:
    payload = {"name": "x", "box": {"lid": "x", "size": "x"}, "parts": [{"kind": "x"}]}
    wrong = {"thing": "name", "box": "size", "part": "kind"}[on]
    assert told([{"on": on, "absent": [wrong], "attr": attr}], payload) == [("r1", place)]


@pytest.mark.parametrize(
    ("rule", "places"),
    [
        ({"on": "thing", "present": ["name", "kind"]}, ["non_field_errors"]),
        ({"on": "part", "present": ["size"]}, ["parts.0.non_field_errors", "parts.2.non_field_errors"]),
        ({"on": "thing.parts", "present": ["[].size"]}, ["parts.non_field_errors"]),
        ({"on": "thing.box", "present": ["size"]}, ["box.non_field_errors"]),
        ({"on": "thing", "for_each": "parts[]", "present": ["size"]}, ["non_field_errors"]),
        ({"on": ["box.lid", "part.kind"], "matches": ["y"]}, ["parts.0.kind", "box.lid"]),
    ],
)
def test_without_attr_the_whole_is_blamed_or_the_single_value(rule: Tables, places: list[str]) -> None:
    payload = {"parts": [{"kind": "x"}, {"size": "1"}, {}], "box": {"lid": "x"}}
    assert told([{**rule, "attr": None}], payload) == [("r1", place) for place in places]


@pytest.mark.parametrize("on", ["kinds.type", "kinds.size", "big.size"])
def test_fields_of_variants_are_single_values(on: str) -> None:
    fields: Tables = {"kinds": {"list": "kinds"}}
    objects = {
        "kinds": {"select": "type", "variants": {"BIG": "big", "SMALL": "small"}},
        "big": {"fields": {"size": TEXT}},
        "small": {"fields": {}},
    }
    program = program_of(fields, [{"on": on, "matches": ["y"], "attr": None}], objects=objects)
    (error,) = run(program, {"kinds": [{"type": "BIG", "size": "x"}]}).errors
    assert error.attr == f"kinds.0.{on.partition('.')[2]}"


def test_each_place_that_is_found_may_be_blamed() -> None:
    rule = {"present": ["name", "parts[].size"], "attr": "<found>"}
    assert told([rule], {"parts": [{}, {"size": "1"}]}) == [("r1", "name"), ("r1", "parts.0.size")]
    assert told([{**rule, "for_each": "box.parts[]", "present": ["size"]}], {"box": {"parts": [{}, {}]}}) == [
        ("r1", "box.parts.0.size"),
        ("r1", "box.parts.1.size"),
    ]


def test_of_a_single_value_something_else_may_be_blamed() -> None:
    for attr in ("non_field_errors", "name"):
        rule = {"on": "thing.name", "matches": ["y"], "attr": attr}
        assert told([rule], {"name": "x"}) == [("r1", f"name.{attr}")]


@pytest.mark.parametrize(("attr", "place"), [("up", "box"), ("up.up", "")])
def test_the_object_around_may_be_blamed_itself(attr: str, place: str) -> None:
    payload = {"box": {"parts": [{"size": "1"}]}}
    assert told([{"on": "part", "absent": ["size"], "attr": attr}], payload) == [("r1", place)]


def test_of_a_field_the_object_around_is_its_own() -> None:
    rule = {"on": "part.size", "matches": ["x"], "attr": "up"}
    assert told([rule], {"box": {"parts": [{"size": "1"}]}}) == [("r1", "box.parts.0")]


def test_what_is_two_objects_around_may_be_blamed() -> None:
    payload = {"box": {"parts": [{"size": "1"}]}}
    for attr, place in {"up.lid": "box.lid", "up.up.kind": "kind"}.items():
        assert told([{"on": "part", "absent": ["size"], "attr": attr}], payload) == [("r1", place)]


@pytest.mark.parametrize("wrong", [1, 2, 3])
def test_at_one_place_the_api_says_one_thing(wrong: int) -> None:
    rule = {"present": ["parts[].size"], "attr": "parts"}
    parts = [{"size": "1"}, *[{"kind": "x"}] * wrong]
    program = program_of(FIELDS, [rule], objects=OBJECTS)
    (error,) = run(program, {"parts": parts}).errors
    assert (error.attr, error.path) == ("parts", ("parts", 1, "size"))
    free = {"present": ["parts[].size"]}
    assert len(told([free], {"parts": parts})) == wrong


CAPITALS = {"patterns": ["[A-Z]+"], "tolerated": ["[a-z]+"], "form": "capitals"}


def test_doubts_stay_beside_the_one_error() -> None:
    schemes = {"code": {"format": "pattern", "arguments": CAPITALS, "good": ["A"], "bad": ["1"]}}
    rule = {"format": {"field": "parts[].size", "is": "code"}, "attr": "parts"}
    program = program_of(FIELDS, [rule], objects=OBJECTS, schemes=schemes)
    found = run(program, {"parts": [{"size": size} for size in ("a", "1", "A", "2", "b")]})
    assert [(error.path, error.expected) for error in found.errors] == [(("parts", 1, "size"), "capitals, such as A")]
    assert [hint[:4] for hint in found.advice] == [
        ("Accepted, but unusual: not written as capitals.", "doubtful_value", f"parts.{number}.size", "r1")
        for number in (0, 4)
    ]
    for one in ("a", "A"):
        assert not run(program, {"parts": [{"size": one}]}).errors


def test_of_the_parts_of_one_validation_the_first_that_fails_speaks() -> None:
    first, second = {"absent": ["name"], "validation": "whole"}, {"absent": ["kind"], "validation": "whole"}
    both = {"name": "x", "kind": "x"}
    assert told([first, second], both) == [("r1", "name")]
    assert told([first, second], {"kind": "x"}) == [("r2", "kind")]
    assert told([first, {"absent": ["kind"]}], both) == [("r1", "name"), ("r2", "kind")]
    assert told([first, {**second, "validation": "other"}], both) == [("r1", "name"), ("r2", "kind")]
    assert told([{"absent": ["name"]}, {"absent": ["kind"]}], both) == [("r1", "name"), ("r2", "kind")]


def test_a_rule_may_be_about_several_objects_and_fields() -> None:
    size, name = {"present": ["size"], "on": ["part", "box"]}, {"matches": ["y"], "on": ["thing.name", "box.lid"]}
    payload = {"name": "x", "parts": [{"kind": "x"}], "box": {"lid": "x"}}
    assert told([size, name], payload) == [
        ("r2", "name"),
        ("r1", "parts.0.size"),
        ("r2", "box.lid"),
        ("r1", "box.size"),
    ]


def test_rules_of_one_object_speak_in_their_order() -> None:
    rules = [{"absent": [name]} for name in ("kind", "name", "box.lid")]
    expected = [("r1", "kind"), ("r2", "name"), ("r3", "box.lid")]
    assert told(rules, {"name": "x", "kind": "x", "box": {"lid": "x"}}) == expected


TYPED: Tables = {"typed": {"field": "name", "type": {"of": "types", "by": ["kind"], "take": "type"}}}
MATCHED: Tables = {"matches": {"field": "name", "pattern": {"of": "pairs", "take": "pattern"}}}


def lists(kind: str, pattern: str) -> Tables:
    return {
        "types": {"columns": ["key", "type"], "values": [["a", "text"], ["b", kind]]},
        "pairs": {"columns": ["key", "pattern"], "values": [["a", pattern]]},
    }


def test_what_a_reference_list_holds_can_be_wrong_and_all_of_it_is_told() -> None:
    book = book_of(FIELDS, [TYPED, {"absent": ["kind"]}, MATCHED], objects=OBJECTS, lists=lists("colour", "(a)"))
    with pytest.raises(BadRules) as caught:
        compile_program(book)
    first, second = caught.value.problems
    known = "boolean, date, datetime, integer, number, text"
    assert first == (
        "reference lists",
        "for r1",
        f"the list types contains 'colour', which is not a type; the types are {known}",
    )
    assert second[:2] == ("reference lists", "for r3")
    assert "'(a)' is not a plain pattern" in second.message


def test_what_a_reference_list_holds_is_worked_with() -> None:
    program = program_of(FIELDS, [TYPED, MATCHED], objects=OBJECTS, lists=lists("number", "[a-z]+"))
    assert errors(program, {"name": "x", "kind": "a"}) == []
    assert errors(program, {"name": "x", "kind": "b"}) == [("It is wrong: x.", "wrong", "name")]
    assert errors(program, {"name": "X"}) == [("It is wrong: X.", "wrong", "name")]


def test_a_rule_that_cannot_be_checked_says_nothing() -> None:
    rules: list[Tables] = [TYPED, {"server_only": "Only the platform knows."}, {"absent": ["name"]}]
    program = program_of(FIELDS, rules, objects=OBJECTS)
    assert [rule.id for rule in program.rules] == ["r3"]
    assert [error.rule for error in run(program, {"name": "x", "kind": "b"}).errors] == ["r3"]

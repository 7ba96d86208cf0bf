"""Which errors of rules about one object the API reports now, and which only once others are corrected."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.unit.compiler.small import Tables, program_of, run

TEXT = {"type": "string"}
FIELDS: dict[str, Any] = {"a": TEXT, "b": TEXT, "c": {**TEXT, "max_length": 3}, "items": {"list": "item"}}
OBJECTS = {"item": {"fields": {"k": TEXT, "l": TEXT, "day": {"type": "date"}, "m": TEXT}}}
WHOLE = "non_field_errors"


def stages(rules: Sequence[Tables], payload: object) -> list[tuple[str, str]]:
    """Rule and stage of each error."""
    found = run(program_of(FIELDS, rules, objects=OBJECTS), payload)
    return [(error.rule, error.stage) for error in found.errors]


def absent(attr: str | None = None, key: str = "a", **more: Any) -> dict[str, Any]:
    """A rule that fails if a key is filled."""
    return {"absent": [key], "attr": attr, **more}


NOW, LATER = "now", "follow-on"


@pytest.mark.parametrize(
    ("attrs", "expected"),
    [
        ([WHOLE, WHOLE, WHOLE], [NOW, NOW, NOW]),
        (["a"], [NOW]),
        (["a", "b"], [NOW, LATER]),
        (["<found>", "<found>", "b"], [NOW, LATER, LATER]),
        ([WHOLE, "a"], [LATER, NOW]),
        (["<found>", WHOLE], [NOW, LATER]),
        ([WHOLE, "<found>", WHOLE, "b"], [LATER, NOW, LATER, LATER]),
        (["items.non_field_errors", WHOLE], [NOW, LATER]),
    ],
)
def test_only_the_first_map_of_errors_of_an_object_is_reported(attrs: list[str], expected: list[str]) -> None:
    rules = [absent(attr) for attr in attrs]
    assert stages(rules, {"a": "x"}) == [(f"r{number}", stage) for number, stage in enumerate(expected, 1)]


def test_a_map_of_errors_has_all_violations_of_its_rule() -> None:
    rules = [absent(WHOLE), {"absent": ["a", "b"], "attr": "<found>"}, absent("<found>", "c")]
    found = run(program_of(FIELDS, rules, objects=OBJECTS), {"a": "x", "b": "x", "c": "x"})
    assert [(error.rule, error.attr, error.stage) for error in found.errors] == [
        ("r1", WHOLE, LATER),
        ("r2", "a", NOW),
        ("r2", "b", NOW),
        ("r3", "c", LATER),
    ]


def test_a_rule_that_passes_or_advises_stops_no_other() -> None:
    passing = absent("<found>", "b")
    advising = absent("<found>", level="advice", code="customers_missing")
    assert stages([passing, advising, absent(WHOLE), absent(WHOLE)], {"a": "x"}) == [("r3", NOW), ("r4", NOW)]


def test_a_suspicious_value_stops_no_other_rule() -> None:
    capitals = {"patterns": ["[A-Z]+"], "tolerated": ["[a-z]+"]}
    schemes = {"capitals": {"format": "pattern", "arguments": capitals, "good": ["A"], "bad": ["1"]}}
    rules = [{"format": {"field": "b", "is": "capitals"}, "attr": "<found>"}, absent(WHOLE)]
    program = program_of(FIELDS, rules, objects=OBJECTS, schemes=schemes)
    found = run(program, {"a": "x", "b": "x"})
    assert [(error.rule, error.stage) for error in found.errors] == [("r2", NOW)]
    assert [hint.code for hint in found.advice] == ["doubtful_value"]
    assert [(error.rule, error.stage) for error in run(program, {"a": "x", "b": "1"}).errors] == [
        ("r1", NOW),
        ("r2", LATER),
    ]


def test_an_error_that_is_reported_for_an_object_around_is_no_map() -> None:
    rules = [absent("up", "k", on="item"), absent(WHOLE, "k", on="item")]
    assert stages(rules, {"items": [{"k": "x"}]}) == [("r1", NOW), ("r2", NOW)]


def test_rules_of_other_objects_and_of_fields_are_not_stopped() -> None:
    rules = [
        absent("<found>", "k", on="item"),
        absent(WHOLE, "k", on="item"),
        {"on": ["thing.a", "thing.b"], "matches": ["y"], "attr": None},
        {"on": "thing.a", "matches": ["z"], "attr": None},
    ]
    items = [{"k": "x"}, {"l": "x"}, {"k": "x"}]
    assert stages(rules, {"items": items}) == [("r1", NOW), ("r2", LATER)] * 2
    assert stages(rules, {"a": "x", "b": "x"}) == [("r3", NOW), ("r4", NOW), ("r3", NOW)]


def test_all_maps_are_follow_on_if_there_is_an_error_inside() -> None:
    assert stages([absent("<found>"), absent(WHOLE)], {"a": "x", "c": "long"}) == [
        ("field", NOW),
        ("r1", LATER),
        ("r2", LATER),
    ]


FIELD_VALIDATOR = absent("<found>", "l", on="item", field_validator=True)


def test_a_field_validator_is_reported_with_the_fields() -> None:
    rules = [absent("<found>", "k", on="item"), absent(WHOLE, "k", on="item"), FIELD_VALIDATOR]
    assert stages(rules, {"items": [{"k": "x", "l": "x"}]}) == [("r3", NOW), ("r1", LATER), ("r2", LATER)]
    assert stages(rules, {"items": [{"k": "x"}]}) == [("r1", NOW), ("r2", LATER)]


def test_an_error_inside_does_not_hide_a_field_validator() -> None:
    rules = [FIELD_VALIDATOR, absent("<found>", "m", on="item", field_validator=True)]
    found = run(program_of(FIELDS, rules, objects=OBJECTS), {"items": [{"m": "x", "day": "soon", "l": "x"}]})
    assert [(error.attr, error.stage) for error in found.errors] == [
        ("items.0.l", NOW),
        ("items.0.day", NOW),
        ("items.0.m", NOW),
    ], "in the order of the fields"


def test_an_error_of_a_field_validator_hides_the_rules_of_the_objects_around() -> None:
    rules = [absent(WHOLE), FIELD_VALIDATOR]
    assert stages(rules, {"a": "x", "items": [{"l": "x"}]}) == [("r2", NOW), ("r1", LATER)]


def test_an_error_in_another_item_does_not_hide_a_rule() -> None:
    rules = [absent("<found>", "k", on="item"), FIELD_VALIDATOR]
    assert stages(rules, {"items": [{"k": "x"}, {"l": "x"}]}) == [("r1", NOW), ("r2", NOW)]

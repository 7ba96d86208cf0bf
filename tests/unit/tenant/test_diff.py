"""The differences between two documents: each kind of change with its place and effect."""

import json
from typing import Any

import pytest

from premigrate.tenant.diff.compare import compare_documents
from premigrate.tenant.diff.fields import merge_keys
from premigrate.tenant.learn import parse_account
from tests.tenant_documents import Schema, differences, document, mirrored

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
DIGITS: Schema = {"type": "string", "format": "decimal"}


def holding(key: str, schema: Schema) -> Schema:
    return {"type": "object", "properties": {key: schema}}


SKIPPED = "This validation is skipped."

CHANGES: list[tuple[Schema, Schema, list[tuple[str, str]]]] = [
    ({**TEXT, "maxLength": 40}, {**TEXT, "maxLength": 20}, [("max_length", "stricter")]),
    (TEXT, {**TEXT, "maxLength": 20}, [("max_length", "stricter")]),
    (TEXT, {**TEXT, "minLength": 3}, [("min_length", "stricter")]),
    (TEXT, {**TEXT, "minLength": 1}, [("blank", "stricter")]),
    (TEXT, {**TEXT, "pattern": "^[A-Z]+$"}, [("pattern", "stricter")]),
    ({**TEXT, "pattern": "^[A-Z]+$"}, {**TEXT, "pattern": "^[0-9]+$"}, [("pattern", "both")]),
    (TEXT, {**TEXT, "nullable": True}, [("null", "looser")]),
    (TEXT, {**TEXT, "deprecated": True}, [("deprecated", "neither")]),
    (TEXT, {**TEXT, "deprecated": True, "x-use-instead": "other"}, [("deprecated", "neither")]),
    (TEXT, {**TEXT, "default": "x"}, [("default", "neither")]),
    ({**TEXT, "enum": ["A"]}, {**TEXT, "enum": ["A", "B"]}, [("choices added", "looser")]),
    (
        {**TEXT, "enum": ["A", "C"]},
        {**TEXT, "enum": ["A", "B"]},
        [("choices added", "looser"), ("choices removed", "stricter")],
    ),
    ({**TEXT, "enum": ["A", "B"]}, {**TEXT, "enum": ["B", "A"]}, []),
    ({**TEXT, "enum": ["A"]}, {**TEXT, "enum": ["A", ""]}, [("blank", "looser")]),
    ({**TEXT, "enum": ["A"]}, TEXT, [("type", "looser")]),
    ({**TEXT, "enum": ["A"]}, {**TEXT, "maxLength": 3}, [("type", "both")]),
    (TEXT, {**TEXT, "format": "date"}, [("type", "stricter")]),
    ({**TEXT, "format": "date"}, {**TEXT, "format": "date-time"}, [("type", "both")]),
    (WHOLE, {"type": "number"}, [("type", "looser")]),
    (WHOLE, {}, [("type", "looser")]),
    (WHOLE, {"type": "array", "items": WHOLE}, [("type", "both")]),
    (WHOLE, {**WHOLE, "minimum": 0}, [("lower bound", "stricter")]),
    ({"type": "number", "minimum": 0}, {"type": "number", "exclusiveMinimum": 0}, [("lower bound", "stricter")]),
    ({**WHOLE, "maximum": 9}, {**WHOLE, "maximum": 10}, [("upper bound", "looser")]),
    (
        {**DIGITS, "pattern": r"^-?\d{0,6}(?:\.\d{0,2})?$"},
        {**DIGITS, "pattern": r"^-?\d{0,5}(?:\.\d{0,3})?$"},
        [("digits", "both")],
    ),
    (
        {**DIGITS, "pattern": r"^-?\d{0,6}(?:\.\d{0,2})?$"},
        {**DIGITS, "pattern": r"^-?\d{0,6}(?:\.\d{0,3})?$"},
        [("digits", "looser")],
    ),
    ({"type": "array", "items": TEXT}, {"type": "array", "items": TEXT, "maxItems": 3}, [("max_items", "stricter")]),
    ({"type": "array", "items": TEXT, "minItems": 2}, {"type": "array", "items": TEXT}, [("min_items", "looser")]),
    (
        {"type": "array", "items": TEXT},
        {"type": "array", "items": {**TEXT, "nullable": True}},
        [("null items", "looser")],
    ),
    (TEXT, {**TEXT, "x-validators": [{"possible_errors": ["odd"]}]}, [("validation added", "stricter")]),
    (
        {**TEXT, "x-validators": [{"possible_errors": ["odd"]}]},
        {**TEXT, "x-validators": [{"possible_errors": ["odd"], "description": SKIPPED}]},
        [("validation skipped", "looser")],
    ),
    (
        TEXT,
        {**TEXT, "x-validators": [{"possible_errors": ["odd"], "description": SKIPPED}]},
        [("skipped validation added", "neither")],
    ),
    ({"type": "object"}, {"type": "object", "properties": {"a": TEXT}}, [("type", "stricter")]),
    (TEXT, {"$ref": "#/components/schemas/Missing"}, [("type", "both")]),
    ({**TEXT, "description": "One."}, {**TEXT, "description": "Two."}, []),
]


@pytest.mark.parametrize(("old", "new", "expected"), CHANGES)
def test_change_of_a_field_has_its_effect_in_both_directions(old: Schema, new: Schema, expected: list[Any]) -> None:
    before, after = document({"berth": old}), document({"berth": new})
    found = differences(before, after)
    assert found == [("berth", *each) for each in expected]
    assert sorted(differences(after, before)) == sorted(map(mirrored, found))


def test_required_fields_and_added_ones() -> None:
    old = document({"a": TEXT, "b": TEXT, "c": WHOLE}, required=["b"])
    new = document({"a": TEXT, "d": WHOLE, "e": {"type": "boolean"}}, required=["a", "e"])
    assert differences(old, new) == [
        ("a", "required", "stricter"),
        ("b", "removed", "looser"),
        ("c", "removed", "neither"),
        ("d", "added", "neither"),
        ("e", "added", "stricter"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "renamed"),
    [
        ({"mobile": TEXT}, {"mobile_phone": TEXT}, True),
        ({"mobile": TEXT}, {"landline": TEXT}, False),
        ({"mobile": {**TEXT, "maxLength": 3}}, {"mobile_phone": TEXT}, False),
        ({"mobile": {**TEXT, "description": "Its."}}, {"cell": {**TEXT, "description": "Its.", "maxLength": 9}}, True),
        ({"mobile": {**TEXT, "deprecated": True, "x-use-instead": "cell"}}, {"cell": TEXT}, True),
        ({"a_b": TEXT, "b_c": TEXT}, {"b": TEXT}, False),
        ({"a": holding("x", TEXT)}, {"z": holding("x", WHOLE)}, True),
        ({"a": holding("x", TEXT)}, {"z": holding("y", TEXT)}, False),
    ],
)  # fmt: skip
def test_renamed_fields_are_recognized_if_that_is_evident(old: Schema, new: Schema, *, renamed: bool) -> None:
    whats = {what for _, what, _ in differences(document(old), document(new))}
    assert ("renamed" in whats) is renamed
    assert ({"added", "removed"} <= whats) is not renamed


def test_renamed_fields_are_compared_and_their_objects() -> None:
    part = {"type": "object", "properties": {"x": TEXT, "y": TEXT}}
    old = document({"old_part": {"type": "array", "items": part}})
    new = document({"part": {"type": "array", "items": {**part, "required": ["x"]}, "maxItems": 2}}, required=["part"])
    assert differences(old, new) == [
        ("part", "renamed", "stricter"),
        ("part", "max_items", "stricter"),
        ("part", "required", "stricter"),
        ("part[].x", "required", "stricter"),
    ]


def kinds_document(**kinds: Schema) -> Schema:
    """Return a document with ``points[]``, whose kinds have these fields."""
    schemas = {
        name: {"type": "object", "properties": {"type": TEXT, **properties}, "required": ["type"]}
        for name, properties in kinds.items()
    }
    references = {name: f"#/components/schemas/{name}" for name in kinds}
    point = {
        "oneOf": [{"$ref": each} for each in references.values()],
        "discriminator": {"propertyName": "type", "mapping": references},
    }
    return document(
        {"points": {"type": "array", "items": {"$ref": "#/components/schemas/Point"}}}, {**schemas, "Point": point}
    )


def test_changes_of_kinds_are_named_once_or_by_kind() -> None:
    old = kinds_document(GAS={"identifier": TEXT}, POWER={"identifier": TEXT}, HEAT={})
    new = kinds_document(
        GAS={"identifier": TEXT, "meter": WHOLE}, POWER={"identifier": {**TEXT, "maxLength": 9}, "meter": WHOLE}, SUN={}
    )
    assert differences(old, new) == [
        ("points[].type", "kinds added", "looser"),
        ("points[].type", "kinds removed", "stricter"),
        ("points[].meter", "added", "neither"),
        ("points[] (POWER).identifier", "max_length", "stricter"),
    ]


def test_objects_in_kinds_are_placed_by_kind() -> None:
    part = {"type": "object", "properties": {"x": TEXT}}
    old = kinds_document(GAS={"part": part}, POWER={"part": part})
    more = {"type": "object", "properties": {"x": TEXT}, "required": ["x"]}
    one = kinds_document(GAS={"part": more}, POWER={"part": part})
    both = kinds_document(GAS={"part": more}, POWER={"part": more})
    assert differences(old, one) == [("points[] (GAS).part.x", "required", "stricter")]
    assert differences(old, both) == [("points[].part.x", "required", "stricter")]


def test_kinds_that_are_new_or_gone() -> None:
    plain = document({"points": {"type": "array", "items": {"type": "object", "properties": {"type": TEXT}}}})
    kinds = kinds_document(GAS={"identifier": TEXT}, POWER={})
    assert ("points[].type", "kinds selected by", "both") in differences(plain, kinds)
    assert ("points[].identifier", "added", "neither") in differences(plain, kinds)
    assert ("points[].type", "kinds selected by", "both") in differences(kinds, plain)


def test_an_object_that_stands_at_several_places_is_listed_with_all() -> None:
    def build(**limits: Any) -> Schema:
        part = {"type": "object", "properties": {"x": {**TEXT, **limits}}}
        return document(
            {"a": part, "b": {"type": "array", "items": part}, "c": {"type": "object", "properties": {"d": part}}}
        )

    found = differences(build(), build(maxLength=3))
    assert found == [(place, "max_length", "stricter") for place in ("a.x", "b[].x", "c.d.x")]


def test_a_validation_of_an_object_in_a_field_is_named_once() -> None:
    part = holding("x", TEXT)
    found = differences(
        document({"a": part}), document({"a": {**part, "x-validators": [{"possible_errors": ["odd"]}]}})
    )
    assert found == [("a", "validation added", "stricter")]


def test_time_does_not_grow_with_the_number_of_places() -> None:
    depth, keys = 8, "abcdefghijkl"

    def build(**limits: Any) -> Schema:
        def part(level: int) -> Schema:
            inner = {"$ref": f"#/components/schemas/P{level + 1}"}
            return {"type": "object", "properties": dict.fromkeys(keys, inner)}

        schemas = {f"P{level}": part(level) for level in range(depth)}
        schemas[f"P{depth}"] = {"type": "object", "properties": {"x": {**TEXT, **limits}}}
        return document({"top": {"$ref": "#/components/schemas/P0"}}, schemas)

    old, new = (parse_account(json.dumps(each), None) for each in (build(), build(maxLength=3)))
    (found,) = compare_documents(old, new)
    assert len(found.places) + found.more_places == len(keys) ** depth


def test_keys_are_merged_in_the_order_of_the_new_document() -> None:
    assert merge_keys(["gone", "a", "left", "out", "b"], ["b", "new", "a"]) == ["gone", "b", "new", "a", "left", "out"]

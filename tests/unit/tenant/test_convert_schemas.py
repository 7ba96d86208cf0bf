"""Conversion of OpenAPI schemas to fields of the rule language."""

from typing import Any

import pytest

from premigrate.tenant.document.convert_schemas import SchemaConverter
from premigrate.tenant.document.flatten import Flattener
from premigrate.tenant.document.learned import LearnedField
from premigrate.tenant.document.openapi_document import OpenApiDocument

LONG = rf"^-?\d{{0,{'9' * 5000}}}(?:\.\d{{0,2}})?$"
COMPONENTS = {
    "Tide": {"enum": ["SPRING", "NEAP"], "type": "string"},
    "Blank": {"enum": [""]},
    "Null": {"enum": [None]},
    "Text": {"type": "string", "maxLength": 9},
    "Circle": {"$ref": "#/components/schemas/Circle"},
    "Spiral": {"allOf": [{"$ref": "#/components/schemas/Spiral"}]},
    "a/b~c": {"type": "boolean"},
}


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def read(schema: object) -> tuple[OpenApiDocument, LearnedField]:
    properties = {"type": "object", "properties": {"it": schema}}
    document = OpenApiDocument({"components": {"schemas": {**COMPONENTS, "Account": properties}}, "kinds": [{}]})
    converter = SchemaConverter(document, Flattener(document))
    root = converter.convert_account(ref("Account"), "/here")
    assert root is not None
    return document, root.fields["it"]


@pytest.mark.parametrize(
    ("schema", "kind", "constraints"),
    [
        ({"type": "string"}, "string", {}),
        ({"type": "string", "maxLength": 5, "minLength": 1}, "string", {"max_length": 5, "blank": False}),
        ({"type": "string", "maxLength": -1}, "string", {}),
        ({"type": "string", "format": "email", "maxLength": 254}, "email", {"max_length": 254}),
        ({"type": "string", "format": "date"}, "date", {}),
        ({"type": "string", "format": "date-time", "nullable": True}, "datetime", {"nullable": True}),
        ({"type": "string", "format": "decimal"}, "decimal", {}),
        (
            {"type": "string", "format": "decimal", "pattern": r"^-?\d{0,8}(?:\.\d{0,2})?$"},
            "decimal",
            {"max_digits": 10, "decimal_places": 2},
        ),
        (
            {"type": "string", "format": "decimal", "pattern": r"^-?\d{0,8}(?:\.\d{0,0})?$"},
            "decimal",
            {"max_digits": 8, "decimal_places": 0},
        ),
        ({"type": "string", "format": "decimal", "pattern": LONG}, "decimal", {}),
        ({"type": "string", "minLength": 3}, "string", {"blank": False, "min_length": 3}),
        ({"type": "string", "maxLength": 3.0}, "string", {"max_length": 3}),
        ({"type": "string", "pattern": "^[A-Z]{2}$|^x"}, "string", {"patterns": ["[A-Z]{2}", "x.*"]}),
        ({"type": "number", "minimum": 0.5, "maximum": 7}, "decimal", {"min": "0.5", "max": 7}),
        ({"type": "number", "exclusiveMinimum": 0, "minimum": 0}, "decimal", {"above": 0}),
        ({"type": "number", "maximum": 1e2, "exclusiveMaximum": True}, "decimal", {"below": 100}),
        ({"type": "integer", "minimum": 0.5, "exclusiveMaximum": 2.5}, "integer", {"min": 1, "max": 2}),
        ({"type": "null"}, "json", {"nullable": True}),
        ({"type": ["string", "null"]}, "string", {"nullable": True}),
        (
            {"anyOf": [{"type": "string", "enum": ["A"]}, {"const": None}]},
            "choice",
            {"choices": ["A"], "nullable": True},
        ),
        (
            {"oneOf": [{"type": "string", "maxLength": 2}, {"type": "string", "maxLength": 5}]},
            "string",
            {"max_length": 5},
        ),
        ({"type": "number"}, "decimal", {}),
        ({"type": "number", "multipleOf": 0.01}, "decimal", {"decimal_places": 2}),
        ({"type": "number", "multipleOf": 0.25}, "decimal", {}),
        ({"type": ["number", "integer", "null"]}, "decimal", {"nullable": True}),
        ({"type": "integer", "minimum": 1, "maximum": 9}, "integer", {"min": 1, "max": 9}),
        (
            {"type": "integer", "minimum": 1, "maximum": 9, "exclusiveMinimum": True, "exclusiveMaximum": True},
            "integer",
            {"min": 2, "max": 8},
        ),
        ({"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 9}, "integer", {"min": 2, "max": 8}),
        ({"type": "boolean"}, "boolean", {}),
        (ref("a~1b~0c"), "boolean", {}),
        ({"type": "object"}, "object", {}),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "object", {}),
        ({}, "json", {}),
        ({"type": "string", "enum": ["A", "B", ""]}, "choice", {"choices": ["A", "B"], "blank": True}),
        ({"enum": [1, 2, None]}, "choice", {"choices": ["1", "2"], "nullable": True}),
        ({"const": "A"}, "choice", {"choices": ["A"]}),
        ({"type": "string", "enum": []}, "choice", {"open": True}),
        (
            {"oneOf": [ref("Tide"), ref("Blank"), ref("Null")], "nullable": True},
            "choice",
            {"choices": ["SPRING", "NEAP"], "blank": True, "nullable": True},
        ),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "integer", {"nullable": True}),
        ({"allOf": [ref("Text")], "nullable": True}, "string", {"max_length": 9, "nullable": True}),
        ({**ref("Text"), "deprecated": True}, "string", {"max_length": 9, "deprecated": True}),
        (
            {**ref("Text"), "deprecated": True, "x-use-instead": "that"},
            "string",
            {"max_length": 9, "deprecated": "that"},
        ),
        ({"oneOf": [{"type": "integer"}, {"type": "string"}]}, "json", {}),
        ({"type": ["integer", "string"]}, "json", {}),
        ({"type": "string", "format": {"a": 1}}, "string", {}),
        ({"type": 5}, "json", {}),
    ],
)
def test_single_value(schema: dict[str, Any], kind: str, constraints: dict[str, Any]) -> None:
    _, field = read(schema)
    assert (field.kind, dict(field.constraints)) == (kind, constraints)
    assert field.is_known


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        (ref("Nobody"), "refers to '#/components/schemas/Nobody', which is not in the document"),
        ({"$ref": "https://example.org/schemas.yml#/It"}, "which is not in the document"),
        ({"$ref": 7}, "refers to 7"),
        ({"$ref": f"#/kinds/{'9' * 5000}"}, "which is not in the document"),
        (ref("Circle"), "refers to itself endlessly"),
        (True, "is not a schema but true or false"),
        (None, "is not a schema but empty"),
    ],
)
def test_invalid_schema_leaves_the_field_unchanged(schema: object, message: str) -> None:
    document, field = read(schema)
    assert not field.is_known
    assert any(message in note.message for note in document.notes)


def test_recursive_allof_terminates() -> None:
    document = OpenApiDocument({"components": {"schemas": COMPONENTS}})
    Flattener(document).flatten(ref("Spiral"), "/here")
    assert [note.message for note in document.notes] == ["consists of itself; left as it is in the rules"]


@pytest.mark.parametrize(
    ("schema", "keyword"),
    [
        ({"type": "string", "pattern": "^(?=A)"}, "pattern"),
        ({"type": "string", "format": "uuid"}, "uuid"),
        ({"type": "integer", "multipleOf": 5}, "multipleOf"),
        ({"type": "array", "items": {"type": "string"}, "uniqueItems": True}, "uniqueItems"),
    ],
)
def test_unsupported_keywords_are_noted(schema: dict[str, Any], keyword: str) -> None:
    document, _ = read(schema)
    assert any(keyword in note.message for note in document.notes)


def test_arrays() -> None:
    _, field = read({"type": "array", "items": {"type": "string", "maxLength": 3}, "minItems": 1, "nullable": True})
    assert (field.is_list, field.kind) == (True, "string")
    assert field.constraints == {"max_length": 3, "min_items": 1, "nullable": True}
    _, nested = read({"type": "array", "items": {"type": "array", "items": {"type": "string"}}})
    assert (nested.is_list, nested.kind) == (True, "json")
    _, untyped = read({"type": "array"})
    assert (untyped.is_list, untyped.kind, untyped.is_known) == (True, "json", True)


def test_objects_without_discriminator_are_merged() -> None:
    alternatives = [
        {"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "maxLength": 2}}},
        {"type": "object", "properties": {"a": {"type": "string", "maxLength": 5}, "b": {"type": "integer"}}},
    ]
    document = OpenApiDocument({})
    converter = SchemaConverter(document, Flattener(document))
    root = converter.convert_account({"type": "object", "properties": {"it": {"oneOf": alternatives}}}, "/here")
    assert root is not None
    merged = converter.objects[root.fields["it"].object_at]
    assert (merged.fields["a"].required, dict(merged.fields["a"].constraints)) == (False, {"max_length": 5})
    assert set(merged.fields) == {"a", "b"}
    assert "that no field distinguishes" in document.notes[0].message

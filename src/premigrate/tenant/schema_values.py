"""Converts the schema of a single value to a type and constraints of the rule language."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from premigrate.tenant.merge_allof import FlatSchema
from premigrate.tenant.openapi_document import OpenApiDocument

_DECIMAL = re.compile(r"\^\[?-?\]?\??\\d\{0,(\d{1,4})\}\(\?:\\\.\\d\{0,(\d{1,4})\}\)\?\$")
"""The pattern of a decimal in documents of drf-spectacular; groups: whole digits, decimal places."""

_STEP = re.compile(r"0\.(0*1)")
_TEXT_FORMATS = {"email": "email", "date": "date", "date-time": "datetime", "decimal": "decimal"}
_PLAIN_FORMATS = {"", "password", "string"}
_UNSUPPORTED = {
    "string": ("minLength", "contentEncoding", "contentMediaType"),
    "decimal": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    "integer": ("multipleOf",),
    "list": ("maxItems", "uniqueItems"),
}
"""Keywords of JSON Schema that the rule language can't express, by type."""


class ValueType(NamedTuple):
    """A type of the rule language, and the constraints as keys of a field (``constraints``)."""

    kind: str
    constraints: dict[str, Any]


def convert_value(document: OpenApiDocument, flat: FlatSchema) -> ValueType:
    """Convert the schema of a single value; what can't be expressed is noted."""
    schema = flat.schema
    if "const" in schema:
        schema = {**schema, "enum": [schema["const"]]}
    if isinstance(schema.get("enum"), list):
        return _choice(document, flat, schema["enum"])
    kind = schema.get("type")
    if isinstance(kind, list):
        if set(kinds := list(map(str, kind))) == {"integer", "number"}:
            return _number_value(document, flat)
        document.add_note(flat.at, f"may be {' or '.join(kinds)}; taken as anything")
        return ValueType("json", {})
    read = _READERS.get(str(kind))
    return read(document, flat) if read else ValueType("json", {})


def _choice(document: OpenApiDocument, flat: FlatSchema, choices: list[Any]) -> ValueType:
    texts = list(dict.fromkeys(_as_text(choice) for choice in choices))
    filled = [text for text in texts if text]
    blank = {"blank": True} if "" in texts else {}
    if not filled:
        document.add_note(flat.at, "gives no choices; taken as open")
        return ValueType("choice", {"open": True, **blank})
    return ValueType("choice", {"choices": filled, **blank})


def _as_text(choice: object) -> str:
    return choice if isinstance(choice, str) else str(choice)


def _text(document: OpenApiDocument, flat: FlatSchema) -> ValueType:
    schema = flat.schema
    form, pattern = schema.get("format"), schema.get("pattern")
    if form == "decimal" or (form is None and isinstance(pattern, str) and _DECIMAL.fullmatch(pattern)):
        return _decimal(document, flat, _digits(document, flat))
    kind = _TEXT_FORMATS.get(str(form), "string")
    if kind == "string" and str(form or "") not in _PLAIN_FORMATS:
        document.add_note(flat.at, f"has the format {form}, which is not checked")
    if pattern is not None:
        document.add_note(flat.at, f"has the pattern {pattern}, which is not checked")
    if kind in {"date", "datetime"}:
        return ValueType(kind, {})
    least = _number(schema.get("minLength"))
    if least is not None and least > 1:
        _note_unsupported(document, flat, "string")
    most = _number(schema.get("maxLength"))
    longest = {"max_length": most} if most and most > 0 else {}
    return ValueType(kind, {**longest, **({"blank": False} if least else {})})


def _digits(document: OpenApiDocument, flat: FlatSchema) -> dict[str, Any]:
    pattern = flat.schema.get("pattern")
    if pattern is None:
        return {}
    match = _DECIMAL.fullmatch(str(pattern))
    if match is None:
        document.add_note(flat.at, f"has the pattern {pattern}, which is not checked")
        return {}
    whole, places = int(match[1]), int(match[2])
    if not places:
        return {}
    return {"max_digits": whole + places, "decimal_places": places}


def _places_of(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the decimal places of a number from its ``multipleOf``: 2 for 0.01."""
    match = _STEP.fullmatch(f"{schema['multipleOf']:f}".rstrip("0")) if _has_step(schema) else None
    return {"decimal_places": len(match[1])} if match else {}


def _has_step(schema: Mapping[str, Any]) -> bool:
    return isinstance(schema.get("multipleOf"), float)


def _integer(document: OpenApiDocument, flat: FlatSchema) -> ValueType:
    _note_unsupported(document, flat, "integer")
    return ValueType("integer", _bounds(flat.schema))


def _number_value(document: OpenApiDocument, flat: FlatSchema) -> ValueType:
    return _decimal(document, flat, _places_of(flat.schema))


def _decimal(document: OpenApiDocument, flat: FlatSchema, limits: dict[str, Any]) -> ValueType:
    _note_unsupported(document, flat, "decimal")
    return ValueType("decimal", limits)


def _bounds(schema: Mapping[str, Any]) -> dict[str, Any]:
    least, most = _number(schema.get("minimum")), _number(schema.get("maximum"))
    over, under = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if over is True:  # OpenAPI 3.0 has a flag; in 3.1 the keyword is the bound itself
        least = None if least is None else least + 1
    elif (bound := _number(over)) is not None:
        least = bound + 1
    if under is True:
        most = None if most is None else most - 1
    elif (bound := _number(under)) is not None:
        most = bound - 1
    return {key: bound for key, bound in (("min", least), ("max", most)) if bound is not None}


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _note_unsupported(document: OpenApiDocument, flat: FlatSchema, kind: str) -> None:
    for word in _UNSUPPORTED[kind]:
        if word in flat.schema:
            document.add_note(flat.at, f"says {word}, which is not checked")


def note_unsupported_list_keywords(document: OpenApiDocument, flat: FlatSchema) -> None:
    """Note the keywords of a list that the rule language can't express."""
    _note_unsupported(document, flat, "list")


_READERS: Mapping[str, Callable[[OpenApiDocument, FlatSchema], ValueType]] = {
    "string": _text,
    "integer": _integer,
    "number": _number_value,
    "boolean": lambda *_: ValueType("boolean", {}),
    "object": lambda *_: ValueType("object", {}),
}

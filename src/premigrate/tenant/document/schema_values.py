"""Converts the schema of a single value to a type and constraints of the rule language."""

import re
from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, NamedTuple

from premigrate.formats.plain_patterns import plain_patterns
from premigrate.tenant.document.flatten import FlatSchema
from premigrate.tenant.document.openapi_document import OpenApiDocument, extend_pointer

_DECIMAL = re.compile(r"\^(?:-\?|\[[+-]{1,2}\]\?)\??\\d\{0,(\d{1,4})\}(?:\(\?:\\\.\\d\{0,(\d{1,4})\}\)\?)?\$")
"""The pattern of a decimal in documents of drf-spectacular; groups: whole digits, decimal places."""

_STEP = re.compile(r"0\.(0*1)")
_TEXT_FORMATS = {"email": "email", "date": "date", "date-time": "datetime", "decimal": "decimal"}
_PLAIN_FORMATS = {"", "password", "string"}
_NUMBER_FORMATS = {"", "int32", "int64", "float", "double", "decimal"}
_UNSUPPORTED = {
    "string": ("contentEncoding", "contentMediaType"),
    "decimal": ("multipleOf",),
    "integer": ("multipleOf",),
    "list": ("uniqueItems", "contains", "prefixItems"),
}
"""Keywords of JSON Schema that the rule language cannot express, by type."""


class ValueType(NamedTuple):
    """A type of the rule language, and the constraints as keys of a field (``constraints``)."""

    kind: str
    constraints: dict[str, Any]


def convert_value(document: OpenApiDocument, flat: FlatSchema) -> ValueType:
    """Convert the schema of a single value; what cannot be expressed is noted."""
    schema = flat.schema
    if isinstance(schema.get("enum"), list):
        return _choice(document, flat, schema["enum"])
    kind = schema.get("type")
    if isinstance(kind, list):
        if set(kinds := list(map(str, kind))) == {"integer", "number"}:
            return _number_value(document, flat)
        document.add_note(flat.at, f"may be {' or '.join(kinds)}; any value is accepted")
        return ValueType("json", {})
    if kind == "null":
        document.add_note(flat.at, "is always null; other values are accepted")
    read = _READERS.get(str(kind))
    return read(document, flat) if read else ValueType("json", {})


def convert_items_count(document: OpenApiDocument, flat: FlatSchema) -> dict[str, int]:
    """Return the limits of a list's length as keys of a field; what cannot be expressed is noted."""
    _note_unsupported(document, flat, "list")
    least, most = _count(flat.schema.get("minItems")), _count(flat.schema.get("maxItems"))
    return {**({"min_items": least} if least else {}), **({"max_items": most} if most is not None else {})}


def _choice(document: OpenApiDocument, flat: FlatSchema, choices: list[Any]) -> ValueType:
    texts = list(dict.fromkeys(_as_text(choice) for choice in choices))
    filled = [text for text in texts if text]
    blank = {"blank": True} if "" in texts else {}
    if not filled:
        document.add_note(flat.at, "lists no choices; any value is accepted")
        return ValueType("choice", {"open": True, **blank})
    return ValueType("choice", {"choices": filled, **blank})


def _as_text(choice: object) -> str:
    return choice if isinstance(choice, str) else str(choice)


def _text(document: OpenApiDocument, flat: FlatSchema) -> ValueType:
    schema = flat.schema
    form, pattern = schema.get("format"), schema.get("pattern")
    if form == "decimal" or (form is None and isinstance(pattern, str) and _DECIMAL.fullmatch(pattern)):
        return _decimal(flat, _digits(document, flat))
    kind = _TEXT_FORMATS.get(str(form), "string")
    if kind == "string" and str(form or "") not in _PLAIN_FORMATS:
        document.add_note(flat.at, f"has the format {form}, which is not checked")
    patterns = _patterns(document, flat)
    if kind in {"date", "datetime"}:
        if patterns:
            document.add_note(flat.at, f"has the pattern {pattern}, which is not checked")
        return ValueType(kind, {})
    _note_unsupported(document, flat, "string")
    least, most = _count(schema.get("minLength")), _count(schema.get("maxLength"))
    limits = {
        **({"max_length": most} if most else {}),
        **({"blank": False} if least else {}),
        **({"min_length": least} if least and least > 1 else {}),
        **({"patterns": patterns} if patterns else {}),
    }
    return ValueType(kind, limits)


def _patterns(document: OpenApiDocument, flat: FlatSchema) -> list[str]:
    """Return the pattern of a text as patterns of the rule language; empty if none, or not possible."""
    pattern = flat.schema.get("pattern")
    if pattern is None:
        return []
    found = plain_patterns(pattern) if isinstance(pattern, str) else None
    if found is None:
        document.add_note(flat.at, f"has the pattern {pattern}, which is not checked")
    return list(found or ())


def _digits(document: OpenApiDocument, flat: FlatSchema) -> dict[str, Any]:
    pattern = flat.schema.get("pattern")
    if pattern is None:
        return {}
    match = _DECIMAL.fullmatch(str(pattern))
    if match is None:
        document.add_note(flat.at, f"has the pattern {pattern}, which is not checked")
        return {}
    whole, places = int(match[1]), int(match[2] or 0)
    return {"max_digits": whole + places, "decimal_places": places} if whole + places else {}


def _places_of(document: OpenApiDocument, flat: FlatSchema) -> dict[str, Any]:
    """Return the decimal places of a number from its ``multipleOf``: 2 for 0.01."""
    step = flat.schema.get("multipleOf")
    if step is None:
        return {}
    match = _STEP.fullmatch(f"{step:f}".rstrip("0")) if isinstance(step, float) else None
    if match is None and step != 1:
        _note_unsupported(document, flat, "decimal")
    return {"decimal_places": len(match[1]) if match else 0} if match or step == 1 else {}


def _integer(document: OpenApiDocument, flat: FlatSchema) -> ValueType:
    _note_unsupported(document, flat, "integer")
    _note_format(document, flat)
    return ValueType("integer", _whole_limits(_bounds(flat.schema)))


def _number_value(document: OpenApiDocument, flat: FlatSchema) -> ValueType:
    _note_format(document, flat)
    return _decimal(flat, _places_of(document, flat))


def _decimal(flat: FlatSchema, limits: dict[str, Any]) -> ValueType:
    return ValueType("decimal", {**limits, **_limits(*_bounds(flat.schema))})


def _note_format(document: OpenApiDocument, flat: FlatSchema) -> None:
    form = str(flat.schema.get("format") or "")
    if form not in _NUMBER_FORMATS:
        document.add_note(flat.at, f"has the format {form}, which is not checked")


class _Bounds(NamedTuple):
    least: Decimal | None
    above: Decimal | None
    most: Decimal | None
    below: Decimal | None


def _bounds(schema: Mapping[str, Any]) -> _Bounds:
    """Return the inclusive and exclusive bounds of a number."""
    least, most = _number(schema.get("minimum")), _number(schema.get("maximum"))
    over, under = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    # OpenAPI 3.0 has a flag that makes the bound exclusive; in 3.1 the keyword is the bound itself.
    above, least = (least, None) if over is True else (_number(over), least)
    below, most = (most, None) if under is True else (_number(under), most)
    return _Bounds(least, above, most, below)


def _whole_limits(bounds: _Bounds) -> dict[str, Any]:
    """Return the least and the greatest whole number within bounds."""
    least = [bound.to_integral_value(ROUND_CEILING) for bound in (bounds.least,) if bound is not None]
    least += [bound.to_integral_value(ROUND_FLOOR) + 1 for bound in (bounds.above,) if bound is not None]
    most = [bound.to_integral_value(ROUND_FLOOR) for bound in (bounds.most,) if bound is not None]
    most += [bound.to_integral_value(ROUND_CEILING) - 1 for bound in (bounds.below,) if bound is not None]
    return {**({"min": int(max(least))} if least else {}), **({"max": int(min(most))} if most else {})}


def _limits(
    least: Decimal | None, above: Decimal | None, most: Decimal | None, below: Decimal | None
) -> dict[str, Any]:
    """Return bounds as keys of a field; of an inclusive and an exclusive one, only the narrower."""
    if least is not None and above is not None:
        least, above = (least, None) if least > above else (None, above)
    if most is not None and below is not None:
        most, below = (most, None) if most < below else (None, below)
    named = {"min": least, "above": above, "max": most, "below": below}
    return {key: _written(bound) for key, bound in named.items() if bound is not None}


def _written(bound: Decimal) -> int | str:
    return int(bound) if bound == bound.to_integral_value() else f"{bound:f}"


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    number = Decimal(repr(value))
    return number if number.is_finite() else None


def _count(value: object) -> int | None:
    """Return a length or a number of items, which some generators write as 3.0; None for anything else."""
    number = _number(value)
    return int(number) if number is not None and 0 <= number <= _MAX_COUNT and number == int(number) else None


_MAX_COUNT = 10**9


def _note_unsupported(document: OpenApiDocument, flat: FlatSchema, kind: str) -> None:
    for word in _UNSUPPORTED[kind]:
        if flat.schema.get(word) not in {None, False}:
            document.add_note(flat.at, f"says {word}, which is not checked")


def _object(document: OpenApiDocument, flat: FlatSchema) -> ValueType:
    values = flat.schema.get("additionalProperties")
    if isinstance(values, Mapping) and values:
        document.add_note(
            extend_pointer(flat.at, "additionalProperties"), "describes the values of all keys; not checked"
        )
    return ValueType("object", {})


_READERS: Mapping[str, Callable[[OpenApiDocument, FlatSchema], ValueType]] = {
    "string": _text,
    "integer": _integer,
    "number": _number_value,
    "boolean": lambda *_: ValueType("boolean", {}),
    "object": _object,
}

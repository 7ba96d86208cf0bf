"""Turns the schema of a single value into the words of the rule language: a type and its limits."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from premigrate.tenant.document import Document
from premigrate.tenant.merge_allof import Flat

_DECIMAL = re.compile(r"\^\[?-?\]?\??\\d\{0,(\d{1,4})\}\(\?:\\\.\\d\{0,(\d{1,4})\}\)\?\$")
"""What the framework's documents write for a decimal: whole digits, and places."""

_STEP = re.compile(r"0\.(0*1)")
_TEXT_FORMATS = {"email": "email", "date": "date", "date-time": "datetime", "decimal": "decimal"}
_FREE = {"", "password", "string"}
_UNSAID = {
    "string": ("minLength", "contentEncoding", "contentMediaType"),
    "decimal": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    "integer": ("multipleOf",),
    "list": ("maxItems", "uniqueItems"),
}
"""What the rule language has no word for, by type."""


class Value(NamedTuple):
    """A type of the rule language, and the keys of a field that limit it."""

    kind: str
    said: dict[str, Any]


def read_value(document: Document, flat: Flat) -> Value:
    """Read the schema of a single value; what can't be said of it is noted."""
    schema = flat.schema
    if "const" in schema:
        schema = {**schema, "enum": [schema["const"]]}
    if isinstance(schema.get("enum"), list):
        return _choice(document, flat, schema["enum"])
    kind = schema.get("type")
    if isinstance(kind, list):
        if set(kinds := list(map(str, kind))) == {"integer", "number"}:
            return _number_value(document, flat)
        document.note(flat.at, f"may be {' or '.join(kinds)}; taken as anything")
        return Value("json", {})
    read = _READERS.get(str(kind))
    return read(document, flat) if read else Value("json", {})


def _choice(document: Document, flat: Flat, choices: list[Any]) -> Value:
    texts = list(dict.fromkeys(_as_text(choice) for choice in choices))
    filled = [text for text in texts if text]
    blank = {"blank": True} if "" in texts else {}
    if not filled:
        document.note(flat.at, "gives no choices; taken as open")
        return Value("choice", {"open": True, **blank})
    return Value("choice", {"choices": filled, **blank})


def _as_text(choice: object) -> str:
    return choice if isinstance(choice, str) else str(choice)


def _text(document: Document, flat: Flat) -> Value:
    schema = flat.schema
    form, pattern = schema.get("format"), schema.get("pattern")
    if form == "decimal" or (form is None and isinstance(pattern, str) and _DECIMAL.fullmatch(pattern)):
        return _decimal(document, flat, _digits(document, flat))
    kind = _TEXT_FORMATS.get(str(form), "string")
    if kind == "string" and str(form or "") not in _FREE:
        document.note(flat.at, f"has the format {form}, which is not checked")
    if pattern is not None:
        document.note(flat.at, f"has the pattern {pattern}, which is not checked")
    if kind in {"date", "datetime"}:
        return Value(kind, {})
    least = _number(schema.get("minLength"))
    if least is not None and least > 1:
        _note_unsaid(document, flat, "string")
    most = _number(schema.get("maxLength"))
    longest = {"max_length": most} if most and most > 0 else {}
    return Value(kind, {**longest, **({"blank": False} if least else {})})


def _digits(document: Document, flat: Flat) -> dict[str, Any]:
    pattern = flat.schema.get("pattern")
    if pattern is None:
        return {}
    match = _DECIMAL.fullmatch(str(pattern))
    if match is None:
        document.note(flat.at, f"has the pattern {pattern}, which is not checked")
        return {}
    whole, places = int(match[1]), int(match[2])
    if not places:
        return {}
    return {"max_digits": whole + places, "decimal_places": places}


def _places_of(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Read how many places a number has from the step it comes in: 0.01 for two."""
    match = _STEP.fullmatch(f"{schema['multipleOf']:f}".rstrip("0")) if _is_step(schema) else None
    return {"decimal_places": len(match[1])} if match else {}


def _is_step(schema: Mapping[str, Any]) -> bool:
    return isinstance(schema.get("multipleOf"), float)


def _integer(document: Document, flat: Flat) -> Value:
    _note_unsaid(document, flat, "integer")
    return Value("integer", _bounds(flat.schema))


def _number_value(document: Document, flat: Flat) -> Value:
    return _decimal(document, flat, _places_of(flat.schema))


def _decimal(document: Document, flat: Flat, said: dict[str, Any]) -> Value:
    _note_unsaid(document, flat, "decimal")
    return Value("decimal", said)


def _bounds(schema: Mapping[str, Any]) -> dict[str, Any]:
    least, most = _number(schema.get("minimum")), _number(schema.get("maximum"))
    over, under = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if over is True:  # as 3.0 has it; in 3.1 it is the bound itself
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


def _note_unsaid(document: Document, flat: Flat, kind: str) -> None:
    for word in _UNSAID[kind]:
        if word in flat.schema:
            document.note(flat.at, f"says {word}, which is not checked")


def note_unsaid_of_list(document: Document, flat: Flat) -> None:
    """Note what a list demands of itself that the rule language can't say."""
    _note_unsaid(document, flat, "list")


_READERS: Mapping[str, Callable[[Document, Flat], Value]] = {
    "string": _text,
    "integer": _integer,
    "number": _number_value,
    "boolean": lambda *_: Value("boolean", {}),
    "object": lambda *_: Value("object", {}),
}

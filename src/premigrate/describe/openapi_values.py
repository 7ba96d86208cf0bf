"""Converts the single values of a ruleset to the types that generated clients send, for OpenAPI.

Unlike the JSON Schema, which accepts all that the API accepts, these have one type each: a text is not a number, and an
integer is not a text. Only a decimal may be either, since payloads write it in both ways.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from premigrate.describe.json_schema_values import Schema, number_bounds, portable_patterns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from premigrate.ruleset.model.fields import FieldSpec

DECIMAL = "Decimal"
"""The name of the component for decimals; one for all, since generators make a class for each pair of types."""
DECIMAL_SCHEMA: Schema = {
    "description": "A decimal number: a text, which keeps it exact, or a number.",
    "anyOf": [{"type": "string"}, {"type": "number"}],
}


def typed_value(kind: str, field: FieldSpec, choices: Iterable[str] | None) -> Schema:
    """Return the schema of a single value, which is not null; ``choices`` are those of a closed choice."""
    if kind == "choice" and choices is not None:
        return {"type": "string", "enum": list(dict.fromkeys([*choices, *([""] if field.blank else [])]))}
    return _KINDS[kind](field)


def _text(field: FieldSpec) -> Schema:
    least = None if field.accepts_blank else field.min_length or 1
    limits = {"minLength": least, "maxLength": field.max_length, "pattern": portable_patterns(field)}
    return {"type": "string", **{key: limit for key, limit in limits.items() if limit}}


_KINDS: Mapping[str, Callable[[FieldSpec], Schema]] = {
    "string": _text,
    "email": _text,
    "choice": _text,
    "date": lambda _: {"type": "string", "format": "date"},
    "datetime": lambda _: {"type": "string"},  # no format, since the API also takes a day, or a time without a zone
    "decimal": lambda _: {"$ref": f"#/components/schemas/{DECIMAL}"},
    "integer": lambda field: {"type": "integer", **number_bounds(field)},
    "boolean": lambda _: {"type": "boolean"},
    "json": lambda _: {},
    "object": lambda _: {"type": "object", "additionalProperties": True},
}

"""Merges the keywords of two schemas that both apply, and finds null in the notations of OpenAPI 3.0 and 3.1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from premigrate.tenant.document.flatten import FlatSchema
    from premigrate.tenant.document.openapi_document import OpenApiDocument

VALIDATORS_KEY = "x-validators"

_LISTS = ("required", VALIDATORS_KEY)
_LEAST = ("maxLength", "maximum", "exclusiveMaximum", "maxItems")
_MOST = ("minLength", "minimum", "exclusiveMinimum", "minItems")


def merge_keywords(part: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keywords of a schema with those of a part of its allOf.

    Fields and validations of both are kept, and of two limits the narrower one; otherwise the schema's own keywords
    replace those of the part.
    """
    merged = {**part, **own}
    for word in _LISTS:
        if word in part or word in own:
            merged[word] = [*list_of(part.get(word)), *list_of(own.get(word))]
    for word, pick in (*((word, min) for word in _LEAST), *((word, max) for word in _MOST)):
        if _is_number(part.get(word)) and _is_number(own.get(word)):
            merged[word] = pick(part[word], own[word])
    if isinstance(part.get("enum"), list) and isinstance(own.get("enum"), list):
        merged["enum"] = [choice for choice in part["enum"] if choice in own["enum"]] or own["enum"]
    properties, others = mapping_of(own.get("properties")), mapping_of(part.get("properties"))
    if properties or others:
        both = {key: {"allOf": [others[key], properties[key]]} for key in others if key in properties}
        merged["properties"] = {**others, **properties, **_differing(both, others, properties)}
    return merged


def _differing(both: dict[Any, Any], others: Mapping[Any, Any], properties: Mapping[Any, Any]) -> dict[Any, Any]:
    """Return the fields that two schemas declare differently; both declarations apply."""
    return {key: schema for key, schema in both.items() if others[key] != properties[key]}


def split_null(document: OpenApiDocument, flat: FlatSchema) -> FlatSchema:
    """Move null from ``nullable``, ``type``, ``const`` and ``enum`` of a schema to `FlatSchema.nullable`."""
    schema = dict(flat.schema)
    nullable = flat.nullable or schema.pop("nullable", False) is True
    if "const" in schema and "enum" not in schema:
        schema["enum"] = [schema.pop("const")]
    kinds = schema.get("type")
    if kinds == "null":
        nullable = True
    elif isinstance(kinds, list) and "null" in kinds:
        nullable = True
        left = [kind for kind in kinds if kind != "null"]
        schema["type"] = left[0] if len(left) == 1 else left or "null"
    elif isinstance(kinds, list) and len(kinds) == 1:
        schema["type"] = kinds[0]
    choices = schema.get("enum")
    if isinstance(choices, list) and None in choices:
        nullable = True
        schema["enum"] = [choice for choice in choices if choice is not None]
    elif choices is not None and not isinstance(choices, list):
        document.add_note(flat.at, "has choices that are not a list; omitted")
        del schema["enum"]
    return flat._replace(schema=schema, nullable=nullable)


def mapping_of(value: object) -> Mapping[str, Any]:
    """Return a mapping, or an empty one for any other value."""
    return value if isinstance(value, Mapping) else {}


def list_of(value: object) -> list[Any]:
    """Return a list, or an empty one for any other value."""
    return value if isinstance(value, list) else []


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

"""Merges allOf into one schema, and reduces oneOf and anyOf whose alternatives are only null or choices."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from premigrate.tenant.openapi_document import OpenApiDocument, ResolvedSchema, extend_pointer

_MAX_DEPTH = 20
"""Nesting of allOf, oneOf and anyOf that counts as circular."""

VALIDATORS_KEY = "x-validators"


class FlatSchema(NamedTuple):
    """A schema without allOf.

    ``alternatives`` are the remaining alternatives of oneOf or anyOf, and ``discriminator`` is the Discriminator Object
    of OpenAPI that selects one of them.
    """

    schema: dict[str, Any]
    at: str
    name: str = ""
    nullable: bool = False
    alternatives: tuple["FlatSchema", ...] = ()
    discriminator: Mapping[str, Any] | None = None


def flatten(document: OpenApiDocument, schema: object, at: str, depth: int = 0) -> FlatSchema | None:
    """Resolve and merge a schema; return None and add a note if that is not possible."""
    found = document.resolve(schema, at)
    if found is None:
        return None
    if depth > _MAX_DEPTH:
        document.add_note(found.at, "consists of itself; left as it is in the rules")
        return None
    flat = FlatSchema({key: value for key, value in found.schema.items() if key != "allOf"}, found.at, found.name)
    for part in _parts(document, found, "allOf", depth):
        flat = _merge(flat, part)
    return _reduce_alternatives(document, _without_null(flat), depth)


def is_object(flat: FlatSchema) -> bool:
    """Return whether a schema, or each of its alternatives, is an object with named properties."""
    if flat.alternatives:
        return all(is_object(option) for option in flat.alternatives)
    return bool(_mapping(flat.schema.get("properties"))) and flat.schema.get("type", "object") == "object"


def _parts(document: OpenApiDocument, found: ResolvedSchema, word: str, depth: int) -> Iterator[FlatSchema]:
    parts = found.schema.get(word, ())
    if not isinstance(parts, list | tuple):
        document.add_note(extend_pointer(found.at, word), "is no list; left out")
        return
    for position, part in enumerate(parts):
        if flat := flatten(document, part, extend_pointer(found.at, word, str(position)), depth + 1):
            yield flat


def _merge(whole: FlatSchema, part: FlatSchema) -> FlatSchema:
    """Merge a part of allOf into a schema, whose own keywords win. Without properties or name, it becomes the part."""
    own = whole.schema
    added = {
        **part.schema,
        **own,
        "properties": {**_mapping(part.schema.get("properties")), **_mapping(own.get("properties"))},
        "required": [*_list(part.schema.get("required")), *_list(own.get("required"))],
        VALIDATORS_KEY: [*_list(part.schema.get(VALIDATORS_KEY)), *_list(own.get(VALIDATORS_KEY))],
    }
    schema = {
        key: value for key, value in added.items() if value or key not in {"properties", "required", VALIDATORS_KEY}
    }
    has_own_fields = bool(_mapping(own.get("properties")))
    at, named = (whole.at, whole.name) if has_own_fields or whole.name else (part.at, part.name)
    nullable = "nullable" not in own and part.nullable and not has_own_fields
    return FlatSchema(
        schema, at, named, nullable, whole.alternatives or part.alternatives, whole.discriminator or part.discriminator
    )


def _without_null(flat: FlatSchema) -> FlatSchema:
    """Move null from the type and the choices to ``nullable``, as OpenAPI 3.0 and 3.1 write it."""
    schema = dict(flat.schema)
    nullable = flat.nullable or schema.pop("nullable", False) is True
    if isinstance(kinds := schema.get("type"), list):
        nullable |= "null" in kinds
        left = [kind for kind in kinds if kind != "null"]
        schema["type"] = left[0] if len(left) == 1 else left
    if isinstance(choices := schema.get("enum"), list) and None in choices:
        nullable = True
        schema["enum"] = [choice for choice in choices if choice is not None]
    return flat._replace(schema=schema, nullable=nullable)


def _reduce_alternatives(document: OpenApiDocument, flat: FlatSchema, depth: int) -> FlatSchema:
    """Reduce oneOf or anyOf: remove null, and merge a single alternative or the choices of several."""
    word = next((word for word in ("oneOf", "anyOf") if word in flat.schema), "")
    if not word:
        return flat
    found = ResolvedSchema(flat.schema, flat.at)
    own = {key: value for key, value in flat.schema.items() if key not in {"oneOf", "anyOf", "discriminator"}}
    options = list(_parts(document, found, word, depth))
    nullable = flat.nullable or any(option.nullable or _is_null(option) for option in options)
    left = [option for option in options if not _is_null(option)]
    base = flat._replace(schema=own, nullable=nullable)
    discriminator = flat.schema.get("discriminator")
    if len(left) == 1 and not isinstance(discriminator, Mapping):
        return _merge(base, left[0])._replace(nullable=nullable)
    if left and all(isinstance(option.schema.get("enum"), list) for option in left):
        return base._replace(schema={**own, "type": "string", "enum": _all_choices(left)})
    selector = discriminator if isinstance(discriminator, Mapping) else None
    return base._replace(alternatives=tuple(left), discriminator=selector)


def _all_choices(options: list[FlatSchema]) -> list[Any]:
    return list({str(choice): choice for option in options for choice in option.schema["enum"]}.values())


def _is_null(option: FlatSchema) -> bool:
    """Return whether an alternative is only null."""
    schema = option.schema
    return schema.get("type") in {"null"} if isinstance(schema.get("type"), str) else schema.get("enum") == []


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []

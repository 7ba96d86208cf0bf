"""Reduces a schema to one without allOf: its own keywords, whether it may be null, and its alternatives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from premigrate.tenant.document.merge_keywords import list_of, mapping_of, merge_keywords, split_null
from premigrate.tenant.document.openapi_document import OpenApiDocument, ResolvedSchema, Schema, extend_pointer

_MAX_DEPTH = 20
"""Nesting of allOf, oneOf and anyOf that counts as circular."""

_CHOICES = ("oneOf", "anyOf")
_HANDLED = {"allOf", "discriminator", *_CHOICES}


class FlatSchema(NamedTuple):
    """A schema without allOf, oneOf and anyOf.

    Attributes:
        schema: the remaining keywords, including those of all parts of allOf.
        at: the JSON pointer.
        name: the last segment of the reference to the schema, if any.
        nullable: whether null is valid.
        alternatives: the alternatives of oneOf or anyOf, if there are several; each includes ``schema``.
        discriminator: the Discriminator Object of OpenAPI that selects an alternative.
        also_at: the pointers of the schemas that were merged into this one.

    """

    schema: dict[str, Any]
    at: str
    name: str = ""
    nullable: bool = False
    alternatives: tuple[FlatSchema, ...] = ()
    discriminator: Mapping[str, Any] | None = None
    also_at: frozenset[str] = frozenset()


class _Part(NamedTuple):
    """A schema whose allOf is merged; ``choices`` are its alternatives, not reduced yet, with their pointers."""

    flat: FlatSchema
    choices: tuple[tuple[object, str], ...] = ()


class Flattener:
    """Flattens the schemas of a document, each once."""

    def __init__(self, document: OpenApiDocument) -> None:
        self._document = document
        self._flat: dict[str, tuple[Schema, FlatSchema | None]] = {}
        self._parts: dict[str, tuple[Schema, _Part | None]] = {}
        self._merging: list[str] = []
        self._reducing: list[str] = []

    def flatten(self, schema: object, at: str) -> FlatSchema | None:
        """Resolve and merge a schema; return None and add a note if that is not possible."""
        found = self._document.resolve(schema, at)
        if found is None:
            return None
        source, flat = self._flat.get(found.at, (None, None))
        if source is not found.schema:
            if found.at in self._reducing or len(self._reducing) > _MAX_DEPTH:
                self._document.add_note(found.at, "consists of itself; left as it is in the rules")
                return None
            self._reducing.append(found.at)
            part = self._part(found)
            flat = self._reduce(part) if part else None
            self._reducing.pop()
            self._flat[found.at] = found.schema, flat
        return flat._replace(name=found.name) if flat and found.name and flat.at == found.at else flat

    def _part(self, found: ResolvedSchema) -> _Part | None:
        """Merge allOf into a schema, and list the alternatives."""
        source, part = self._parts.get(found.at, (None, None))
        if source is found.schema:
            return part
        if found.at in self._merging or len(self._merging) > _MAX_DEPTH:
            self._document.add_note(found.at, "consists of itself; left as it is in the rules")
            return None
        self._merging.append(found.at)
        own = {key: value for key, value in found.schema.items() if key not in _HANDLED}
        discriminator = found.schema.get("discriminator")
        selector = discriminator if isinstance(discriminator, Mapping) else None
        flat = FlatSchema(own, found.at, found.name, discriminator=selector, also_at=frozenset({found.at}))
        part = _Part(split_null(self._document, flat), tuple(self._choices(found, selector)))
        for inner in self._all_of(found):
            part = self._merge(part, inner)
        self._merging.pop()
        self._parts[found.at] = found.schema, part
        return part

    def _all_of(self, found: ResolvedSchema) -> Iterator[_Part]:
        for schema, at in self._listed(found, "allOf"):
            resolved = self._document.resolve(schema, at)
            if resolved and (part := self._part(resolved)):
                yield part

    def _listed(self, found: ResolvedSchema, word: str) -> Iterator[tuple[object, str]]:
        schemas = found.schema.get(word, ())
        if not isinstance(schemas, list | tuple):
            self._document.add_note(extend_pointer(found.at, word), "is not a list; omitted")
            return
        for position, schema in enumerate(schemas):
            yield schema, extend_pointer(found.at, word, str(position))

    def _choices(self, found: ResolvedSchema, discriminator: Mapping[str, Any] | None) -> Iterator[tuple[object, str]]:
        """Yield the alternatives of oneOf or anyOf; without them, the schemas that a discriminator selects."""
        words = [word for word in _CHOICES if word in found.schema]
        if len(words) > 1:
            self._document.add_note(found.at, "has oneOf and anyOf; anyOf is not checked")
        if words:
            yield from self._listed(found, words[0])
        elif discriminator:
            mapped = mapping_of(discriminator.get("mapping")).values()
            targets = dict.fromkeys([*map(schema_reference, mapped), *self._document.children_of(found.at)])
            for target in targets:
                yield {"$ref": target}, extend_pointer(found.at, "discriminator")

    def _merge(self, whole: _Part, part: _Part) -> _Part:
        """Merge a part of allOf into a schema, whose own keywords win. Without fields or name, it becomes the part.

        A part that has the schema itself among its alternatives contributes its own keywords only: the schema is one
        of its kinds.
        """
        flat, other = whole.flat, part.flat
        has_own_fields = bool(mapping_of(flat.schema.get("properties")))
        at, named = (flat.at, flat.name) if has_own_fields or flat.name else (other.at, other.name)
        nullable = flat.nullable or ("nullable" not in flat.schema and other.nullable and not has_own_fields)
        merged = flat._replace(
            schema=merge_keywords(other.schema, flat.schema),
            at=at,
            name=named,
            nullable=nullable,
            also_at=flat.also_at | other.also_at,
        )
        choices = part.choices if not self._selects(part, merged.also_at) else ()
        if whole.choices and choices:
            self._document.add_note(flat.at, "combines several choices of kinds; only the first is checked")
        if choices and not whole.choices:
            return _Part(merged._replace(discriminator=other.discriminator), choices)
        return _Part(merged, whole.choices)

    def _selects(self, part: _Part, pointers: frozenset[str]) -> bool:
        """Return whether the schema at one of the pointers is among the alternatives of a part."""
        if not part.choices:
            return False
        own = pointers - part.flat.also_at
        resolved = (self._document.resolve(schema, at) for schema, at in part.choices)
        return any(each is not None and each.at in own for each in resolved)

    def _reduce(self, part: _Part) -> FlatSchema:
        """Reduce oneOf or anyOf: remove null, and merge a single alternative or the choices of several."""
        base = part.flat
        if not part.choices:
            return base
        options = [flat for schema, at in part.choices if (flat := self.flatten(schema, at))]
        nullable = base.nullable or any(option.nullable for option in options)
        left = [option for option in options if not _is_null(option)]
        base = base._replace(nullable=nullable)
        if left and not any(_has_content(option) for option in left):
            self._document.add_note(base.at, "requires some of its fields with oneOf or anyOf, which is not checked")
            return base._replace(discriminator=None)
        if len(left) == 1 and base.discriminator is None:
            only = self._merge(_Part(base), _Part(left[0])).flat
            return only._replace(
                nullable=nullable, alternatives=left[0].alternatives, discriminator=left[0].discriminator
            )
        if left and all(isinstance(option.schema.get("enum"), list) for option in left):
            return base._replace(schema={"type": "string", **base.schema, "enum": _all_choices(left)})
        if mapping_of(base.schema.get("properties")):
            left = [_with_base(option, base, position) for position, option in enumerate(left)]
        return base._replace(alternatives=tuple(left))


def _with_base(option: FlatSchema, base: FlatSchema, position: int) -> FlatSchema:
    """Return an alternative with the fields that stand beside oneOf or anyOf."""
    if base.at in option.also_at:
        return option
    own = {key: value for key, value in base.schema.items() if key in {"properties", "required"}}
    at = extend_pointer(base.at, "oneOf", str(position))
    return option._replace(schema=merge_keywords(own, option.schema), at=at, also_at=option.also_at | {at})


def is_object(flat: FlatSchema) -> bool:
    """Return whether a schema, or each of its alternatives, is an object with named properties."""
    if flat.alternatives:
        return all(is_object(option) for option in flat.alternatives)
    return bool(mapping_of(flat.schema.get("properties"))) and flat.schema.get("type", "object") == "object"


def schema_reference(target: object) -> str:
    """Return the reference to a schema that a mapping of a discriminator names: a reference, or only a name."""
    text = str(target)
    return text if text.startswith("#") else f"#/components/schemas/{text.rpartition('/')[2].partition('.')[0]}"


def _has_content(option: FlatSchema) -> bool:
    """Return whether an alternative states more than which fields are required."""
    return bool(option.alternatives) or bool(option.schema.keys() - {"required", "title", "description", "not"})


def _all_choices(options: list[FlatSchema]) -> list[Any]:
    return list({str(choice): choice for option in options for choice in list_of(option.schema["enum"])}.values())


def _is_null(option: FlatSchema) -> bool:
    """Return whether an alternative is only null."""
    schema = option.schema
    return option.nullable and (schema.get("type") == "null" or schema.get("enum") == [])

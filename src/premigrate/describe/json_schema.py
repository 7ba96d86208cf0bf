"""Turns the objects of a rulebook into a JSON Schema of the account payload, for editors and other tools.

The schema accepts whatever the framework's checks of single fields accept, and as little more as JSON Schema can say.
The rules between fields are not in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from premigrate.describe.json_schema_values import Schema, or_null, value_schema, written_alike

if TYPE_CHECKING:
    from collections.abc import Mapping

    from premigrate.ruleset.model.fields import Field, ObjectSpec
    from premigrate.ruleset.model.ruleset import Rulebook

# The grammar of rule files is imported where it is needed: help names the drafts and needs no more.

Draft: TypeAlias = Literal["2020-12", "7"]

WRAPPER = "payload"


@dataclass(frozen=True, slots=True)
class _Dialect:
    """What differs between the drafts, as far as it is used here."""

    uri: str
    definitions: str
    has_deprecated: bool


_DIALECTS: Mapping[Draft, _Dialect] = {
    "2020-12": _Dialect("https://json-schema.org/draft/2020-12/schema", "$defs", has_deprecated=True),
    "7": _Dialect("http://json-schema.org/draft-07/schema#", "definitions", has_deprecated=False),
}
DRAFTS: tuple[Draft, ...] = tuple(_DIALECTS)
"""The drafts of JSON Schema there is a schema in, the usual one first."""


def render_schema(book: Rulebook, draft: Draft = "2020-12") -> Schema:
    """Write the schema of one account of a market, bare or wrapped in an object with the key ``payload``.

    An object with fields of the account is the account itself, whatever else it holds.
    """
    dialect = _DIALECTS[draft]
    writer = _Writer(book, dialect)
    account = writer.object(book.root)
    is_wrapped = {"required": [WRAPPER], "propertyNames": {"not": {"enum": list(book.objects[book.root].fields)}}}
    return {
        "$schema": dialect.uri,
        "title": f"Account payload ({book.title})",
        "type": "object",
        "if": is_wrapped,
        "then": {"properties": {WRAPPER: {"type": "object", **account}}},
        "else": account,
        dialect.definitions: writer.definitions,
    }


class _Writer:
    """Writes the objects of one market, each once; ``definitions`` fills with them."""

    def __init__(self, book: Rulebook, dialect: _Dialect) -> None:
        self.definitions: dict[str, Schema] = {}
        self._book, self._dialect = book, dialect

    def object(self, name: str) -> Schema:
        """Refer to what is inside of an object; that it is one is said where it stands, along with null if need be."""
        if name not in self.definitions:
            spec = self._book.objects[name]
            self.definitions[name] = {}  # keeps its place: what an object holds comes after it
            self.definitions[name] = self._select(name, spec) if spec.select else self._plain(spec, spec.fields)
        return self._refer(name)

    def _refer(self, name: str) -> Schema:
        return {"allOf": [{"$ref": f"#/{self._dialect.definitions}/{name}"}]}  # draft 7 ignores what is beside a $ref

    def _plain(self, spec: ObjectSpec, fields: Mapping[str, Field]) -> Schema:
        required = [key for key, field in fields.items() if field.required]
        return {
            "description": spec.about,
            **({"required": required} if required else {}),
            "properties": {key: self._field(field) for key, field in fields.items()},
        }

    def _select(self, name: str, spec: ObjectSpec) -> Schema:
        """Write an object with variants: its key first, and what each choice of that brings with it."""
        from premigrate.ruleset.model.fields import Field

        key = str(spec.select)
        field = Field(type="choice", required=True, choices=tuple(spec.variants))
        cases = []
        for value, variant in spec.variants.items():
            own = self._book.objects[variant]
            full_name = f"{name}.{variant}"  # an object may well be used alone, too, and hold less there
            self.definitions.setdefault(full_name, self._plain(own, {**spec.fields, **own.fields}))
            chosen = {"required": [key], "properties": {key: {"enum": written_alike([value])}}}
            cases.append({"if": chosen, "then": self._refer(full_name)})
        return {**self._plain(spec, {key: field}), "allOf": cases}

    def _field(self, field: Field) -> Schema:
        return {**self._said_of(field), **or_null(self._value(field), nullable=bool(field.nullable))}

    def _said_of(self, field: Field) -> Schema:
        instead = f"Deprecated; use {field.deprecated} instead." if isinstance(field.deprecated, str) else "Deprecated."
        is_deprecated = field.deprecated not in {None, False}
        text = " ".join(filter(None, [instead if is_deprecated else None, field.note]))
        marks = {"deprecated": True} if is_deprecated and self._dialect.has_deprecated else {}
        return {**({"description": text} if text else {}), **marks}

    def _value(self, field: Field) -> Schema:
        from premigrate.ruleset.model.fields import SCALARS

        if field.object:
            return self._nested(field.object)
        if not field.list:
            return self._leaf(field.type or "", field)
        item = self._leaf(field.list, field) if field.list in SCALARS else self._nested(field.list)
        least = {"minItems": field.min_items} if field.min_items else {}
        return {"type": ["array"], **least, "items": or_null(item, nullable=False)}

    def _nested(self, name: str) -> Schema:
        return {"type": ["object"], **self.object(name)}

    def _leaf(self, kind: str, field: Field) -> Schema:
        listed = self._book.lists[field.listed] if field.listed else None
        if listed and listed.values is not None:
            return value_schema(kind, field, [row[0] for row in listed.rows()])
        return value_schema(kind, field, None if field.open else field.choices or ())

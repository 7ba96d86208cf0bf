"""Converts the schemas of a document to objects and fields of the rule language."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from premigrate.tenant.document.flatten import FlatSchema, Flattener, is_object
from premigrate.tenant.document.kinds import Kinds, find_kinds
from premigrate.tenant.document.learned import LearnedField, LearnedObject, read_description, read_validations
from premigrate.tenant.document.merge_keywords import list_of, mapping_of
from premigrate.tenant.document.openapi_document import OpenApiDocument, extend_pointer
from premigrate.tenant.document.schema_values import convert_items_count, convert_value
from premigrate.tenant.document.unite_fields import differing_keys, unite, unite_fields

_MAX_DEPTH = 28
"""How deep objects may be nested, their kinds counted; an account has fewer than ten levels."""
_NAME = re.compile("[a-z][a-z0-9_]*", re.ASCII)


class SchemaConverter:
    """Converts the objects of a document, each once; ``objects`` holds them by pointer."""

    def __init__(self, document: OpenApiDocument, flattener: Flattener) -> None:
        self.objects: dict[str, LearnedObject] = {}
        self._document, self._flattener = document, flattener
        self._open: list[str] = []

    def convert_account(self, schema: object, at: str) -> LearnedObject | None:
        """Convert the account; None if its schema is not an object."""
        flat = self._flattener.flatten(schema, at)
        return self.objects[self._object(flat)] if flat and is_object(flat) else None

    def _field(self, schema: object, at: str, *, required: bool) -> LearnedField:
        flat = self._flattener.flatten(schema, at)
        if flat is None:
            return LearnedField(at, required=required, is_known=False)
        own = schema if isinstance(schema, Mapping) else {}
        validations = read_validations(self._document, own, at)
        made = self._value(flat, at)
        constraints = {**made.constraints, **({"nullable": True} if flat.nullable else {}), **_deprecation(flat.schema)}
        if not validations and (made.is_list or not made.object_at):  # those of a single object belong to the object
            validations = read_validations(self._document, flat.schema, flat.at)
        return replace(
            made,
            at=at,
            required=required,
            constraints=constraints,
            validations=validations,
            default=flat.schema.get("default"),
            about=read_description(flat.schema),
        )

    def _value(self, flat: FlatSchema, at: str) -> LearnedField:
        if is_object(flat):
            return self._nested(flat, at)
        if flat.alternatives:
            return self._alternatives(flat, at)
        if flat.schema.get("type") == "array":
            return self._list(flat)
        value = convert_value(self._document, flat)
        return LearnedField(at, value.kind, constraints=value.constraints)

    def _alternatives(self, flat: FlatSchema, at: str) -> LearnedField:
        """Convert a value that may be of several types: to one that takes what either takes."""
        options = [self._value(option, option.at) for option in flat.alternatives]
        united = options[0]
        for other in options[1:]:
            united = unite(united, other)
        if any(unite(united, option) != united or not _says_same(option, united) for option in options):
            kind = "anything" if united.kind == "json" else f"any {united.kind}"
            self._document.add_note(flat.at, f"may have several types or limits; treated as {kind}")
        return replace(united, at=at)

    def _list(self, flat: FlatSchema) -> LearnedField:
        items = self._items(flat)
        constraints = {**items.constraints, **convert_items_count(self._document, flat)}
        return LearnedField(
            flat.at, items.kind, items.object_at, is_list=True, constraints=constraints, is_known=items.is_known
        )

    def _items(self, flat: FlatSchema) -> LearnedField:
        at = extend_pointer(flat.at, "items")
        if flat.schema.get("items", True) is True:
            return LearnedField(at)
        inner = self._flattener.flatten(flat.schema["items"], at)
        if inner is None:
            return LearnedField(at, is_known=False)
        if inner.schema.get("type") == "array":
            self._document.add_note(inner.at, "is a list in a list; its items are not checked")
            return LearnedField(at, constraints={"nullable_items": True})
        made = self._value(inner, at)
        nullable = {"nullable_items": True} if inner.nullable or (made.kind == "json" and not made.object_at) else {}
        return replace(made, constraints={**made.constraints, **nullable})

    def _nested(self, flat: FlatSchema, at: str) -> LearnedField:
        if flat.at in self._open or len(self._open) >= _MAX_DEPTH:
            what = "part of itself" if flat.at in self._open else "nested too deeply"
            self._document.add_note(at, f"is {what}; any value is accepted from here on")
            return LearnedField(at)
        return LearnedField(at, "", self._object(flat))

    def _object(self, flat: FlatSchema) -> str:
        if flat.at not in self.objects:
            self._open.append(flat.at)
            self.objects[flat.at] = self._kinds(flat) if flat.alternatives else self._plain(flat)
            self._open.pop()
        return flat.at

    def _plain(self, flat: FlatSchema) -> LearnedObject:
        schema = flat.schema
        names = set(map(str, list_of(schema.get("required"))))
        fields = {}
        for key, inner in mapping_of(schema.get("properties")).items():
            at = extend_pointer(flat.at, "properties", str(key))
            if not _NAME.fullmatch(str(key)):
                self._document.add_note(at, "has a name that the rule language cannot express; omitted")
            elif not (isinstance(inner, Mapping) and inner.get("readOnly") is True):
                fields[str(key)] = self._field(inner, at, required=key in names)
        for name in names - {str(key) for key in mapping_of(schema.get("properties"))}:
            self._document.add_note(flat.at, f"requires {name}, which it does not declare; not checked")
        for word in ("not", "if", "dependentRequired", "dependentSchemas", "patternProperties", "minProperties"):
            if word in schema:
                self._document.add_note(flat.at, f"says {word}, which is not checked")
        validations = read_validations(self._document, schema, flat.at)
        others = schema.get("additionalProperties", False)
        if isinstance(others, Mapping) and others:
            self._document.add_note(
                extend_pointer(flat.at, "additionalProperties"), "describes the values of all other keys; not checked"
            )
        is_open = others is not False
        return LearnedObject(
            flat.at, flat.name, read_description(schema), fields, is_open=is_open, validations=validations
        )

    def _kinds(self, flat: FlatSchema) -> LearnedObject:
        """Convert an object with alternatives: to kinds if a text field distinguishes them, else to their union."""
        options = [self._object(option) for option in flat.alternatives]
        parts = [self.objects[at] for at in options]
        kinds = find_kinds(self._document, self._flattener, flat, self.objects)
        validations = read_validations(self._document, flat.schema, flat.at)
        made = LearnedObject(flat.at, flat.name, read_description(flat.schema), validations=validations)
        if kinds:
            return self._with_kinds(made, kinds)
        united = unite_fields([self._all_fields(part) for part in parts])
        self._note_union(flat, parts)
        validations = (*validations, *(each for part in parts for each in part.validations))
        return replace(made, fields=united, validations=validations, is_open=any(part.is_open for part in parts))

    def _with_kinds(self, made: LearnedObject, kinds: Kinds) -> LearnedObject:
        """Return an object with kinds; those of a kind with the same key are kinds of the object itself."""
        pointers: dict[str, str] = {}
        for value, at in kinds.pointers.items():
            inner = self.objects[at]
            pointers[value] = inner.kinds.get(value, at) if inner.select == kinds.key else at
        return replace(
            made,
            select=kinds.key,
            kinds=pointers,
            select_required=kinds.is_required,
            select_default=kinds.default,
            select_nullable=kinds.is_nullable,
        )

    def _note_union(self, flat: FlatSchema, parts: list[LearnedObject]) -> None:
        keys = differing_keys([self._all_fields(part) for part in parts])
        named = f": {', '.join(keys)}" if keys else ""
        self._document.add_note(
            flat.at, f"has several kinds that no field distinguishes; the fields of all kinds are accepted{named}"
        )

    def _all_fields(self, part: LearnedObject) -> Mapping[str, LearnedField]:
        if not part.select:
            return part.fields
        key = LearnedField(part.at, "choice", constraints={"choices": list(part.kinds)})
        return {
            part.select: key,
            **unite_fields([self._all_fields(self.objects[at]) for at in dict.fromkeys(part.kinds.values())]),
        }


def _says_same(option: LearnedField, united: LearnedField) -> bool:
    return (option.kind, option.constraints) == (united.kind, united.constraints)


def _deprecation(schema: Mapping[str, Any]) -> dict[str, Any]:
    instead = schema.get("x-use-instead")
    if schema.get("deprecated") is not True:
        return {}
    return {"deprecated": instead if isinstance(instead, str) and instead.strip() else True}

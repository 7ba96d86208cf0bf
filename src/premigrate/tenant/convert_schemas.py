"""Converts the schemas of a document to objects and fields of the rule language."""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from premigrate.tenant.merge_allof import VALIDATORS_KEY, FlatSchema, flatten, is_object
from premigrate.tenant.openapi_document import OpenApiDocument, extend_pointer
from premigrate.tenant.schema_values import convert_value, note_unsupported_list_keywords

_MAX_DEPTH = 40
"""Nesting of objects that counts as circular; an account has fewer than ten levels."""
_NAME = re.compile("[a-z][a-z0-9_]*", re.ASCII)
_TAG = re.compile(r"<[^>]*>")


class Validation(NamedTuple):
    """A documented validation (``x-validators``): its pointer, its name, and its possible error codes."""

    at: str
    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LearnedField:
    """A field of the type ``kind``, or with the object at the pointer ``object_at``; ``is_list`` means a list of those.

    ``constraints`` are further keys of the rule language. A field that is not ``is_known`` has no usable schema, and
    keeps the definition of the ruleset.
    """

    at: str
    kind: str = "json"
    object_at: str = ""
    is_list: bool = False
    required: bool = False
    constraints: Mapping[str, Any] = field(default_factory=dict)
    is_known: bool = True
    validations: tuple[Validation, ...] = ()


@dataclass(frozen=True, slots=True)
class LearnedObject:
    """An object. If ``select`` is set, the value of that field selects one of ``variants``, which are pointers."""

    at: str
    name: str = ""
    description: str = ""
    fields: Mapping[str, LearnedField] = field(default_factory=dict)
    select: str = ""
    variants: Mapping[str, str] = field(default_factory=dict)
    is_open: bool = False
    validations: tuple[Validation, ...] = ()


class SchemaConverter:
    """Converts the objects of a document, each once; ``objects`` holds them by pointer."""

    def __init__(self, document: OpenApiDocument) -> None:
        self.objects: dict[str, LearnedObject] = {}
        self._document = document
        self._open: list[str] = []

    def convert_account(self, schema: object, at: str) -> LearnedObject | None:
        """Convert the account; None if its schema is not an object."""
        flat = flatten(self._document, schema, at)
        return self.objects[self._object(flat)] if flat and is_object(flat) else None

    def _field(self, schema: object, at: str, *, required: bool) -> LearnedField:
        flat = flatten(self._document, schema, at)
        if flat is None:
            return LearnedField(at, required=required, is_known=False)
        validations = _validations(self._document, schema if isinstance(schema, Mapping) else {}, at)
        made = self._nested(flat, at) if is_object(flat) else self._list_or_value(flat, at)
        constraints = {**made.constraints, **({"nullable": True} if flat.nullable else {}), **_deprecation(flat.schema)}
        if not validations and (made.is_list or not made.object_at):  # those of a single object belong to the object
            validations = _validations(self._document, flat.schema, flat.at)
        return LearnedField(
            at, made.kind, made.object_at, made.is_list, required, constraints, made.is_known, validations
        )

    def _list_or_value(self, flat: FlatSchema, at: str) -> LearnedField:
        if flat.schema.get("type") != "array":
            if flat.alternatives:
                self._document.add_note(flat.at, "may be of several kinds; taken as anything")
                return LearnedField(at)
            value = convert_value(self._document, flat)
            return LearnedField(at, value.kind, constraints=value.constraints)
        note_unsupported_list_keywords(self._document, flat)
        least = flat.schema.get("minItems")
        items = self._items(flat)
        constraints = {**items.constraints, **({"min_items": least} if isinstance(least, int) and least > 0 else {})}
        return LearnedField(
            at, items.kind, items.object_at, is_list=True, constraints=constraints, is_known=items.is_known
        )

    def _items(self, flat: FlatSchema) -> LearnedField:
        at = extend_pointer(flat.at, "items")
        inner = flatten(self._document, flat.schema["items"], at) if "items" in flat.schema else None
        if inner is None:
            return LearnedField(at, is_known="items" not in flat.schema)
        if is_object(inner):
            return self._nested(inner, at)
        if inner.schema.get("type") == "array" or inner.alternatives:
            self._document.add_note(inner.at, "is in a list and of several values; taken as anything")
            return LearnedField(at)
        value = convert_value(self._document, inner)
        return LearnedField(at, value.kind, constraints=value.constraints)

    def _nested(self, flat: FlatSchema, at: str) -> LearnedField:
        if flat.at in self._open or len(self._open) > _MAX_DEPTH:
            self._document.add_note(at, "is within itself; taken as anything from here on")
            return LearnedField(at)
        return LearnedField(at, "", self._object(flat))

    def _object(self, flat: FlatSchema) -> str:
        if flat.at not in self.objects:
            self._open.append(flat.at)
            self.objects[flat.at] = self._variants(flat) if flat.alternatives else self._plain(flat)
            self._open.pop()
        return flat.at

    def _plain(self, flat: FlatSchema) -> LearnedObject:
        schema = flat.schema
        required = schema.get("required", ())
        names = set(map(str, required)) if isinstance(required, list | tuple) else set()
        fields = {}
        for key, inner in _properties(schema).items():
            at = extend_pointer(flat.at, "properties", str(key))
            if not _NAME.fullmatch(str(key)):
                self._document.add_note(at, "has a name that the rule language can't write; left out")
            elif not (isinstance(inner, Mapping) and inner.get("readOnly") is True):
                fields[str(key)] = self._field(inner, at, required=key in names)
        validations = _validations(self._document, schema, flat.at)
        is_open = bool(schema.get("additionalProperties"))
        return LearnedObject(flat.at, flat.name, _about(schema), fields, is_open=is_open, validations=validations)

    def _variants(self, flat: FlatSchema) -> LearnedObject:
        """Convert an object with alternatives: to variants if a text field selects them, else to the union of them."""
        options = [self._object(option) for option in flat.alternatives]
        key = str((flat.discriminator or {}).get("propertyName", ""))
        mapping = dict(self._mapping(flat, options)) if _NAME.fullmatch(key) else {}
        parts = [self.objects[at] for at in options]
        validations = _validations(self._document, flat.schema, flat.at)
        if mapping and all(key in self.objects[at].fields for at in mapping.values()) and _is_text(parts, key):
            return LearnedObject(
                flat.at, flat.name, _about(flat.schema), select=key, variants=mapping, validations=validations
            )
        self._document.add_note(
            flat.at, "is of several kinds that no text tells apart; each field of any kind is taken"
        )
        united = union_fields([part.fields for part in parts])
        validations = (*validations, *(each for part in parts for each in part.validations))
        return LearnedObject(flat.at, flat.name, _about(flat.schema), united, validations=validations)

    def _mapping(self, flat: FlatSchema, options: list[str]) -> Iterator[tuple[str, str]]:
        mapping = (flat.discriminator or {}).get("mapping")
        if not isinstance(mapping, Mapping):
            yield from ((option.name, at) for option, at in zip(flat.alternatives, options, strict=True) if option.name)
            return
        for value, reference in mapping.items():
            text = str(reference)
            target = text.removeprefix("#") if text.startswith("#") else f"/components/schemas/{text}"
            inner = flatten(
                self._document, {"$ref": f"#{target}"}, extend_pointer(flat.at, "discriminator", str(value))
            )
            if inner and inner.at in options:
                yield str(value), inner.at
            elif inner:
                self._document.add_note(flat.at, f"maps {value} to something that is not among its kinds; left out")


def union_fields(several: list[Mapping[str, LearnedField]]) -> dict[str, LearnedField]:
    """Return the union of the fields of several objects: what is valid for one of them is valid."""
    keys = dict.fromkeys(key for fields in several for key in fields)
    united = {}
    for key in keys:
        here = [fields[key] for fields in several if key in fields]
        made = here[0]
        for other in here[1:]:
            made = widen(made, other)
        required = made.required and len(here) == len(several)
        united[key] = LearnedField(
            made.at,
            made.kind,
            made.object_at,
            made.is_list,
            required,
            made.constraints,
            made.is_known,
            made.validations,
        )
    return united


def widen(one: LearnedField, other: LearnedField) -> LearnedField:
    """Return a field for which a value is valid if it is for either; of two different objects, the first is used."""
    validations = (*one.validations, *(each for each in other.validations if each not in one.validations))
    required, known = one.required and other.required, one.is_known and other.is_known
    is_alike = one.is_list == other.is_list and bool(one.object_at) == bool(other.object_at)
    if not is_alike or (not one.object_at and one.kind != other.kind):
        texts = {"string", "email", "choice"}
        kind = (
            "string"
            if {one.kind, other.kind} <= texts and not one.object_at and one.is_list == other.is_list
            else "json"
        )
        many = one.is_list and other.is_list
        nullable = {"nullable": True} if one.constraints.get("nullable") or other.constraints.get("nullable") else {}
        return LearnedField(one.at, kind, "", many, required, nullable, known, validations)
    constraints = {
        key: bound for key in one.constraints if (bound := _looser(key, one.constraints, other.constraints)) is not None
    }
    either = {key: True for key in ("nullable", "blank") if one.constraints.get(key) or other.constraints.get(key)}
    return LearnedField(
        one.at, one.kind, one.object_at, one.is_list, required, {**constraints, **either}, known, validations
    )


def _looser(key: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any value of a field key
    if key not in other:
        return None
    if key == "choices":
        return list(dict.fromkeys([*one[key], *other[key]]))
    if key in {"min", "min_items"}:
        return min(one[key], other[key])
    return max(one[key], other[key]) if isinstance(one[key], int) else one[key]


def _is_text(parts: list[LearnedObject], key: str) -> bool:
    return all(part.fields[key].kind in {"string", "choice"} for part in parts if key in part.fields)


def _properties(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    properties = schema.get("properties")
    return properties if isinstance(properties, Mapping) else {}


def _deprecation(schema: Mapping[str, Any]) -> dict[str, Any]:
    instead = schema.get("x-use-instead")
    if schema.get("deprecated") is not True:
        return {}
    return {"deprecated": instead if isinstance(instead, str) and instead.strip() else True}


def _about(schema: Mapping[str, Any]) -> str:
    text = schema.get("description")
    plain = html.unescape(_TAG.sub("", text)) if isinstance(text, str) else ""
    return " ".join(plain.split())


def _validations(document: OpenApiDocument, schema: Mapping[str, Any], at: str) -> tuple[Validation, ...]:
    validators = schema.get(VALIDATORS_KEY, ())
    if not isinstance(validators, list | tuple):
        document.add_note(extend_pointer(at, VALIDATORS_KEY), "is no list; left out")
        return ()
    found = []
    for position, each in enumerate(validators):
        place = extend_pointer(at, VALIDATORS_KEY, str(position))
        codes = each.get("possible_errors") if isinstance(each, Mapping) else None
        if not isinstance(each, Mapping) or not isinstance(codes, list | tuple | type(None)):
            document.add_note(place, "says nothing that can be read of a validation; left out")
            continue
        name = each.get("name")
        found.append(Validation(place, name if isinstance(name, str) else "", tuple(map(str, codes or ()))))
    return tuple(found)

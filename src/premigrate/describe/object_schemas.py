"""Converts the objects of a ruleset to named schemas, for JSON Schema and OpenAPI alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from premigrate.results import advice_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from premigrate.describe.json_schema_values import Schema
    from premigrate.ruleset.model.fields import FieldSpec, ObjectSpec
    from premigrate.ruleset.model.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class SchemaDialect:
    """What differs between JSON Schema drafts and OpenAPI.

    Attributes:
        definitions: the JSON pointer of the named schemas, with a slash at the end.
        value: makes the schema of a single value, never null, of a type, its field and its choices; the choices of an
            open choice are None.
        has_deprecated: whether ``deprecated`` is a keyword.
        has_discriminator: whether ``discriminator`` is a keyword.
        has_reference_siblings: whether the keywords beside ``$ref`` count.

    """

    definitions: str
    value: Callable[[str, FieldSpec, Iterable[str] | None], Schema]
    has_deprecated: bool = True
    has_discriminator: bool = False
    has_reference_siblings: bool = True


@dataclass(frozen=True, slots=True)
class _Inherited:
    """What a variant has from the objects of which it is a variant: fields, and the keys that select it."""

    fields: Mapping[str, FieldSpec]
    selectors: Mapping[str, Schema]
    required: tuple[str, ...]


_NOTHING = _Inherited({}, {}, ())


class ObjectSchemas:
    """The schemas of the objects of one market, by name; each is made when it is first referred to.

    The variants of an object with ``select`` have schemas of their own, which contain the shared fields; the object is
    ``oneOf`` them.
    """

    def __init__(self, ruleset: Ruleset, dialect: SchemaDialect) -> None:
        self.schemas: dict[str, Schema] = {}
        self._ruleset, self._dialect = ruleset, dialect
        self._used = _objects_in_fields(ruleset)

    def reference(self, name: str) -> Schema:
        """Return a reference to the schema of an object, which it adds to ``schemas``."""
        if name not in self.schemas:
            self._add(name, self._ruleset.objects[name], _NOTHING)
        return {"$ref": f"{self._dialect.definitions}{name}"}

    def _add(self, name: str, spec: ObjectSpec, inherited: _Inherited) -> None:
        self.schemas[name] = {}  # reserves its position before the objects that it contains, and ends recursion
        own = _Inherited({**inherited.fields, **spec.fields}, inherited.selectors, inherited.required)
        self.schemas[name] = self._select(name, spec, own) if spec.select else self._plain(spec, own)

    def _plain(self, spec: ObjectSpec, given: _Inherited) -> Schema:
        required = [*given.required, *(key for key, field in given.fields.items() if field.required)]
        properties = {key: self._field(field, spec) for key, field in given.fields.items()}
        return {
            "description": spec.about,
            "type": "object",
            **({"required": required} if required else {}),
            "properties": {**given.selectors, **properties, **given.selectors},  # first, and no field replaces them
        }

    def _select(self, name: str, spec: ObjectSpec, shared: _Inherited) -> Schema:
        key, mapping = str(spec.select), dict[str, str]()
        for variant in dict.fromkeys(spec.variants.values()):
            values = [value for value, selected in spec.variants.items() if selected == variant]
            full_name = self._name_of_variant(name, variant)
            mapping |= dict.fromkeys(values, f"{self._dialect.definitions}{full_name}")
            if full_name not in self.schemas:
                selected = self._selected_by(key, values, spec, shared)
                self._add(full_name, self._ruleset.objects[variant], selected)
        references: list[Schema] = [{"$ref": target} for target in dict.fromkeys(mapping.values())]
        if not spec.needs_select and spec.select_default is None:
            references.append(self._without_key(key, spec, shared))
        tag = {"propertyName": key, "mapping": mapping}
        is_tagged = self._dialect.has_discriminator and spec.needs_select
        return {"description": spec.about, "oneOf": references, **({"discriminator": tag} if is_tagged else {})}

    def _selected_by(self, key: str, values: list[str], spec: ObjectSpec, shared: _Inherited) -> _Inherited:
        """Return what a variant inherits, with the key that selects it by one of ``values``."""
        from premigrate.ruleset.kinds import select_field

        field = select_field(spec)
        is_default = spec.select_default in values
        schema = {**self._annotations(field, spec), **self._dialect.value("choice", field, values)}
        selector = with_null(schema, nullable=is_default and spec.select_nullable)
        required = shared.required if is_default else (*shared.required, key)
        return _Inherited(shared.fields, {**shared.selectors, key: selector}, required)

    def _without_key(self, key: str, spec: ObjectSpec, shared: _Inherited) -> Schema:
        """Return the schema of an object without the key that selects a variant; null may count as missing."""
        if not spec.select_nullable:
            return {**self._plain(spec, shared), "not": {"required": [key]}}
        selectors = {**shared.selectors, key: {"description": "Null, as if it were missing.", "type": "null"}}
        return self._plain(spec, _Inherited(shared.fields, selectors, shared.required))

    def _name_of_variant(self, name: str, variant: str) -> str:
        """Return the name of the variant itself, unless the object is used elsewhere, where it lacks shared fields."""
        objects = self._ruleset.objects
        uses = [other for other, spec in objects.items() if variant in spec.variants.values()]
        return variant if uses == [name] and variant not in self._used else f"{name}_{variant}"

    def _field(self, field: FieldSpec, owner: ObjectSpec) -> Schema:
        value = with_null(self._value(field), nullable=bool(field.nullable))
        if "$ref" in value and not self._dialect.has_reference_siblings:
            value = {"allOf": [value]}
        return {**self._annotations(field, owner), **value}

    def _annotations(self, field: FieldSpec, owner: ObjectSpec) -> Schema:
        instead = f"Deprecated; use {field.deprecated} instead." if isinstance(field.deprecated, str) else "Deprecated."
        is_deprecated = field.deprecated not in {None, False} and self._reports_deprecation(field)
        text = " ".join(filter(None, [instead if is_deprecated else None, field.about or _describe(field, owner)]))
        flags = {"deprecated": True} if is_deprecated and self._dialect.has_deprecated else {}
        return {"description": text, **flags}

    def _reports_deprecation(self, field: FieldSpec) -> bool:
        """Return whether the market gives advice on deprecated fields, because its own documents deprecate them."""
        code = "deprecated_field_replaced" if isinstance(field.deprecated, str) else "deprecated_field"
        return advice_id(code) not in self._ruleset.off_reasons

    def _value(self, field: FieldSpec) -> Schema:
        from premigrate.ruleset.model.fields import SCALAR_TYPES

        if field.object:
            return self.reference(field.object)
        if not field.list:
            return self._leaf(field.type or "", field)
        item = self._leaf(field.list, field) if field.list in SCALAR_TYPES else self.reference(field.list)
        least = {"minItems": field.min_items} if field.min_items else {}
        most = {"maxItems": field.max_items} if field.max_items is not None else {}
        return {"type": "array", **least, **most, "items": with_null(item, nullable=field.accepts_null_value)}

    def _leaf(self, kind: str, field: FieldSpec) -> Schema:
        listed = self._ruleset.lists[field.listed] if field.listed else None
        if listed and listed.values is not None:
            return self._dialect.value(kind, field, [row[0] for row in listed.rows()])
        return self._dialect.value(kind, field, None if field.open else field.choices or ())


def with_null(schema: Schema, *, nullable: bool) -> Schema:
    """Return a schema that also accepts null if ``nullable``."""
    if not nullable:
        return schema
    if "type" not in schema:
        rest = {key: part for key, part in schema.items() if key != "not"}  # a value of any type but null
        return {"anyOf": [schema, {"type": "null"}]} if "$ref" in schema else rest
    types = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    more = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, "type": [*types, "null"], **more}


def _objects_in_fields(ruleset: Ruleset) -> frozenset[str]:
    """Return the objects that are the value of a field or the items of a list, and the account."""
    fields = (field for spec in ruleset.objects.values() for field in spec.fields.values())
    return frozenset([ruleset.root, *(str(field.object or field.list) for field in fields)])


def _describe(field: FieldSpec, owner: ObjectSpec) -> str:
    """Describe a field whose meaning the rules do not state: its type, its limits, and how it is known."""
    from premigrate.describe.explain_field import describe_value

    return f"Its meaning is not stated. Value: {describe_value(field)}. Evidence: {field.basis or owner.basis}."

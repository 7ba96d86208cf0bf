"""Converts the objects of a ruleset to a JSON Schema of the account payload, for editors and other tools.

The schema accepts everything that the framework's checks of single fields accept, and as little else as JSON Schema can
express. It does not include the rules between fields. Every property has a description.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from premigrate.describe.json_schema_values import Schema, value_schema, with_equivalent_values, with_null
from premigrate.results import advice_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from premigrate.ruleset.model.fields import FieldSpec, ObjectSpec
    from premigrate.ruleset.model.ruleset import Ruleset

# The models of the rule language are slow to import, and help texts need only the names of the drafts.

SchemaDraft: TypeAlias = Literal["2020-12", "7"]

WRAPPER = "payload"
_WRAPPER_DESCRIPTION = "The account, where the file wraps it as the request of the API does."


@dataclass(frozen=True, slots=True)
class _Dialect:
    """The differences between the drafts of JSON Schema that matter here."""

    uri: str
    definitions: str
    has_deprecated: bool


_DIALECTS: Mapping[SchemaDraft, _Dialect] = {
    "2020-12": _Dialect("https://json-schema.org/draft/2020-12/schema", "$defs", has_deprecated=True),
    "7": _Dialect("http://json-schema.org/draft-07/schema#", "definitions", has_deprecated=False),
}
DRAFTS: tuple[SchemaDraft, ...] = tuple(_DIALECTS)
"""The supported drafts of JSON Schema, the default first."""


def render_schema(ruleset: Ruleset, draft: SchemaDraft = "2020-12") -> Schema:
    """Return the schema of one account of a market, bare or wrapped in an object with the key ``payload``.

    An object that has fields of the account is taken as the account itself, even if it also has that key.
    """
    from premigrate.ruleset.path_resolver import PathResolver

    dialect = _DIALECTS[draft]
    writer = _Writer(ruleset, dialect)
    account = writer.object(ruleset.root)
    keys = list(PathResolver(ruleset.objects, ruleset.root).fields_of(ruleset.root))
    is_wrapped = {"required": [WRAPPER], "propertyNames": {"not": {"enum": keys}}}
    return {
        "$schema": dialect.uri,
        "title": f"Account payload ({ruleset.title})",
        "type": "object",
        "if": is_wrapped,
        "then": {"properties": {WRAPPER: {"description": _WRAPPER_DESCRIPTION, "type": "object", **account}}},
        "else": account,
        dialect.definitions: writer.definitions,
    }


class _Writer:
    """Adds the schemas of the objects of one market to ``definitions``, each once."""

    def __init__(self, ruleset: Ruleset, dialect: _Dialect) -> None:
        self.definitions: dict[str, Schema] = {}
        self._ruleset, self._dialect = ruleset, dialect

    def object(self, name: str) -> Schema:
        """Return a reference to the schema of an object, which it adds to ``definitions``.

        The schema has no ``type``, since the field that holds the object adds ``object``, and null if that is allowed.
        """
        if name not in self.definitions:
            spec = self._ruleset.objects[name]
            self.definitions[name] = {}  # reserves its position before the objects that it contains, and ends recursion
            self.definitions[name] = self._select(name, spec, {}) if spec.select else self._plain(spec, spec.fields)
        return self._refer(name)

    def _refer(self, name: str) -> Schema:
        return {"allOf": [{"$ref": f"#/{self._dialect.definitions}/{name}"}]}  # draft 7 ignores siblings of $ref

    def _plain(self, spec: ObjectSpec, fields: Mapping[str, FieldSpec]) -> Schema:
        required = [key for key, field in fields.items() if field.required]
        return {
            "description": spec.about,
            **({"required": required} if required else {}),
            "properties": {key: self._field(field, spec) for key, field in fields.items()},
        }

    def _select(self, name: str, spec: ObjectSpec, shared: Mapping[str, FieldSpec]) -> Schema:
        """Return the schema of an object with variants: its select field, and a condition for each variant.

        ``shared`` are the fields of the objects of which it is a variant itself.
        """
        from premigrate.ruleset.kinds import select_field

        key, fields = str(spec.select), {**shared, **spec.fields}
        cases = []
        for value, variant in spec.variants.items():
            own = self._ruleset.objects[variant]
            full_name = f"{name}.{variant}"  # the object may also be used on its own, without the shared fields
            if full_name not in self.definitions:
                self.definitions[full_name] = {}
                self.definitions[full_name] = (
                    self._select(full_name, own, fields) if own.select else self._plain(own, {**fields, **own.fields})
                )
            enum: list[object] = with_equivalent_values([value])
            is_default = value == spec.select_default
            enum += [None] if is_default and spec.select_nullable else []
            is_selected = {**({} if is_default else {"required": [key]}), "properties": {key: {"enum": enum}}}
            cases.append({"if": is_selected, "then": self._refer(full_name)})
        if not spec.needs_select and spec.select_default is None:
            is_missing = {"properties": {key: {"type": ["null"]}}}
            cases.append({"if": is_missing, "then": self._plain(spec, fields)})
        return {**self._plain(spec, {key: select_field(spec)}), "allOf": cases}

    def _field(self, field: FieldSpec, owner: ObjectSpec) -> Schema:
        return {**self._annotations(field, owner), **with_null(self._value(field), nullable=bool(field.nullable))}

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
            return self._nested(field.object)
        if not field.list:
            return self._leaf(field.type or "", field)
        item = self._leaf(field.list, field) if field.list in SCALAR_TYPES else self._nested(field.list)
        least = {"minItems": field.min_items} if field.min_items else {}
        most = {"maxItems": field.max_items} if field.max_items is not None else {}
        return {"type": ["array"], **least, **most, "items": with_null(item, nullable=field.accepts_null_value)}

    def _nested(self, name: str) -> Schema:
        return {"type": ["object"], **self.object(name)}

    def _leaf(self, kind: str, field: FieldSpec) -> Schema:
        listed = self._ruleset.lists[field.listed] if field.listed else None
        if listed and listed.values is not None:
            return value_schema(kind, field, [row[0] for row in listed.rows()])
        return value_schema(kind, field, None if field.open else field.choices or ())


def _describe(field: FieldSpec, owner: ObjectSpec) -> str:
    """Describe a field whose meaning the rules do not state: its type, its limits, and how it is known."""
    from premigrate.describe.explain_field import describe_value

    return f"Its meaning is not stated. Value: {describe_value(field)}. How we know: {field.basis or owner.basis}."

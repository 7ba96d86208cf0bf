"""Writes a ruleset as the OpenAPI document that its platform would serve, in the style of the framework's generator."""

from collections.abc import Mapping
from typing import Any

from premigrate.ruleset.model.fields import SCALAR_TYPES, FieldSpec
from premigrate.ruleset.model.ruleset import Ruleset

PATH = "/v2/data-import/accounts/validate/"
_FORMATS = {"email": "email", "date": "date", "datetime": "date-time"}


def document_of(ruleset: Ruleset, *examples: object) -> dict[str, Any]:
    schemas: dict[str, Any] = {}
    _object(ruleset, ruleset.root, schemas)
    wrapper = {"type": "object", "properties": {"payload": _ref(ruleset.root)}, "required": ["payload"]}
    values = {f"example{index}": {"value": example} for index, example in enumerate(examples)}
    content = {"schema": _ref("Validate"), "examples": values}
    body = {"content": {"application/json": content}, "required": True}
    return {
        "openapi": "3.0.3",
        "info": {"title": "A tenant", "version": "v2"},
        "paths": {PATH: {"post": {"requestBody": body, "responses": {"200": {"description": "Fine."}}}}},
        "components": {"schemas": {**schemas, "Validate": wrapper}},
    }


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(ruleset: Ruleset, name: str, schemas: dict[str, Any]) -> None:
    if name in schemas:
        return
    spec = ruleset.objects[name]
    schemas[name] = {}
    if not spec.select:
        schemas[name] = _plain(ruleset, spec.fields, schemas)
        return
    mapping = {}
    for value, variant in spec.variants.items():
        key = FieldSpec(type="choice", required=True, choices=tuple(spec.variants))
        variant_name = f"{name}.{variant}"
        schemas[variant_name] = _plain(
            ruleset, {spec.select: key, **spec.fields, **ruleset.objects[variant].fields}, schemas
        )
        mapping[value] = f"#/components/schemas/{variant_name}"
    references = [{"$ref": target} for target in dict.fromkeys(mapping.values())]
    schemas[name] = {"oneOf": references, "discriminator": {"propertyName": spec.select, "mapping": mapping}}


def _plain(ruleset: Ruleset, fields: Mapping[str, FieldSpec], schemas: dict[str, Any]) -> dict[str, Any]:
    required = [key for key, field in fields.items() if field.required]
    properties = {key: _field(ruleset, field, schemas) for key, field in fields.items()}
    return {"type": "object", "properties": properties, **({"required": required} if required else {})}


def _field(ruleset: Ruleset, field: FieldSpec, schemas: dict[str, Any]) -> dict[str, Any]:
    kind = str(field.object or field.list or field.type)
    if kind in SCALAR_TYPES:
        schema = _value(kind, field)
    else:
        _object(ruleset, kind, schemas)
        schema = _ref(kind)
    if field.list:
        schema = {"type": "array", "items": schema, **({"minItems": field.min_items} if field.min_items else {})}
    elif "$ref" in schema:
        schema = {"allOf": [schema]}
    instead = {"x-use-instead": field.deprecated} if isinstance(field.deprecated, str) else {}
    flags = {"nullable": field.nullable, "deprecated": bool(field.deprecated)}
    return {**schema, **{key: True for key, value in flags.items() if value}, **instead}


def _value(kind: str, field: FieldSpec) -> dict[str, Any]:
    match kind:
        case "decimal":
            whole, places = (field.max_digits or 0) - (field.decimal_places or 0), field.decimal_places
            limits = {"pattern": rf"^-?\d{{0,{whole}}}(?:\.\d{{0,{places}}})?$"} if places else {}
            return {"type": "string", "format": "decimal", **limits}
        case "integer":
            bounds = {"minimum": field.min, "maximum": field.max}
            return {"type": "integer", **{key: bound for key, bound in bounds.items() if bound is not None}}
        case "choice" if field.choices:
            return {"type": "string", "enum": [*field.choices, *([""] if field.blank else [])]}
        case "json":
            return {}
        case "boolean" | "object":
            return {"type": kind}
    max_length = {"maxLength": field.max_length} if field.max_length else {}
    least = field.min_length or int(field.blank is False and not field.required)
    min_length = {"minLength": least} if least else {}
    format_ = {"format": _FORMATS[kind]} if kind in _FORMATS else {}
    return {"type": "string", **format_, **max_length, **min_length}

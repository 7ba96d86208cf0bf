"""Makes random documents from all notations that the small ones have, nested in each other."""

from typing import Any

from hypothesis import strategies as st

_REFERENCE = "#/components/schemas/"
_NAMES = ["alpha", "beta", "gamma", "delta"]
_numbers = st.integers(0, 6)


def _text(least: int, more: int, pattern: str | None) -> dict[str, Any]:
    limits = {"minLength": least, "maxLength": least + more} if more else {}
    return {"type": "string", **limits} if pattern is None else {"type": "string", "pattern": pattern}


def _number(kind: str, least: float, more: int, exclusive: bool) -> dict[str, Any]:
    return {
        "type": kind,
        "minimum": least,
        "maximum": least + more + 2,
        **({"exclusiveMinimum": True} if exclusive else {}),
    }


def _decimal(whole: int, places: int) -> dict[str, Any]:
    pattern = rf"^-?\d{{0,{whole + 1}}}(?:\.\d{{0,{places}}})?$"
    return {"type": "string", "format": "decimal", "pattern": pattern}


_single = st.one_of(
    st.builds(_text, _numbers, _numbers, st.sampled_from([None, "^[A-Z]{3}$", "[0-9]", r"^\d{4}-\d{3}$"])),
    st.builds(
        _number, st.sampled_from(["integer", "number"]), st.sampled_from([-1, 0, 0.5, 3]), _numbers, st.booleans()
    ),
    st.builds(_decimal, _numbers, _numbers),
    st.sampled_from(
        [
            {"type": "boolean"},
            {"type": "string", "format": "date"},
            {"type": "string", "format": "date-time"},
            {"type": "string", "format": "email"},
            {"type": "object"},
        ]
    ),
    st.lists(st.sampled_from(["A", "B", "c d", "1"]), min_size=1, unique=True).map(
        lambda e: {"type": "string", "enum": e}
    ),
)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a document of OpenAPI 3.0."""
    schemas: dict[str, Any] = {}
    properties = {f"x_{name}": draw(_field(schemas, 2)) for name in _NAMES}
    properties |= {
        "import_supplier": {"type": "string", "enum": ["H_1"]},
        "external_account_number": {"type": "string"},
    }
    schemas["Account"] = {"type": "object", "required": ["import_supplier"], "properties": properties}
    content = {"application/json": {"schema": {"$ref": f"{_REFERENCE}Account"}}}
    path = {"post": {"requestBody": {"content": content}}}
    return {
        "openapi": "3.0.3",
        "info": {"title": "A tenant", "version": "1"},
        "paths": {"/v2/data-import/accounts/validate/": path},
        "components": {"schemas": schemas},
    }


@st.composite
def _field(draw: st.DrawFn, schemas: dict[str, Any], depth: int) -> dict[str, Any]:
    choice = draw(st.integers(0, 5)) if depth else 0
    if choice < 2:
        schema: dict[str, Any] = dict(draw(_single))
    elif choice == 2:
        schema = {"type": "array", "items": draw(_field(schemas, depth - 1)), "minItems": draw(st.integers(0, 2))}
    elif choice == 3:
        schema = {"allOf": [_named(schemas, draw(_object(schemas, depth)))]}
    else:
        schema = {"allOf": [_named(schemas, draw(_kinds(schemas, depth)))]}
    return {**schema, "nullable": True} if draw(st.booleans()) else schema


def _named(schemas: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = f"S{len(schemas)}"
    schemas[name] = schema
    return {"$ref": _REFERENCE + name}


@st.composite
def _object(draw: st.DrawFn, schemas: dict[str, Any], depth: int) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(_NAMES), min_size=1, max_size=2, unique=True))
    required = [name for name in names if draw(st.booleans())]
    properties = {name: draw(_field(schemas, depth - 1)) for name in names}
    return {"type": "object", "properties": properties, **({"required": required} if required else {})}


@st.composite
def _kinds(draw: st.DrawFn, schemas: dict[str, Any], depth: int) -> dict[str, Any]:
    """Draw kinds told apart by a mapping, by a part of one, or by the values of the tag; the tag may be optional."""
    is_required, notation = draw(st.booleans()), draw(st.sampled_from(["mapping", "enum", "names"]))
    values, references = ["E", "G"], []
    for value in values:
        kind = draw(_object(schemas, depth))
        tag = {"type": "string", **({"enum": [value] if notation == "enum" else values} if notation != "names" else {})}
        kind["properties"]["sort"] = tag
        if is_required:
            kind["required"] = [*kind.get("required", ()), "sort"]
        references.append(_named(schemas, kind)["$ref"])
    kinds: dict[str, Any] = {"oneOf": [{"$ref": each} for each in references]}
    if notation == "mapping":
        kinds["discriminator"] = {"propertyName": "sort", "mapping": dict(zip(values, references, strict=True))}
    elif notation == "names":
        kinds["discriminator"] = {"propertyName": "sort"}
    return kinds

"""Kinds of objects, in all ways in which documents write them."""

from typing import Any

import pytest

from tests.unit.tenant.documents import TEXT, document, errors, items, learn, notes, record, ref

ELECTRIC = record("kind", "watts", kind=TEXT, watts={"type": "integer"})
GAS = record("kind", kind=TEXT, pressure={"type": "string", "maxLength": 3})
BOTH = {"Electric": ELECTRIC, "Gas": GAS}
CHOICE = {"oneOf": [ref("Electric"), ref("Gas")]}
MAPPING = {"ELECTRIC": "#/components/schemas/Electric", "GAS": "#/components/schemas/Gas"}


def selected(key: str, mapping: dict[str, str] | None = None) -> dict[str, Any]:
    return {"propertyName": key, **({"mapping": mapping} if mapping else {})}


def only(value: str) -> dict[str, Any]:
    return {"enum": [value]}


def with_kind(schema: dict[str, Any], kind: dict[str, Any], *, required: bool = True) -> dict[str, Any]:
    names = [name for name in schema["required"] if name != "kind"]
    return {
        **schema,
        "required": [*names, *(["kind"] if required else [])],
        "properties": {**schema["properties"], "kind": kind},
    }


WRITTEN: dict[str, tuple[dict[str, Any], dict[str, Any], str, str]] = {
    "mapping": (BOTH, {**CHOICE, "discriminator": selected("kind", MAPPING)}, "ELECTRIC", "GAS"),
    "names in the mapping": (
        BOTH,
        {**CHOICE, "discriminator": selected("kind", {"ELECTRIC": "Electric", "GAS": "Gas"})},
        "ELECTRIC",
        "GAS",
    ),
    "names of schemas": (BOTH, {**CHOICE, "discriminator": selected("kind")}, "Electric", "Gas"),
    "partial mapping": (
        BOTH,
        {**CHOICE, "discriminator": selected("kind", {"ELECTRIC": MAPPING["ELECTRIC"]})},
        "ELECTRIC",
        "Gas",
    ),
    "enum": (
        {"Electric": with_kind(ELECTRIC, only("ELECTRIC")), "Gas": with_kind(GAS, only("GAS"))},
        CHOICE,
        "ELECTRIC",
        "GAS",
    ),
    "const of anyOf": (
        {"Electric": with_kind(ELECTRIC, {"const": "ELECTRIC"}), "Gas": with_kind(GAS, {"const": "GAS"})},
        {"anyOf": CHOICE["oneOf"]},
        "ELECTRIC",
        "GAS",
    ),
    "enum with a discriminator": (
        {"Electric": with_kind(ELECTRIC, only("e")), "Gas": with_kind(GAS, only("g"))},
        {**CHOICE, "discriminator": selected("kind")},
        "e",
        "g",
    ),
    "children of a parent": (
        {
            "Meter": {**record("kind", kind=TEXT), "discriminator": selected("kind", MAPPING)},
            "Electric": {"allOf": [ref("Meter"), record("watts", watts={"type": "integer"})]},
            "Gas": {"allOf": [ref("Meter"), record(pressure={"type": "string", "maxLength": 3})]},
        },
        ref("Meter"),
        "ELECTRIC",
        "GAS",
    ),
    "circular": (
        {
            "Meter": {
                **record("kind", kind=TEXT),
                **CHOICE,
                "discriminator": selected("kind", MAPPING),
            },
            "Electric": {"allOf": [ref("Meter"), record("watts", watts={"type": "integer"})]},
            "Gas": {"allOf": [ref("Meter"), record(pressure={"type": "string", "maxLength": 3})]},
        },
        ref("Meter"),
        "ELECTRIC",
        "GAS",
    ),
    "fields beside oneOf": (
        {
            "Electric": record("watts", watts={"type": "integer"}),
            "Gas": record(pressure={"type": "string", "maxLength": 3}),
        },
        {**record("kind", kind=TEXT), **CHOICE, "discriminator": selected("kind", MAPPING)},
        "ELECTRIC",
        "GAS",
    ),
    "null beside kinds": (
        BOTH,
        {"oneOf": [*CHOICE["oneOf"], {"type": "null"}], "discriminator": selected("kind", MAPPING)},
        "ELECTRIC",
        "GAS",
    ),
}


@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.parametrize("is_list", [False, True])
def test_each_kind_has_its_fields(name: str, is_list: bool) -> None:
    schemas, meter, electric, gas = WRITTEN[name]
    learned = learn(document(schemas, meter=items(meter) if is_list else meter))

    def found(meter: object) -> list[tuple[str, str]]:
        attrs = errors(learned, {"import_supplier": "H", "meter": [meter] if is_list else meter})
        return [(attr.removeprefix("meter.0.").removeprefix("meter."), code) for attr, code in attrs]

    assert found({"kind": electric, "watts": 1}) == []
    assert found({"kind": electric}) == [("watts", "required")]
    assert found({"kind": gas, "pressure": "abcd"}) == [("pressure", "max_length")]
    assert found({"kind": gas}) == []
    assert found({"kind": "other"}) == [("kind", "invalid_choice")]
    assert found({"watts": 1}) == [("kind", "required")]


def test_optional_discriminator_with_a_default() -> None:
    key = {"type": "string", "enum": ["ELECTRIC", "GAS"], "default": "ELECTRIC"}
    schemas = {
        "Electric": with_kind(ELECTRIC, key, required=False),
        "Gas": with_kind(GAS, key, required=False),
    }
    learned = learn(document(schemas, meter={**CHOICE, "discriminator": selected("kind", MAPPING)}))
    assert errors(learned, {"meter": {"watts": 1}}) == []
    assert errors(learned, {"meter": {}}) == [("meter.watts", "required")]


def test_optional_discriminator_without_a_default_accepts_any_kind() -> None:
    schemas = {
        "Electric": with_kind(ELECTRIC, TEXT, required=False),
        "Gas": with_kind(GAS, TEXT, required=False),
    }
    learned = learn(document(schemas, meter={**CHOICE, "discriminator": selected("kind", MAPPING)}))
    assert errors(learned, {"meter": {"pressure": "abcd"}}) == []
    assert errors(learned, {"meter": {"kind": "GAS", "pressure": "abcd"}}) == [("meter.pressure", "max_length")]


def test_kinds_within_kinds() -> None:
    """A kind may have kinds of its own, by another field or by the same."""
    schemas = {
        **BOTH,
        "Heat": {
            "oneOf": [ref("District"), ref("Local")],
            "discriminator": selected(
                "source", {"D": "#/components/schemas/District", "L": "#/components/schemas/Local"}
            ),
        },
        "District": record("kind", "source", "pipe", kind=TEXT, source=TEXT, pipe=TEXT),
        "Local": record("kind", "source", kind=TEXT, source=TEXT),
    }
    mapping = {**MAPPING, "HEAT": "#/components/schemas/Heat"}
    meter = {"oneOf": [*CHOICE["oneOf"], ref("Heat")], "discriminator": selected("kind", mapping)}
    learned = learn(document(schemas, meter=meter))
    assert errors(learned, {"meter": {"kind": "HEAT", "source": "D"}}) == [("meter.pipe", "required")]
    assert errors(learned, {"meter": {"kind": "HEAT", "source": "L"}}) == []
    assert errors(learned, {"meter": {"kind": "HEAT"}}) == [("meter.source", "required")]
    assert errors(learned, {"meter": {"kind": "GAS"}}) == []
    same = {
        **BOTH,
        "Inner": {**CHOICE, "discriminator": selected("kind", MAPPING)},
        "Water": record("kind", "flow", kind=TEXT, flow=TEXT),
    }
    outer = {
        "oneOf": [ref("Inner"), ref("Water")],
        "discriminator": selected("kind", {**dict.fromkeys(MAPPING, "Inner"), "WATER": "Water"}),
    }
    learned = learn(document(same, meter=outer))
    assert errors(learned, {"meter": {"kind": "ELECTRIC"}}) == [("meter.watts", "required")]
    assert errors(learned, {"meter": {"kind": "WATER"}}) == [("meter.flow", "required")]


def test_kinds_of_the_account_itself() -> None:
    written = document({})
    schemas = written["components"]["schemas"]
    usual = schemas["Account"]["properties"]
    schemas |= {
        "Domestic": record("account_type", **usual, account_type=TEXT),
        "Business": record("account_type", "vat_number", **usual, account_type=TEXT, vat_number=TEXT),
        "Account": {
            "oneOf": [ref("Domestic"), ref("Business")],
            "discriminator": selected("account_type", {"DOMESTIC": "Domestic", "BUSINESS": "Business"}),
        },
    }
    learned = learn(written)
    assert errors(learned, {"account_type": "BUSINESS"}) == [("vat_number", "required")]
    assert errors(learned, {"payload": {"account_type": "DOMESTIC"}}) == []
    assert errors(learned, {}) == [("account_type", "required")]
    assert errors(learned, []) == [("non_field_errors", "invalid")]


def test_rules_hold_in_kinds_that_only_the_document_has() -> None:
    """The supply points of the rules have no kinds; those of the document have, with their own limits."""
    start = {"type": "string", "format": "date"}
    agreements = items(record("effective_from", effective_from=start))
    schemas = {
        "Electric": record("supply_type", supply_type=TEXT, supply_start_date=start, agreements=agreements),
        "Gas": record("supply_type", supply_type=TEXT, supply_start_date=start, agreements=agreements, mpid=TEXT),
        "Address": record(
            supply_points=items({**CHOICE, "discriminator": selected("supply_type", MAPPING)}),
        ),
    }
    learned = learn(document(schemas, supply_addresses=items(ref("Address"))))
    point = {
        "supply_type": "GAS",
        "supply_start_date": "2025-02-01",
        "agreements": [{"effective_from": "2025-01-01"}],
    }
    found = errors(learned, {"supply_addresses": [{"supply_points": [point]}]}, of_rules=True)
    assert found == [
        ("supply_addresses.0.supply_points.0.non_field_errors", "agreement_start_date_before_supply_start_date")
    ]


def test_kinds_that_no_text_tells_apart_are_noted_with_their_fields() -> None:
    schemas = {"Electric": record("watts", watts={"type": "integer"}), "Gas": record("pressure", pressure=TEXT)}
    learned = learn(document(schemas, meter=CHOICE))
    assert errors(learned, {"meter": {}}) == []
    assert any("watts, pressure" in message for message in notes(learned))


def test_time_grows_with_the_size_of_the_document() -> None:
    """Kinds that include their parent, in a chain of 40 levels, are each read once; the deepest are left out."""
    schemas: dict[str, Any] = {"Level0": record(kind=TEXT)}
    for level in range(1, 41):
        below = f"Level{level - 1}"
        schemas[f"A{level}"] = {"allOf": [ref(f"Level{level}"), record(a=ref(below))]}
        schemas[f"B{level}"] = {"allOf": [ref(f"Level{level}"), record(b=ref(below))]}
        schemas[f"Level{level}"] = {
            **record("kind", kind=TEXT),
            "oneOf": [ref(f"A{level}"), ref(f"B{level}")],
            "discriminator": selected("kind", {"A": f"A{level}", "B": f"B{level}"}),
        }
    learned = learn(document(schemas, meter=ref("Level40")))
    assert errors(learned, {"meter": {"kind": "A", "a": {"kind": "B", "b": {"kind": "C"}}}}) == [
        ("meter.a.b.kind", "invalid_choice")
    ]
    assert any("nested too deeply" in message for message in notes(learned))

"""Objects whose fields depend on a key: kinds by change, optional keys, and kinds within kinds."""

from itertools import product
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import premigrate
from premigrate.describe.market import payload_schema
from premigrate.rule_tests.overlay import check_overlay_examples
from premigrate.ruleset.load import load_ruleset
from premigrate.ruleset.model.fields import SCALAR_TYPES
from tests.payloads import AS_OF, GONE, good_account
from tests.rule_tables import METADATA

ABOUT = {"about": "x", "basis": "observed", "source": "x"}
IDENTIFIER = {"type": "string", "max_length": 20}
POINTS = {
    "power": {**ABOUT, "fields": {"identifier": {**IDENTIFIER, "required": True}, "phases": {"type": "integer"}}},
    "gas": {**ABOUT, "fields": {"identifier": IDENTIFIER, "pressure": {"type": "decimal"}}},
}
VARIANTS = {"POWER": {"object": "power", "because": "x"}, "GAS": {"object": "gas", "because": "x"}}
DROP = {"identifier": {"drop": True, "because": "x"}, "supply_type": {"drop": True, "because": "x"}}


def tables(select: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    change = {"select": "supply_type", "because": "x", **(select or {}), "variants": VARIANTS}
    fields = {key: DROP[key] for key in ("identifier",)}
    return {"object": POINTS, "change": {"supply_point": {**change, "fields": fields}}, **more}


def validator(overlay: dict[str, Any], market: str = "dk") -> premigrate.Validator:
    return premigrate.Validator(market=market, as_of=AS_OF, overlay={"market": {"extends": market}, **overlay})


def errors(overlay: dict[str, Any], *points: Any) -> list[str]:
    account = good_account("dk")
    account["supply_addresses"] = [{**account["supply_addresses"][0], "supply_points": list(points)}]
    result = validator(overlay).validate(account)
    return [
        f"{error.code} {error.attr.removeprefix('supply_addresses.0.supply_points.')}"
        for error in result.errors
        if error.code != "meter_point_with_no_agreement"  # the points have only what the kinds are about
    ]


def problems_of(overlay: dict[str, Any]) -> list[str]:
    with pytest.raises(premigrate.BadRules) as caught:
        validator(overlay)
    return [f"{problem.place}: {problem.message}" for problem in caught.value.problems]


def test_market_gives_an_object_kinds() -> None:
    assert errors(tables(), {"supply_type": "POWER", "identifier": "1"}, {"supply_type": "GAS"}) == []
    assert errors(tables(), {"supply_type": "POWER"}) == ["required 0.identifier"]
    assert errors(tables(), {"identifier": "1"}) == ["required 0.supply_type"]
    assert errors(tables(), {"supply_type": "OIL", "identifier": "1"}) == ["invalid_choice 0.supply_type"]
    assert errors(tables(), {"supply_type": "GAS", "pressure": "x"}) == ["invalid 0.pressure"]


def test_shared_fields_and_rules_of_the_object_stay() -> None:
    dates = {"supply_start_date": "2025-01-02", "supply_end_date": "2025-01-01"}
    found = errors(tables(), {"supply_type": "GAS", **dates})
    assert any(error.startswith("start_date_later_than_end_date") for error in found)


def test_rule_about_a_field_applies_to_that_of_the_variants() -> None:
    mine = [
        {"id": "mine", "on": "supply_point.identifier", **METADATA, "matches": ["[0-9]+"]},
        {"id": "ours", "on": "account", **METADATA, "unique": ["supply_addresses[].supply_points[].identifier"]},
    ]
    points = [{"supply_type": "POWER", "identifier": "x"}, {"supply_type": "GAS", "identifier": "x"}]
    found = errors(tables(rule=mine), *points)
    assert [error.partition(" ")[2] for error in found] == ["0.identifier", "1.identifier", "non_field_errors"]


@pytest.mark.parametrize("missing", [{}, {"supply_type": None}])
def test_object_without_the_key_is_of_the_default_kind(missing: dict[str, Any]) -> None:
    optional = tables({"select_default": "POWER", "select_nullable": True})
    assert errors(optional, {**missing, "phases": 1}) == ["required 0.identifier"]
    assert errors(optional, {**missing, "identifier": "1"}) == []


@pytest.mark.parametrize("missing", [{}, {"supply_type": None}])
def test_only_shared_fields_are_checked_without_the_key(missing: dict[str, Any]) -> None:
    optional = tables({"select_required": False, "select_nullable": True})
    assert errors(optional, {**missing, "identifier": ["x"]}) == []
    assert errors(optional, {**missing, "supply_start_date": "x"}) == ["invalid 0.supply_start_date"]
    dates = {"supply_start_date": "2025-01-02", "supply_end_date": "2025-01-01"}
    assert any("start_date_later" in error for error in errors(optional, {**missing, **dates}))


@pytest.mark.parametrize("select", [{}, {"select_default": "POWER"}, {"select_required": False}])
def test_null_and_blank_in_the_key_are_errors(select: dict[str, Any]) -> None:
    assert errors(tables(select), {"supply_type": None, "identifier": "1"}) == ["null 0.supply_type"]
    blank = errors(tables(select), {"supply_type": "", "identifier": "1"})
    assert blank == ["invalid_choice 0.supply_type"]


def test_kinds_within_kinds() -> None:
    objects = {
        "power": {**ABOUT, "select": "voltage", "variants": {"LOW": "low", "HIGH": "high"}},
        "low": {**ABOUT, "fields": {"fuse": {"type": "integer", "required": True}}},
        "high": {**ABOUT, "fields": {"transformer": {"type": "string", "required": True}}},
        "gas": POINTS["gas"],
    }
    nested = {**tables(), "object": objects}
    assert errors(nested, {"supply_type": "POWER", "voltage": "LOW", "fuse": 35}) == []
    assert errors(nested, {"supply_type": "POWER", "voltage": "LOW"}) == ["required 0.fuse"]
    assert errors(nested, {"supply_type": "POWER", "voltage": "HIGH"}) == ["required 0.transformer"]
    assert errors(nested, {"supply_type": "POWER"}) == ["required 0.voltage"]
    mine = {"id": "mine", "on": "supply_point", **METADATA, "attr": "fuse", "compare": ["fuse", "<=", "phases"]}
    assert "there is no field 'phases'" in problems_of({**nested, "rule": [mine]})[0]
    fuses = {"id": "mine", "on": "supply_point", **METADATA, "holds": {"fuse": {"<": 50}}, "attr": "fuse"}
    found = errors({**nested, "rule": [fuses]}, {"supply_type": "POWER", "voltage": "LOW", "fuse": 63})
    assert found == ["billing_email_not_valid 0.fuse"]


def test_examples_are_read_as_the_kind_that_has_their_keys() -> None:
    mine = {
        "id": "mine",
        "on": "supply_point",
        **METADATA,
        "attr": "pressure",
        "holds": {"pressure": {"<": 9}},
        "good": [{"pressure": "1"}],
        "bad": [{"pressure": "9"}],
    }
    ruleset = load_ruleset("dk", {"market": {"extends": "dk"}, **tables(rule=[mine])})
    assert check_overlay_examples(ruleset, AS_OF).problems == ()


OPERATORS: list[dict[str, Any]] = [
    {"matches": {"field": "x", "patterns": ["a+"]}},
    {"compare": ["x", "<=", "<today>"]},
    {"compare": ["x", "<=", "y"]},
    {"holds": {"x": {"<": 3}}},
    {"holds": {"x": [True, "a", {"ignoring_case": "B"}, {"!=": "c"}]}},
    {"unique": ["x"]},
    {"same": ["x", "y"]},
    {"total": {"add": ["x"], "equals": "y"}},
    {"product": {"of": ["x", "x"], "equals": "y"}},
    {"days": {"from": "x", "to": "x", "equals": "y"}},
    {"between": {"field": "x", "sums": [["x"], ["y"]]}},
    {"refers": {"field": "x", "to": ["y"]}},
    {"typed": {"field": "x", "type": ["text"]}},
    {"listed": {"field": ["x"], "in": "ours"}},
    {"format": {"field": "x", "is": "phone"}},
    {"count": {"of": "x", "at_most": 1}},
    {"covers": {"of": "x", "end": "z", "date": "<today>"}},
    {"periods": {"of": "x", "start": "z", "end": "z"}},
    {"present": ["x.z"]},
]
VALUES: dict[str, Any] = {
    "string": "a",
    "email": "a@example.com",
    "date": "2025-01-01",
    "datetime": "2025-01-01T00:00:00Z",
    "decimal": "1.5",
    "integer": 2,
    "boolean": True,
    "choice": "a",
    "json": [{"z": 1}],
    "object": {"z": "a"},
}


@pytest.mark.parametrize("requirement", OPERATORS, ids=lambda each: next(iter(each)))
def test_rule_copes_with_a_field_of_another_type_in_another_variant(requirement: dict[str, Any]) -> None:
    """A rule is read as one that some variant can meet; the values of the others never stop it."""
    objects: dict[str, Any] = {
        name: {**ABOUT, "fields": {"x": {"type": name, **({"choices": ["a"]} if name == "choice" else {})}}}
        for name in SCALAR_TYPES
    }
    objects = {f"kind_{name}": spec for name, spec in objects.items()}
    objects["item"] = {**ABOUT, "fields": {"z": {"type": "date"}}}
    objects["kind_items"] = {**ABOUT, "fields": {"x": {"list": "item"}}}
    objects["kind_one"] = {**ABOUT, "fields": {"x": {"object": "item"}}}
    objects["thing"] = {
        **ABOUT,
        "select": "kind",
        "variants": {name: name for name in objects if name.startswith("kind_")},
        "fields": {"y": {"type": "json"}},
    }
    overlay: dict[str, Any] = {
        "object": objects,
        "list": {"ours": {"values": ["a"]}},
        "change": {"account": {"fields": {"things": {"list": "thing", "because": "x"}}}},
        "rule": [{"id": "mine", "on": "thing", **METADATA, "example_lists": {}, **requirement}],
    }
    if "listed" in requirement:
        overlay["rule"][0]["example_lists"] = {"ours": ["a"]}
    values = {**{f"kind_{name}": value for name, value in VALUES.items()}, "kind_items": [{"z": "2025-01-01"}] * 2}
    values["kind_one"] = {"z": "2025-01-01"}
    things = [{"kind": kind, "x": value, "y": y} for (kind, value), y in product(values.items(), VALUES.values())]
    result = validator(overlay).validate({**good_account("dk"), "things": things})
    assert {error.rule for error in result.errors} <= {"mine"}


ONE = {"A": {"object": "x1", "because": "x"}}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"select": "kind"}, "a change of select needs because"),
        ({"because": "x"}, "a change of select needs because"),
        (
            {"select": "kind", "because": "x"},
            "[change.note] select: note has no variants; add them in [change.note.variants]",
        ),
        ({"select_default": "A", "because": "x"}, "[change.note] select: select_default needs select"),
        (
            {
                "select": "kind",
                "select_default": "B",
                "because": "x",
                "variants": ONE,
            },
            "[change.note] select: select_default is not one of the variants: A",
        ),
        (
            {
                "select": "kind",
                "select_nullable": True,
                "because": "x",
                "variants": ONE,
            },
            "[change.note] select: select_nullable needs select_default or select_required = false",
        ),
        (
            {"select": "k", "because": "x", "variants": ONE},
            "[change.note.variants] A: the field k of x1 follows from select; leave it out",
        ),
        ({"variants": ONE}, "the object note has no variants; add select too"),
    ],
)
def test_mistakes(change: dict[str, Any], expected: str) -> None:
    objects = {"x1": {**ABOUT, "fields": {"k": {"type": "string"}}}}
    assert any(expected in problem for problem in problems_of({"object": objects, "change": {"note": change}}))


@pytest.mark.parametrize(
    "select",
    [{}, {"select_default": "POWER"}, {"select_default": "GAS", "select_nullable": True}, {"select_required": False}],
)
def test_json_schema_agrees(select: dict[str, Any]) -> None:
    overlay = {"market": {"extends": "dk"}, **tables(select)}
    overlay["object"] = {
        "power": {**ABOUT, "select": "voltage", "select_default": "LOW", "variants": {"LOW": "low", "HIGH": "high"}},
        "low": {**ABOUT, "fields": {"fuse": {"type": "integer", "required": True}}},
        "high": {**ABOUT, "fields": {"transformer": {"type": "string", "required": True}}},
        "gas": POINTS["gas"],
    }
    schema, checker = Draft202012Validator(payload_schema("dk", overlay=overlay)), validator(overlay)
    for kind, voltage, fuse in product((GONE, None, "POWER", "GAS", "OIL"), (GONE, "LOW", "HIGH", 1), (GONE, 35, "x")):
        keys = {"supply_type": kind, "voltage": voltage, "fuse": fuse, "pressure": "1"}
        point = {key: value for key, value in keys.items() if value is not GONE}
        account = good_account("dk")
        account["supply_addresses"][0]["supply_points"] = [point]
        found = [each for each in checker.validate(account).errors if each.code != "meter_point_with_no_agreement"]
        assert schema.is_valid({"payload": account}) is (not found), point

"""Fields that a market writes under other keys: objects, rules, attrs and examples have the new keys."""

import re
from collections import Counter
from typing import Any

import pytest

import premigrate
from premigrate.cohort.compile import compile_cohort
from premigrate.compiler.program import compile_program
from premigrate.rule_tests.overlay import check_overlay_examples
from premigrate.rule_tests.rules import ExampleChecker
from premigrate.ruleset.load import load_footprints, load_ruleset
from premigrate.ruleset.model.path_marks import rewrite_paths
from premigrate.ruleset.model.ruleset import Ruleset
from tests.payloads import AS_OF, good_account
from tests.rule_tables import METADATA

ABOUT = {"about": "x", "basis": "observed", "source": "x"}


def renamed(**objects: dict[str, str]) -> dict[str, Any]:
    return {
        name: {"fields": {key: {"key": new, "because": "x"} for key, new in keys.items()}}
        for name, keys in objects.items()
    }


POINTS = renamed(supply_address={"supply_points": "meter_points"}, supply_point={"identifier": "mpxn"})


def overlay(market: str = "pt", **tables: Any) -> dict[str, Any]:
    return {"market": {"extends": market}, **tables}


def load(market: str = "pt", **tables: Any) -> Ruleset:
    return load_ruleset(market, overlay(market, **tables))


def problems_of(**tables: Any) -> list[str]:
    with pytest.raises(premigrate.BadRules) as caught:
        load(**tables)
    return [f"{problem.place}: {problem.message}" for problem in caught.value.problems]


def with_new_keys(value: Any, keys: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [with_new_keys(item, keys) for item in value]
    if isinstance(value, dict):
        return {keys.get(key, key): with_new_keys(item, keys) for key, item in value.items()}
    return value


def test_fields_keep_their_order_and_everything_else() -> None:
    before, after = load_ruleset("pt").objects["supply_address"], load(change=POINTS).objects["supply_address"]
    assert [*after.fields] == ["meter_points" if key == "supply_points" else key for key in before.fields]
    assert after.fields["meter_points"] == before.fields["supply_points"]


def test_account_with_the_new_keys_is_answered_like_one_with_the_old_keys() -> None:
    keys = {"supply_points": "meter_points", "identifier": "mpxn"}
    account = good_account("pt")
    account["supply_addresses"][0]["supply_points"] *= 2
    changes: list[dict[str, Any]] = [{}, {"identifier": "x"}, {"agreements": []}, {"identifier": None}]
    for change in changes:
        account["supply_addresses"][0]["supply_points"][0] = {
            **account["supply_addresses"][0]["supply_points"][1],
            **change,
        }
        old = premigrate.validate(account, market="pt", as_of=AS_OF)
        new = premigrate.validate(
            with_new_keys(account, keys), market="pt", as_of=AS_OF, overlay=overlay(change=POINTS)
        )
        pattern = re.compile("|".join(keys))
        expected = [(each.rule, pattern.sub(lambda found: keys[found[0]], each.attr)) for each in old.errors]
        assert [(each.rule, each.attr) for each in new.errors] == expected
        assert sorted(each.rule for each in new.advice) == sorted(each.rule for each in old.advice)


def test_every_field_can_have_another_key() -> None:
    """All rules still hold: their examples, which are rewritten too, behave as before."""
    market = "pt"
    base, footprints_before = load_ruleset(market), load_footprints(market)
    keys = {name: {key: f"{key}_x" for key in spec.fields} for name, spec in base.objects.items()}
    switches = {rule.id: "x" for rule in base.disabled if not footprints_before[rule.id].unresolved and rule.disabled}
    ruleset = load(market, change=renamed(**keys), enabled=switches)
    base = load(market, enabled=switches)
    assert [rule.id for rule in ruleset.rules] == [rule.id for rule in base.rules]
    compile_cohort(ruleset)
    program = compile_program(ruleset)
    old = compile_program(base)
    assert [rule.required_keys for rule in program.rules] == [
        tuple(frozenset(_renamed_key(base, key) for key in group) for group in rule.required_keys) for rule in old.rules
    ]
    checker = ExampleChecker(ruleset, AS_OF)
    failures = {rule.id: [*checker.failures(rule)] for rule in ruleset.rules if rule.server_only is None}
    assert not {name: found for name, found in failures.items() if found}
    footprints = load_footprints(market, overlay(market, change=renamed(**keys)))
    assert all(key.endswith("_x") or key in _selects(base) for each in footprints.values() for _, key in each.fields)


def _selects(ruleset: Ruleset) -> set[str | None]:
    return {spec.select for spec in ruleset.objects.values()}


def _renamed_key(ruleset: Ruleset, key: str) -> str:
    return f"{key}_x" if any(key in spec.fields for spec in ruleset.objects.values()) else key


def test_own_rules_may_use_the_new_and_the_old_keys() -> None:
    rules = [
        {"id": f"mine-{key}".replace("_", "-"), "on": "account", **METADATA, "present": [f"supply_addresses[].{key}"]}
        for key in ("meter_points", "supply_points")
    ]
    ruleset = load(change=POINTS, rule=rules)
    found = [rule.present for rule in ruleset.rules if rule.id.startswith("mine")]
    assert found == [("supply_addresses[].meter_points",)] * 2


def test_later_change_may_name_the_new_key() -> None:
    change = {"supply_point": {"fields": {"mpxn": {"required": False, "because": "x"}}}}
    first = renamed(supply_point={"identifier": "mpxn"})
    fields = {**first["supply_point"]["fields"], **change["supply_point"]["fields"]}
    ruleset = load(change={"supply_point": {"fields": fields}})
    assert not ruleset.objects["supply_point"].fields["mpxn"].required


def test_examples_of_own_rules_are_rewritten() -> None:
    mine = {
        "id": "mine",
        "on": "supply_address",
        **METADATA,
        "attr": "supply_points",
        "count": {"of": "supply_points[]", "where": {"identifier": "a"}, "at_most": 0},
        "good": [{"supply_points": [{"identifier": "b"}]}],
        "bad": [{"supply_points": [{"identifier": "a"}]}],
    }
    ruleset = load(change=POINTS, rule=[mine])
    rule = next(rule for rule in ruleset.rules if rule.id == "mine")
    assert (rule.attr, rule.bad) == ("meter_points", ({"meter_points": [{"mpxn": "a"}]},))
    assert check_overlay_examples(ruleset, AS_OF).problems == ()


def test_rule_is_written_for_each_place_that_needs_it() -> None:
    """Here a copy of the address keeps the old key."""
    objects = {"billing_address": {**ABOUT, "like": "address"}}
    change = renamed(address={"postal_code": "zip_code"})
    change["account"] = {"fields": {"rich_billing_address": {"object": "billing_address", "because": "x"}}}
    ruleset = load(object=objects, change=change)
    rules = [rule for rule in ruleset.rules if rule.id == "address-postcode-format"]
    assert [(rule.places, rule.format and rule.format.field) for rule in rules] == [
        (("address",), "zip_code"),
        (("billing_address",), "postal_code"),
    ]
    account = good_account("pt")
    address = {"country": "PT", "street_address": "x", "locality": "x"}
    account["billing_address"] = {**address, "zip_code": "x"}
    account["rich_billing_address"] = {**address, "postal_code": "x"}
    result = premigrate.validate(account, market="pt", as_of=AS_OF, overlay=overlay(object=objects, change=change))
    found = {error.attr for error in result.errors if error.rule == "address-postcode-format"}
    assert found == {"billing_address.zip_code", "rich_billing_address.postal_code"}


def test_variants_may_have_different_keys_for_the_same_field() -> None:
    identifier = {"identifier": {"type": "string", "about": "x"}}
    objects = {"power": {**ABOUT, "fields": identifier}, "gas": {**ABOUT, "fields": identifier}}
    change = renamed(power={"identifier": "mpan"}, gas={"identifier": "mprn"})
    change["supply_point"] = {
        "select": "supply_type",
        "because": "x",
        "variants": {"POWER": {"object": "power", "because": "x"}, "GAS": {"object": "gas", "because": "x"}},
        "fields": {"identifier": {"drop": True, "because": "x"}},
    }
    mine = [
        {"id": "mine", "on": "supply_point.identifier", **METADATA, "matches": ["[0-9]+"]},
        {"id": "ours", "on": "supply_point", **METADATA, "attr": "identifier", "present": ["identifier"]},
    ]
    off = {"cohort-supply-point": "x", "cohort-supply-point-imported": "x"}
    known = load().cohort_rules
    off = {rule.id: "x" for rule in known if "identifier" in [path for _, path in rule.paths()]}
    whole = {rule.id: "x" for rule in load().rules if any("[].identifier" in path for _, path in rule.paths())}
    ruleset = load(object=objects, change=change, rule=mine, disabled={**off, **whole})
    places = [(rule.id, rule.places, rule.attr) for rule in ruleset.rules if rule.id in {"mine", "ours"}]
    assert places == [
        ("mine", ("power.mpan", "gas.mprn"), None),
        ("ours", ("power",), "mpan"),
        ("ours", ("gas",), "mprn"),
    ]


def test_select_field_can_have_another_key() -> None:
    change = {"transaction": {"select": "kind", "because": "x"}}
    ruleset = load(change=change)
    assert ruleset.objects["transaction"].select == "kind"
    old = load_ruleset("pt").objects["transaction"].select
    paths = {path for rule in ruleset.rules for _, path in rule.paths() if "transaction" in str(rule.places)}
    assert old not in paths


def test_paths_in_all_parts_of_a_rule_are_rewritten() -> None:
    for rule in load_ruleset("pt").rules:
        changed = rule.model_copy(update=rewrite_paths(rule, "up.{}".format, without=("on",)))
        paths = Counter(path for _, path in changed.paths())
        assert paths >= Counter(f"up.{path}" for _, path in rule.paths() if path != "."), rule.id
        assert changed.on == rule.on


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"postal_code": "locality"}, "[change.address.fields] postal_code: address already has a field locality"),
        ({"postal_code": "x1", "locality": "x1"}, "address already has a field x1"),
        ({"postcode": "x1"}, "there is no field 'postcode'; did you mean 'postal_code'?"),
    ],
)
def test_mistakes(keys: dict[str, str], expected: str) -> None:
    assert any(expected in problem for problem in problems_of(change=renamed(address=keys)))


def test_dropped_field_has_no_key() -> None:
    change = {"address": {"fields": {"postal_code": {"drop": True, "key": "x", "because": "x"}}}}
    assert "a field that is dropped cannot have a key" in problems_of(change=change)[0]

"""Objects that are like other objects: their fields, and the rules that apply to them."""

from typing import Any

import pytest

import premigrate
from premigrate.rule_tests.overlay import check_overlay_examples
from premigrate.ruleset.load import load_ruleset
from premigrate.ruleset.model.ruleset import Ruleset
from tests.payloads import AS_OF
from tests.rule_tables import METADATA

ABOUT = {"about": "x", "basis": "observed", "source": "x"}
COPY = {"object": {"billing_address": {**ABOUT, "like": "address"}}}
USE = {"account": {"fields": {"rich_billing_address": {"object": "billing_address", "because": "x"}}}}


def load(tables: dict[str, Any], market: str = "dk") -> Ruleset:
    return load_ruleset(market, {"market": {"extends": market}, **tables})


def places(ruleset: Ruleset, name: str) -> tuple[str, ...]:
    return next(rule.places for rule in ruleset.rules if rule.id == name)


def problems_of(tables: dict[str, Any]) -> list[str]:
    with pytest.raises(premigrate.BadRules) as caught:
        load(tables)
    return [f"{problem.place}: {problem.message}" for problem in caught.value.problems]


def test_copy_has_the_fields_and_rules_of_the_original() -> None:
    ruleset = load({**COPY, "change": USE})
    assert ruleset.objects["billing_address"].fields == ruleset.objects["address"].fields
    assert places(ruleset, "rich-address-valid") == ("address", "billing_address")
    assert "billing_address.delivery_point_identifier" in places(ruleset, "delivery-point-identifier-charset")


def test_copy_has_the_markets_changes_but_not_those_of_its_own_file() -> None:
    changes = {**USE, "address": {"fields": {"locality": {"drop": True, "because": "x"}}}}
    ruleset = load({**COPY, "change": changes, "disabled": {"rich-address-locality": "x"}})
    assert "locality" not in ruleset.objects["address"].fields
    assert "locality" in ruleset.objects["billing_address"].fields


def test_rule_leaves_out_a_copy_that_lacks_what_it_reads() -> None:
    changes = {**USE, "billing_address": {"fields": {"locality": {"drop": True, "because": "x"}}}}
    ruleset = load({**COPY, "change": changes})
    assert places(ruleset, "rich-address-locality") == ("address",)
    assert places(ruleset, "rich-address-street") == ("address", "billing_address")


def test_rule_about_a_dropped_field_still_applies_to_the_copy() -> None:
    key = "delivery_point_identifier"
    changes = {**USE, "address": {"fields": {key: {"drop": True, "because": "x"}}}}
    ruleset = load({**COPY, "change": changes})
    assert f"address.{key}" not in places(ruleset, "delivery-point-identifier-charset")
    assert f"billing_address.{key}" in places(ruleset, "delivery-point-identifier-charset")


def test_rule_leaves_out_a_copy_whose_field_has_another_type() -> None:
    changes = {**USE, "billing_address": {"fields": {"locality": {"type": "date", "replace": True, "because": "x"}}}}
    mine = {"id": "mine", "on": "address", **METADATA, "matches": {"field": "locality", "patterns": ["a+"]}}
    assert places(load({**COPY, "change": changes, "rule": [mine]}), "mine") == ("address",)


def test_copy_of_a_copy_with_own_fields_and_openness() -> None:
    objects = {
        "a_first": {**ABOUT, "like": "billing_address", "fields": {"floor_area": {"type": "integer"}}, "open": True},
        **COPY["object"],
    }
    change = {"account": {"fields": {"rich_billing_address": {"object": "a_first", "because": "x"}}}}
    ruleset = load({"object": objects, "change": change})
    assert list(ruleset.objects["a_first"].fields)[-1] == "floor_area"
    assert ruleset.objects["a_first"].open
    assert "a_first" in places(ruleset, "rich-address-valid")


def test_copy_of_an_object_with_kinds() -> None:
    ruleset = load({"object": {"posting": {**ABOUT, "like": "transaction"}}})
    assert ruleset.objects["posting"].variants == ruleset.objects["transaction"].variants


def test_examples_are_checked_at_the_original_only() -> None:
    example = {"country": "FR", "locality": "x"}
    mine = {"id": "mine", "on": "address", **METADATA, "present": ["country"], "good": [example], "bad": [{}]}
    changes = {**USE, "billing_address": {"fields": {"locality": {"drop": True, "because": "x"}}}}
    ruleset = load({**COPY, "change": changes, "rule": [mine]})
    assert places(ruleset, "mine") == ("address", "billing_address")
    assert check_overlay_examples(ruleset, AS_OF).problems == ()


@pytest.mark.parametrize(
    ("objects", "expected"),
    [
        ({"ours": {"like": "adress"}}, "[object.ours] like: there is no object 'adress'; did you mean 'address'?"),
        ({"ours": {"like": "ours"}}, "[object.ours] like: like must name another object than ours itself"),
        (
            {"a1": {"like": "a2"}, "a2": {"like": "a1"}},
            "[object.a1] like: like must name another object than a1 itself",
        ),
    ],
)
def test_mistakes(objects: dict[str, dict[str, Any]], expected: str) -> None:
    found = problems_of({"object": {name: {**ABOUT, **spec} for name, spec in objects.items()}})
    assert found[0].startswith(expected)

"""Every rule has examples, tried with this rule alone: the bad ones break it, the good ones do not."""

import tomllib
from functools import cache
from typing import Any

import pytest

import premigrate
from premigrate.rule_tests.rules import ExampleChecker, checkable_rules
from premigrate.ruleset.load import load_ruleset
from premigrate.ruleset.model.rules import Rule
from premigrate.ruleset.model.ruleset import Ruleset
from tests.books import shipped_book
from tests.payloads import AS_OF, ROOT

RULESETS = {market: shipped_book(market) for market in premigrate.markets()}
OVERLAYS = tomllib.loads((ROOT / "tests" / "rules" / "overlays.toml").read_text("utf-8"))


@cache
def ruleset_with_overlay(market: str, rule_id: str) -> Ruleset:
    """Return the rules of a market with the overlay of a rule in ``overlays.toml``."""
    enabled = {rule_id: "To try it."} if rule_id in {rule.id for rule in RULESETS[market].disabled} else {}
    return load_ruleset(market, {"market": {"extends": market}, "enabled": enabled, **OVERLAYS[rule_id]})


@cache
def checker_of(market: str, rule_id: str = "") -> ExampleChecker:
    """Return the checker for examples of a market; rules in ``overlays.toml`` are loaded with their overlay."""
    if rule_id in OVERLAYS:
        return ExampleChecker(ruleset_with_overlay(market, rule_id), AS_OF)
    return ExampleChecker(RULESETS[market], AS_OF) if rule_id else checker_of(market, "any")


CASES = [
    pytest.param(market, rule, id=f"{market}-{rule.id}")
    for market, ruleset in RULESETS.items()
    for rule in checkable_rules(ruleset)
]


@pytest.mark.parametrize(("market", "rule"), CASES)
def test_examples_behave_as_declared(market: str, rule: Rule) -> None:
    checker = checker_of(market, rule.id if rule.id in OVERLAYS else "")
    if rule.id in OVERLAYS:  # the market can have other keys for the fields that the rule reads
        ruleset = ruleset_with_overlay(market, rule.id)
        rule = next(each for each in (*ruleset.rules, *ruleset.disabled) if each.id == rule.id)
    assert list(checker.failures(rule)) == []
    assert {example.is_good for example in checker.examples(rule)} == {True, False}


@pytest.mark.parametrize("market", RULESETS)
def test_disabled_rules_can_be_enabled(market: str) -> None:
    ruleset = RULESETS[market]
    overlay: dict[str, Any] = {"market": {"extends": market}, "enabled": {}}
    for rule in checkable_rules(ruleset):
        if rule in ruleset.disabled:
            overlay["enabled"][rule.id] = "To see whether it leads somewhere."
    for tables in OVERLAYS.values():
        for object_name, change in tables.get("change", {}).items():
            overlay.setdefault("change", {}).setdefault(object_name, {"fields": {}})["fields"] |= change["fields"]
        overlay.setdefault("object", {}).update(tables.get("object", {}))
    assert {rule.id for rule in load_ruleset(market, overlay).rules} >= overlay["enabled"].keys()


def test_overlays_belong_to_existing_rules() -> None:
    assert OVERLAYS.keys() <= {rule.id for ruleset in RULESETS.values() for rule in checkable_rules(ruleset)}

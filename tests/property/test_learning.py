"""Learning from the document of a ruleset finds no differences, or exactly the changes that were made."""

import json
import random
from typing import Any

import pytest

import premigrate
from premigrate.describe.market import ruleset_of
from premigrate.engine.findings import FRAMEWORK_RULE_ID
from premigrate.exceptions import BadRules
from premigrate.ruleset.model.ruleset import Ruleset
from premigrate.tenant.learn import learn_tenant
from tests.openapi import document_of
from tests.oracle.mutations import payload
from tests.payloads import AS_OF, good_account
from tests.rules.test_examples import RULESETS
from tests.shaken import shaken

ROUNDS = 3


@pytest.mark.parametrize("market", premigrate.markets())
def test_document_of_the_shipped_rules_changes_nothing(market: str) -> None:
    text = json.dumps(document_of(RULESETS[market], good_account(market)))
    learned = learn_tenant(text, market=market, as_of=AS_OF)
    assert dict(learned.overlay) == {"market": {"extends": market}}
    assert [example.status for example in learned.examples] == [200]
    assert not any(learned.counts.values())


def test_names_of_schemas_do_not_matter() -> None:
    text = json.dumps(document_of(RULESETS["dk"], good_account("dk")))
    for name in RULESETS["dk"].objects:
        text = text.replace(f'"{name}": {{"type": "object"', f'"Schema_{name}_": {{"type": "object"')
        text = text.replace(f'schemas/{name}"', f'schemas/Schema_{name}_"')
    assert "Schema_customer_" in text
    assert dict(learn_tenant(text, market="dk", as_of=AS_OF).overlay) == {"market": {"extends": "dk"}}


def test_market_is_detected_by_its_suppliers() -> None:
    for market in premigrate.markets():
        text = json.dumps(document_of(RULESETS[market], good_account(market)))
        assert learn_tenant(text, as_of=AS_OF).market == market


def random_field(rng: random.Random) -> dict[str, Any]:
    kind = rng.choice(
        ["string", "email", "date", "datetime", "decimal", "integer", "boolean", "choice", "json", "object"]
    )
    limits: dict[str, Any] = {
        "string": {"max_length": rng.choice([3, 40])},
        "decimal": {"max_digits": rng.choice([4, 12]), "decimal_places": 2},
        "integer": {"min": 0, "max": rng.choice([1, 50])},
        "choice": {"choices": rng.sample(["abc", "1.5", "DOMESTIC", "2020-01-01", "GAS"], 3)},
    }
    constraints = {**limits.get(kind, {}), "nullable": rng.random() < 0.5, "required": rng.random() < 0.3}
    return {rng.choice(["type", "type", "list"]): kind, "replace": True, "because": "Tried.", **constraints}


def random_changes(ruleset: Ruleset, rng: random.Random) -> dict[str, Any]:
    """Return an overlay with random changes of the kinds that a market can have."""
    overlay: dict[str, Any] = {"market": {"extends": ruleset.market}, "change": {}}
    for name in rng.sample([name for name, spec in ruleset.objects.items() if not spec.select], 12):
        fields = {f"added_{rng.randrange(3)}": random_field(rng)}
        for key in rng.sample(list(ruleset.objects[name].fields), min(2, len(ruleset.objects[name].fields))):
            old = ruleset.objects[name].fields[key]
            if rng.random() < 0.3:
                fields[key] = {"drop": True, "because": "Tried."}
            elif rng.random() < 0.5 or old.object or old.list or old.open:
                fields[key] = {"nullable": not old.nullable, "required": not old.required, "because": "Tried."}
            else:
                fields[key] = random_field(rng)
        overlay["change"][name] = {"fields": fields}
    return overlay


def loadable_changes(ruleset: Ruleset, rng: random.Random) -> dict[str, Any] | None:
    """Return an overlay with random changes that loads; rules that lost their fields are switched off."""
    overlay = random_changes(ruleset, rng)
    for _ in range(3):
        try:
            premigrate.Validator(market=ruleset.market, as_of=AS_OF, overlay=overlay)
        except BadRules as error:
            rules = {
                each.place.split()[1] for each in error.problems if each.place.startswith(("[[rule]]", "[[cohort]]"))
            }
            overlay["disabled"] = {**overlay.get("disabled", {}), **dict.fromkeys(rules, "Tried.")}
        else:
            return overlay
    return None


def field_errors(result: premigrate.Result) -> list[tuple[str, str, str]]:
    return sorted((error.attr, error.code, error.detail) for error in result.errors if error.rule == FRAMEWORK_RULE_ID)


@pytest.mark.parametrize("market", premigrate.markets())
def test_changes_are_learned(market: str) -> None:
    rng = random.Random(f"learned {market}")  # noqa: S311 - reproducible, not secret
    ruleset = RULESETS[market]
    compared = refused = 0
    for _ in range(ROUNDS):
        overlay = loadable_changes(ruleset, rng)
        if overlay is None:
            continue
        expected = premigrate.Validator(market=market, as_of=AS_OF, overlay=overlay)
        changed = ruleset_of(market, overlay)
        learned = learn_tenant(json.dumps(document_of(changed)), market=market, as_of=AS_OF)
        actual = premigrate.Validator(market=market, as_of=AS_OF, overlay=learned.overlay)
        assert learned.counts["added"], "nothing was added"
        for _ in range(25):
            account = shaken(payload(changed, good_account(market), rng), rng)
            assert field_errors(actual.validate(account)) == field_errors(expected.validate(account)), account
            compared += 1
            refused += bool(field_errors(expected.validate(account)))
    assert compared >= 50
    assert refused > compared / 3

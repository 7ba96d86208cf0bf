"""What the platform would publish of a ruleset is learned back: nothing differs, or just what was changed."""

import json
import random
from typing import Any

import pytest

import premigrate
from premigrate.describe.market import ruleset_of
from premigrate.engine.findings import FIELD_RULE
from premigrate.exceptions import BadRules
from premigrate.ruleset.model.ruleset import Ruleset
from premigrate.tenant.learn import learn_tenant
from tests.openapi import document_of
from tests.oracle.mutations import payload
from tests.payloads import AS_OF, good_account
from tests.rules.test_examples import BOOKS
from tests.shaken import shaken

DAY = AS_OF
ROUNDS = 3


@pytest.mark.parametrize("market", premigrate.markets())
def test_a_market_that_says_what_the_rules_say_changes_nothing(market: str) -> None:
    text = json.dumps(document_of(BOOKS[market], good_account(market)))
    learned = learn_tenant(text, market=market, as_of=DAY)
    assert dict(learned.overlay) == {"market": {"extends": market}}
    assert [tried.status for tried in learned.examples] == [200]
    assert not any(learned.counts.values())


def test_what_schemas_are_called_makes_no_difference() -> None:
    text = json.dumps(document_of(BOOKS["dk"], good_account("dk")))
    for name in BOOKS["dk"].objects:
        text = text.replace(f'"{name}": {{"type": "object"', f'"Schema_{name}_": {{"type": "object"')
        text = text.replace(f'schemas/{name}"', f'schemas/Schema_{name}_"')
    assert "Schema_customer_" in text
    assert dict(learn_tenant(text, market="dk", as_of=DAY).overlay) == {"market": {"extends": "dk"}}


def test_the_market_is_told_by_the_suppliers_that_are_shown() -> None:
    for market in premigrate.markets():
        text = json.dumps(document_of(BOOKS[market], good_account(market)))
        assert learn_tenant(text, as_of=DAY).market == market


def changed_field(rng: random.Random) -> dict[str, Any]:
    kind = rng.choice(
        ["string", "email", "date", "datetime", "decimal", "integer", "boolean", "choice", "json", "object"]
    )
    limits: dict[str, Any] = {
        "string": {"max_length": rng.choice([3, 40])},
        "decimal": {"max_digits": rng.choice([4, 12]), "decimal_places": 2},
        "integer": {"min": 0, "max": rng.choice([1, 50])},
        "choice": {"choices": rng.sample(["abc", "1.5", "DOMESTIC", "2020-01-01", "GAS"], 3)},
    }
    said = {**limits.get(kind, {}), "nullable": rng.random() < 0.5, "required": rng.random() < 0.3}
    return {rng.choice(["type", "type", "list"]): kind, "anew": True, "because": "Tried.", **said}


def changes(book: Ruleset, rng: random.Random) -> dict[str, Any]:
    """Make changes up, of the kinds that a market can make."""
    made: dict[str, Any] = {"market": {"extends": book.market}, "change": {}}
    for name in rng.sample([name for name, spec in book.objects.items() if not spec.select], 12):
        fields = {f"added_{rng.randrange(3)}": changed_field(rng)}
        for key in rng.sample(list(book.objects[name].fields), min(2, len(book.objects[name].fields))):
            old = book.objects[name].fields[key]
            if rng.random() < 0.3:
                fields[key] = {"drop": True, "because": "Tried."}
            elif rng.random() < 0.5 or old.object or old.list or old.open:
                fields[key] = {"nullable": not old.nullable, "required": not old.required, "because": "Tried."}
            else:
                fields[key] = changed_field(rng)
        made["change"][name] = {"fields": fields}
    return made


def loadable(book: Ruleset, rng: random.Random) -> dict[str, Any] | None:
    """Make changes up that leave every rule something to stand on, as far as they can be switched off."""
    overlay = changes(book, rng)
    for _ in range(3):
        try:
            premigrate.Validator(market=book.market, as_of=DAY, overlay=overlay)
        except BadRules as error:
            rules = {
                each.place.split()[1] for each in error.problems if each.place.startswith(("[[rule]]", "[[cohort]]"))
            }
            overlay["off"] = {**overlay.get("off", {}), **dict.fromkeys(rules, "Tried.")}
        else:
            return overlay
    return None


def of_fields(result: premigrate.Result) -> list[tuple[str, str, str]]:
    return sorted((error.attr, error.code, error.detail) for error in result.errors if error.rule == FIELD_RULE)


@pytest.mark.parametrize("market", premigrate.markets())
def test_changes_are_learned_back(market: str) -> None:
    rng = random.Random(f"learned {market}")  # noqa: S311 - to be repeated, not to be secret
    book = BOOKS[market]
    compared = refused = 0
    for _ in range(ROUNDS):
        overlay = loadable(book, rng)
        if overlay is None:
            continue
        there = premigrate.Validator(market=market, as_of=DAY, overlay=overlay)
        changed = ruleset_of(market, overlay)
        learned = learn_tenant(json.dumps(document_of(changed)), market=market, as_of=DAY)
        here = premigrate.Validator(market=market, as_of=DAY, overlay=learned.overlay)
        assert learned.counts["added"], "nothing was added"
        for _ in range(25):
            made = shaken(payload(changed, good_account(market), rng), rng)
            assert of_fields(here.validate(made)) == of_fields(there.validate(made)), made
            compared += 1
            refused += bool(of_fields(there.validate(made)))
    assert compared >= 50
    assert refused > compared / 3

"""Recorded answers agree with equal predictions for any payload; with the proposed overlay, all agree."""

import json
import random
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

import premigrate
from premigrate.api import engine_of
from premigrate.compare.evidence import ComparedAccount, Evidence
from premigrate.compare.learn.overlay_tables import add_changes
from premigrate.compare.masking import Masker
from premigrate.compare.match_errors import compare_errors
from premigrate.compare.model import Comparison, Totals
from premigrate.compare.proposals import propose_changes
from premigrate.compare.read_answer import read_answer
from premigrate.engine.response import reported_errors
from premigrate.ruleset.load import load_ruleset
from tests.conftest import validator_of
from tests.oracle.mutations import payload
from tests.payloads import AS_OF, good_account
from tests.property.test_validation import mutated
from tests.recordings import SECRET, account, nested, recorded, tenant
from tests.rules.test_examples import RULESETS


def compare(validator: premigrate.Validator, pair: dict[str, Any]) -> Comparison:
    answered = read_answer(pair["status"], pair["response"])
    assert not isinstance(answered, str)
    return compare_errors(reported_errors(validator.validate(pair["payload"]).errors), answered)


@settings(max_examples=150)
@given(mutated())
def test_predicted_answers_agree(generated: tuple[str, Any]) -> None:
    market, mutated_payload = generated
    validator = validator_of(market)
    pair = recorded(mutated_payload, validator)
    comparison = compare(validator, pair)
    assert comparison.is_same
    assert comparison.has_same_order is True
    if pair["status"] == 400 and len({error["attr"] for error in pair["response"]["errors"]}) == len(comparison.pairs):
        nested_answer = read_answer(400, nested(pair["response"]))
        assert not isinstance(nested_answer, str)
        assert nested_answer.is_refused
        assert {reported.attr for reported in nested_answer.errors or ()} <= {
            error["attr"] for error in pair["response"]["errors"]
        }


@pytest.mark.parametrize("market", premigrate.markets())
def test_totals_of_predicted_answers(market: str) -> None:
    rng = random.Random(f"compare {market}")  # noqa: S311 - reproducible, not secret
    totals = Totals()
    for _ in range(300):
        generated = payload(RULESETS[market], good_account(market), rng)
        totals.add(compare(validator_of(market), recorded(generated, validator_of(market))))
    assert (totals.accounts, totals.identical, totals.in_order, totals.disagreements) == (300, 300, 300, 0)
    assert totals.kinds.keys() == {"agreed"}
    assert len(totals.codes) > 10, "the payloads have too few codes to be meaningful"


def test_proposed_overlay_makes_answers_agree() -> None:
    """An overlay proposed from one half of a tenant's answers makes the other half agree."""
    rng = random.Random("halves")  # noqa: S311 - reproducible, not secret
    ruleset = load_ruleset("pt")
    all_rules = {"market": {"extends": "pt"}, "enabled": {"billing-address-required": "To be tried."}}
    strictest = premigrate.Validator(market="pt", as_of=AS_OF, overlay=all_rules)
    evidence = Evidence(ruleset)
    halves: tuple[list[dict[str, Any]], list[dict[str, Any]]] = ([], [])
    for number in range(400):
        mutated_account = account(number)
        for _ in range(rng.randrange(3)):
            mutate(mutated_account, rng)
        halves[number % 2].append(recorded(mutated_account))
    for number, pair in enumerate(halves[0]):
        shipped = validator_of("pt")
        mask = Masker(pair["payload"], engine_of(shipped).field_info.is_personal)
        possible_errors = strictest.validate(pair["payload"]).errors
        case = ComparedAccount(
            compare(shipped, pair), pair["payload"], mask, f"f:{number}", str(number), possible_errors
        )
        evidence.add(case)
    overlay = add_changes({"market": {"extends": "pt"}}, evidence.ruleset, propose_changes(evidence))
    assert overlay["attr_change"].keys() == SECRET["attr_change"].keys()
    assert (overlay["enabled"].keys(), overlay["disabled"].keys()) == (
        SECRET["enabled"].keys(),
        SECRET["disabled"].keys(),
    )
    assert "Kanarienvogel" not in json.dumps(overlay, ensure_ascii=False)
    adapted = premigrate.Validator(market="pt", as_of=AS_OF, overlay=overlay)
    before = [compare(validator_of("pt"), pair).is_same for pair in halves[1]]
    after = [compare(adapted, pair).is_same for pair in halves[1]]
    assert sum(before) < 100
    assert all(after)
    assert all(
        adapted.validate(pair["payload"]).response == tenant().validate(pair["payload"]).response for pair in halves[1]
    )


def mutate(target: dict[str, Any], rng: random.Random) -> None:
    """Make one change to an account that involves a difference of the tenant."""
    customer = target["customers"][0]
    match rng.randrange(7):
        case 0:
            customer["mobile"] = f"Kanarienvogel {rng.randrange(1000)}"
        case 1:
            customer["email"] = f"Kanarienvogel{rng.randrange(1000)}@test.com"
        case 2:
            customer["user_details"][2]["value"] = str(rng.randrange(10**9))
        case 3:
            target.pop("billing_address", None)
        case 4:
            customer["given_name"] = "Kanarienvogel" * rng.randrange(20, 50)
        case 5:
            target["supply_addresses"][0]["customer_at_supply_address_from_date"] = rng.choice(["soon", "1.2.2025", 5])
        case _:
            target["unknown_occupier"] = rng.choice(["?", "perhaps"])


def test_on_day_changes_only_the_date() -> None:
    validator = validator_of("dk")
    early = validator.on_day(date(2020, 1, 1))
    assert (validator.as_of, early.as_of) == (AS_OF, date(2020, 1, 1))
    example = good_account("dk")
    assert early.validate(example) == premigrate.Validator(market="dk", as_of=date(2020, 1, 1)).validate(example)
    assert early.validate(example) != validator.validate(example)

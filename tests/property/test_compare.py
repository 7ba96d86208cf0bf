"""Recorded answers that are those predicted agree, whatever the payload; and with what was proposed, they do."""

import json
import random
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

import premigrate
from premigrate.api import engine_of
from premigrate.compare.evidence import ComparedAccount, Evidence
from premigrate.compare.masking import Masker
from premigrate.compare.match_errors import compare_errors
from premigrate.compare.model import Comparison, Totals
from premigrate.compare.proposals import build_overlay, propose_changes
from premigrate.compare.read_answer import read_answer
from premigrate.engine.response import told_now
from premigrate.ruleset.load import load_ruleset
from tests.conftest import validator_of
from tests.oracle.mutations import payload
from tests.payloads import AS_OF, good_account
from tests.property.test_validation import mutated
from tests.recordings import SECRET, account, nested, recorded, tenant
from tests.rules.test_examples import BOOKS


def compared(validator: premigrate.Validator, pair: dict[str, Any]) -> Comparison:
    answered = read_answer(pair["status"], pair["response"])
    assert not isinstance(answered, str)
    return compare_errors(told_now(validator.validate(pair["payload"]).errors), answered)


@settings(max_examples=150)
@given(mutated())
def test_what_is_predicted_agrees(made: tuple[str, Any]) -> None:
    market, shaken = made
    validator = validator_of(market)
    pair = recorded(shaken, validator)
    comparison = compared(validator, pair)
    assert comparison.is_same
    assert comparison.has_same_order is True
    if pair["status"] == 400 and len({error["attr"] for error in pair["response"]["errors"]}) == len(comparison.pairs):
        older = read_answer(400, nested(pair["response"]))
        assert not isinstance(older, str)
        assert older.is_refused
        assert {said.attr for said in older.errors or ()} <= {error["attr"] for error in pair["response"]["errors"]}


@pytest.mark.parametrize("market", premigrate.markets())
def test_totals_of_what_is_predicted_are_whole(market: str) -> None:
    rng = random.Random(f"compare {market}")  # noqa: S311 - to be repeated, not to be secret
    totals = Totals()
    for _ in range(300):
        made = payload(BOOKS[market], good_account(market), rng)
        totals.add(compared(validator_of(market), recorded(made, validator_of(market))))
    assert (totals.accounts, totals.identical, totals.in_order, totals.disagreements) == (300, 300, 300, 0)
    assert totals.kinds.keys() == {"agreed"}
    assert len(totals.codes) > 10, "the payloads reach too few codes to show anything"


def test_with_what_is_proposed_more_agrees_and_nothing_less() -> None:
    """The tenant's answers to shaken accounts: what is proposed from one half is tried on the other."""
    rng = random.Random("halves")  # noqa: S311 - to be repeated, not to be secret
    book = load_ruleset("pt")
    everything_on = {"market": {"extends": "pt"}, "on": {"billing-address-required": "To be tried."}}
    trial = premigrate.Validator(market="pt", as_of=AS_OF, overlay=everything_on)
    evidence = Evidence(book)
    halves: tuple[list[dict[str, Any]], list[dict[str, Any]]] = ([], [])
    for number in range(400):
        made = account(number)
        for _ in range(rng.randrange(3)):
            spoil(made, rng)
        halves[number % 2].append(recorded(made))
    for number, pair in enumerate(halves[0]):
        shipped = validator_of("pt")
        mask = Masker(pair["payload"], engine_of(shipped).info.is_personal)
        tried = trial.validate(pair["payload"]).errors
        case = ComparedAccount(compared(shipped, pair), pair["payload"], mask, f"f:{number}", str(number), tried)
        evidence.add(case)
    overlay = build_overlay(evidence, propose_changes(evidence))
    assert overlay["blame"].keys() == SECRET["blame"].keys()
    assert (overlay["on"].keys(), overlay["off"].keys()) == (SECRET["on"].keys(), SECRET["off"].keys())
    assert "Kanarienvogel" not in json.dumps(overlay, ensure_ascii=False)
    adapted = premigrate.Validator(market="pt", as_of=AS_OF, overlay=overlay)
    before = [compared(validator_of("pt"), pair).is_same for pair in halves[1]]
    after = [compared(adapted, pair).is_same for pair in halves[1]]
    assert sum(before) < 100
    assert all(after)
    assert all(
        adapted.validate(pair["payload"]).response == tenant().validate(pair["payload"]).response for pair in halves[1]
    )


def spoil(made: dict[str, Any], rng: random.Random) -> None:
    """Change one thing of an account, so that something that differs at the tenant comes into play."""
    customer = made["customers"][0]
    match rng.randrange(7):
        case 0:
            customer["mobile"] = f"Kanarienvogel {rng.randrange(1000)}"
        case 1:
            customer["email"] = f"Kanarienvogel{rng.randrange(1000)}@test.com"
        case 2:
            customer["user_details"][2]["value"] = str(rng.randrange(10**9))
        case 3:
            made.pop("billing_address", None)
        case 4:
            customer["given_name"] = "Kanarienvogel" * rng.randrange(20, 50)
        case 5:
            made["supply_addresses"][0]["customer_at_supply_address_from_date"] = rng.choice(["soon", "1.2.2025", 5])
        case _:
            made["unknown_occupier"] = rng.choice(["?", "perhaps"])


def test_another_day_is_another_answer_and_nothing_else() -> None:
    validator = validator_of("dk")
    early = validator.on_day(date(2020, 1, 1))
    assert (validator.as_of, early.as_of) == (AS_OF, date(2020, 1, 1))
    made = good_account("dk")
    assert early.validate(made) == premigrate.Validator(market="dk", as_of=date(2020, 1, 1)).validate(made)
    assert early.validate(made) != validator.validate(made)

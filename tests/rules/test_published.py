"""Holds the rules to what is published of each validation: its codes, where it looks, whom it blames, where it holds.

``validations.json`` says of every published validation its codes, the objects and fields it is about, the places it may
blame ({i} stands for a position), whether it can be decided offline, and in which market it holds.
"""

import json
import re
from typing import Any

import pytest

import premigrate
from premigrate.describe.catalogue import list_validations
from premigrate.describe.catalogue_page import render_catalogue
from premigrate.ruleset.model.rules import Rule
from tests.books import shipped_book
from tests.payloads import ROOT

PUBLISHED: dict[str, dict[str, Any]] = json.loads((ROOT / "tests" / "vectors" / "validations.json").read_text("utf-8"))
BOOKS = [shipped_book(market) for market in premigrate.markets()]
LISTED = {book.market: list_validations([book]) for book in BOOKS}
ELSEWHERE = {name: list(codes) for each in BOOKS[0].not_applicable for name, codes in each.validations.items()}
HERE = sorted(PUBLISHED.keys() - ELSEWHERE.keys())

RULES: dict[str, list[Rule]] = {}
for _book in BOOKS:
    for _rule in (*_book.rules, *_book.disabled):
        RULES.setdefault(_rule.part_of or _rule.id, []).append(_rule)

OTHER_PLACES = {
    "campaign-known": {"account_campaign.campaign_name", "account_campaign.slug"},  # published of the object
    "portfolio-reference-presence": {"business_portfolio", "portfolio"},  # it is said of the account too
    "postcode-format": {"account.billing_postcode", "address", "supply_address.supply_postcode"},  # as its country says
    "product-known": {"transaction_supply_charge.product_code"},  # tariff-known looks up those of agreements
    "transaction-not-future": {"transaction.transaction_date"},  # the field is shared by all five types
    "user-detail-valid": {"customer_user_detail"},  # the older form, details, is any JSON
}


BLAMES_WHAT_IT_FINDS = {
    "address-postcode-format",
    "business-detail-type",
    "business-detail-value",
    "domestic-family-name-required",
}
"""Rules about an object that leave the place to what is wrong."""

PARTLY_CHECKED = {"user-detail-valid", "supply-charge-rate-known"}
"""Validations of which a part needs no list."""


def test_every_published_validation_is_there_once() -> None:
    assert not RULES.keys() & ELSEWHERE.keys()
    assert PUBLISHED.keys() - RULES.keys() == ELSEWHERE.keys()
    errors = {name for name, rules in RULES.items() if any(rule.level == "error" for rule in rules)}
    assert errors <= PUBLISHED.keys()


def test_what_holds_nowhere_is_said_to() -> None:
    for name, codes in ELSEWHERE.items():
        assert codes == PUBLISHED[name]["codes"]
        assert not codes or set(PUBLISHED[name]["applies"].values()) == {False}


@pytest.mark.parametrize("name", HERE)
def test_codes_are_the_published_ones(name: str) -> None:
    assert {rule.code for rule in RULES[name] if rule.level == "error"} == set(PUBLISHED[name]["codes"])


@pytest.mark.parametrize("name", HERE)
def test_rules_look_where_the_validation_does(name: str) -> None:
    expected = OTHER_PLACES.get(name, set(PUBLISHED[name]["scopes"]))
    assert {place for rule in RULES[name] for place in rule.places} == expected


@pytest.mark.parametrize("name", sorted(set(HERE) - {"campaign-known"}))
def test_rules_blame_what_the_validation_may(name: str) -> None:
    ends = [re.sub(r"\{.\}", "0", place) for place in PUBLISHED[name]["attr"]]
    for rule in RULES[name]:
        for on in rule.places:
            blamed = rule.attr or on.partition(".")[2]
            assert bool(blamed) != (rule.id in BLAMES_WHAT_IT_FINDS), (rule.id, on)
            assert not blamed or any(f".{end}".endswith(f".{blamed}") for end in ends), (rule.id, on)


@pytest.mark.parametrize("name", HERE)
def test_rules_hold_where_the_validation_does(name: str) -> None:
    published = PUBLISHED[name]
    for book in BOOKS:
        here = [each for each in LISTED[book.market] if each.id == name]
        words = {state.state for each in here for state in each.states[book.market]}
        if published["decidable"] == "platform-state" or name == "rate-override-band-known":
            expected = {"platform only"}
        elif published["applies"][book.market] is False:
            expected = {"not for this market"}
        elif published["applies"][book.market] == "config":
            expected = {"off", "needs list"} if published["decidable"] == "reference-data" else {"off"}
        else:
            expected = {"needs list"} if published["decidable"] == "reference-data" else {"checked"}
        by_code = published.get("decidable_by_code", {})
        expected |= {"platform only"} if "platform-state" in by_code.values() else set()
        expected |= {"checked"} if "offline" in by_code.values() or name in PARTLY_CHECKED else set()
        expected |= {"not for this market"} if name == "transaction-ids-unique" else set()  # the id is a required field
        assert words <= expected, book.market
        assert words, book.market


def test_the_page_is_that_of_the_rules() -> None:
    written = (ROOT / "rules" / "CATALOGUE.md").read_text("utf-8")
    assert written == "\n".join(render_catalogue(BOOKS)) + "\n", "run make catalogue"
    for name in PUBLISHED:
        assert f"| {name} |" in written

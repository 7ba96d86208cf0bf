"""Compares the rules with the published validations: codes, objects and fields, attrs, and markets.

``validations.json`` has for every published validation its codes, the objects and fields that it is about, the attrs
that it may report ({i} is an index), whether it can be decided offline, and whether it applies to some of the markets.
The rules of the platform and of these markets are compared; of other markets, only the pages of the catalogue are.
"""

import json
import re
from typing import Any

import pytest

import premigrate
from premigrate.compiler.rules import reported_attr
from premigrate.describe.catalogue import list_validations
from premigrate.describe.catalogue_page import render_catalogue
from premigrate.describe.market_catalogue import render_market_catalogue
from premigrate.ruleset.model.rules import Rule
from tests.books import platform_book, shipped_book
from tests.payloads import ROOT

PUBLISHED: dict[str, dict[str, Any]] = json.loads((ROOT / "tests" / "vectors" / "validations.json").read_text("utf-8"))
PLATFORM = platform_book()
MARKETS = sorted({market for each in PUBLISHED.values() for market in each["applies"]})
RULESETS = [shipped_book(market) for market in MARKETS]
VALIDATIONS = {ruleset.market: list_validations([ruleset]) for ruleset in RULESETS}
NOT_APPLICABLE = {name: list(codes) for each in PLATFORM.not_applicable for name, codes in each.validations.items()}
"""The validations without a rule, unless one of the markets has one."""
for _name in {_rule.validation or _rule.id for _each in RULESETS for _rule in (*_each.rules, *_each.disabled)}:
    NOT_APPLICABLE.pop(_name, None)
APPLICABLE = sorted(PUBLISHED.keys() - NOT_APPLICABLE.keys())

RULES: dict[str, list[Rule]] = {}
ATTRS: dict[str, str] = {}
"""The attr of each rule, empty if it is each place that is wrong."""
for _ruleset in RULESETS:
    for _rule in (*_ruleset.rules, *_ruleset.disabled):
        RULES.setdefault(_rule.validation or _rule.id, []).append(_rule)
        ATTRS[_rule.id] = reported_attr(_rule, _ruleset) or ""
for _name, _rules in RULES.items():
    if any(_rule.level == "error" for _rule in _rules):  # advice beside an error is no part of the validation
        RULES[_name] = [_rule for _rule in _rules if _rule.level == "error"]

OTHER_PLACES = {
    "campaign-known": {"account_campaign.campaign_name", "account_campaign.slug"},  # published for the object
    "portfolio-reference-presence": {"business_portfolio", "portfolio"},  # published for the account, too
    "postcode-format": {
        "account.billing_postcode",
        "address",
        "supply_address.supply_postcode",
    },  # depends on the country
    "product-known": {"transaction_supply_charge.product_code"},  # tariff-known looks up those of agreements
    "transaction-not-future": {"transaction.transaction_date"},  # the field is shared by all five types
    "supply-point-identifier-valid": {"supply_point"},  # the form depends on the supply type
    "user-detail-valid": {"customer_user_detail", "customer.details", "business_user.details"},
}


DYNAMIC_ATTR = {
    "address-postcode-format",
    "business-detail-type",
    "business-detail-value",
    "business-given-name-required",
    "domestic-family-name-required",
    "supply-point-identifier-valid",
}
"""Rules about an object whose attr depends on the invalid value."""

PARTLY_CHECKED = {"schedule-day-in-range", "user-detail-valid", "supply-charge-rate-known"}
"""Validations of which a part needs no reference list."""


def test_every_published_validation_is_covered_once() -> None:
    assert not RULES.keys() & NOT_APPLICABLE.keys()
    assert PUBLISHED.keys() - RULES.keys() == NOT_APPLICABLE.keys()
    errors = {name for name, rules in RULES.items() if any(rule.level == "error" for rule in rules)}
    assert errors <= PUBLISHED.keys()


def test_not_applicable_validations_apply_to_no_market() -> None:
    for name, codes in NOT_APPLICABLE.items():
        assert codes == PUBLISHED[name]["codes"]
        assert not codes or set(PUBLISHED[name]["applies"].values()) == {False}


@pytest.mark.parametrize("name", APPLICABLE)
def test_codes_match_the_validation(name: str) -> None:
    assert {rule.code for rule in RULES[name] if rule.level == "error"} == set(PUBLISHED[name]["codes"])


@pytest.mark.parametrize("name", APPLICABLE)
def test_places_match_the_validation(name: str) -> None:
    expected = OTHER_PLACES.get(name, set(PUBLISHED[name]["scopes"]))
    assert {place for rule in RULES[name] for place in rule.places} == expected


@pytest.mark.parametrize("name", sorted(set(APPLICABLE) - {"campaign-known"}))
def test_attrs_match_the_validation(name: str) -> None:
    ends = [re.sub(r"\{.\}", "0", place) for place in PUBLISHED[name]["attr"]]
    for rule in RULES[name]:
        for rule_place in rule.places:
            attr = ATTRS[rule.id] or rule_place.partition(".")[2]
            assert bool(attr) != (rule.id in DYNAMIC_ATTR), (rule.id, rule_place)
            assert not attr or any(f".{end}".endswith(f".{attr}") for end in ends), (rule.id, rule_place)


@pytest.mark.parametrize("name", APPLICABLE)
def test_markets_match_the_validation(name: str) -> None:
    published = PUBLISHED[name]
    for ruleset in RULESETS:
        if ruleset.market not in published["applies"]:
            continue
        entries = [each for each in VALIDATIONS[ruleset.market] if each.id == name]
        entries = [each for each in entries if each.level == "error"] or entries
        states = {state.state for each in entries for state in each.states[ruleset.market]}
        if published["decidable"] == "platform-state" or name == "rate-override-band-known":
            expected = {"server only", "needs fact"}
        elif published["applies"][ruleset.market] is False:
            expected = {"not for this market"}
        elif published["applies"][ruleset.market] == "config":
            expected = {"off", "needs list"} if published["decidable"] == "reference-data" else {"off"}
        else:
            expected = {"needs list"} if published["decidable"] == "reference-data" else {"checked"}
        by_code = published.get("decidable_by_code", {})
        expected |= {"server only", "needs fact"} if "platform-state" in by_code.values() else set()
        expected |= {"checked"} if "offline" in by_code.values() or name in PARTLY_CHECKED else set()
        expected |= {"not for this market"} if name == "transaction-ids-unique" else set()  # the id is a required field
        assert states <= expected, ruleset.market
        assert states, ruleset.market


def test_common_page_is_current() -> None:
    written = (ROOT / "rules" / "CATALOGUE.md").read_text("utf-8")
    assert written == "\n".join(render_catalogue(PLATFORM)) + "\n", "run make catalogue"


@pytest.mark.parametrize("market", premigrate.markets())
def test_page_of_the_market_is_current(market: str) -> None:
    written = (ROOT / "rules" / market / "CATALOGUE.md").read_text("utf-8")
    assert written == "\n".join(render_market_catalogue(shipped_book(market))) + "\n", "run make catalogue"


def test_every_published_validation_is_on_a_page() -> None:
    pages = [ROOT / "rules" / "CATALOGUE.md", *(ROOT / "rules" / market / "CATALOGUE.md" for market in MARKETS)]
    written = "".join(page.read_text("utf-8") for page in pages)
    assert not [name for name in PUBLISHED if f"| {name} |" not in written]

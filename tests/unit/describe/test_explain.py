"""Every rule, code and other topic can be explained."""

import re

import pytest

import premigrate
from premigrate.describe.catalogue import list_tenant_choices
from premigrate.describe.explain import find_topics, render_topic
from premigrate.describe.fields import plain_path
from premigrate.describe.market import ruleset_of
from premigrate.ruleset.model.ruleset import Ruleset

RULESETS = [ruleset_of(market) for market in premigrate.markets()]
SHOWN = [ruleset_of(market) for market in ("dk", "pt")]
"""The markets whose pages are compared with texts."""


@pytest.mark.parametrize("ruleset", RULESETS, ids=lambda ruleset: ruleset.market)
def test_every_topic_has_a_page(ruleset: Ruleset) -> None:
    for topic in sorted(find_topics([ruleset])):
        page = list(render_topic(topic, [ruleset]))
        assert any(topic in line for line in page), topic


def test_rule_of_one_market_shows_its_own_examples() -> None:
    page = "\n".join(render_topic("supply-point-identifier-valid", SHOWN))
    for part in (
        "(in pt)",
        'good: {"supply_type": "ELECTRICITY", "identifier": "PT0000000000000001TR"}',
        'bad: {"supply_type": "GAS", "identifier": "PT0000000000000001RT"}',
        "does not apply in dk",
        "invalid_supply_point_identifier",
    ):
        assert part in page


def test_rule_without_a_scheme_in_its_market_shows_no_examples() -> None:
    page = "\n".join(render_topic("supply-point-identifier-valid", [ruleset_of("dk")]))
    assert "supply-point-identifier-valid (off)" in page
    assert "good:" not in page


def test_no_page_shows_a_placeholder_of_a_scheme() -> None:
    for ruleset in RULESETS:
        for rule in (*ruleset.rules, *ruleset.disabled):
            page = "\n".join(render_topic(rule.id, [ruleset]))
            assert not re.search('"<(in)?valid>"', page), rule.id


def test_rule_of_the_platform_names_its_lookup() -> None:
    page = " ".join(" ".join(render_topic("reference-unused", SHOWN)).split())
    assert "only the server has the data: whether another account has" in page
    assert "good:" not in page


def test_rule_of_all_markets_names_them() -> None:
    assert any("phone-number-valid (in dk, pt)" in line for line in render_topic("invalid_phone_number", SHOWN))


def test_disabled_rule_is_explained() -> None:
    page = "\n".join(render_topic("company-number-format", SHOWN))
    for part in (
        "company-number-format (off)",
        'good: "13585628"',
        "does not apply in pt: It is published",
        "in dk: It is published",
    ):
        assert part in page


def test_rule_with_a_reference_list_describes_the_list() -> None:
    page = "\n".join(render_topic("operations-team-known", SHOWN))
    for part in (
        "Uses the reference list operations_teams: Names of the operations teams",
        'example_lists: operations_teams: ["Migr',
    ):
        assert part in page


def test_validation_is_explained_with_all_its_rules() -> None:
    page = "\n".join(render_topic("contribution-periods-within", SHOWN))
    for part in (
        "contribution-periods-end-within",
        "contribution-periods-apart",
        "overlapping_contribution_periods",
        "Part of the validation: contribution-periods-within",
    ):
        assert part in page


def test_validation_that_only_advice_uses_is_explained() -> None:
    page = "\n".join(render_topic("birth-date-likely", SHOWN))
    for part in ("birth-date-not-future (in", "birth-date-not-before-1900 (in", "birth_date_unlikely"):
        assert part in page
    assert "Part of the validation: birth-date-likely" in page


def test_rule_that_applies_to_no_market_says_why() -> None:
    for topic in ("au-one-reading-route", "reading_route_values_should_match"):
        page = " ".join("\n".join(render_topic(topic, SHOWN)).split())
        assert "au-one-reading-route [reading_route_values_should_match] does not apply in any market: This" in page


def test_rules_name_exactly_the_markets_they_hold_in() -> None:
    for ruleset in RULESETS:
        for rule in (*ruleset.rules, *ruleset.disabled):
            holds_in = [each.market for each in RULESETS if rule.id in {other.id for other in each.rules}]
            expected = f"{rule.id} (in {', '.join(holds_in)})" if holds_in else f"{rule.id} (off)"
            assert expected in list(render_topic(rule.id, RULESETS))


def test_code_shows_the_basis_of_its_text() -> None:
    for code, basis in (
        ("invalid_phone_number", "Basis of the text: documented. The text is shown on an API page."),
        (
            "campaign_not_found",
            "Basis of the text: inferred. No source shows the text of this code",
        ),
        ("required", "Basis of the text: framework. The text is the one of Django REST Framework."),
    ):
        assert basis in " ".join(" ".join(render_topic(code, SHOWN)).split())


def test_overlay_changes_the_basis_of_a_text() -> None:
    code = {"detail": "No such campaign.", "meaning": "m", "detail_basis": "observed", "source": "a response"}
    overlay = {"market": {"extends": "pt"}, "code": {"campaign_not_found": code}}
    page = "\n".join(render_topic("campaign_not_found", [ruleset_of("pt", overlay)]))
    assert "Basis of the text: observed. The text was in a response of the API." in page


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("customers.0.mobile", "customers.mobile"),
        ("customers.*.mobile", "customers.mobile"),
        ("customers[].mobile", "customers.mobile"),
        ("payload.customers.0.mobile", "customers.mobile"),
        ("ledgers.0.non_field_errors", "ledgers"),
        ("payload", "payload"),
    ],
)
def test_plain_path(path: str, plain: str) -> None:
    assert plain_path(path) == plain


def page_of(topic: str) -> str:
    return " ".join("\n".join(render_topic(topic, SHOWN)).split())


def test_field_is_explained_by_its_path() -> None:
    page = page_of("customers.mobile")
    for part in (
        "customers.mobile (in dk, pt)",
        "A field of customer: A person who holds or uses the account.",
        "Type: a text; at most 32 characters; optional; may be null; may be empty; personal",
        "such as +4587654321 (in dk)",
        "such as +351912345678 (in pt)",
        "Rule: phone-number-valid [invalid_phone_number]",
    ):
        assert part in page
    assert page_of("customer.mobile") == page.replace("customers.mobile", "customer.mobile")


def test_field_that_differs_between_markets_is_explained_for_each() -> None:
    pages = [line for line in render_topic("supply_addresses.supply_points", SHOWN) if line.startswith("supply_")]
    assert pages == [f"supply_addresses.supply_points (in {market})" for market in ("dk", "pt")]


def test_field_that_is_known_otherwise_than_its_object_shows_both() -> None:
    owner = SHOWN[0].objects["customer"]
    field = owner.fields["mobile"]
    assert (field.basis, owner.basis) == ("documented", "published")
    expected = f"Evidence: documented; its object is published ({owner.source})"
    assert expected in " ".join(page_of("customers.mobile").split())


def test_choices_of_a_field_are_listed() -> None:
    page = page_of("account_type")
    assert "Choices: DOMESTIC, BUSINESS, MANAGED" in page
    assert 'Example: "DOMESTIC"' in page


def test_choices_that_a_tenant_defines_are_in_a_reference_list() -> None:
    (path, name), *_ = list_tenant_choices(SHOWN).items()
    assert f"The tenant defines the choices in the reference list {name}" in page_of(path)
    assert f"Contains the choices of {path}" in page_of(name)


def test_object_is_explained_with_its_fields_and_places() -> None:
    page = page_of("agreement")
    for part in ("agreement, an object", "supply_addresses.supply_points.agreements", "effective_from: a date"):
        assert part in page


def test_reference_list_is_explained_with_its_values() -> None:
    references = {"ledger_codes": [f"L{number:03}" for number in range(300)]}
    page = " ".join(" ".join(render_topic("ledger_codes", [ruleset_of("dk", references=references)])).split())
    for part in ("ledger_codes, a reference list (in dk)", "L000, L001", "L199, and more", "Rule: ledger-code-known"):
        assert part in page
    assert "L200" not in page
    assert "supply them with --references" in page_of("ledger_codes")


def test_fields_of_the_same_name_in_variants_are_all_explained() -> None:
    page = page_of("transaction.payment_type")
    assert page.count("transaction.payment_type (in dk, pt)") == 2
    for owner in ("transaction_payment", "transaction_repayment"):
        assert f"A field of {owner}:" in page


def test_fact_is_explained_with_its_rules() -> None:
    page = page_of("operations_teams_allocated")
    for part in ("a fact of [tenant] (in dk, pt)", "Stated in pt: no", "Rule: operations-team-presence"):
        assert part in page


def test_overlay_shows_why_it_changes_a_field_and_an_attr() -> None:
    overlay = {
        "market": {"extends": "pt"},
        "tenant": {"operations_teams_allocated": True},
        "change": {"account": {"fields": {"account_type": {"required": False, "because": "They said so."}}}},
        "attr_change": {"ledger-balances-sum": {"attr": "transfer_balance", "because": "It was seen there."}},
        "code_change": {"ledger-balances-sum": {"code": "duplicate_bespoke_rates", "because": "It was read."}},
    }
    changed = [ruleset_of("pt", overlay)]
    assert "  Evidence: They said so. ([change] in overlay)" in list(render_topic("account_type", changed))
    page = list(render_topic("ledger-balances-sum", changed))
    assert "  Reported at transfer_balance: It was seen there. ([attr_change])" in page
    assert "  Reported with the code duplicate_bespoke_rates: It was read. ([code_change])" in page
    assert "  Stated in pt: true" in list(render_topic("operations_teams_allocated", changed))

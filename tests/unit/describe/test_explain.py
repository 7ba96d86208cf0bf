"""Every rule, code and other topic can be explained."""

import premigrate
from premigrate.describe.explain import find_topics, render_topic
from premigrate.describe.market import ruleset_of

RULESETS = [ruleset_of(market) for market in premigrate.markets()]


def test_every_topic_has_a_page() -> None:
    for topic in sorted(find_topics(RULESETS)):
        page = list(render_topic(topic, RULESETS))
        assert any(topic in line for line in page), topic


def test_rule_of_one_market_shows_its_own_examples() -> None:
    page = "\n".join(render_topic("supply-point-identifier-valid", RULESETS))
    for part in ("(in pt)", 'good: "PT0000000000000001TR"', "does not hold in dk", "invalid_supply_point_identifier"):
        assert part in page


def test_rule_of_the_platform_names_its_lookup() -> None:
    page = " ".join(" ".join(render_topic("supply-addresses-vs-skip-setting", RULESETS)).split())
    assert "only the platform can look it up: whether the import supplier makes no properties" in page
    assert "good:" not in page


def test_rule_of_all_markets_names_them() -> None:
    assert any("phone-number-valid (in dk, pt)" in line for line in render_topic("invalid_phone_number", RULESETS))


def test_disabled_rule_is_explained() -> None:
    page = "\n".join(render_topic("company-number-format", RULESETS))
    for part in (
        "company-number-format (off)",
        'good: "13585628"',
        "does not hold in pt: It is",
        "in dk: It is",
    ):
        assert part in page


def test_rule_with_a_reference_list_describes_the_list() -> None:
    page = "\n".join(render_topic("operations-team-known", RULESETS))
    for part in (
        "Looks into the reference list operations_teams: Names of the teams",
        'example_lists: operations_teams: ["Migr',
    ):
        assert part in page


def test_validation_is_explained_with_all_its_rules() -> None:
    page = "\n".join(render_topic("contribution-periods-within", RULESETS))
    for part in ("contribution-periods-end-within", "contribution-periods-apart", "overlapping_contribution_periods"):
        assert part in page


def test_rule_that_applies_to_no_market_says_why() -> None:
    for topic in ("gb-current-aq", "no_current_or_future_aq_entry_found"):
        page = " ".join("\n".join(render_topic(topic, RULESETS)).split())
        assert "gb-current-aq [no_current_or_future_aq_entry_found] holds in none of our markets: It is about" in page


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
        assert basis in " ".join(" ".join(render_topic(code, RULESETS)).split())


def test_overlay_changes_the_basis_of_a_text() -> None:
    code = {"detail": "No such campaign.", "meaning": "m", "detail_basis": "observed", "source": "a response"}
    overlay = {"market": {"extends": "pt"}, "code": {"campaign_not_found": code}}
    page = "\n".join(render_topic("campaign_not_found", [ruleset_of("pt", overlay)]))
    assert "Basis of the text: observed. The text was in a response of the API." in page

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
        "does not hold in pt: That a number",
        "in dk: That",
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
        assert "gb-current-aq [no_current_or_future_aq_entry_found] holds in none of our markets: Looks at obj" in page


def test_rules_name_exactly_the_markets_they_hold_in() -> None:
    for ruleset in RULESETS:
        for rule in (*ruleset.rules, *ruleset.disabled):
            holds_in = [each.market for each in RULESETS if rule.id in {other.id for other in each.rules}]
            expected = f"{rule.id} (in {', '.join(holds_in)})" if holds_in else f"{rule.id} (off)"
            assert expected in list(render_topic(rule.id, RULESETS))

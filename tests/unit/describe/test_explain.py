"""Whatever there is to explain can be explained."""

import premigrate
from premigrate.describe.explain import find_topics, render_topic
from premigrate.describe.market import ruleset_of

BOOKS = [ruleset_of(market) for market in premigrate.markets()]


def test_every_topic_has_a_page() -> None:
    for topic in sorted(find_topics(BOOKS)):
        page = list(render_topic(topic, BOOKS))
        assert any(topic in line for line in page), topic


def test_a_rule_of_one_market_shows_its_own_examples() -> None:
    page = "\n".join(render_topic("supply-point-identifier-valid", BOOKS))
    for part in ("(in pt)", 'good: "PT0000000000000001TR"', "does not hold in dk", "invalid_supply_point_identifier"):
        assert part in page


def test_a_rule_that_asks_the_platform_says_what_it_asks() -> None:
    page = " ".join(" ".join(render_topic("supply-addresses-vs-skip-setting", BOOKS)).split())
    assert "only the platform can look it up: whether the import supplier makes no properties" in page
    assert "good:" not in page


def test_a_rule_of_all_markets_names_them() -> None:
    assert any("phone-number-valid (in dk, pt)" in line for line in render_topic("invalid_phone_number", BOOKS))


def test_a_rule_that_is_off_is_explained_all_the_same() -> None:
    page = "\n".join(render_topic("company-number-format", BOOKS))
    for part in (
        "company-number-format (off)",
        'good: "13585628"',
        "does not hold in pt: That a number",
        "in dk: That",
    ):
        assert part in page


def test_a_rule_that_needs_a_list_says_what_it_holds() -> None:
    page = "\n".join(render_topic("operations-team-known", BOOKS))
    for part in (
        "Looks into the reference list operations_teams: Names of the teams",
        'given: operations_teams: ["Migr',
    ):
        assert part in page


def test_a_validation_is_explained_with_all_rules_it_is_made_of() -> None:
    page = "\n".join(render_topic("contribution-periods-within", BOOKS))
    for part in ("contribution-periods-end-within", "contribution-periods-apart", "overlapping_contribution_periods"):
        assert part in page


def test_what_holds_in_no_market_says_why() -> None:
    for topic in ("gb-current-aq", "no_current_or_future_aq_entry_found"):
        page = " ".join("\n".join(render_topic(topic, BOOKS)).split())
        assert "gb-current-aq [no_current_or_future_aq_entry_found] holds in none of our markets: Looks at obj" in page


def test_every_rule_names_the_markets_it_holds_in_and_no_other() -> None:
    for book in BOOKS:
        for rule in (*book.rules, *book.disabled):
            holds_in = [each.market for each in BOOKS if rule.id in {other.id for other in each.rules}]
            expected = f"{rule.id} (in {', '.join(holds_in)})" if holds_in else f"{rule.id} (off)"
            assert expected in list(render_topic(rule.id, BOOKS))

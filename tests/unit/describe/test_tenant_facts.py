"""Facts about a tenant in the list of rules, in explanations and in the catalogue."""

from collections.abc import Iterable

from premigrate.describe.catalogue import catalogue_data, list_validations
from premigrate.describe.catalogue_page import render_catalogue
from premigrate.describe.explain import render_lists, render_rules, render_topic
from premigrate.describe.market_catalogue import render_market_catalogue
from premigrate.describe.market_states import MarketState
from premigrate.ruleset.load import load_ruleset
from premigrate.ruleset.model.ruleset import Ruleset
from tests.books import platform_book

UNSTATED, ON = (
    load_ruleset("pt", {"market": {"extends": "pt"}, "tenant": tenant}) for tenant in ({}, {"consents": True})
)
OFF = load_ruleset("pt", {"market": {"extends": "pt"}, "tenant": {"consents": False}})


def joined(lines: Iterable[str]) -> str:
    return " ".join(" ".join(lines).split())


def test_list_of_rules_names_the_facts() -> None:
    line = "consents-enabled [field_not_enabled] error, published"
    assert f"  {line}; needs [tenant] consents" in list(render_rules(UNSTATED))
    assert f"  {line}; does not apply: [tenant] states consents = true" in list(render_rules(ON))
    assert f"  {line}" in list(render_rules(OFF))


def test_rule_is_explained_with_its_facts() -> None:
    page = joined(render_topic("consents-enabled", [UNSTATED]))
    assert (
        "Checked only if [tenant] states consents = false The fact consents: The tenant has enabled consents." in page
    )
    assert 'good: [] bad: [{"type": "MARKETING"}]' in page


def test_facts_are_listed_with_their_values() -> None:
    assert "  consents: The tenant has enabled consents." in list(render_lists([UNSTATED]))
    assert "  consents: The tenant has enabled consents. Stated for pt: false." in list(render_lists([OFF]))


def state_of(ruleset: Ruleset) -> tuple[MarketState, ...]:
    return next(each.states["pt"] for each in list_validations([ruleset]) if each.id == "consents-enabled")


def test_catalogue_has_the_state() -> None:
    assert state_of(UNSTATED) == (MarketState("needs fact", facts=("consents",)),)
    assert state_of(ON) == (MarketState("off", reason="[tenant] states consents = true."),)
    assert state_of(OFF) == (MarketState("checked"),)


def test_catalogue_page_names_the_facts() -> None:
    row = "| consents-enabled | `field_not_enabled` | published |"
    assert f"{row} needs fact `consents` |" in list(render_market_catalogue(UNSTATED))
    assert f"{row} checked |" in list(render_market_catalogue(OFF))
    page = list(render_catalogue(platform_book()))
    assert f"{row} fact `consents` |" in page
    assert "| `consents` | The tenant has enabled consents. | consents-enabled |" in page


def test_catalogue_data_has_the_facts() -> None:
    facts = {each["fact"]: each for each in catalogue_data([OFF])["facts"]}
    assert facts.keys() == OFF.facts.keys()
    rules = ["consents-enabled"]
    description = "The tenant has enabled consents."
    assert facts["consents"] == {
        "fact": "consents",
        "description": description,
        "rules": rules,
        "stated": {"pt": False},
    }

"""The tables ``[fact.NAME]`` and ``[tenant]``, and the key ``if_tenant`` of rules: what loads and what is a mistake."""

from typing import Any

import pytest

from premigrate.exceptions import BadRules
from premigrate.ruleset.load import load_ruleset
from premigrate.ruleset.merge import RulesetDraft
from premigrate.ruleset.parse import parse_tables
from tests.rule_tables import METADATA

RULE = {"id": "ours", "on": "account", "present": ["billing_email"], **METADATA}


def mistakes(**tables: Any) -> list[str]:
    with pytest.raises(BadRules) as caught:
        load_ruleset("dk", {"market": {"extends": "dk"}, **tables})
    assert {problem.file for problem in caught.value.problems} == {"overlay"}
    return [f"{problem.place}: {problem.message}" for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ({"tenant": {"consent": True}}, "[tenant] consent: there is no fact 'consent'; did you mean 'consents'?"),
        ({"tenant": {"consents": "yes"}}, "[tenant] consents: write true or false"),
        ({"tenant": {"consents": 1}}, "[tenant] consents: write true or false"),
        ({"tenant": True}, "[tenant]: input should be an object"),
        (
            {"rule": [{**RULE, "if_tenant": {"consent": True}}]},
            "[[rule]] ours if_tenant: there is no fact 'consent'; did you mean 'consents'?",
        ),
        (
            {"rule": [{**RULE, "if_tenant": {"consents": "no"}}]},
            "[[rule]] ours if_tenant.consents: write true or false",
        ),
        (
            {"rule": [{**RULE, "present": None, "server_only": "x", "if_tenant": {"consents": True}}]},
            "[[rule]] ours: a server_only rule is never checked, so it cannot have if_tenant",
        ),
        (
            {"fact": {"consents": {"about": "x"}}},
            "fact consents: is already defined in tenant_facts.toml; choose another name",
        ),
    ],
)
def test_mistake_is_reported(tables: dict[str, Any], expected: str) -> None:
    assert mistakes(**tables) == [expected]


def test_every_mistake_under_tenant_is_reported() -> None:
    assert len(mistakes(tenant={"consent": True, "cais_references": "no", "managed_accounts": 1})) == 3


def test_nothing_is_stated_for_the_markets() -> None:
    ruleset = load_ruleset("dk")
    assert not ruleset.tenant
    assert {name for rule in ruleset.rules for name in rule.if_tenant} == ruleset.facts.keys()


GONE = {"change": {"account": {"fields": {"operations_team_name": {"drop": True, "because": "x"}}}}}
NO_FIELD = "there is no field 'operations_team_name' (in account)"


def test_overlay_can_drop_what_a_shipped_rule_without_its_fact_reads() -> None:
    assert load_ruleset("dk", {"market": {"extends": "dk"}, **GONE})
    with pytest.raises(BadRules) as caught:
        load_ruleset("dk", {"market": {"extends": "dk"}, **GONE, "tenant": {"operations_teams_allocated": True}})
    (problem,) = caught.value.problems
    assert problem.place == "[[rule]] operations-team-not-wanted on account"
    assert problem.message.startswith(NO_FIELD)


def test_paths_in_rules_of_an_overlay_are_always_checked() -> None:
    ours = {**RULE, "present": ["operations_team_name"], "if_tenant": {"consents": True}}
    assert mistakes(**GONE, rule=[ours]) == [f"[[rule]] ours on account: {NO_FIELD}"]


def test_overlay_can_declare_a_fact() -> None:
    tables = {
        "fact": {"ours": {"about": "x"}},
        "tenant": {"ours": True},
        "rule": [{**RULE, "if_tenant": {"ours": True}}],
    }
    ruleset = load_ruleset("dk", {"market": {"extends": "dk"}, **tables})
    assert ruleset.facts["ours"].about == "x"
    assert dict(ruleset.tenant) == {"ours": True}


def test_overlay_overrides_what_its_market_states() -> None:
    draft = RulesetDraft()
    market = {"tenant": {"consents": True, "cais_references": False}}
    draft.add("xx/market.toml", parse_tables("xx/market.toml", market, draft.report))
    draft.add("overlay", parse_tables("overlay", {"tenant": {"consents": False}}, draft.report))
    assert draft.tenant == {"consents": False, "cais_references": False}
    assert (draft.sources["tenant consents"], draft.sources["tenant cais_references"]) == ("overlay", "xx/market.toml")
    assert not draft.report.problems

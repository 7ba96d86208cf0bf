"""Determines the state of a rule in a market: checked, or the reason why it is not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from premigrate.ruleset.model.cohort import CohortRule
from premigrate.ruleset.model.rules import Rule
from premigrate.ruleset.model.ruleset import Ruleset

StateName: TypeAlias = Literal["checked", "needs fact", "needs list", "server only", "off", "not for this market"]

OPT_IN_PREFIX = "Disabled by default"
"""Prefix of the reason in a market that leaves a rule off only because of missing evidence."""


@dataclass(frozen=True, slots=True, order=True)
class MarketState:
    """The state of a validation in one market, with the lists and facts that it lacks or the reason why it is off."""

    state: StateName
    lists: tuple[str, ...] = ()
    reason: str = ""
    facts: tuple[str, ...] = ()


def state_of(rule: Rule, ruleset: Ruleset) -> MarketState:
    """Return the state of a rule in a market."""
    lists = missing_lists(rule, ruleset)
    if rule in ruleset.disabled:
        if rule.disabled is not None and ruleset.off_reasons.get(rule.id, rule.disabled) == rule.disabled:
            return MarketState("off", lists, rule.disabled)
        reason = ruleset.off_reasons.get(rule.id, "")
        return MarketState("off" if reason.startswith(OPT_IN_PREFIX) else "not for this market", (), reason)
    if rule.server_only is not None:
        return MarketState("server only", reason=rule.server_only)
    if contradicting := ruleset.contradicting_facts(rule):
        return MarketState("off", lists, f"[tenant] states {format_facts(contradicting)}.")
    if facts := ruleset.unstated_facts(rule):
        return MarketState("needs fact", lists, facts=facts)
    return MarketState("needs list", lists) if lists else MarketState("checked")


def cohort_state_of(rule: CohortRule, ruleset: Ruleset) -> MarketState:
    """Return the state of a cohort rule in a market."""
    if rule in ruleset.disabled_cohort_rules:
        return MarketState("off", (), ruleset.off_reasons[rule.id])
    lists = missing_lists(rule, ruleset)
    return MarketState("needs list", lists) if lists else MarketState("checked")


def missing_lists(rule: Rule | CohortRule, ruleset: Ruleset) -> tuple[str, ...]:
    """Return the names of the reference lists that a rule needs and that have not been supplied, sorted."""
    return tuple(sorted({name for name, *_ in rule.lists() if ruleset.lists[name].values is None}))


def format_facts(facts: Mapping[str, bool]) -> str:
    """Return facts with their values, as they are written in TOML."""
    return " and ".join(f"{name} = {str(value).lower()}" for name, value in facts.items())

"""Determines which rules and advice of a draft are off, and why."""

from collections.abc import Container

from premigrate.results import advice_id
from premigrate.ruleset.merge import RulesetDraft
from premigrate.ruleset.model.rule_file import PLATFORM
from premigrate.ruleset.model.rules import Rule
from premigrate.ruleset.model.ruleset import no_format_reason
from premigrate.ruleset.rule_footprints import has_format

DROPPED = "Its fields are dropped in this market."
"""The reason why a rule is off whose places a market drops."""


def off_reasons(draft: RulesetDraft, dropped: set[str]) -> dict[str, str]:
    """Return the reasons why rules and advice are off, by id."""
    reasons = {**_default_reasons(draft, dropped), **draft.switches}
    return {switch: reason for switch, reason in reasons.items() if reason is not None}


def needless_switches(draft: RulesetDraft, dropped: set[str]) -> tuple[str, ...]:
    """Return the ids of the rules that a file disables although the market drops all their fields."""
    return tuple(
        name
        for name, reason in draft.switches.items()
        if reason is not None and name in draft.rules and dropped.issuperset(draft.rules[name].places)
    )


def is_off(rule: Rule, off: Container[str]) -> bool:
    """Return whether a rule is off, by its own id or, for advice, by the id of its code."""
    return rule.id in off or (rule.level == "advice" and advice_id(rule.code) in off)


def _default_reasons(draft: RulesetDraft, dropped: set[str]) -> dict[str, str | None]:
    reasons = {rule.id: rule.disabled for rule in draft.cohort_rules.values()}
    return {**reasons, **{rule.id: _default_reason(draft, rule, dropped) for rule in draft.rules.values()}}


def _default_reason(draft: RulesetDraft, rule: Rule, dropped: set[str]) -> str | None:
    """Return why a rule is off unless it is switched on or off explicitly; None if it is on.

    A rule is off if all its places are dropped, if it is ``disabled`` itself, or if its format is not defined. The last
    is an error instead, reported by `check_names`, unless the overlay extends no market or the draft may be incomplete.
    """
    parts = (rule, *draft.split_rules.get(rule.id, ()))
    if all(dropped.issuperset(part.places) for part in parts):
        return DROPPED
    needs_no_format = draft.may_be_incomplete or draft.market.extends == PLATFORM
    if needs_no_format and rule.format and not has_format(draft, rule):
        return no_format_reason(rule.format.is_)
    return rule.disabled

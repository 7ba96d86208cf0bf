"""Lists the names in the rules: ids, codes, markets, reference lists and tenant facts."""

from collections.abc import Iterator

import premigrate
from premigrate.ruleset.model.ruleset import Ruleset
from tests.books import platform_book, shipped_book


def _rulesets() -> list[Ruleset]:
    return [platform_book(), *map(shipped_book, premigrate.markets())]


def rule_ids() -> Iterator[str]:
    """Yield each rule with the code of its error, and the rules across accounts, whether enabled or disabled."""
    for ruleset in _rulesets():
        yield from (f"{rule.id}: {rule.code}" for rule in (*ruleset.rules, *ruleset.disabled))
        cohort_rules = (*ruleset.cohort_rules, *ruleset.disabled_cohort_rules)
        yield from (f"{rule.id}: {rule.code} (across accounts)" for rule in cohort_rules)


def codes() -> Iterator[str]:
    """Yield each code of an error or advice."""
    for ruleset in _rulesets():
        yield from ruleset.codes
        yield from (f"{code} (advice)" for code in ruleset.advice)


def reference_lists() -> Iterator[str]:
    """Yield each list that rules look values up in."""
    for ruleset in _rulesets():
        yield from ruleset.lists


def tenant_facts() -> Iterator[str]:
    """Yield each fact that an overlay can state."""
    for ruleset in _rulesets():
        yield from ruleset.facts

"""The rules of all markets, in the order of the rule files, with their states and the fields that they read."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from premigrate.api import markets
from premigrate.describe.market import ruleset_of
from premigrate.describe.market_states import MarketState, cohort_state_of, state_of
from premigrate.ruleset.load import load_footprints, load_platform
from premigrate.ruleset.model.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from premigrate.ruleset.model.cohort import CohortRule
    from premigrate.ruleset.model.ruleset import Ruleset
    from premigrate.ruleset.rule_footprints import Footprint


@dataclass(frozen=True)
class SiteRule:
    """A rule or cohort rule with the ruleset that explains it, and its states by market."""

    rule: Rule | CohortRule
    ruleset: Ruleset
    file: str
    parts: dict[str, list[Rule]] = field(default_factory=dict)
    """The rule as it stands in each market; several if it is written differently at some places."""
    states: dict[str, list[MarketState]] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    """The code in each market."""

    @property
    def places(self) -> tuple[str, ...]:
        """The objects and fields that the rule applies to in any market."""
        if not isinstance(self.rule, Rule):
            return ()
        return tuple(dict.fromkeys(place for parts in self.parts.values() for part in parts for place in part.places))

    @property
    def object(self) -> str:
        """The object under which the rule is listed."""
        if isinstance(self.rule, Rule):
            return self.rule.places[0].partition(".")[0]
        return self.ruleset.root

    def is_on(self, market: str) -> bool:
        """Return whether the rule belongs to a market and is not off there."""
        return any(state.state not in {"off", "not for this market"} for state in self.states.get(market, ()))


class SiteRules:
    """The rulesets of all markets and of the platform, and what several pages need to know of them."""

    def __init__(self) -> None:
        self.markets: Mapping[str, Ruleset] = {name: ruleset_of(name) for name in markets()}
        self.platform = load_platform()
        self.footprints: Mapping[str, Mapping[str, Footprint]] = {name: load_footprints(name) for name in self.markets}

    @cached_property
    def rules(self) -> dict[str, SiteRule]:
        """All rules and cohort rules by id, in the order of the rule files. One that is on explains itself best."""
        found: dict[str, SiteRule] = {}
        for ruleset in self.markets.values():
            on: list[Rule | CohortRule] = [*ruleset.rules, *ruleset.cohort_rules]
            for active in on:
                found.setdefault(active.id, SiteRule(active, ruleset, _file_of(active, ruleset)))
        for name, ruleset in self.markets.items():
            for rule in (*ruleset.rules, *ruleset.disabled):
                each = found.setdefault(rule.id, SiteRule(rule, ruleset, _file_of(rule, ruleset)))
                each.parts.setdefault(name, []).append(rule)
                each.states.setdefault(name, []).append(state_of(rule, ruleset))
                each.codes[name] = rule.code
            for cohort in (*ruleset.cohort_rules, *ruleset.disabled_cohort_rules):
                each = found.setdefault(cohort.id, SiteRule(cohort, ruleset, _file_of(cohort, ruleset)))
                each.states[name] = [cohort_state_of(cohort, ruleset)]
                each.codes[name] = cohort.code
        sources = [self.platform, *self.markets.values()]
        order = {name: None for ruleset in sources for name in ruleset.source_files}
        ids = [name.partition(" ")[2] for name in order if name.startswith(("rule ", "cohort "))]
        return {rule_id: found[rule_id] for rule_id in ids if rule_id in found}

    @cached_property
    def by_code(self) -> dict[str, list[SiteRule]]:
        """The rules that report each code in any market."""
        found: dict[str, list[SiteRule]] = {}
        for each in self.rules.values():
            for name in dict.fromkeys(each.codes.values()):
                found.setdefault(name, []).append(each)
        return found

    def title(self, market: str) -> str:
        """Return the name of a market in words."""
        return self.markets[market].title


def _file_of(rule: Rule | CohortRule, ruleset: Ruleset) -> str:
    return ruleset.source_files[f"{'rule' if isinstance(rule, Rule) else 'cohort'} {rule.id}"]

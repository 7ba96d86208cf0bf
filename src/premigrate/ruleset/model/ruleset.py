"""The ruleset of one market: all its files merged, changes applied and names checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from premigrate.ruleset.model.codes import AdviceCode, ErrorCode
from premigrate.ruleset.model.cohort import CohortRule
from premigrate.ruleset.model.fields import ObjectSpec
from premigrate.ruleset.model.fixes import Fix
from premigrate.ruleset.model.responses import ImportStatus, Lifecycle, ResponseSpec
from premigrate.ruleset.model.rule_file import Fact, NotApplicable, ReferenceList, Scheme
from premigrate.ruleset.model.rules import AttrChange, CodeChange, Rule


def no_format_reason(scheme: str) -> str:
    """Return the reason why rules are disabled whose scheme is not defined."""
    return f"No scheme defines the format {scheme}."


@dataclass(frozen=True, slots=True)
class Ruleset:
    """Everything known about a market.

    ``off_reasons`` holds the reasons why rules, advice and fixes are disabled, by id; ``disabled`` are those rules.
    ``lists`` are the reference lists that rules need; lists without values have not been supplied. ``cohort_rules``
    are the cohort rules, and ``disabled_cohort_rules`` those that are disabled. ``responses`` are the responses other
    than the list of errors; ``statuses`` and ``lifecycles`` are the statuses and lifecycles of imports. ``facts``
    are the facts on which rules can depend, and ``tenant`` those that are stated.
    """

    market: str
    title: str
    territory: str
    root: str
    suppliers: tuple[str, ...]
    beside_payload: tuple[str, ...]
    refusal: str
    objects: Mapping[str, ObjectSpec]
    rules: tuple[Rule, ...]
    off_reasons: Mapping[str, str]
    disabled: tuple[Rule, ...]
    schemes: Mapping[str, Scheme]
    lists: Mapping[str, ReferenceList]
    not_applicable: tuple[NotApplicable, ...]
    codes: Mapping[str, ErrorCode]
    advice: Mapping[str, AdviceCode]
    responses: Mapping[str, ResponseSpec]
    statuses: Mapping[str, ImportStatus]
    lifecycles: Mapping[str, Lifecycle]
    cohort_rules: tuple[CohortRule, ...] = ()
    disabled_cohort_rules: tuple[CohortRule, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    tenant: Mapping[str, bool] = field(default_factory=dict)
    source_files: Mapping[str, str] = field(default_factory=dict)
    """The file that defines each item, by ``rule ID``, ``cohort ID``, ``fix ID`` and ``scheme NAME``."""
    overlay: str = ""
    """The name of the user's overlay; empty if there is none."""
    attr_changes: Mapping[str, AttrChange] = field(default_factory=dict)
    """The changes of the ``attr`` of rules, by id. ``rules`` already contains them."""
    code_changes: Mapping[str, CodeChange] = field(default_factory=dict)
    """The changes of the ``code`` of rules, by id. ``rules`` already contains them."""
    timezones: tuple[str, ...] = ()
    """The time zones in which the API may determine the current day; empty if they are unknown."""
    needless_switches: tuple[str, ...] = ()
    """The ids of the rules that are disabled although all their fields are dropped."""
    fixes: tuple[Fix, ...] = ()
    """The fixes that are enabled."""
    overlay_changes: Mapping[str, str] = field(default_factory=dict)
    """The reasons why the overlay changes or adds fields, by ``object.field``."""

    def lacks_format(self, rule: Rule) -> bool:
        """Return whether a rule is disabled because no scheme defines its format in this market."""
        return rule.format is not None and self.off_reasons.get(rule.id) == no_format_reason(rule.format.is_)

    def unstated_facts(self, rule: Rule) -> tuple[str, ...]:
        """Return the sorted names of the facts on which a rule depends and that are not stated."""
        return tuple(sorted(rule.if_tenant.keys() - self.tenant.keys()))

    def contradicting_facts(self, rule: Rule) -> dict[str, bool]:
        """Return the stated facts, by name, that differ from what a rule needs; with any of them, it does not apply."""
        stated = {name: self.tenant[name] for name in rule.if_tenant if name in self.tenant}
        return {name: value for name, value in stated.items() if value is not rule.if_tenant[name]}

    def is_from_overlay(self, kind: str, name: str) -> bool:
        """Return whether a rule, cohort rule, fix or scheme is in the overlay; ``kind`` is as in ``source_files``."""
        return bool(self.overlay) and self.source_files.get(f"{kind} {name}") == self.overlay

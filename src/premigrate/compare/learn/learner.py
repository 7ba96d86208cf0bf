"""Learns an overlay from recorded calls: in stages, each of which starts from the changes of the stages before it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from premigrate.api import Validator, validator_with
from premigrate.compare.evidence import ComparedAccount, Evidence
from premigrate.compare.learn.cases import FIELD_RULE, make_cases
from premigrate.compare.learn.codes import propose_codes
from premigrate.compare.learn.fields import propose_fields
from premigrate.compare.learn.overlay_tables import add_changes
from premigrate.compare.learn.unknown_rules import LEARNED_PREFIX, propose_rules
from premigrate.compare.proposals import ProposedChange, propose_places, propose_switches, propose_texts
from premigrate.exceptions import BadRules
from premigrate.ruleset.load import load_ruleset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from premigrate.compare.calls import Call
    from premigrate.compare.learn.cases import Case
    from premigrate.ruleset.model.ruleset import Ruleset
    from premigrate.ruleset.references import References

    _Stage = Callable[["_Round"], Iterable[ProposedChange]]

_MAY_REFUSE = frozenset({"enabled", "field", "rule"})
"""The kinds of changes that may refuse more accounts."""
_RULE = re.compile(r"(?:\[\[rule\]\]|\[enabled\]) (\S+)")


class _Round(NamedTuple):
    """The input of a stage: an overlay with its rules, and their predictions."""

    tables: Mapping[str, Any]
    ruleset: Ruleset
    validator: Validator
    cases: Sequence[Case]


class Learner:
    """Learns the changes that recorded calls support, and that refuse no account that the API accepted in them.

    Args:
        market: the market of all calls.
        base: the tables of the overlay to start from.
        references: the reference lists of the tenant.
        calls: the recorded calls, at least one.

    """

    def __init__(
        self, market: str, base: Mapping[str, Any], references: References | None, calls: Sequence[Call]
    ) -> None:
        self._market, self._references, self._calls = market, references, calls
        self._start = self._now = self._base = self._load(base or {"market": {"extends": market}})
        self.changes: list[ProposedChange] = []

    @property
    def validators(self) -> tuple[Validator, Validator]:
        """Validators with the overlay as it was at first, and with the changes."""
        return self._start.validator, self._now.validator

    @property
    def tables(self) -> Mapping[str, Any]:
        """The tables of the overlay with the changes so far."""
        return self._now.tables

    def learn(self) -> None:
        """Make the overlay in ``tables``, and list in ``changes`` what it changes, sorted."""
        self._drop_doubtful_rules()
        stages: tuple[_Stage, ...] = (_fields, _codes, self._switches, _rules, _texts)
        for stage in stages:
            self._add(stage(self._now))
        self._withdraw_refusals()
        self.changes += self._withdrawn()
        self.changes.sort(key=_change_order)

    def _load(self, tables: Mapping[str, Any]) -> _Round:
        ruleset = load_ruleset(self._market, tables, self._references)
        validator = validator_with(ruleset, self._calls[0].days[0])
        return _Round(tables, ruleset, validator, make_cases(validator, self._calls))

    def _add(self, found: Iterable[ProposedChange]) -> None:
        """Add changes to the overlay; if it cannot be loaded with all of them, add those with which it can."""
        changes = sorted(found, key=_change_order)
        if not changes:
            return
        try:
            self._now = self._load(add_changes(self.tables, self._now.ruleset, changes))
            self.changes += changes
        except BadRules:
            for change in changes if len(changes) > 1 else ():
                self._add([change])

    def _drop_doubtful_rules(self) -> None:
        """Drop rules that an earlier run learned and that the calls contradict, so that they are learned again."""
        rules = self.tables.get("rule", ())
        codes = {error.code for case in self._now.cases for error in case.missing}
        wrong = {error.rule for case in self._now.cases for error in case.surplus}
        kept = [
            rule
            for rule in rules
            if not (rule["id"].startswith(LEARNED_PREFIX) and (rule["id"] in wrong or rule["code"] in codes))
        ]
        if len(kept) < len(rules):
            others = {name: table for name, table in self.tables.items() if name != "rule"}
            self._base = self._now = self._load({**others, "rule": kept} if kept else others)

    def _withdrawn(self) -> Iterator[ProposedChange]:
        """Yield the rules that an earlier run learned and that are not in the overlay any more."""
        left = {rule["id"] for rule in self.tables.get("rule", ())}
        for rule in self._start.tables.get("rule", ()):
            if rule["id"] not in left:
                yield ProposedChange("withdrawn", rule["id"], rule["code"], "Observed: recorded answers contradict it.")

    def _switches(self, now: _Round) -> Iterable[ProposedChange]:
        return propose_switches(_collect_evidence(now.ruleset, now.cases, self._trial(now.ruleset)))

    def _trial(self, ruleset: Ruleset) -> Validator | None:
        """Build a validator that enables all disabled rules that load in this market; None if there are none."""
        idle = {rule.id for rule in ruleset.disabled if rule.level == "error" and rule.server_only is None}
        while idle:
            off = {rule: why for rule, why in self.tables.get("disabled", {}).items() if rule not in idle}
            on = {**self.tables.get("enabled", {}), **dict.fromkeys(sorted(idle), "To be tried.")}
            try:
                tables = {**self.tables, "disabled": off, "enabled": on}
                return validator_with(load_ruleset(self._market, tables, self._references), self._calls[0].days[0])
            except BadRules as error:
                named = {match[1] for problem in error.problems if (match := _RULE.match(problem.place))}
                if not named & idle:
                    raise
                idle -= named  # what they refer to does not exist in this market
        return None

    def _withdraw_refusals(self) -> None:
        """Withdraw the changes that would refuse an account that the API accepted."""
        while guilty := self._refusing():
            kept = [each for each in self.changes if each not in guilty]
            self._now, self.changes = self._base, []
            for change in kept:
                self._add([change])

    def _refusing(self) -> list[ProposedChange]:
        """Return the changes that refuse an account that the API accepted."""
        found: set[str] = set()
        for old, case in zip(self._start.cases, self._now.cases, strict=True):
            if case.is_accepted:
                known = {(error.rule, error.path) for error in old.predicted}
                new = [error for error in case.predicted if (error.rule, error.path) not in known]
                found |= {error.rule for error in new}
                found |= {str(error.path[-1]) for error in new if error.rule == FIELD_RULE and error.path}
        strict = (each for each in self.changes if each.kind in _MAY_REFUSE)
        return [each for each in strict if found & {each.name, each.name.partition(".")[2]}]


def _change_order(change: ProposedChange) -> tuple[str, str, str]:
    return change.kind, change.name, change.value


def _codes(now: _Round) -> Iterable[ProposedChange]:
    return propose_codes(now.ruleset, now.cases)


def _fields(now: _Round) -> Iterable[ProposedChange]:
    return propose_fields(now.ruleset, now.validator, now.cases)


def _rules(now: _Round) -> Iterable[ProposedChange]:
    return propose_rules(now.ruleset, now.validator, now.cases)


def _texts(now: _Round) -> Iterable[ProposedChange]:
    evidence = _collect_evidence(now.ruleset, now.cases)
    return [*propose_texts(evidence), *propose_places(evidence)]


def _collect_evidence(ruleset: Ruleset, cases: Sequence[Case], trial: Validator | None = None) -> Evidence:
    """Collect the evidence in cases. ``trial`` has the disabled rules enabled, whose errors are evidence, too."""
    evidence = Evidence(ruleset)
    for case in cases:
        tried = trial.on_day(case.day).validate(case.call.payload).errors if trial else ()
        account = case.comparison, case.account, case.mask, case.call.origin, case.account_id, tried
        evidence.add(ComparedAccount(*account))
    return evidence

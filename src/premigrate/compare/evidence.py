"""Collects evidence from comparisons for other texts, places and switches of rules."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from premigrate.compare.masking import Masker, parse_attr, value_at
from premigrate.compare.match_errors import match_errors
from premigrate.compare.relative_attr import relative_attr
from premigrate.compare.templates import candidate_templates, match_template
from premigrate.formats.text import text_or_type_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from premigrate.compare.model import Comparison, ErrorPair, ReportedError
    from premigrate.results import Error, Place
    from premigrate.ruleset.model.rules import Rule
    from premigrate.ruleset.model.ruleset import Ruleset

_MAX_CHOICES = 1000
"""Count at most this many choices of a kind: more texts of one code do not come from one template."""


class ComparedAccount(NamedTuple):
    """One comparison, with the other data that evidence needs.

    ``origin`` is where the call was recorded, ``account_id`` identifies the account, and ``disabled_errors`` are the
    errors that disabled rules would report.
    """

    comparison: Comparison
    account: object
    mask: Masker
    origin: str
    account_id: str
    disabled_errors: tuple[Error, ...] = ()


@dataclass(slots=True)
class Votes:
    """Votes of responses for the text of a code or the place of a rule.

    ``total`` is the number of responses, and ``counts`` the number of votes by choice; a response may vote for several
    choices or none. ``first`` is the origin of the first vote by choice; ``shared`` are the choices of more than one
    account.
    """

    total: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)
    _whose: dict[str, str] = field(default_factory=dict)

    def add(self, choices: Iterable[str], case: ComparedAccount) -> None:
        """Count one response, which votes for all these choices."""
        self.total += 1
        for choice in choices:
            if choice in self.counts or len(self.counts) < _MAX_CHOICES:
                self.counts[choice] += 1
                self.first.setdefault(choice, case.origin)
                if self._whose.setdefault(choice, case.account_id) != case.account_id:
                    self.shared.add(choice)

    def majority(self) -> str | None:
        """Return the top choice if more than half voted for it; of equal ones, that with the most placeholders."""
        ranked = sorted(self.counts, key=lambda choice: (-self.counts[choice], -choice.count("{"), choice))
        return ranked[0] if ranked and self.counts[ranked[0]] * 2 > self.total else None


@dataclass(slots=True)
class RuleCounts:
    """Counts of one rule: errors predicted, those that the API reported too, and those in accounts that it accepted.

    ``first`` is the origin of the first error. ``alone`` are the accounts with an error that the API did not report
    although it reported nothing else in the same object, which could hide it.
    """

    predicted: int = 0
    confirmed: int = 0
    in_accepted: int = 0
    first: str = ""
    alone: set[str] = field(default_factory=set)

    def add(self, origin: str, *, is_confirmed: bool, is_accepted: bool) -> None:
        """Count one error of the rule."""
        self.predicted += 1
        self.confirmed += is_confirmed
        self.in_accepted += is_accepted
        self.first = self.first or origin


class Evidence:
    """The evidence in the responses of one market. ``ruleset`` is the ruleset that made the predictions.

    ``rules`` and ``disabled`` hold the counts of enabled and disabled rules, by rule id.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self.texts: dict[tuple[str, str], Votes] = {}
        """By code, and the template of the predicted text."""
        self.places: dict[str, Votes] = {}
        """By rule id: the ``attr`` that the rule would have to declare, empty for the present one."""
        self.rules: dict[str, RuleCounts] = {}
        self.disabled: dict[str, RuleCounts] = {}
        self._disabled = {rule.id: rule for rule in ruleset.disabled}
        self._rules = {**self._disabled, **{rule.id: rule for rule in ruleset.rules}}

    def add(self, case: ComparedAccount) -> None:
        """Add one comparison; a response that lists no errors is ignored."""
        comparison = case.comparison
        if comparison.answered.errors is None:
            return
        is_accepted = not comparison.answered.is_refused
        told = [parse_attr(each.attr) for each in comparison.answered.errors]
        for pair in comparison.pairs:
            if pair.predicted:
                record = self.rules.setdefault(pair.predicted.rule, RuleCounts())
                record.add(case.origin, is_confirmed=bool(pair.answered), is_accepted=is_accepted)
                if not pair.answered and not _is_hidden(pair.predicted, told):
                    record.alone.add(case.account_id)
                self._vote(case, pair)
        left = [pair.answered for pair in comparison.pairs if pair.kind == "answered only" and pair.answered]
        self._add_disabled(case, left, is_accepted=is_accepted)

    def _add_disabled(self, case: ComparedAccount, left: Sequence[ReportedError], *, is_accepted: bool) -> None:
        """Match the errors of disabled rules with errors of the API that were not predicted."""
        tried = [error for error in case.disabled_errors if error.rule in self._disabled]
        for pair in match_errors(tried, left) if tried else ():
            error = pair.predicted
            if error and (pair.answered or is_accepted or error.stage == "now"):
                record = self.disabled.setdefault(error.rule, RuleCounts())
                record.add(case.origin, is_confirmed=bool(pair.answered), is_accepted=is_accepted)
                self._vote(case, pair)

    def _vote(self, case: ComparedAccount, pair: ErrorPair) -> None:
        error, reported = pair.predicted, pair.answered
        if not error or not reported:
            return
        self._vote_on_text(case, error, reported)
        rule = self._rules.get(error.rule)
        if rule:
            self._vote_on_place(case, rule, error, reported)

    def _vote_on_text(self, case: ComparedAccount, error: Error, reported: ReportedError) -> None:
        spec = self.ruleset.codes.get(error.code)
        texts = [spec.detail] if spec and spec.detail else spec.details.values() if spec else ()
        found = ((text, match_template(text, error.detail)) for text in texts)
        old, words = next(((text, words) for text, words in found if words is not None), ("", None))
        if words is None:
            return
        votes = self.texts.setdefault((error.code, old), Votes())
        if reported.detail == error.detail:
            votes.add([old], case)
            return
        if error.rule in self._rules:
            words.setdefault("value", text_or_type_name(value_at(case.account, error.path)))
        hide, known = case.mask.mask, votes.shared
        templates = candidate_templates(reported.detail, words)
        votes.add((each for each in templates if each in known or hide(each, reported.attr) == each), case)

    def _vote_on_place(self, case: ComparedAccount, rule: Rule, error: Error, reported: ReportedError) -> None:
        votes = self.places.setdefault(rule.id, Votes())
        if reported.attr == error.attr:
            votes.add([""], case)
        else:
            attr = relative_attr(rule, self.ruleset, error.path, reported.attr)
            votes.add([attr] if attr else [], case)


def _is_hidden(error: Error, told: Iterable[Place]) -> bool:
    """Return whether the API may have left out an error, because it reported others in the object."""
    place = min(parse_attr(error.attr), error.path, key=len)
    above = place if error.attr.endswith("non_field_errors") else place[:-1]
    return any(each[: len(above)] == above for each in told)

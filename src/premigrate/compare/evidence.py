"""Turns comparisons into what speaks for another text, place or switch of a rule: counts, and where it began."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from premigrate.compare.attrs import attr_for
from premigrate.compare.masking import Mask, value_at
from premigrate.compare.match_errors import match
from premigrate.compare.templates import templates_for, words_in
from premigrate.formats.text import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from premigrate.compare.model import Comparison, Pair, Said
    from premigrate.results import Error
    from premigrate.ruleset.model.rules import Rule
    from premigrate.ruleset.model.ruleset import Rulebook

_MOST_KINDS = 1000
"""Texts of one code that are told apart: where there are more, no template makes them."""


class Case(NamedTuple):
    """One comparison with what evidence needs besides.

    ``origin`` is where it was recorded, ``whose`` tells one account from others, and ``tried`` are the errors that
    rules would find that are off.
    """

    comparison: Comparison
    account: object
    mask: Mask
    origin: str
    whose: str
    tried: tuple[Error, ...] = ()


@dataclass(slots=True)
class Votes:
    """What answers say of one thing: how many there are, and how many speak for each choice.

    ``first`` is where that began; ``shared`` are the choices of more than one account.
    """

    total: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)
    _whose: dict[str, str] = field(default_factory=dict)

    def add(self, choices: Iterable[str], case: Case) -> None:
        """Count one answer."""
        self.total += 1
        for choice in choices:
            if choice in self.counts or len(self.counts) < _MOST_KINDS:
                self.counts[choice] += 1
                self.first.setdefault(choice, case.origin)
                if self._whose.setdefault(choice, case.whose) != case.whose:
                    self.shared.add(choice)

    def winner(self) -> str | None:
        """Tell the choice of more than half of them; of several, the one with more words that stand for something."""
        ranked = sorted(self.counts, key=lambda choice: (-self.counts[choice], -choice.count("{"), choice))
        return ranked[0] if ranked and self.counts[ranked[0]] * 2 > self.total else None


@dataclass(slots=True)
class Record:
    """How often a rule spoke, how often the API told that too, and how often it accepted the account."""

    spoke: int = 0
    told: int = 0
    accepted: int = 0
    first: str = ""

    def add(self, origin: str, *, is_told: bool, is_accepted: bool) -> None:
        """Count one error of the rule."""
        self.spoke += 1
        self.told += is_told
        self.accepted += is_accepted
        self.first = self.first or origin


class Evidence:
    """What the answers of one market say against its rules. ``book`` holds the rules that predicted."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.texts: dict[tuple[str, str], Votes] = {}
        """By code, and the template that made the predicted text."""
        self.places: dict[str, Votes] = {}
        """By rule: what it would have to say as its attr."""
        self.rules: dict[str, Record] = {}
        self.idle: dict[str, Record] = {}
        self._idle = {rule.id: rule for rule in book.idle}
        self._rules = {**self._idle, **{rule.id: rule for rule in book.rules}}

    def add(self, case: Case) -> None:
        """Take in one comparison."""
        comparison = case.comparison
        if comparison.answered.errors is None:
            return
        is_accepted = not comparison.answered.refused
        for pair in comparison.pairs:
            if pair.predicted:
                record = self.rules.setdefault(pair.predicted.rule, Record())
                record.add(case.origin, is_told=bool(pair.answered), is_accepted=is_accepted)
                self._vote(case, pair)
        left = [pair.answered for pair in comparison.pairs if pair.kind == "answered only" and pair.answered]
        self._try(case, left, is_accepted=is_accepted)

    def _try(self, case: Case, left: Sequence[Said], *, is_accepted: bool) -> None:
        """Compare what rules would say that are off with what nothing predicted."""
        tried = [error for error in case.tried if error.rule in self._idle]
        for pair in match(tried, left) if tried else ():
            error = pair.predicted
            if error and (pair.answered or is_accepted or error.stage == "now"):
                record = self.idle.setdefault(error.rule, Record())
                record.add(case.origin, is_told=bool(pair.answered), is_accepted=is_accepted)
                self._vote(case, pair)

    def _vote(self, case: Case, pair: Pair) -> None:
        error, said = pair.predicted, pair.answered
        if not error or not said:
            return
        self._vote_on_text(case, error, said)
        rule = self._rules.get(error.rule)
        if rule:
            self._vote_on_place(case, rule, error, said)

    def _vote_on_text(self, case: Case, error: Error, said: Said) -> None:
        spec = self.book.codes.get(error.code)
        texts = [spec.detail] if spec and spec.detail else spec.details.values() if spec else ()
        found = ((text, words_in(text, error.detail)) for text in texts)
        old, words = next(((text, words) for text, words in found if words is not None), ("", None))
        if words is None:
            return
        votes = self.texts.setdefault((error.code, old), Votes())
        if said.detail == error.detail:
            votes.add([old], case)
            return
        if error.rule in self._rules:
            words.setdefault("value", written(value_at(case.account, error.path)))
        hide, known = case.mask.hide, votes.shared
        templates = templates_for(said.detail, words)
        votes.add((each for each in templates if each in known or hide(each, said.attr) == each), case)

    def _vote_on_place(self, case: Case, rule: Rule, error: Error, said: Said) -> None:
        votes = self.places.setdefault(rule.id, Votes())
        if said.attr == error.attr:
            votes.add([""], case)
        else:
            attr = attr_for(rule, self.book, error.path, said.attr)
            votes.add([attr] if attr else [], case)

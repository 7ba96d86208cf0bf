"""The results of comparing predictions with responses of the API: pairs of errors, disagreements, and counts."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from premigrate.results import Error

MatchKind: TypeAlias = Literal["agreed", "other detail", "other attr", "predicted only", "answered only"]
"""How a predicted error and an error of the API match."""

OTHER_ATTRS = "(other attrs)"
_MAX_ATTRS = 1000
_INDEX = re.compile(r"(?<![^.])[0-9]+(?![^.])")

MATCH_KINDS: tuple[MatchKind, ...] = ("agreed", "other detail", "other attr", "predicted only", "answered only")


class ReportedError(NamedTuple):
    """One error in a response of the API; ``code`` is empty if the response does not have it."""

    detail: str
    code: str
    attr: str


class RecordedResponse(NamedTuple):
    """The response of the API to one account.

    ``errors`` is None if the response says only that the account is refused. ``is_ordered``: whether the errors are in
    the order in which the API found them.
    """

    is_refused: bool
    errors: tuple[ReportedError, ...] | None = ()
    is_ordered: bool = True


def attr_pattern(attr: str) -> str:
    """Return an attr with ``*`` in place of list indexes."""
    return _INDEX.sub("*", attr)


class ErrorPair(NamedTuple):
    """A predicted error and the error of the API that it matches, or one of them alone."""

    kind: MatchKind
    predicted: Error | None = None
    answered: ReportedError | None = None

    @property
    def code(self) -> str:
        """The code in the response, else that of the predicted error; empty if there is neither."""
        code = self.answered.code if self.answered else ""
        return code or (self.predicted.code if self.predicted else "")

    @property
    def attr(self) -> str:
        """The attr in the response, else that of the predicted error, with ``*`` in place of list indexes."""
        error = self.answered or self.predicted
        return attr_pattern(error.attr) if error else ""


class Comparison(NamedTuple):
    """A prediction and the response of the API.

    ``has_same_order``: whether the errors are the same in the same order; None if the order in the response is unknown.
    """

    predicted_refused: bool
    answered: RecordedResponse
    pairs: tuple[ErrorPair, ...] = ()
    has_same_order: bool | None = None

    @property
    def is_same(self) -> bool:
        """Whether the verdicts agree, and all errors in the response were predicted exactly and no others."""
        same_verdict = self.predicted_refused == self.answered.is_refused
        return same_verdict and all(pair.kind == "agreed" for pair in self.pairs)


class Disagreement(NamedTuple):
    """An account whose response differs from the prediction, and where it was recorded.

    ``alike`` is the number of accounts whose worst difference is of the same kind, this one included.
    """

    file: str
    position: int
    line: int
    reference: str
    as_of: date
    comparison: Comparison
    alike: int = 1


@dataclass(slots=True)
class Totals:
    """Counts of comparisons.

    ``verdicts`` counts accounts by (predicted refusal, actual refusal), ``verdict_only`` those whose response lists no
    errors, ``identical`` those with the same errors, ``ordered`` those whose response has a known order, and
    ``in_order`` those with the same errors in the same order. ``codes``, ``attrs`` and ``rules`` count pairs of errors
    by code, by attr with ``*`` for list indexes, and by rule id. ``unknown_codes`` are the codes that no rule has.
    ``skipped`` counts recorded calls that cannot be compared, by reason.
    """

    verdicts: Counter[tuple[bool, bool]] = field(default_factory=Counter)
    verdict_only: int = 0
    identical: int = 0
    ordered: int = 0
    in_order: int = 0
    codes: dict[str, Counter[MatchKind]] = field(default_factory=dict)
    attrs: dict[str, Counter[MatchKind]] = field(default_factory=dict)
    rules: dict[str, Counter[MatchKind]] = field(default_factory=dict)
    unknown_codes: set[str] = field(default_factory=set)
    skipped: Counter[str] = field(default_factory=Counter)
    unreadable: int = 0
    disagreements: int = 0
    interrupted: bool = False

    @property
    def accounts(self) -> int:
        """The number of accounts compared."""
        return sum(self.verdicts.values())

    @property
    def kinds(self) -> Counter[MatchKind]:
        """The number of pairs of errors of each kind."""
        return sum(self.codes.values(), Counter())

    def add(self, comparison: Comparison) -> None:
        """Count one comparison."""
        self.verdicts[comparison.predicted_refused, comparison.answered.is_refused] += 1
        self.disagreements += not comparison.is_same
        if comparison.answered.errors is None:
            self.verdict_only += 1
            return
        self.identical += comparison.is_same
        self.ordered += comparison.has_same_order is not None
        self.in_order += comparison.has_same_order is True
        for pair in comparison.pairs:
            self.codes.setdefault(pair.code, Counter())[pair.kind] += 1
            attr = pair.attr if pair.attr in self.attrs or len(self.attrs) < _MAX_ATTRS else OTHER_ATTRS
            self.attrs.setdefault(attr, Counter())[pair.kind] += 1
            if pair.predicted:
                self.rules.setdefault(pair.predicted.rule, Counter())[pair.kind] += 1

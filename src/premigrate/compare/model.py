"""What is found between predicted answers and those that the API gave: pairs of errors, disagreements, and counts."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from premigrate.results import Error

Kind: TypeAlias = Literal["agreed", "other detail", "other attr", "predicted only", "answered only"]
"""How an error that was predicted and one that the API told go together."""

KINDS: tuple[Kind, ...] = ("agreed", "other detail", "other attr", "predicted only", "answered only")


class Said(NamedTuple):
    """One error that the API told; ``code`` is empty where the answer does not say it."""

    detail: str
    code: str
    attr: str


class Answered(NamedTuple):
    """What the API answered to one account.

    ``errors`` is None if the answer tells only that the account is refused; ``is_ordered`` whether their order is that
    of the API.
    """

    refused: bool
    errors: tuple[Said, ...] | None = ()
    is_ordered: bool = True


class Pair(NamedTuple):
    """An error that was predicted and one that the API told, or one of them alone."""

    kind: Kind
    predicted: Error | None = None
    answered: Said | None = None

    @property
    def code(self) -> str:
        """The code that both are about; empty if the answer does not say it, and nothing like it was predicted."""
        said = self.answered.code if self.answered else ""
        return said or (self.predicted.code if self.predicted else "")


class Comparison(NamedTuple):
    """A predicted answer beside the one that the API gave. ``in_order`` is None if the answer tells no order."""

    predicted_refused: bool
    answered: Answered
    pairs: tuple[Pair, ...] = ()
    in_order: bool | None = None

    @property
    def is_same(self) -> bool:
        """Whether nothing that can be compared differs."""
        same_verdict = self.predicted_refused == self.answered.refused
        return same_verdict and all(pair.kind == "agreed" for pair in self.pairs)


class Disagreement(NamedTuple):
    """An account of which the answer is not the predicted one, and where it was recorded."""

    file: str
    position: int
    line: int
    reference: str
    as_of: date
    comparison: Comparison


@dataclass(slots=True)
class Totals:
    """Counts of comparisons.

    ``verdicts`` counts accounts by predicted and answered refusal, ``verdict_only`` those of which the answer tells no
    errors, ``identical`` those with the same errors, and ``in_order`` those with the same errors in the same order, of
    ``ordered`` whose answer tells one. ``left_out`` counts by reason what was recorded and can't be compared.
    """

    verdicts: Counter[tuple[bool, bool]] = field(default_factory=Counter)
    verdict_only: int = 0
    identical: int = 0
    ordered: int = 0
    in_order: int = 0
    codes: dict[str, Counter[Kind]] = field(default_factory=dict)
    rules: dict[str, Counter[Kind]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    unreadable: int = 0
    differing: int = 0
    interrupted: bool = False

    @property
    def accounts(self) -> int:
        """How many accounts were compared."""
        return sum(self.verdicts.values())

    @property
    def kinds(self) -> Counter[Kind]:
        """The errors of all codes by kind."""
        return sum(self.codes.values(), Counter())

    def add(self, comparison: Comparison) -> None:
        """Count one comparison."""
        self.verdicts[comparison.predicted_refused, comparison.answered.refused] += 1
        self.differing += not comparison.is_same
        if comparison.answered.errors is None:
            self.verdict_only += 1
            return
        self.identical += comparison.is_same
        self.ordered += comparison.in_order is not None
        self.in_order += comparison.in_order is True
        for pair in comparison.pairs:
            self.codes.setdefault(pair.code, Counter())[pair.kind] += 1
            if pair.predicted:
                self.rules.setdefault(pair.predicted.rule, Counter())[pair.kind] += 1

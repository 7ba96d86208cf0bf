"""Tells which findings are shown with their place, and counts accounts that have none of those."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from premigrate.report.findings import MOST_KINDS, Kind, kind_of, kinds_of
from premigrate.report.run import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable

    from premigrate.results import Advice, Error

_MOST_COMMON = 4096
"""Pieces of advice that are known by what they are: more than there are in the rules of a market."""


class Shown:
    """Tells which findings are shown with their place: of each kind so many, or all where a limit is None.

    Args:
        most_errors: the limit for errors, those behind others too.
        most_advice: the limit for advice.

    """

    def __init__(self, most_errors: int | None, most_advice: int | None) -> None:
        self.most_errors, self.most_advice = most_errors, most_advice
        self.has_all = most_errors is None and most_advice is None
        self._told: Counter[Kind] = Counter()

    def has(self, kind: Kind) -> bool:
        """Whether one more finding of this kind is shown."""
        most = self.most_advice if kind[0] == "advice" else self.most_errors
        return most is None or self._told[kind] < most

    def count(self, kinds: Iterable[Kind]) -> None:
        """Count the findings of an account."""
        told = self._told
        told.update(kind for kind in kinds if len(told) < MOST_KINDS or kind in told)


class Unseen:
    """Counts accounts by the kinds of their findings.

    Advice on a key that is there is the same object in all accounts that have it, and most advice is like that: it is
    put aside, and counted together.

    Args:
        shown: tells which findings are shown.

    """

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self._tally = Tally()
        self._common: dict[int, Advice] = {}
        self._aside: list[tuple[Advice, ...]] = []

    def take(self, advice: tuple[Advice, ...], errors: tuple[Error, ...] = ()) -> bool:
        """Count an account, if none of its findings is shown; tells whether it did."""
        if not errors and all(map(self._common.__contains__, map(id, advice))):
            self._aside.append(advice)
            return True
        if (errors and self._shown.most_errors is None) or (advice and self._shown.most_advice is None):
            return False
        kinds = kinds_of(errors, advice)
        if any(map(self._shown.has, kinds)):
            return False
        self._tally.count_kinds(kinds)
        if not errors and len(self._common) < _MOST_COMMON:
            self._common |= {id(each): each for each in advice}
        return True

    def settle(self) -> Tally:
        """Give what was counted since this was asked last."""
        tally, self._tally = self._tally, Tally()
        tally.accounts += len(self._aside)
        for identity, times in Counter(map(id, chain.from_iterable(self._aside))).items():
            tally.advice += times
            tally.kinds[kind_of(self._common[identity])] += times
        self._aside.clear()
        return tally

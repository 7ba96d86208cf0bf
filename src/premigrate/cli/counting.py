"""Counts findings of which nobody will see where they are, for many of their kind have been told."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from premigrate.rendering.findings import Kind, kind_of, kinds_of
from premigrate.rendering.report import Tally

if TYPE_CHECKING:
    from premigrate.errors import Advice, Error

_MOST_COMMON = 4096
"""Pieces of advice that are known by what they are: more than there are in the rules of a market."""


class Unseen:
    """Counts accounts by the kinds of their findings.

    Advice on a key that is there is the same object in all accounts that have it, and most advice is like that: it is
    put aside, and counted together.

    Args:
        told: how many findings of each kind have been told.
        most: how many of a kind somebody sees; None: all, so that only accounts without findings are counted here.

    """

    def __init__(self, told: Counter[Kind], most: int | None) -> None:
        self._told, self._most = told, most
        self._tally = Tally()
        self._common: dict[int, Advice] = {}
        self._aside: list[tuple[Advice, ...]] = []

    def take(self, advice: tuple[Advice, ...], errors: tuple[Error, ...] = ()) -> bool:
        """Count an account, if nobody will see one of its findings; tells whether it did."""
        if not errors and all(map(self._common.__contains__, map(id, advice))):
            self._aside.append(advice)
            return True
        most = self._most
        if most is None:
            return False
        kinds = kinds_of(errors, advice)
        if any(self._told[kind] < most for kind in kinds):
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

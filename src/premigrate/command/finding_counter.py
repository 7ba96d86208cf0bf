"""Limits how many findings are located, and counts the accounts that have none to locate."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from premigrate.report.findings import MAX_KINDS, FindingKind, kind_of, kinds_of
from premigrate.report.run import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable

    from premigrate.results import Advice, Error

_MAX_COMMON = 4096
"""Advice objects remembered by identity at most: more than the rules of a market have."""


class LocationLimits:
    """Decides which findings are located: a limited number of each kind, or all if the limit is None.

    Args:
        max_errors: the limit for errors, including follow-on errors.
        max_advice: the limit for advice.

    """

    def __init__(self, max_errors: int | None, max_advice: int | None) -> None:
        self.max_errors, self.max_advice = max_errors, max_advice
        self.is_unlimited = max_errors is None and max_advice is None
        self._counts: Counter[FindingKind] = Counter()

    def allows(self, kind: FindingKind) -> bool:
        """Return whether one more finding of this kind is located."""
        most = self.max_advice if kind[0] == "advice" else self.max_errors
        return most is None or self._counts[kind] < most

    def count(self, kinds: Iterable[FindingKind]) -> None:
        """Count the findings of an account."""
        counts = self._counts
        counts.update(kind for kind in kinds if len(counts) < MAX_KINDS or kind in counts)


class FindingCounter:
    """Counts accounts by the kinds of their findings, without creating the findings.

    Advice about a key that is present is the same object in every account that has the key. Most advice is of this
    sort, so it is collected first and counted by identity.

    Args:
        limits: decides which findings are located.

    """

    def __init__(self, limits: LocationLimits) -> None:
        self._limits = limits
        self._tally = Tally()
        self._common: dict[int, Advice] = {}
        self._pending: list[tuple[Advice, ...]] = []

    def try_count(self, advice: tuple[Advice, ...], errors: tuple[Error, ...] = ()) -> bool:
        """Count an account if none of its findings is to be located; return whether it was counted."""
        if not errors and all(map(self._common.__contains__, map(id, advice))):
            self._pending.append(advice)
            return True
        if (errors and self._limits.max_errors is None) or (advice and self._limits.max_advice is None):
            return False
        kinds = kinds_of(errors, advice)
        if any(map(self._limits.allows, kinds)):
            return False
        self._tally.count_kinds(kinds)
        if not errors and len(self._common) < _MAX_COMMON:
            self._common |= {id(each): each for each in advice}
        return True

    def pop_tally(self) -> Tally:
        """Return the counts since the last call."""
        tally, self._tally = self._tally, Tally()
        tally.accounts += len(self._pending)
        for identity, times in Counter(map(id, chain.from_iterable(self._pending))).items():
            tally.advice += times
            tally.kinds[kind_of(self._common[identity])] += times
        self._pending.clear()
        return tally

"""Limits how many findings are located, and counts the accounts that have none to locate."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from premigrate.report.findings import MAX_KINDS, FindingKind, kinds_of
from premigrate.report.run import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable

    from premigrate.results import Advice, Error


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

    Args:
        limits: decides which findings are located.

    """

    def __init__(self, limits: LocationLimits) -> None:
        self._limits = limits
        self._counts: Counter[tuple[FindingKind, ...]] = Counter()

    def try_count(self, advice: tuple[Advice, ...], errors: tuple[Error, ...] = ()) -> bool:
        """Count an account if none of its findings is to be located; return whether it was counted."""
        if (errors and self._limits.max_errors is None) or (advice and self._limits.max_advice is None):
            return False
        kinds = tuple(kinds_of(errors, advice))
        if any(map(self._limits.allows, kinds)):
            return False
        self._counts[kinds] += 1
        return True

    def pop_tally(self) -> Tally:
        """Return the counts since the last call."""
        tally = Tally()
        for kinds, accounts in self._counts.items():
            tally.count_kinds(kinds, accounts)
        self._counts.clear()
        return tally

"""Filters the findings of accounts: those in the baseline and those that are not selected are set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from premigrate.command.filters import Selection

if TYPE_CHECKING:
    from datetime import date

    from premigrate.command.baseline import Baseline
    from premigrate.report.findings import Finding

ALL = Selection()
"""Selects every finding."""


class FilteredFindings(NamedTuple):
    """The findings that are left, and the numbers of those that are in the baseline and of those not selected."""

    findings: list[Finding]
    in_baseline: int
    ignored: int


class FindingFilter:
    """Filters the findings of the accounts of one file. ``baseline`` records what it matches."""

    def __init__(self, file: str, selection: Selection, baseline: Baseline | None, as_of: date) -> None:
        self._file, self._selection, self._baseline, self._as_of = file, selection, baseline, as_of

    def apply(self, findings: list[Finding], position: int, supplier: str, reference: str) -> FilteredFindings:
        """Filter the findings of an account, which has a position in the file, a supplier and an account number."""
        baseline, remaining = self._baseline, findings
        if baseline:
            account = baseline.account_key(self._file, position, supplier, reference)
            baseline.mark_checked(account)
            remaining = [finding for finding in findings if not baseline.match(account, finding, self._as_of)]
        is_all = self._selection == ALL
        selected = remaining if is_all else [each for each in remaining if self._selection.includes(self._file, each)]
        return FilteredFindings(selected, len(findings) - len(remaining), len(remaining) - len(selected))

"""Counts the findings of a run by kind, with the accounts that have them and one place of each kind."""

from collections.abc import Iterable
from dataclasses import dataclass

from premigrate.report.findings import ELLIPSIS, LEVELS, FindingKind, Level, kind_to_count
from premigrate.report.run import AccountReport, Tally


@dataclass(frozen=True, slots=True)
class ExamplePlace:
    """A place of a finding.

    ``line`` and ``column`` are None if it is not located. ``index`` is the position of the account in its file, and
    ``account`` its number.
    """

    file: str
    line: int | None
    column: int | None
    index: int
    account: str


@dataclass(frozen=True, slots=True)
class StatisticsRow:
    """The findings of one kind.

    ``attr`` has ``*`` for list positions. ``count`` is the number of findings, ``accounts`` the number of accounts that
    have some, and ``share`` their part of all accounts, from 0 to 1. ``accounts`` and ``share`` are None for kinds that
    are counted as one because there are too many: an account can have several of them.
    """

    level: Level
    code: str
    attr: str
    count: int
    accounts: int | None
    share: float | None
    example: ExamplePlace | None


class KindCounter:
    """Counts findings by kind. Its size is limited by the number of kinds that are counted separately."""

    def __init__(self) -> None:
        self._counts: dict[FindingKind, list[int]] = {}
        self._examples: dict[FindingKind, ExamplePlace] = {}

    def add(self, account: AccountReport) -> None:
        """Count the findings of an account."""
        kinds: dict[FindingKind, None] = {}
        for finding in account.findings:
            kind = kind_to_count(finding.kind, self._counts)
            self._count(kind, 1, 0)
            kinds[kind] = None
            if kind not in self._examples:
                line, column = (finding.spot.line, finding.spot.column) if finding.spot else (None, None)
                place = ExamplePlace(account.file, line, column, account.index, account.account_number)
                self._examples[kind] = place
        for kind in kinds:
            self._count(kind, 0, 1)

    def add_counted(self, tally: Tally) -> None:
        """Count the findings of the accounts that outputs do not receive."""
        for kind, count in tally.kinds.items():
            self._count(kind_to_count(kind, self._counts), count, tally.accounts_by_kind[kind])

    def rows(self, accounts: int) -> list[StatisticsRow]:
        """List the kinds: errors first, then follow-on errors, then advice; within a level by count.

        ``accounts`` is the number of all accounts.
        """
        order = sorted(self._counts.items(), key=lambda item: (LEVELS.index(item[0][0]), -item[1][0], item[0]))
        return [self._row(kind, counts, accounts) for kind, counts in order]

    def _row(self, kind: FindingKind, counts: Iterable[int], all_accounts: int) -> StatisticsRow:
        count, accounts = counts
        example = self._examples.get(kind)
        if kind[2] == ELLIPSIS:
            return StatisticsRow(*kind, count, None, None, example)
        return StatisticsRow(*kind, count, accounts, accounts / all_accounts if all_accounts else 0.0, example)

    def _count(self, kind: FindingKind, findings: int, accounts: int) -> None:
        counts = self._counts.setdefault(kind, [0, 0])
        counts[0] += findings
        counts[1] += accounts

"""Collects the data of the HTML page: findings as columns of numbers, a table of texts, and exact counts."""

import heapq
from array import array
from collections.abc import Iterator
from typing import TypeAlias

from premigrate.report.findings import LEVELS, Finding, FindingKind, kind_to_count, position_of, related_text
from premigrate.report.run import AccountReport

OwnerKey: TypeAlias = tuple[str, int, str]
"""A file, and the index and reference of an account; for a whole file the index is -1."""

_COLUMNS = (
    "kind", "account", "attr", "detail", "rule", "expected", "fix", "related", "line", "column", "excerpt", "mark",
    "length", "is_new",
)  # fmt: skip


_MAX_TEXT = 2000  # characters of a text
_MAX_TOTAL = 12_000_000
"""Total length of all texts; beyond it no more findings are listed."""
_FIRST_OF_KIND = 3
"""Findings of a kind for which some room is kept, so that a frequent kind does not fill the list."""


class StringTable:
    """A table of texts, each stored once; number 0 is the empty text. ``size`` is the total length in characters."""

    def __init__(self) -> None:
        self._numbers = {"": 0}
        self.size = 0

    def index(self, text: str) -> int:
        """Return the number of a text, and add it if it is new."""
        number = self._numbers.setdefault(text, len(self._numbers))
        if number == len(self._numbers) - 1:
            self.size += len(text)
        return number

    def index_truncated(self, text: str) -> int:
        """Return the number of a text, which is cut if it is very long."""
        return self.index(text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}...")

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)


class FindingTable:
    """Up to ``limit`` findings as columns of numbers, and the numbers of all findings and accounts of each kind.

    Advice takes half of the list at most, and a tenth of it is kept for the first findings of each kind. A kind is a
    level, a code and an attr pattern. A row has the numbers of its kind, its account and its texts; the line is 0 if
    the finding is not located, and ``is_new`` is 1 if an earlier report lacks it. ``total`` counts all findings, listed
    or not. ``codes`` are the codes of all findings, and ``rules`` the rules of those listed.
    """

    def __init__(self, limit: int) -> None:
        self._most = limit
        self._kinds: dict[FindingKind, int] = {}
        self._named: list[tuple[int, int, int]] = []
        self._counts: list[int] = []
        self._account_counts: list[int] = []
        self._listed_advice = 0
        self._is_full = False
        self.total = 0
        self.texts = StringTable()
        self.accounts: list[tuple[int, int, int, int]] = []
        self.columns = {name: array("Q") for name in _COLUMNS}
        self.codes: set[str] = set()
        self.rules: set[str] = set()

    def add(self, account: AccountReport) -> None:
        """Count the findings of an account, and list them in the order of the file, up to the limits."""
        met = set()
        is_named = False
        for finding in sorted(account.findings, key=position_of):
            kind = self._count(finding)
            met.add(kind)
            if self._has_room(finding, kind):
                if not is_named:
                    is_named = True
                    file, reference = self.texts.index(account.file), self.texts.index(account.account_number)
                    self.accounts.append((file, account.index, account.accounts_in_file, reference))
                self._keep(finding, kind)
                self._is_full = self.texts.size >= _MAX_TOTAL
        for kind in met:
            self._account_counts[kind] += 1

    @property
    def kinds(self) -> list[tuple[int, int, int, int, int]]:
        """The level, code, pattern, findings and accounts of each kind; its index in the list is its number."""
        counts = zip(self._named, self._counts, self._account_counts, strict=True)
        return [(*named, findings, accounts) for named, findings, accounts in counts]

    def _has_room(self, finding: Finding, kind: int) -> bool:
        listed = len(self.columns["kind"])
        if self._is_full or listed >= self._most:
            return False
        if self._counts[kind] <= _FIRST_OF_KIND:
            return True
        room = self._most - self._most // 10
        return listed < room and (finding.level != "advice" or self._listed_advice < room // 2)

    def _count(self, finding: Finding) -> int:
        self.total += 1
        self.codes.add(finding.code)
        counted = kind_to_count(finding.kind, self._kinds)
        kind = self._kinds.setdefault(counted, len(self._kinds))
        if kind == len(self._counts):
            level, code, pattern = counted
            self._named.append((LEVELS.index(level), self.texts.index(code), self.texts.index(pattern)))
            self._counts.append(0)
            self._account_counts.append(0)
        self._counts[kind] += 1
        return kind

    def _keep(self, finding: Finding, kind: int) -> None:
        spot, excerpt, number = finding.spot, finding.excerpt, self.texts.index_truncated
        self.rules.add(finding.rule)
        self._listed_advice += finding.level == "advice"
        row = (
            kind,
            len(self.accounts) - 1,
            number(finding.attr),
            number(finding.detail),
            number(finding.rule),
            number(finding.expected),
            number("; ".join(each.words for each in finding.fixes or ())),
            number("; ".join(map(related_text, finding.related))),
            *((spot.line, spot.column) if spot else (0, 0)),
            *((number(excerpt.text), min(excerpt.start, _MAX_TEXT), excerpt.length) if excerpt else (0, 0, 0)),
            bool(finding.is_new),
        )
        for column, value in zip(self.columns.values(), row, strict=True):
            column.append(value)


class ErrorRanking:
    """Ranks files or accounts by their number of errors, follow-on errors included, and keeps the first ``limit``.

    The accounts of a file must follow each other. ``total`` counts all files or accounts.
    """

    def __init__(self, limit: int) -> None:
        self._most = limit
        self._heap: list[tuple[int, int, tuple[int, int], OwnerKey]] = []
        self._name: OwnerKey | None = None
        self._errors, self._next = 0, 0
        self.total = 0

    def add(self, name: OwnerKey, account: AccountReport) -> None:
        """Count the errors of an account for the file or account of this name."""
        if name != self._name:
            self._finish_entry()
            self._name = name
            self.total += 1
        self._errors += len(account.findings_at("error"))
        self._next += len(account.findings_at("follow-on"))

    def ranked(self) -> list[list[object]]:
        """List file, index, reference, errors and follow-on errors, most errors first, in input order if equal."""
        self._finish_entry()
        return [[*name, *counts] for _, _, counts, name in sorted(self._heap, reverse=True)]

    def _finish_entry(self) -> None:
        counts = self._errors, self._next
        if self._name and any(counts):
            heapq.heappush(self._heap, (sum(counts), -self.total, counts, self._name))
            if len(self._heap) > self._most:
                heapq.heappop(self._heap)
        self._name, self._errors, self._next = None, 0, 0

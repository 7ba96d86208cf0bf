"""Turns what a run says into the data of the HTML page: rows of numbers, each text once, and counts that are exact."""

import heapq
from array import array
from collections.abc import Iterator
from typing import TypeAlias

from premigrate.report.findings import Finding, Kind, Level, counted_as
from premigrate.report.run import Account

Name: TypeAlias = tuple[str, int, str]
"""A file, and the index and reference of an account; of a file alone the index is -1."""

LEVELS: tuple[Level, ...] = ("error", "next", "advice")
_COLUMNS = (
    "kind", "account", "attr", "detail", "rule", "help", "line", "column", "excerpt", "mark", "length",
)  # fmt: skip


_LONGEST = 2000  # characters of a text
_MOST_CHARACTERS = 12_000_000
"""Of all texts: when they are so many, no more findings are listed."""


class Texts:
    """Texts by number, each held once; the empty one is 0. ``size`` is that of all, in characters."""

    def __init__(self) -> None:
        self._numbers = {"": 0}
        self.size = 0

    def number(self, text: str) -> int:
        """Tell the number of a text."""
        number = self._numbers.setdefault(text, len(self._numbers))
        if number == len(self._numbers) - 1:
            self.size += len(text)
        return number

    def number_cut(self, text: str) -> int:
        """Tell the number of a text, of which only the beginning is kept if it is very long."""
        return self.number(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}...")

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)


class Rows:
    """The first ``most`` findings as columns of numbers, and of all of them how many there are of each kind.

    A kind is a level, a code and a pattern. A row tells the numbers of its kind, its account and its texts; what has no
    place is on line 0. ``total`` counts all findings, kept or not; ``codes`` and ``rules`` are those that were met.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kinds: dict[Kind, int] = {}
        self._named: list[tuple[int, int, int]] = []
        self._counts: list[int] = []
        self.total = 0
        self.texts = Texts()
        self.accounts: list[tuple[int, int, int, int]] = []
        self.columns = {name: array("Q") for name in _COLUMNS}
        self.codes: set[str] = set()
        self.rules: set[str] = set()

    def add(self, account: Account) -> None:
        """Count the findings of an account, and keep them in the order of the file while there is room."""
        if account.findings and self.total < self._most:
            file, reference = self.texts.number(account.file), self.texts.number(account.reference)
            self.accounts.append((file, account.index, account.count, reference))
        for finding in sorted(account.findings, key=_in_file):
            kind = self._count(finding)
            if self.total <= self._most:
                self._keep(finding, kind)
                if self.texts.size >= _MOST_CHARACTERS:
                    self._most = self.total

    @property
    def kinds(self) -> list[tuple[int, int, int, int]]:
        """List level, code, pattern and count of each kind; the place in the list is the number of the kind."""
        return [(*named, count) for named, count in zip(self._named, self._counts, strict=True)]

    def _count(self, finding: Finding) -> int:
        self.total += 1
        self.codes.add(finding.code)
        counted = counted_as(finding.kind, self._kinds)
        kind = self._kinds.setdefault(counted, len(self._kinds))
        if kind == len(self._counts):
            level, code, pattern = counted
            self._named.append((LEVELS.index(level), self.texts.number(code), self.texts.number(pattern)))
            self._counts.append(0)
        self._counts[kind] += 1
        return kind

    def _keep(self, finding: Finding, kind: int) -> None:
        spot, excerpt, number = finding.spot, finding.excerpt, self.texts.number_cut
        self.rules.add(finding.rule)
        row = (
            kind,
            len(self.accounts) - 1,
            number(finding.attr),
            number(finding.detail),
            number(finding.rule),
            number(finding.help),
            *((spot.line, spot.column) if spot else (0, 0)),
            *((number(excerpt.text), min(excerpt.mark, _LONGEST), excerpt.length) if excerpt else (0, 0, 0)),
        )
        for column, value in zip(self.columns.values(), row, strict=True):
            column.append(value)


class Worst:
    """The ``most`` with most errors of what is told one after the other: files, or accounts. ``seen`` counts all.

    What the API says later, after other errors are mended, counts as well.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._heap: list[tuple[int, int, tuple[int, int], Name]] = []
        self._name: Name | None = None
        self._errors, self._next = 0, 0
        self.seen = 0

    def add(self, name: Name, account: Account) -> None:
        """Count the findings of an account for what is called so."""
        if name != self._name:
            self._close()
            self._name = name
            self.seen += 1
        self._errors += len(account.said("error"))
        self._next += len(account.said("next"))

    def ranked(self) -> list[list[object]]:
        """List file, index, reference, errors now and next: most errors first; of equals the first."""
        self._close()
        return [[*name, *counts] for _, _, counts, name in sorted(self._heap, reverse=True)]

    def _close(self) -> None:
        counts = self._errors, self._next
        if self._name and any(counts):
            heapq.heappush(self._heap, (sum(counts), -self.seen, counts, self._name))
            if len(self._heap) > self._most:
                heapq.heappop(self._heap)
        self._name, self._errors, self._next = None, 0, 0


def _in_file(finding: Finding) -> tuple[int, int]:
    return (finding.spot.line, finding.spot.column) if finding.spot else (0, 0)

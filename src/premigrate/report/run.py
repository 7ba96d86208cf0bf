"""What every output is told of a run: what it is, each account, what could not be read, and the counts at the end."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple, Protocol

from premigrate.formats.printable import printable, printable_lines
from premigrate.report.findings import Finding, Kind, Level
from premigrate.results import Response


class Run(NamedTuple):
    """What a run is. ``is_today``: nobody said which day counts as today, so it is the day of the run."""

    version: str
    as_of: date
    is_today: bool = False


class Account:
    """One account that was checked.

    ``index`` is its position in the file, of ``count`` accounts there (0: nobody counted how many); ``reference`` is
    its account number, if it says one, and ``supplier`` its import supplier. ``findings`` are those that were not set
    aside (ignored, not selected, or in the baseline); ``response`` is the API's answer, whatever was set aside. The
    body of the answer is empty where no output wants it.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what is known of it
        self,
        file: str,
        index: int,
        count: int,
        reference: str,
        response: Response,
        findings: tuple[Finding, ...],
        supplier: str = "",
    ) -> None:
        self.file, self.index, self.count, self.supplier = file, index, count, supplier
        self.reference, self.response, self.findings = reference, response, findings

    def said(self, level: Level) -> list[Finding]:
        """List the findings of one level."""
        return [finding for finding in self.findings if finding.level == level]

    def with_findings(self, findings: tuple[Finding, ...]) -> "Account":
        """Give the same account with other findings."""
        return Account(self.file, self.index, self.count, self.reference, self.response, findings, self.supplier)

    @property
    def is_refused(self) -> bool:
        """Whether the API would refuse the account, whatever was set aside."""
        return self.response.status != 200

    @property
    def has_errors(self) -> bool:
        """Whether an error is left that was not set aside."""
        return any(finding.level != "advice" for finding in self.findings)

    @property
    def is_set_aside(self) -> bool:
        """Whether the API would refuse the account, and every error found in it was set aside."""
        return self.is_refused and not self.has_errors

    @property
    def name(self) -> str:
        """Name the account where the file alone does not."""
        if self.count == 1:
            return ""
        return f"account {self.index} ({self.reference})" if self.reference else f"account {self.index}"


class Unreadable(NamedTuple):
    """An input, or an account of it, that could not be checked. ``line`` and ``column`` are 0 if there is no place."""

    file: str
    line: int
    column: int
    message: str


_COUNTS = (
    "accounts", "refused", "refused_set_aside", "unreadable", "errors", "next", "advice", "put_aside", "known",
)  # fmt: skip

INTERRUPTED = "The run was interrupted: this is not all."


class Tally:
    """Counts of a run.

    ``refused`` counts the accounts that the API would refuse, and ``refused_set_aside`` those of them in which every
    error was set aside: ignored, not selected, or in the baseline. ``errors``, ``next`` and ``advice`` count the
    findings that were not. ``not_checked`` holds rules and choices with the reference lists they lack. ``put_aside``
    counts findings that nobody asked for, and ``known`` those in the baseline. ``kinds`` counts findings that are not
    told one by one. ``interrupted``: the run was stopped before its end.
    """

    def __init__(self, *, not_checked: Mapping[str, tuple[str, ...]] = MappingProxyType({}), **counts: int) -> None:
        self.accounts = self.refused = self.refused_set_aside = self.unreadable = 0
        self.errors = self.next = self.advice = 0
        self.put_aside = self.known = 0
        self.kinds: Counter[Kind] = Counter()
        self.interrupted = False
        for name, count in counts.items():
            setattr(self, name, count)
        self.not_checked = dict(not_checked)

    def count(self, account: Account) -> None:
        """Add one account."""
        self.accounts += 1
        self.refused += account.is_refused
        self.refused_set_aside += account.is_set_aside
        self.errors += len(account.said("error"))
        self.next += len(account.said("next"))
        self.advice += len(account.said("advice"))

    def count_kinds(self, kinds: Sequence[Kind]) -> None:
        """Add one account of whose findings only the kinds are told."""
        levels = [level for level, *_ in kinds]
        advice, later = levels.count("advice"), levels.count("next")
        self.accounts += 1
        self.refused += advice < len(levels)
        self.errors += len(levels) - advice - later
        self.next += later
        self.advice += advice
        self.kinds.update(kinds)

    def add(self, other: "Tally") -> None:
        """Add the counts of a part of the run."""
        for name in _COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.kinds.update(other.kinds)
        self.not_checked |= other.not_checked


class Output(Protocol):
    """Writes a run in one format, piece by piece: what is written is complete after `end`, whenever that comes."""

    EVERY: bool
    """Whether it has something to write of accounts without findings."""

    # An output in which the text of an account does not depend on others has a function RENDER, which turns accounts
    # into one text, in any process; its method `rendered` writes that text.

    def begin(self, run: Run) -> Iterable[str]:
        """Write what stands before the first account."""

    def account(self, account: Account) -> Iterable[str]:
        """Write one account."""

    def unreadable(self, problem: Unreadable) -> Iterable[str]:
        """Write of an input that could not be checked."""

    def end(self, tally: Tally) -> Iterable[str]:
        """Write what stands after the last account."""


def verdict(tally: Tally) -> str:
    """Say how many accounts were checked, and how many of them the API would refuse."""
    return f"{number(tally.accounts, 'account')} checked, {refused(tally)}"


def refused(tally: Tally) -> str:
    """Say how many accounts the API would refuse, and beside it how many only by what was set aside."""
    aside = tally.refused_set_aside
    beside = f", {aside} of them only by findings that are set aside" if aside else ""
    return f"{tally.refused} refused{beside}"


def number(count: int, noun: str) -> str:
    """Write a count with its noun."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def plain(text: str) -> str:
    """Make a text safe to print: what a terminal might act on is written as an escape."""
    return printable(text, _escape)


def plain_lines(text: str) -> str:
    """Make a text safe to print, and leave it on its lines."""
    return printable_lines(text, _escape)


_on_one_line = json.JSONEncoder(ensure_ascii=False).encode


def strict_json(data: object, indent: int | None = None) -> str:
    """Write JSON that every reader takes, and that is safe to print.

    Half of a surrogate pair is written as the letters of its escape; what a terminal might act on as an escape.
    """
    text = json.dumps(data, ensure_ascii=False, indent=indent) if indent else _on_one_line(data)
    return printable_lines(text, _in_json)


def ascii_json(data: object, separators: tuple[str, str] | None = None) -> str:
    """Write JSON that holds exactly what the data hold, halves of surrogate pairs too, in printable ASCII."""
    return json.dumps(data, separators=separators).replace("\x7f", "\\u007f")


def _in_json(character: str) -> str:
    escape = ascii_json(character)[1:-1]
    return f"\\{escape}" if "\ud800" <= character <= "\udfff" else escape


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode()

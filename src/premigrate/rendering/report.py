"""What every output is told of a run: what it is, each account, what could not be read, and the counts at the end."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from premigrate.errors import Response
from premigrate.rendering.findings import Finding, Level

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Run:
    """What a run is. ``is_today``: nobody said which day counts as today, so it is the day of the run."""

    version: str
    as_of: date
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """One account that was checked.

    ``index`` is its position in the file, of ``count`` accounts there; ``reference`` is its account number, if it says
    one. ``findings`` are those that were not put aside; ``response`` is the API's whole answer, whatever was put aside.
    """

    file: str
    index: int
    count: int
    reference: str
    response: Response
    findings: tuple[Finding, ...]

    def said(self, level: Level) -> list[Finding]:
        """List the findings of one level."""
        return [finding for finding in self.findings if finding.level == level]

    @property
    def is_refused(self) -> bool:
        """Whether an error is left."""
        return any(finding.level != "advice" for finding in self.findings)

    @property
    def name(self) -> str:
        """Name the account where the file alone does not."""
        if self.count == 1:
            return ""
        return f"account {self.index} ({self.reference})" if self.reference else f"account {self.index}"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An input, or an account of it, that could not be checked. ``line`` and ``column`` are 0 if there is no place."""

    file: str
    line: int
    column: int
    message: str


@dataclass(slots=True)
class Tally:
    """Counts of a run.

    ``not_checked`` holds rules and choices with the reference lists they lack. ``put_aside`` counts findings that
    nobody asked for, and ``known`` those in the baseline. ``interrupted``: the run was stopped before its end.
    """

    accounts: int = 0
    refused: int = 0
    unreadable: int = 0
    errors: int = 0
    next: int = 0
    advice: int = 0
    put_aside: int = 0
    known: int = 0
    interrupted: bool = False
    not_checked: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def count(self, account: Account) -> None:
        """Add one account."""
        self.accounts += 1
        self.refused += account.is_refused
        self.errors += len(account.said("error"))
        self.next += len(account.said("next"))
        self.advice += len(account.said("advice"))


class Output(Protocol):
    """Writes a run in one format, piece by piece: what is written is complete after `end`, whenever that comes."""

    def begin(self, run: Run) -> Iterable[str]:
        """Write what stands before the first account."""

    def account(self, account: Account) -> Iterable[str]:
        """Write one account."""

    def unreadable(self, problem: Unreadable) -> Iterable[str]:
        """Write of an input that could not be checked."""

    def end(self, tally: Tally) -> Iterable[str]:
        """Write what stands after the last account."""


def number(count: int, noun: str) -> str:
    """Write a count with its noun."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def plain(text: str) -> str:
    """Make a text safe to print: what a terminal might act on is written as an escape."""
    return text if text.isprintable() else "".join(map(_plain_character, text))


def strict_json(data: object) -> str:
    """Write JSON that every reader takes: half of a surrogate pair is written as the letters of its escape."""
    return _SURROGATE.sub(lambda match: f"\\\\u{ord(match[0]):04x}", json.dumps(data, ensure_ascii=False))


def _plain_character(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape", "surrogatepass").decode()

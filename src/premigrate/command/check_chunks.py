"""Turns chunks into what a run tells of them: accounts with their findings in place, problems, and counts."""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from premigrate.accounts.identity import reference_of, supplier_of
from premigrate.api import CachedValidator
from premigrate.batch.batch_validator import Looked, Looker, text_of
from premigrate.batch.load_accounts import Missed, Remark
from premigrate.command.counting import Shown, Unseen
from premigrate.command.exit_codes import Exit
from premigrate.command.filters import Selection
from premigrate.documents.document import Document
from premigrate.documents.json_text import with_text
from premigrate.report.findings import Finding, findings_of, locate_findings
from premigrate.report.run import Account, Tally, Unreadable, plain
from premigrate.results import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from premigrate.api import Validator
    from premigrate.batch.chunks import Chunk
    from premigrate.batch.display_paths import ShownPaths
    from premigrate.command.baseline import AccountKey, Baseline, Key
    from premigrate.command.rendered import Rendered
    from premigrate.results import Place


class Wish(NamedTuple):
    """What a run is asked to do; ``validator_of`` makes the validator of a market.

    ``every``: accounts without findings are to be told too. ``split``: the texts of the accounts are wanted.
    ``most_errors`` and ``most_advice``: of so many findings of a kind the place is shown; None: of all.
    ``jobs`` is the number of processes, ``column`` that of a table which holds the payloads. ``shown`` says how to
    show paths; None: from the current folder. ``renders`` turn accounts into the texts of the targets, if all can.
    """

    market: str | None
    as_of: date
    is_today: bool
    validator_of: Callable[[str], Validator]
    selection: Selection = Selection()
    baseline: Baseline | None = None
    show_values: bool = False
    fail_on_advice: bool = False
    every: bool = True
    split: bool = False
    most_errors: int | None = None
    most_advice: int | None = None
    jobs: int = 1
    column: str | None = None
    shown: ShownPaths | None = None
    renders: tuple[Callable[[Iterable[Account]], str], ...] = ()


_ALL = Selection()
_BODILESS = {status: Response(status, {}) for status in (200, 400)}
"""The answers of the API without the body, which no output wants: it would be sent between processes for nothing."""


def validator_for(as_of: date, overlay: str | None, references: str | None, market: str) -> Validator:
    """Make the validator of a market, as a short life needs it. Raises as `Validator` does."""
    return CachedValidator(market=market, as_of=as_of, overlay=overlay, references=references)


class Complaint(NamedTuple):
    """Something to say on the error stream, and what it makes of the exit code."""

    code: Exit
    message: str


Told: TypeAlias = "Account | Unreadable | Complaint | Rendered"


class Parts(NamedTuple):
    """The texts of accounts: those that pass, those that the API would refuse, those that were not checked."""

    passed: list[bytes]
    failed: list[bytes]
    unchecked: list[bytes]


class Outcome(NamedTuple):
    """What came of a chunk: ``told`` in its order, and the counts of all of it. What nothing is told of is fine.

    ``met`` are the entries of the baseline that were met, ``saw`` the accounts of it that were checked.
    """

    told: list[Told]
    tally: Tally
    worst: Exit
    parts: Parts
    met: frozenset[Key]
    saw: frozenset[AccountKey]


class Checker:
    """Checks chunks, in the order of the input. What is told of one does not depend on those before it.

    Only where a finding is may be left out, and all but its kind: if so many of a kind came before that nobody will
    see it. Whoever checks a part of the chunks has seen fewer, and leaves out less.
    """

    def __init__(self, wish: Wish) -> None:
        self._wish = wish
        self._looker = Looker(wish.market, wish.validator_of)
        self._told = 0
        self._shown = Shown(wish.most_errors, wish.most_advice)
        tells_all = wish.every or wish.baseline is not None
        unseen = Unseen(self._shown if wish.selection == _ALL else Shown(None, None))
        self._unseen = None if tells_all else unseen
        if wish.market:
            self._looker.validator(wish.market)  # what is wrong with it is told before anything is read

    @property
    def not_checked(self) -> dict[str, tuple[str, ...]]:
        """Tell what the markets met so far leave unchecked."""
        found: dict[str, tuple[str, ...]] = {}
        for validator in self._looker.validators.values():
            found |= validator.not_checked
        return found

    def check(self, chunk: Chunk) -> Outcome:
        """Check one chunk. Raises as `Validator` does."""
        outcome = _Collected(self._wish, chunk.file, self._shown)
        unseen = self._unseen
        if unseen:
            unseen.settle()  # if there was not enough memory for a chunk, it is checked once more, in parts
        for seen in self._looker.look(chunk):
            if isinstance(seen, Looked):
                outcome.sort(seen)
                if unseen and unseen.take(seen.result.advice, seen.result.errors):
                    continue
            outcome.take(seen)
        if unseen:
            outcome.add(unseen.settle())
        if len(self._looker.validators) > self._told:
            self._told = len(self._looker.validators)
            outcome.tally.not_checked = self.not_checked
        return outcome.done()


class _Waiting(NamedTuple):
    """An account in a text with others, of which the findings are located with theirs; and its place among the told."""

    place: int
    looked: Looked
    account: Account


class _Collected:
    """What comes of one chunk, while it is checked."""

    def __init__(self, wish: Wish, file: str, shown: Shown) -> None:
        self._wish, self._file, self._shown = wish, file, shown
        self._told: list[Told] = []
        self._waiting: list[_Waiting] = []
        self._worst = Exit.CLEAN
        self._parts = Parts([], [], [])
        self._baseline = wish.baseline.copy() if wish.baseline else None
        self.tally = Tally()

    def add(self, unseen: Tally) -> None:
        """Add accounts of which only the counts are told."""
        self.tally.add(unseen)
        if unseen.errors or unseen.next or (unseen.advice and self._wish.fail_on_advice):
            self._worst = max(self._worst, Exit.ERRORS)

    def sort(self, looked: Looked) -> None:
        """Keep the text of an account, if it is wanted."""
        if self._wish.split:
            (self._parts.failed if looked.result.errors else self._parts.passed).append(text_of(looked.account))

    def take(self, seen: Looked | Missed | Remark) -> None:
        """Take what was seen."""
        if isinstance(seen, Looked):
            self._account(seen)
        elif isinstance(seen, Missed):
            self._missed(seen)
        else:
            place = f"{plain(seen.name)}:{seen.line}" if seen.line else plain(seen.name)
            self._complain(Exit.CLEAN, f"{place}: {seen.message}")

    def done(self) -> Outcome:
        """Find out where the findings are that are not located yet."""
        if self._waiting:
            self._locate_together()
        met, saw = (self._baseline.met, self._baseline.accounts) if self._baseline else ((), ())
        return Outcome(self._told, self.tally, self._worst, self._parts, frozenset(met), frozenset(saw))

    def _account(self, looked: Looked) -> None:
        opened, result = looked.account, looked.result
        _, account = looked.validator.account_of(opened.document.data)
        reference, supplier = reference_of(account), supplier_of(account)
        findings: list[Finding] = []
        if result.errors or result.advice:
            findings = findings_of(result, account, looked.validator, show_values=self._wish.show_values)
        findings = self._leave_out(looked, supplier, reference, findings)
        if findings and opened.text and opened.line:
            findings = self._located(looked, findings)
        response = result.response if self._wish.every else _BODILESS[result.response.status]
        told = Account(self._file, opened.position, opened.many, reference, response, tuple(findings), supplier)
        self.tally.count(told)
        fails = told.has_errors or (self._wish.fail_on_advice and findings)
        self._worst = max(self._worst, Exit.ERRORS if fails else Exit.CLEAN)
        if findings and not opened.text:
            self._waiting.append(_Waiting(len(self._told), looked, told))
        if findings or self._wish.every:
            self._told.append(told)

    def _located(self, looked: Looked, findings: list[Finding]) -> list[Finding]:
        """Add where those findings are that are shown with their place."""
        show_values = self._wish.show_values
        if self._shown.has_all:
            return _located(looked, findings, show_values=show_values)
        kinds = [finding.kind for finding in findings]
        are_shown = list(map(self._shown.has, kinds))
        self._shown.count(kinds)
        if not any(are_shown):
            return findings
        located = iter(_located(looked, list(compress(findings, are_shown)), show_values=show_values))
        return [next(located) if is_shown else finding for finding, is_shown in zip(findings, are_shown, strict=True)]

    def _locate_together(self) -> None:
        document = self._waiting[0].looked.account.whole or Document(None)
        wanted = [
            (finding, _start(looked), looked.validator)
            for _, looked, account in self._waiting
            for finding in account.findings
        ]
        located = iter(locate_findings(wanted, document, show_values=self._wish.show_values))
        for place, _, account in self._waiting:
            findings = tuple(next(located) for _ in account.findings)
            self._told[place] = account.with_findings(findings)

    def _leave_out(self, looked: Looked, supplier: str, reference: str, findings: list[Finding]) -> list[Finding]:
        baseline = self._baseline
        left = findings
        if baseline:
            account = baseline.account_key(self._file, looked.account.position, supplier, reference)
            baseline.saw(account)
            left = [finding for finding in findings if not baseline.knows(account, finding, self._wish.as_of)]
            self.tally.known += len(findings) - len(left)
        selection = self._wish.selection
        wanted = left if selection == _ALL else [each for each in left if selection.takes(self._file, each)]
        self.tally.put_aside += len(left) - len(wanted)
        return wanted

    def _missed(self, missed: Missed) -> None:
        place = f"{plain(self._file)}:{missed.line}:{missed.column}" if missed.line else plain(self._file)
        self._complain(Exit.UNREADABLE, f"{plain(missed.account) or place}: {missed.message}")
        self.tally.unreadable += 1
        self._told.append(Unreadable(self._file, missed.line, missed.column, missed.message))
        if self._wish.split and missed.text:
            self._parts.unchecked.append(missed.text)

    def _complain(self, code: Exit, message: str) -> None:
        self._told.append(Complaint(code, message))
        self._worst = max(self._worst, code)


def _located(looked: Looked, findings: list[Finding], *, show_values: bool) -> list[Finding]:
    """Add where the findings of an account are that has a text of its own."""
    opened = looked.account
    document = opened.document if opened.document.text else with_text(opened.document, opened.text)
    start = _start(looked)
    wanted = [(finding, start, looked.validator) for finding in findings]
    return locate_findings(wanted, document, show_values=show_values, begins=(opened.line, opened.column))


def _start(looked: Looked) -> Place:
    wrapper, _ = looked.validator.account_of(looked.account.document.data)
    return (*looked.account.start, *wrapper)

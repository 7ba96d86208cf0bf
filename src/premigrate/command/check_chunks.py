"""Checks chunks and turns the results into run events: accounts with located findings, and unreadable inputs."""

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
    """The options of a run.

    ``validator_of`` makes the validator of a market. ``every``: report accounts without findings too. ``split``: return
    the texts of the accounts. ``most_errors`` and ``most_advice``: locate at most this many findings of a kind; None:
    all. ``jobs`` is the number of processes, ``column`` the column of a table that holds the payloads. ``shown`` says
    how to show paths; None: relative to the current folder. ``renders`` are the functions that render accounts as text,
    one for each sink; empty unless every sink has one.
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
_WITHOUT_BODY = {status: Response(status, {}) for status in (200, 400)}
"""Responses without their body, for runs whose outputs don't show it: they are cheaper to send between processes."""


def validator_for(as_of: date, overlay: str | None, references: str | None, market: str) -> Validator:
    """Make the validator of a market, with a cached program if possible. Raises as `Validator` does."""
    return CachedValidator(market=market, as_of=as_of, overlay=overlay, references=references)


class Complaint(NamedTuple):
    """A message for the error stream, and the exit code that it causes."""

    code: Exit
    message: str


Told: TypeAlias = "Account | Unreadable | Complaint | Rendered"


class Parts(NamedTuple):
    """The texts of accounts: those that pass, those that the API would refuse, and those that were not checked."""

    passed: list[bytes]
    failed: list[bytes]
    unchecked: list[bytes]


class Outcome(NamedTuple):
    """The result of checking a chunk.

    ``told`` are the events in the order of the chunk; accounts that no sink needs have none. ``tally`` counts all
    accounts. ``worst`` is the exit code. ``met`` are the baseline entries that findings matched, and ``saw`` the
    checked accounts that have baseline entries.
    """

    told: list[Told]
    tally: Tally
    worst: Exit
    parts: Parts
    met: frozenset[Key]
    saw: frozenset[AccountKey]


class Checker:
    """Checks chunks in the order of the input.

    The outcome of a chunk depends on earlier chunks in one way only: once enough findings of a kind were located,
    further ones are not located, or only counted by kind. A worker process checks only some of the chunks, so it
    locates more findings.
    """

    def __init__(self, wish: Wish) -> None:
        self._wish = wish
        self._batch_validator = Looker(wish.market, wish.validator_of)
        self._markets_reported = 0
        self._limits = Shown(wish.most_errors, wish.most_advice)
        needs_all = wish.every or wish.baseline is not None
        counter = Unseen(self._limits if wish.selection == _ALL else Shown(None, None))
        self._counter = None if needs_all else counter
        if wish.market:
            self._batch_validator.validator(wish.market)  # report errors in its rules before reading any input

    @property
    def not_checked(self) -> dict[str, tuple[str, ...]]:
        """The rules and choices that the markets met so far can't check, with the reference lists that they lack."""
        found: dict[str, tuple[str, ...]] = {}
        for validator in self._batch_validator.validators.values():
            found |= validator.not_checked
        return found

    def check(self, chunk: Chunk) -> Outcome:
        """Check one chunk. Raises as `Validator` does."""
        outcome = _OutcomeBuilder(self._wish, chunk.file, self._limits)
        counter = self._counter
        if counter:
            counter.settle()  # drop the counts of a chunk that ran out of memory: its parts are checked again
        for item in self._batch_validator.look(chunk):
            if isinstance(item, Looked):
                outcome.keep_text(item)
                if counter and counter.take(item.result.advice, item.result.errors):
                    continue
            outcome.add(item)
        if counter:
            outcome.add_counted(counter.settle())
        if len(self._batch_validator.validators) > self._markets_reported:
            self._markets_reported = len(self._batch_validator.validators)
            outcome.tally.not_checked = self.not_checked
        return outcome.build()


class _Unlocated(NamedTuple):
    """An account that shares a document with others; ``event_index`` is its position among the events of the chunk."""

    event_index: int
    looked: Looked
    account: Account


class _OutcomeBuilder:
    """Collects the events and counts of one chunk."""

    def __init__(self, wish: Wish, file: str, limits: Shown) -> None:
        self._wish, self._file, self._limits = wish, file, limits
        self._events: list[Told] = []
        self._unlocated: list[_Unlocated] = []
        self._worst = Exit.CLEAN
        self._parts = Parts([], [], [])
        self._baseline = wish.baseline.copy() if wish.baseline else None
        self.tally = Tally()

    def add_counted(self, counted: Tally) -> None:
        """Add accounts that are only counted."""
        self.tally.add(counted)
        if counted.errors or counted.next or (counted.advice and self._wish.fail_on_advice):
            self._worst = max(self._worst, Exit.ERRORS)

    def keep_text(self, looked: Looked) -> None:
        """Keep the text of an account if the run splits accounts into files."""
        if self._wish.split:
            (self._parts.failed if looked.result.errors else self._parts.passed).append(text_of(looked.account))

    def add(self, item: Looked | Missed | Remark) -> None:
        """Add a checked account, a failure or a notice."""
        if isinstance(item, Looked):
            self._add_account(item)
        elif isinstance(item, Missed):
            self._add_failure(item)
        else:
            place = f"{plain(item.name)}:{item.line}" if item.line else plain(item.name)
            self._add_diagnostic(Exit.CLEAN, f"{place}: {item.message}")

    def build(self) -> Outcome:
        """Locate the remaining findings, and return the outcome."""
        if self._unlocated:
            self._locate_together()
        met, saw = (self._baseline.met, self._baseline.accounts) if self._baseline else ((), ())
        return Outcome(self._events, self.tally, self._worst, self._parts, frozenset(met), frozenset(saw))

    def _add_account(self, looked: Looked) -> None:
        opened, result = looked.account, looked.result
        _, account = looked.validator.account_of(opened.document.data)
        reference, supplier = reference_of(account), supplier_of(account)
        findings: list[Finding] = []
        if result.errors or result.advice:
            findings = findings_of(result, account, looked.validator, show_values=self._wish.show_values)
        findings = self._filtered(looked, supplier, reference, findings)
        if findings and opened.text and opened.line:
            findings = self._located(looked, findings)
        response = result.response if self._wish.every else _WITHOUT_BODY[result.response.status]
        event = Account(self._file, opened.position, opened.many, reference, response, tuple(findings), supplier)
        self.tally.count(event)
        fails = event.has_errors or (self._wish.fail_on_advice and findings)
        self._worst = max(self._worst, Exit.ERRORS if fails else Exit.CLEAN)
        if findings and not opened.text:
            self._unlocated.append(_Unlocated(len(self._events), looked, event))
        if findings or self._wish.every:
            self._events.append(event)

    def _located(self, looked: Looked, findings: list[Finding]) -> list[Finding]:
        """Locate the findings of an account that are within the limits."""
        show_values = self._wish.show_values
        if self._limits.has_all:
            return _locate(looked, findings, show_values=show_values)
        kinds = [finding.kind for finding in findings]
        are_shown = list(map(self._limits.has, kinds))
        self._limits.count(kinds)
        if not any(are_shown):
            return findings
        located = iter(_locate(looked, list(compress(findings, are_shown)), show_values=show_values))
        return [next(located) if is_shown else finding for finding, is_shown in zip(findings, are_shown, strict=True)]

    def _locate_together(self) -> None:
        """Locate the findings of accounts that share one document."""
        document = self._unlocated[0].looked.account.whole or Document(None)
        wanted = [
            (finding, _start(looked), looked.validator)
            for _, looked, account in self._unlocated
            for finding in account.findings
        ]
        located = iter(locate_findings(wanted, document, show_values=self._wish.show_values))
        for event_index, _, account in self._unlocated:
            findings = tuple(next(located) for _ in account.findings)
            self._events[event_index] = account.with_findings(findings)

    def _filtered(self, looked: Looked, supplier: str, reference: str, findings: list[Finding]) -> list[Finding]:
        """Return the findings that are neither in the baseline nor filtered out, and count the others."""
        baseline = self._baseline
        remaining = findings
        if baseline:
            account = baseline.account_key(self._file, looked.account.position, supplier, reference)
            baseline.saw(account)
            remaining = [finding for finding in findings if not baseline.knows(account, finding, self._wish.as_of)]
            self.tally.known += len(findings) - len(remaining)
        selection = self._wish.selection
        is_all = selection == _ALL
        selected = remaining if is_all else [each for each in remaining if selection.takes(self._file, each)]
        self.tally.put_aside += len(remaining) - len(selected)
        return selected

    def _add_failure(self, missed: Missed) -> None:
        place = f"{plain(self._file)}:{missed.line}:{missed.column}" if missed.line else plain(self._file)
        self._add_diagnostic(Exit.UNREADABLE, f"{plain(missed.account) or place}: {missed.message}")
        self.tally.unreadable += 1
        self._events.append(Unreadable(self._file, missed.line, missed.column, missed.message))
        if self._wish.split and missed.text:
            self._parts.unchecked.append(missed.text)

    def _add_diagnostic(self, code: Exit, message: str) -> None:
        self._events.append(Complaint(code, message))
        self._worst = max(self._worst, code)


def _locate(looked: Looked, findings: list[Finding], *, show_values: bool) -> list[Finding]:
    """Locate the findings of an account that has a text of its own."""
    opened = looked.account
    document = opened.document if opened.document.text else with_text(opened.document, opened.text)
    start = _start(looked)
    wanted = [(finding, start, looked.validator) for finding in findings]
    return locate_findings(wanted, document, show_values=show_values, begins=(opened.line, opened.column))


def _start(looked: Looked) -> Place:
    """Return the path of an account from the top of its document, wrapper included."""
    wrapper, _ = looked.validator.account_of(looked.account.document.data)
    return (*looked.account.start, *wrapper)

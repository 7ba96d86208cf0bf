"""Checks chunks and turns the results into run events: accounts with located findings, and unreadable inputs."""

from __future__ import annotations

from collections import Counter
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from premigrate.accounts.identity import external_account_number_of, supplier_of
from premigrate.api import CachedValidator, engine_of
from premigrate.batch.batch_validator import BatchValidator, CheckedAccount, account_line
from premigrate.batch.load_accounts import Notice, ReadFailure
from premigrate.command.exit_codes import ExitCode
from premigrate.command.filters import Selection
from premigrate.command.finding_counter import FindingCounter, LocationLimits
from premigrate.command.finding_filter import ALL, FindingFilter
from premigrate.documents.document import Document
from premigrate.documents.json_text import attach_text
from premigrate.report.finding_fixes import fixes_by_place
from premigrate.report.findings import Finding, findings_of, locate_findings
from premigrate.report.run import AccountReport, Tally, UnreadableInput, escape
from premigrate.results import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from premigrate.api import Validator
    from premigrate.batch.chunks import Chunk
    from premigrate.batch.display_paths import DisplayPaths
    from premigrate.command.baseline import AccountKey, Baseline, FindingKey
    from premigrate.command.rendered_accounts import RenderedAccounts
    from premigrate.results import Place


class RunOptions(NamedTuple):
    """The options of a run.

    ``make_validator`` makes the validator of a market. ``needs_clean_accounts``: report accounts without findings too.
    ``keep_payloads``: return the texts of the accounts. ``max_located_errors`` and ``max_located_advice``: locate at
    most this many findings of a kind; None: all. ``jobs`` is the number of processes, ``column`` the column of a table
    that holds the payloads. ``display_paths`` says how to show paths; None: relative to the current folder.
    ``with_fixes``: findings have their fixes. ``render_functions`` are the functions that render accounts as text, one
    for each sink; empty unless every sink has one.
    """

    market: str | None
    as_of: date
    is_as_of_default: bool
    make_validator: Callable[[str], Validator]
    selection: Selection = Selection()
    baseline: Baseline | None = None
    show_values: bool = False
    fail_on_advice: bool = False
    needs_clean_accounts: bool = True
    keep_payloads: bool = False
    max_located_errors: int | None = None
    max_located_advice: int | None = None
    jobs: int = 1
    column: str | None = None
    display_paths: DisplayPaths | None = None
    with_fixes: bool = False
    render_functions: tuple[Callable[[Iterable[AccountReport]], str], ...] = ()


_WITHOUT_BODY = {status: Response(status, {}) for status in (200, 400)}
"""Responses without their body, for runs whose outputs do not show it: they are cheaper to send between processes."""


def make_validator(as_of: date, overlay: str | None, references: str | None, market: str) -> Validator:
    """Make the validator of a market, with a cached program if possible. Raises as `Validator` does."""
    return CachedValidator(market=market, as_of=as_of, overlay=overlay, references=references)


class Diagnostic(NamedTuple):
    """A message for the error stream, and the exit code that it causes."""

    exit_code: ExitCode
    message: str


RunEvent: TypeAlias = "AccountReport | UnreadableInput | Diagnostic | RenderedAccounts"


class SplitPayloads(NamedTuple):
    """The texts of accounts: those that pass, those that the API would refuse, and those that were not checked."""

    passed: list[bytes]
    failed: list[bytes]
    unchecked: list[bytes]


class ChunkResult(NamedTuple):
    """The result of checking a chunk.

    ``events`` are the events in the order of the chunk; accounts that no sink needs have none. ``tally`` counts all
    accounts. ``exit_code`` is the exit code. ``matched_entries`` are the baseline entries that findings matched, and
    ``checked_accounts`` the checked accounts that have baseline entries.
    """

    events: list[RunEvent]
    tally: Tally
    exit_code: ExitCode
    payloads: SplitPayloads
    matched_entries: frozenset[FindingKey]
    checked_accounts: frozenset[AccountKey]


class ChunkChecker:
    """Checks chunks in the order of the input.

    The result of a chunk depends on earlier chunks in one way only: once enough findings of a kind were located,
    further ones are not located, or only counted by kind. A worker process checks only some of the chunks, so it
    locates more findings.
    """

    def __init__(self, options: RunOptions) -> None:
        self._options = options
        self._batch_validator = BatchValidator(options.market, options.make_validator, fixes=options.with_fixes)
        self._markets_reported = 0
        self._limits = LocationLimits(options.max_located_errors, options.max_located_advice)
        needs_all = options.needs_clean_accounts or options.baseline is not None
        counter = FindingCounter(self._limits if options.selection == ALL else LocationLimits(None, None))
        self._counter = None if needs_all else counter
        if options.market:
            self._batch_validator.validator(options.market)  # report errors in its rules before reading any input

    @property
    def needs(self) -> dict[str, tuple[str, ...]]:
        """The rules and choices that the markets met so far cannot check, with what they lack."""
        found: dict[str, tuple[str, ...]] = {}
        for validator in self._batch_validator.validators.values():
            found |= engine_of(validator).program.not_checked
        return found

    def check(self, chunk: Chunk) -> ChunkResult:
        """Check one chunk. Raises as `Validator` does."""
        builder = _ChunkResultBuilder(self._options, chunk.file, self._limits)
        not_checked: Counter[tuple[str, ...]] = Counter()
        counter = self._counter
        if counter:
            counter.pop_tally()  # drop the counts of a chunk that ran out of memory: its parts are checked again
        for item in self._batch_validator.validate_chunk(chunk):
            if isinstance(item, CheckedAccount):
                not_checked[item.result.not_checked] += 1
                builder.keep_text(item)
                if counter and counter.try_count(item.result.advice, item.result.errors):
                    continue
            builder.add(item)
        if counter:
            builder.add_counted(counter.pop_tally())
        if len(self._batch_validator.validators) > self._markets_reported:
            self._markets_reported = len(self._batch_validator.validators)
            builder.tally.needs = self.needs
        for names, accounts in not_checked.items():
            builder.tally.count_not_checked(names, accounts)
        return builder.build()


class _Unlocated(NamedTuple):
    """An account that shares a document with others; ``event_index`` is its position among the events of the chunk."""

    event_index: int
    checked: CheckedAccount
    account: AccountReport


class _ChunkResultBuilder:
    """Collects the events and counts of one chunk."""

    def __init__(self, options: RunOptions, file: str, limits: LocationLimits) -> None:
        self._options, self._file, self._limits = options, file, limits
        self._events: list[RunEvent] = []
        self._unlocated: list[_Unlocated] = []
        self._worst = ExitCode.CLEAN
        self._parts = SplitPayloads([], [], [])
        self._baseline = options.baseline.unmatched_copy() if options.baseline else None
        self._filter = FindingFilter(file, options.selection, self._baseline, options.as_of)
        self.tally = Tally()

    def add_counted(self, counted: Tally) -> None:
        """Add accounts that are only counted."""
        self.tally.add(counted)
        if counted.errors or counted.follow_on or (counted.advice and self._options.fail_on_advice):
            self._worst = max(self._worst, ExitCode.ERRORS)

    def keep_text(self, checked: CheckedAccount) -> None:
        """Keep the text of an account if the run splits accounts into files."""
        if self._options.keep_payloads:
            (self._parts.failed if checked.result.errors else self._parts.passed).append(account_line(checked.account))

    def add(self, item: CheckedAccount | ReadFailure | Notice) -> None:
        """Add a checked account, a failure or a notice."""
        if isinstance(item, CheckedAccount):
            self._add_account(item)
        elif isinstance(item, ReadFailure):
            self._add_failure(item)
        else:
            place = f"{escape(item.name)}:{item.line}" if item.line else escape(item.name)
            self._add_diagnostic(ExitCode.CLEAN, f"{place}: {item.message}")

    def build(self) -> ChunkResult:
        """Locate the remaining findings, and return the result."""
        if self._unlocated:
            self._locate_together()
        met, saw = (self._baseline.matched_keys, self._baseline.checked_accounts) if self._baseline else ((), ())
        return ChunkResult(self._events, self.tally, self._worst, self._parts, frozenset(met), frozenset(saw))

    def _add_account(self, checked: CheckedAccount) -> None:
        opened, result = checked.account, checked.result
        engine = engine_of(checked.validator)
        _, account = engine.account_of(opened.document.data)
        reference, supplier = external_account_number_of(account), supplier_of(account)
        findings: list[Finding] = []
        if result.errors or result.advice:
            show_values, bases = self._options.show_values, engine.program.detail_bases
            fixes = None
            if self._options.with_fixes:
                fixes = fixes_by_place(result.fixes, engine.field_info, show_values=show_values)
            findings = findings_of(result, show_values=show_values, detail_bases=bases, fixes=fixes)
        findings, in_baseline, ignored = self._filter.apply(findings, opened.position, supplier, reference)
        self.tally.in_baseline += in_baseline
        self.tally.ignored += ignored
        if findings and opened.text and opened.line:
            findings = self._locate_within_limits(checked, findings)
        response = result.response if self._options.needs_clean_accounts else _WITHOUT_BODY[result.response.status]
        not_checked = result.not_checked if self._options.needs_clean_accounts else ()
        event = AccountReport(
            self._file, opened.position, opened.account_count, reference, response, tuple(findings), supplier,
            not_checked,
        )  # fmt: skip
        self.tally.count(event)
        fails = event.has_errors or (self._options.fail_on_advice and findings)
        self._worst = max(self._worst, ExitCode.ERRORS if fails else ExitCode.CLEAN)
        if findings and not opened.text:
            self._unlocated.append(_Unlocated(len(self._events), checked, event))
        if findings or self._options.needs_clean_accounts:
            self._events.append(event)

    def _locate_within_limits(self, checked: CheckedAccount, findings: list[Finding]) -> list[Finding]:
        """Locate the findings of an account that are within the limits."""
        show_values = self._options.show_values
        if self._limits.is_unlimited:
            return _locate(checked, findings, show_values=show_values)
        kinds = [finding.kind for finding in findings]
        are_shown = list(map(self._limits.allows, kinds))
        self._limits.count(kinds)
        if not any(are_shown):
            return findings
        located = iter(_locate(checked, list(compress(findings, are_shown)), show_values=show_values))
        return [next(located) if is_shown else finding for finding, is_shown in zip(findings, are_shown, strict=True)]

    def _locate_together(self) -> None:
        """Locate the findings of accounts that share one document."""
        document = self._unlocated[0].checked.account.file_document or Document(None)
        wanted = [
            (finding, account_start(checked), engine_of(checked.validator).field_info)
            for _, checked, account in self._unlocated
            for finding in account.findings
        ]
        located = iter(locate_findings(wanted, document, show_values=self._options.show_values))
        for event_index, _, account in self._unlocated:
            findings = tuple(next(located) for _ in account.findings)
            self._events[event_index] = account.with_findings(findings)

    def _add_failure(self, failure: ReadFailure) -> None:
        place = f"{escape(self._file)}:{failure.line}:{failure.column}" if failure.line else escape(self._file)
        self._add_diagnostic(ExitCode.UNREADABLE, f"{escape(failure.account) or place}: {failure.message}")
        self.tally.unreadable += 1
        self._events.append(UnreadableInput(self._file, failure.line, failure.column, failure.message))
        if self._options.keep_payloads and failure.text:
            self._parts.unchecked.append(failure.text)

    def _add_diagnostic(self, code: ExitCode, message: str) -> None:
        self._events.append(Diagnostic(code, message))
        self._worst = max(self._worst, code)


def _locate(checked: CheckedAccount, findings: list[Finding], *, show_values: bool) -> list[Finding]:
    """Locate the findings of an account that has a text of its own."""
    opened = checked.account
    document = opened.document if opened.document.text else attach_text(opened.document, opened.text)
    start = account_start(checked)
    wanted = [(finding, start, engine_of(checked.validator).field_info) for finding in findings]
    return locate_findings(wanted, document, show_values=show_values, first_position=(opened.line, opened.column))


def account_start(checked: CheckedAccount) -> Place:
    """Return the path of an account from the top of its document, wrapper included."""
    wrapper, _ = engine_of(checked.validator).account_of(checked.account.document.data)
    return (*checked.account.place_in_file, *wrapper)

"""One run over inputs: reads, validates, leaves out what is not wanted or known, and tells the targets."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, Protocol

from premigrate import __version__
from premigrate.api import Validator, market_of, markets, reference_of
from premigrate.cli.deferring import defer
from premigrate.cli.exits import Exit
from premigrate.cli.inputs import STDIN_NAME, Input, read_inputs
from premigrate.cli.progress import Progress
from premigrate.cli.selecting import Selection
from premigrate.cli.streams import echo
from premigrate.errors import BadPayloadText, Place, Result
from premigrate.rendering.findings import Finding, findings_of, locate_findings
from premigrate.rendering.report import Account, Run, Tally, Unreadable, plain
from premigrate.source import Document

if TYPE_CHECKING:
    from premigrate.cli.baseline import Baseline


class Wish(NamedTuple):
    """What a run is asked to do; ``validator_of`` makes the validator of a market."""

    market: str | None
    as_of: date
    is_today: bool
    validator_of: Callable[[str], Validator]
    selection: Selection = Selection()
    baseline: "Baseline | None" = None
    show_values: bool = False
    fail_on_advice: bool = False


class _Found(NamedTuple):
    """The result of one account, before it is told; ``order`` and ``start`` are its places in the file and its text."""

    order: int
    start: Place
    reference: str
    result: Result
    findings: list[Finding]
    validator: Validator


class Listener(Protocol):
    """Whoever is told of a run; one that is not open any more is told in vain."""

    is_open: bool

    def begin(self, run: Run) -> None:
        """Hear that it begins."""

    def account(self, account: Account) -> None:
        """Hear of an account."""

    def unreadable(self, problem: Unreadable) -> None:
        """Hear of an input that could not be checked."""

    def end(self, tally: Tally) -> None:
        """Hear that it is over."""

    def discard(self) -> None:
        """Hear that it failed: nothing of it may be left."""


class Runner:
    """Goes through inputs. ``worst`` is the exit code so far."""

    def __init__(self, wish: Wish, targets: Sequence[Listener]) -> None:
        self._wish, self._targets = wish, targets
        self._validators: dict[str, Validator] = {}
        self._progress = Progress()
        self.tally = Tally()
        self.worst = Exit.CLEAN
        defer("pkgutil", "pydoc", "ssl")  # python-stdnum imports them, for what is never done here: 20 ms

    def run_over(self, paths: tuple[str, ...], stdin_name: str = STDIN_NAME, *, tell_day: bool) -> None:
        """Check what is at these paths; ``tell_day``: the output doesn't say which day counted as today."""
        self.run(read_inputs(paths, stdin_name))
        if not self.tally.accounts and not self.worst:
            found = ", ".join(map(plain, paths))
            self.complain(Exit.USAGE, f"nothing to check: no *.json, *.yaml or *.yml file in {found}")
        if self._wish.is_today and tell_day:
            echo(f"as of {self._wish.as_of} (today; --as-of sets it)", err=True)

    def run(self, inputs: Iterable[Input]) -> None:
        """Check all inputs. A run that is interrupted is written to its end all the same; one that fails is not.

        Raises:
            PremigrateError: the market, the overlay or the reference lists are wrong, or a file can't be written.

        """
        try:
            if self._wish.market:
                self._validator(self._wish.market)  # what is wrong with it is told before anything is read
            for target in self._targets:
                target.begin(Run(__version__, self._wish.as_of, self._wish.is_today))
            self._check_all(inputs)
            for target in self._targets:
                target.end(self.tally)
        except BaseException:
            for target in self._targets:
                target.discard()
            raise

    def _check_all(self, inputs: Iterable[Input]) -> None:
        try:
            for source in inputs:
                self._check(source)
                if not any(target.is_open for target in self._targets):
                    break
        except KeyboardInterrupt:
            self.tally.interrupted = True
            self.worst = Exit.INTERRUPTED
        self._progress.clear()

    def complain(self, code: Exit, message: str) -> None:
        """Say on the error stream what went wrong, and remember it for the exit code."""
        self._progress.clear()
        echo(f"premigrate: {message}", err=True)
        self.worst = max(self.worst, code)

    def _check(self, source: Input) -> None:
        try:
            document = source.read()
        except BadPayloadText as error:
            self._refuse(source.name, error)
            return
        if document.had_bom:
            self.complain(Exit.CLEAN, f"{plain(source.name)}: begins with a byte order mark, which the API refuses")
        accounts = document.accounts()
        found = [self._look(source.name, index, len(accounts), each) for index, each in enumerate(accounts)]
        self._tell(source.name, document, [each for each in found if each], len(accounts))

    def _refuse(self, name: str, error: BadPayloadText) -> None:
        place = f"{plain(name)}:{error.line}:{error.column}" if error.line else plain(name)
        self.complain(Exit.UNREADABLE, f"{place}: {error}")
        self.tally.unreadable += 1
        for target in self._targets:
            target.unreadable(Unreadable(name, error.line, error.column, str(error)))

    def _look(self, file: str, index: int, count: int, document: Document) -> _Found | None:
        name = f"{file}[{index}]" if count > 1 else file
        told = market_of(document.data)
        market = self._wish.market or told
        if self._wish.market and told not in {None, self._wish.market}:
            self.complain(Exit.CLEAN, f"{plain(name)}: import_supplier tells of the market {told}, not {market}")
        if market is None:
            hint = f"can't tell the market from import_supplier; say --market ({' or '.join(markets())})"
            self.complain(Exit.USAGE, f"{plain(name)}: {hint}")
            self.tally.unreadable += 1
            for target in self._targets:
                target.unreadable(Unreadable(file, 0, 0, hint))
            return None
        validator = self._validator(market)
        result = validator.validate_document(document)
        wrapper, account = validator.account_of(document.data)
        reference = reference_of(account)
        findings = findings_of(result, account, validator, show_values=self._wish.show_values)
        left = self._leave_out(file, index, count, reference, findings)
        return _Found(index, (*((index,) if count > 1 else ()), *wrapper), reference, result, left, validator)

    def _leave_out(self, file: str, index: int, count: int, reference: str, findings: list[Finding]) -> list[Finding]:
        baseline = self._wish.baseline
        left = findings
        if baseline:
            from premigrate.cli.baseline import account_key

            account = account_key(file, index, count, reference)
            baseline.saw(account)
            left = [finding for finding in findings if not baseline.knows(account, finding, self._wish.as_of)]
            self.tally.known += len(findings) - len(left)
        wanted = [finding for finding in left if self._wish.selection.takes(file, finding)]
        self.tally.put_aside += len(left) - len(wanted)
        return wanted

    def _tell(self, file: str, document: Document, found: list[_Found], count: int) -> None:
        """Find out where the findings are, all at once, and tell the targets of each account."""
        located = iter(self._located(document, found))
        for each in found:
            findings = tuple(next(located) for _ in each.findings)
            account = Account(file, each.order, count, each.reference, each.result.response, findings)
            self.tally.count(account)
            fails = account.is_refused or (self._wish.fail_on_advice and findings)
            self.worst = max(self.worst, Exit.ERRORS if fails else Exit.CLEAN)
            for target in self._targets:
                target.account(account)
            self._progress.show(self.tally)

    def _located(self, document: Document, found: list[_Found]) -> list[Finding]:
        wanted = [(finding, each.start, each.validator) for each in found for finding in each.findings]
        return locate_findings(wanted, document, show_values=self._wish.show_values) if wanted else []

    def _validator(self, market: str) -> Validator:
        if market not in self._validators:
            self._validators[market] = self._wish.validator_of(market)
            self.tally.not_checked |= self._validators[market].not_checked
        return self._validators[market]

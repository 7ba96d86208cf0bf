"""One run of the compare command: compares recordings, and collects totals and the worst disagreements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from premigrate.accounts.identity import external_account_number_of, market_of
from premigrate.accounts.unknown_market import explain_unknown_market
from premigrate.api import Validator, engine_of
from premigrate.batch.load_accounts import Notice, ReadFailure
from premigrate.command.exit_codes import ExitCode
from premigrate.command.interrupts import InterruptGuard
from premigrate.command.streams import echo
from premigrate.compare.call_dates import possible_dates
from premigrate.compare.calls import Call, compare_call
from premigrate.compare.model import Comparison, Disagreement, Totals
from premigrate.compare.recorded_call import Recording
from premigrate.compare.recordings import RecordingItem, SkippedCall
from premigrate.compare.worst import WorstDisagreements
from premigrate.report.run import escape
from premigrate.ruleset.timezones import find_timezones

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date
    from zoneinfo import ZoneInfo

    from premigrate.compare.overlay_file import OverlayWriter


class ComparisonRun:
    """One run of the command. ``exit_code`` is the exit code so far, ``worst`` keeps the disagreements to show.

    Args:
        make: creates the validator of a market.
        market: the market of all payloads; None to detect it for each payload.
        as_of: the date of all calls; None to use the dates of the recordings.
        today: the date of calls whose recordings have none.
        overlay: the path of the overlay that the validators have.
        proposals: receives what an overlay can be made from.

    """

    def __init__(  # noqa: PLR0913 - the parts of a run
        self,
        make: Callable[[str], Validator],
        market: str | None,
        as_of: date | None,
        *,
        today: date,
        overlay: str | None = None,
        proposals: OverlayWriter | None = None,
    ) -> None:
        self._make, self._market, self._as_of, self._proposals = make, market, as_of, proposals
        self._overlay = overlay
        self._validators: dict[str, Validator] = {}
        self._timezones: dict[str, tuple[ZoneInfo, ...]] = {}
        self._rule_codes: dict[str, set[str]] = {}
        self.worst = WorstDisagreements(show_values=False)
        self._today = today
        self.totals = Totals()
        self.exit_code = ExitCode.CLEAN
        if market:
            self._validator(market)  # fail before any input is read

    def compare_all(self, found: Iterable[RecordingItem]) -> None:
        """Compare all recordings, or those before an interrupt."""
        recordings = iter(found)
        with InterruptGuard() as interrupts:
            try:
                while (each := interrupts.call_interruptible(next, recordings, None)) is not None:
                    self._take(each)
            except KeyboardInterrupt:
                self.exit_code = ExitCode.INTERRUPTED
                self.totals.interrupted = True

    def _take(self, found: RecordingItem) -> None:
        if isinstance(found, Notice):
            self.report_problem(ExitCode.CLEAN, f"{escape(found.name)}: {found.message}")
        elif isinstance(found, ReadFailure):
            place = f"{escape(found.file)}:{found.line}:{found.column}" if found.line else escape(found.file)
            self._report_unreadable(f"{place}: {found.message}")
        elif isinstance(found, SkippedCall):
            self.totals.skipped[found.reason] += 1
        else:
            self._compare(found)

    def _compare(self, recording: Recording) -> None:
        from premigrate.compare.read_answer import read_answer  # requires pydantic, which is slow to import

        answered = read_answer(recording.status, recording.body)
        if isinstance(answered, str):
            self.totals.skipped[answered] += 1
            return
        market = self._market_of(recording)
        if market is None:
            return
        validator = self._validator(market)
        origin = f"{recording.file}, account {recording.position}"
        call = Call(recording.payload, self._days(recording, validator), answered, origin)
        found = compare_call(validator, call)
        self.totals.add(found.comparison)
        self._note_unknown_codes(market, found.comparison)
        if self._proposals:
            self._proposals.add(market, call, found.account)
        if not found.comparison.is_same:
            self.exit_code = max(self.exit_code, ExitCode.ERRORS)
            number = external_account_number_of(found.account)
            where = recording.file, recording.position, recording.line, number, found.day
            self.worst.add(Disagreement(*where, found.comparison), found.mask)

    def _market_of(self, recording: Recording) -> str | None:
        """Return the market of a recording; None, and a message, if it is unknown."""
        detected = market_of(recording.payload)
        market = self._market or detected
        place = f"{escape(recording.file)}, account {recording.position}"
        if detected and detected != market:
            remark = f"import_supplier belongs to the market {detected}, but {market} was chosen"
            self.report_problem(ExitCode.CLEAN, f"{place}: {remark}")
        if market is None:
            self._report_unreadable(f"{place}: {explain_unknown_market(recording.payload)}")
        return market

    def _days(self, recording: Recording, validator: Validator) -> tuple[date, ...]:
        """List the dates that the API may have used as today for the call, the likeliest first."""
        if self._as_of or recording.when is None:
            return (self._as_of or self._today,)
        if validator.market not in self._timezones:
            from premigrate.ruleset.load import timezones_of  # loads the rule models, which are not needed otherwise

            self._timezones[validator.market] = find_timezones(timezones_of(validator.market, self._overlay))
        return possible_dates(recording.when, self._timezones[validator.market])

    def _note_unknown_codes(self, market: str, comparison: Comparison) -> None:
        """Note the codes in the response that neither a rule, enabled or disabled, nor a check of a field has."""
        codes = {pair.code for pair in comparison.pairs if pair.kind == "answered only" and pair.code}
        if not codes:
            return
        if market not in self._rule_codes:
            from premigrate.ruleset.load import load_ruleset  # loads the rule models, which are not needed otherwise

            ruleset = load_ruleset(market, self._overlay)
            of_rules = {rule.code for rule in (*ruleset.rules, *ruleset.disabled)}
            of_fields = {code for texts in engine_of(self._validator(market)).program.texts.values() for code in texts}
            self._rule_codes[market] = of_rules | of_fields
        self.totals.unknown_codes |= codes - self._rule_codes[market]

    def _validator(self, market: str) -> Validator:
        if market not in self._validators:
            self._validators[market] = self._make(market)
        return self._validators[market]

    def write_report(self, texts: Iterator[str]) -> None:
        """Write a report until the output is closed; an interrupt takes effect afterwards."""
        with InterruptGuard() as interrupts:
            for text in texts:
                if not echo(text, end=""):
                    break
            if interrupts.was_interrupted:
                self.exit_code = ExitCode.INTERRUPTED

    def _report_unreadable(self, message: str) -> None:
        self.totals.unreadable += 1
        self.report_problem(ExitCode.UNREADABLE, message)

    def report_problem(self, code: ExitCode, message: str) -> None:
        """Write a message to standard error, and raise the exit code to ``code`` if that is higher."""
        echo(f"premigrate: {escape(message)}", err=True)
        self.exit_code = max(self.exit_code, code)

"""The compare command: reads recorded calls and reports where predictions and API responses differ."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from premigrate.accounts.identity import external_account_number_of, market_of
from premigrate.accounts.unknown_market import explain_unknown_market
from premigrate.api import Validator, engine_of
from premigrate.batch.display_paths import display_paths_from
from premigrate.batch.load_accounts import Notice, ReadFailure
from premigrate.command.check_chunks import make_validator
from premigrate.command.exit_codes import ExitCode
from premigrate.command.help_format import HelpCommand
from premigrate.command.interrupts import InterruptGuard
from premigrate.command.options import (
    as_of_option,
    chosen_market,
    config_of,
    config_option,
    format_option,
    market_option,
    overlay_option,
    references_option,
    show_values_option,
    stdin_option,
)
from premigrate.command.protect_inputs import NamedPath, RunFiles, option_files, refuse_overwriting
from premigrate.command.streams import echo
from premigrate.compare.call_dates import compare_best_date, drop_date_dependent, possible_dates
from premigrate.compare.evidence import ComparedAccount
from premigrate.compare.masking import Masker, mask_pair
from premigrate.compare.model import Comparison, Disagreement, MatchKind, Totals
from premigrate.compare.recorded_call import Recording
from premigrate.compare.recordings import RECORDING_ENDINGS, RecordingItem, SkippedCall, read_recordings
from premigrate.compare.report import render_comparison, render_comparison_json
from premigrate.engine.response import reported_errors
from premigrate.report.run import escape
from premigrate.ruleset.timezones import find_timezones

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from premigrate.batch.display_paths import DisplayPaths
    from premigrate.command.config import Config
    from premigrate.compare.overlay_file import OverlayWriter

_CONFIGURED = ("market", "overlay", "references")
_WORST_FIRST: tuple[MatchKind, ...] = ("predicted only", "answered only", "other attr", "other detail")


@click.command(
    cls=HelpCommand,
    examples=["premigrate compare recordings/", "premigrate compare calls.har --write-overlay tenant.toml"],
)
@click.argument("paths", nargs=-1, required=True, metavar="RECORDED...", type=click.Path(allow_dash=True))
@config_option(*_CONFIGURED)
@market_option("The market of all payloads.  [default: by import_supplier]")
@as_of_option("the day of the recording, else today")
@overlay_option
@references_option
@format_option(["text", "json"])
@click.option(
    "--show",
    type=click.IntRange(min=0),
    default=10,
    metavar="N",
    help="The number of disagreements to show, the worst first.  [default: 10]",
)
@show_values_option
@click.option(
    "--write-overlay",
    "target",
    type=click.Path(),
    metavar="FILE",
    help="Write an overlay that makes more predictions agree.",
)
@stdin_option
@click.pass_context
def compare(context: click.Context, /, **options: Any) -> None:  # noqa: ANN401
    """Compare predictions with recorded answers.

    RECORDED is a file or folder of recorded calls, or - for standard input. A recorded call is an object with payload,
    status and response; a file holds one, an array of them, one on each line, or a HAR export.

    Exit code: 0 all as predicted, 1 differences, 2 wrong usage or configuration, 3 broken rules, 4 input that can't be
    read, 130 interrupted.
    """
    shown = _refuse_overwriting(config_of(context), options)
    given_day = options["as_of"]
    make = partial(make_validator, date.today(), options["overlay"], options["references"])
    proposals = _proposals(options) if options["target"] else None
    market, as_of = chosen_market(options["market"], options["overlay"]), given_day.date() if given_day else None
    run = _Run(make, market, as_of, proposals, options["overlay"])
    run.show, run.show_values = options["show"], options["show_values"]
    needs_time = as_of is None
    run.compare_all(read_recordings(options["paths"], options["stdin_filename"], shown, needs_time=needs_time))
    if not run.totals.accounts and run.exit_code == ExitCode.CLEAN:
        found = ", ".join(map(escape, options["paths"]))
        run.report_problem(ExitCode.USAGE, f"nothing to compare: no answer to an account import is recorded in {found}")
    run.write_report(is_text=options["output"] == "text")
    if proposals and run.exit_code in {ExitCode.CLEAN, ExitCode.ERRORS, ExitCode.UNREADABLE}:
        for message in proposals.write():
            echo(f"premigrate: {escape(message)}", err=True)
    context.exit(run.exit_code)


def _refuse_overwriting(config: Config, options: dict[str, Any]) -> DisplayPaths:
    """Refuse to write an output over an input file. Return how paths are displayed."""
    shown = display_paths_from(config.folder)
    read = option_files(config.origin, {"overlay": options["overlay"], "references": options["references"]})
    written = (NamedPath("--write-overlay", options["target"]),) if options["target"] else ()
    refuse_overwriting(RunFiles(options["paths"], read, written, endings=RECORDING_ENDINGS, display_paths=shown))
    return shown


def _proposals(options: dict[str, Any]) -> OverlayWriter:
    from premigrate.compare.overlay_file import OverlayWriter  # loads the rule models, which are not needed otherwise

    return OverlayWriter(options["target"], options["overlay"], options["references"])


class _Run:
    """One run of the command. ``exit_code`` is the exit code so far."""

    show, show_values = 10, False

    def __init__(
        self,
        make: partial[Validator],
        market: str | None,
        as_of: date | None,
        proposals: OverlayWriter | None,
        overlay: str | None = None,
    ) -> None:
        self._make, self._market, self._as_of, self._proposals = make, market, as_of, proposals
        self._overlay = overlay
        self._validators: dict[str, Validator] = {}
        self._timezones: dict[str, tuple[ZoneInfo, ...]] = {}
        self._worst: list[tuple[tuple[int, ...], Disagreement]] = []
        self._today = date.today()
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
        from premigrate.compare.read_answer import read_answer  # it needs pydantic, and the help of commands does not

        answered = read_answer(recording.status, recording.body)
        if isinstance(answered, str):
            self.totals.skipped[answered] += 1
            return
        detected = market_of(recording.payload)
        market = self._market or detected
        if detected and detected != market:
            remark = f"import_supplier belongs to the market {detected}, but {market} was chosen"
            self.report_problem(ExitCode.CLEAN, f"{escape(recording.file)}, account {recording.position}: {remark}")
        if market is None:
            hint = explain_unknown_market(recording.payload)
            self._report_unreadable(f"{escape(recording.file)}, account {recording.position}: {hint}")
            return
        validator = self._validator(market)
        days = self._days(recording, validator)
        predictions = [reported_errors(validator.on_day(day).validate(recording.payload).errors) for day in days]
        chosen, comparison = compare_best_date(predictions, answered)
        day = days[chosen]
        self.totals.add(comparison)
        engine = engine_of(validator)
        _, account = engine.account_of(recording.payload)
        mask = Masker(account, engine.field_info.is_personal, partial(engine.field_info.is_personal, is_scalar=True))
        if self._proposals:
            origin = f"{recording.file}, account {recording.position}"
            account_id = external_account_number_of(account) or origin
            case = ComparedAccount(drop_date_dependent(comparison, predictions), account, mask, origin, account_id)
            self._proposals.add(market, day, recording.payload, case)
        if not comparison.is_same:
            self.exit_code = max(self.exit_code, ExitCode.ERRORS)
            where = recording.file, recording.position, recording.line, external_account_number_of(account), day
            self._keep(Disagreement(*where, comparison), mask)

    def _days(self, recording: Recording, validator: Validator) -> tuple[date, ...]:
        """List the dates that the API may have used as today for the call, the likeliest first."""
        if self._as_of or recording.when is None:
            return (self._as_of or self._today,)
        if validator.market not in self._timezones:
            from premigrate.ruleset.load import timezones_of  # loads the rule models, which are not needed otherwise

            self._timezones[validator.market] = find_timezones(timezones_of(validator.market, self._overlay))
        return possible_dates(recording.when, self._timezones[validator.market])

    def _keep(self, disagreement: Disagreement, mask: Masker) -> None:
        """Keep a disagreement if it is among the worst."""
        rank = (*_severity(disagreement.comparison), self.totals.disagreements)
        if len(self._worst) >= self.show and (not self._worst or self._worst[-1][0] <= rank):
            return
        if not self.show_values:
            hidden = tuple(mask_pair(pair, mask) for pair in disagreement.comparison.pairs)
            disagreement = disagreement._replace(comparison=disagreement.comparison._replace(pairs=hidden))
        insort(self._worst, (rank, disagreement), key=lambda each: each[0])
        del self._worst[self.show :]

    def _validator(self, market: str) -> Validator:
        if market not in self._validators:
            self._validators[market] = self._make(market)
        return self._validators[market]

    def write_report(self, *, is_text: bool) -> None:
        """Write the report until the output is closed; an interrupt takes effect afterwards."""
        render = render_comparison if is_text else render_comparison_json
        with InterruptGuard() as interrupts:
            for text in render(self.totals, [disagreement for _, disagreement in self._worst]):
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


def _severity(comparison: Comparison) -> tuple[int, ...]:
    """Sort key, the worst first: accepted but predicted refused, refused but predicted valid, other errors."""
    kinds = [pair.kind for pair in comparison.pairs if pair.kind != "agreed"]
    if comparison.predicted_refused != comparison.answered.is_refused:
        return (0 if comparison.predicted_refused else 1), -len(kinds)
    return 2 + min(map(_WORST_FIRST.index, kinds)), -len(kinds)

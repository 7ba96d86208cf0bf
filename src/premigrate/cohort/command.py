"""The cohort command: reads payload files and reports the clashes between their accounts."""

from collections.abc import Iterator
from typing import NamedTuple

import click

from premigrate.accounts.unknown_market import explain_unknown_market
from premigrate.batch.chunks import Chunk, LineChunk, SkippedChunk
from premigrate.batch.display_paths import DisplayPaths, display_paths_from
from premigrate.batch.load_accounts import LoadedAccount, Notice, ReadFailure, load_chunk
from premigrate.batch.read_chunks import ChunkReader as FileReading
from premigrate.batch.tasks import run_or_split
from premigrate.cohort.api import DEFAULT_MEMORY_MB, Cohort
from premigrate.cohort.clashes import Clash, Origin
from premigrate.cohort.report import render_clash, render_clash_json, render_summary
from premigrate.command.config import Config
from premigrate.command.exit_codes import ExitCode
from premigrate.command.help_format import HelpCommand
from premigrate.command.interrupts import InterruptGuard
from premigrate.command.options import (
    chosen_market,
    column_option,
    config_of,
    config_option,
    format_option,
    market_option,
    overlay_option,
    references_option,
    show_values_option,
    stdin_option,
)
from premigrate.command.protect_inputs import RunFiles, option_files, refuse_overwriting
from premigrate.command.streams import echo
from premigrate.exceptions import UnknownMarket
from premigrate.report.run import escape

_CONFIGURED = ("market", "overlay", "references", "paths")


class AccountInput(NamedTuple):
    """One account of an input, the reason why it could not be read, or the reason why a file is skipped."""

    origin: Origin
    payload: object = None
    error: str = ""
    notice: str = ""


@click.command(
    cls=HelpCommand,
    examples=["premigrate cohort payloads/", "premigrate cohort accounts.ndjson --references imported/"],
)
@click.argument("paths", nargs=-1, metavar="PATH...", type=click.Path(allow_dash=True))
@config_option(*_CONFIGURED)
@market_option("The market of all payloads.  [default: by import_supplier]")
@overlay_option
@references_option
@format_option(["text", "ndjson"])
@click.option(
    "--memory",
    type=click.IntRange(min=1),
    default=DEFAULT_MEMORY_MB,
    metavar="MB",
    help=f"Megabytes of memory to use before a temporary file.  [default: {DEFAULT_MEMORY_MB}]",
)
@click.option("--show-all", is_flag=True, help="Show every place of a clash as text, not ten.")
@show_values_option
@stdin_option
@column_option
@click.pass_context
def cohort(  # noqa: PLR0913 - one argument an option
    context: click.Context,
    /,
    *,
    paths: tuple[str, ...],
    market: str | None,
    overlay: str | None,
    references: str | None,
    output: str,
    memory: int,
    show_all: bool,
    show_values: bool,
    stdin_filename: str,
    column: str | None,
) -> None:
    """Find accounts that clash with each other.

    Accounts clash if they share a value that must be unique, such as a supply point or an external account number, with
    each other or with a list of what is already imported. PATH is as for premigrate check; name all files of the
    cohort together.

    Exit code: 0 no clash, 1 clashes, 2 wrong usage or configuration, 3 broken rules, 4 input that can't be read,
    130 interrupted.
    """
    if not paths:
        raise click.UsageError(
            "Missing argument 'PATH...': files or folders of payloads, or paths in the configuration."
        )
    shown = _refuse_overwriting(config_of(context), paths, {"overlay": overlay, "references": references})
    whose = {"market": chosen_market(market, overlay), "overlay": overlay, "references": references}
    with Cohort(**whose, memory=memory, show_values=show_values) as gathered:
        run = _Run(gathered)
        run.add_all(read_accounts(paths, stdin_filename, column, shown))
        if not run.accounts and not run.exit_code:
            found = ", ".join(map(escape, paths))
            run.report_problem(
                ExitCode.USAGE, f"nothing to compare: no *.json, *.yaml, *.ndjson or *.parquet file in {found}"
            )
        run.write_report(is_text=output == "text", show_all=show_all)
    context.exit(run.exit_code)


def _refuse_overwriting(config: Config, paths: tuple[str, ...], options: dict[str, str | None]) -> DisplayPaths:
    """Refuse to run if an output stream is redirected to an input file. Return how paths are displayed."""
    shown = display_paths_from(config.folder)
    refuse_overwriting(RunFiles(paths, option_files(config.origin, options), display_paths=shown))
    return shown


def read_accounts(
    paths: tuple[str, ...], stdin_name: str, column: str | None, shown: DisplayPaths | None = None
) -> Iterator[AccountInput]:
    """Read files one after the other and yield their accounts."""
    for chunk in FileReading(column, shown, skip_non_payloads=True).chunks(paths, stdin_name):
        for readings in run_or_split(_read_chunks, [chunk]):
            yield from readings


def _read_chunks(chunks: list[Chunk]) -> list[AccountInput]:
    readings = []
    for chunk in chunks:
        if isinstance(chunk, SkippedChunk):
            readings.append(AccountInput(Origin(chunk.file), notice=chunk.reason))
            continue
        for found in load_chunk(chunk):
            if isinstance(found, LoadedAccount):
                line = found.line if isinstance(chunk, LineChunk) else 0  # in other formats the position is enough
                readings.append(AccountInput(Origin(found.file, found.position, line), found.document.data))
            elif isinstance(found, ReadFailure):
                readings.append(AccountInput(Origin(found.file, line=found.line), error=found.message))
            elif isinstance(found, Notice) and isinstance(chunk, SkippedChunk):
                readings.append(AccountInput(Origin(found.name), notice=found.message))
    return readings


class _Run:
    """One run of the command. ``exit_code`` is the exit code so far."""

    def __init__(self, cohort: Cohort) -> None:
        self._cohort = cohort
        self.accounts = 0
        self.exit_code = ExitCode.CLEAN

    def add_all(self, readings: Iterator[AccountInput]) -> None:
        """Add all accounts, or those before an interrupt; report and skip inputs that can't be compared."""
        with InterruptGuard() as interrupts:
            try:
                while (reading := interrupts.call_interruptible(next, readings, None)) is not None:
                    self._add(reading)
            except KeyboardInterrupt:
                self.exit_code = ExitCode.INTERRUPTED

    def _add(self, reading: AccountInput) -> None:
        origin = reading.origin
        if reading.notice:
            self.report_problem(ExitCode.CLEAN, f"{_name(origin)}: {reading.notice}")
            return
        if reading.error:
            self.report_problem(ExitCode.UNREADABLE, f"{_name(origin)}: {reading.error}")
            return
        try:
            self._cohort.add(reading.payload, origin)
        except UnknownMarket:
            hint = explain_unknown_market(reading.payload)
            self.report_problem(ExitCode.UNREADABLE, f"{_name(origin)}, account {origin.position}: {hint}")
            return
        self.accounts += 1

    def write_report(self, *, is_text: bool, show_all: bool) -> None:
        """Write the report until the output is closed or the run interrupted; no clash is cut off in the middle."""
        with InterruptGuard() as interrupts:
            for text in self._report(interrupts, is_text=is_text, show_all=show_all):
                if not echo(text, end=""):
                    break
            if interrupts.was_interrupted:
                self.exit_code = ExitCode.INTERRUPTED

    def _report(self, interrupts: InterruptGuard, *, is_text: bool, show_all: bool) -> Iterator[str]:
        """Yield the rendered clashes; as text, also the rules not checked and the totals."""
        count = 0
        clashes = self._cohort.clashes()
        try:
            while (clash := interrupts.call_interruptible(next, clashes, None)) is not None:
                count += 1
                self.exit_code = max(self.exit_code, ExitCode.ERRORS)
                yield from _lines(clash, is_text=is_text, show_all=show_all)
        except KeyboardInterrupt:
            self.exit_code = ExitCode.INTERRUPTED
        if is_text and self.exit_code == ExitCode.INTERRUPTED:
            yield "interrupted: this is not all\n"
        if is_text:
            yield from render_summary(self.accounts, count, self._cohort.not_checked)

    def report_problem(self, code: ExitCode, message: str) -> None:
        """Write a message to standard error, and raise the exit code to ``code`` if that is higher."""
        echo(f"premigrate: {escape(message)}", err=True)
        self.exit_code = max(self.exit_code, code)


def _lines(clash: Clash, *, is_text: bool, show_all: bool) -> Iterator[str]:
    return render_clash(clash, show_all=show_all) if is_text else render_clash_json(clash)


def _name(origin: Origin) -> str:
    return f"{escape(origin.file)}:{origin.line}" if origin.line else escape(origin.file)

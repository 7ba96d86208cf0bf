"""The cohort command: reads payload files and reports the clashes between their accounts."""

from __future__ import annotations

import os
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

import click

from premigrate.batch.display_paths import display_paths_from
from premigrate.batch.read_chunks import ChunkReader
from premigrate.cohort.api import DEFAULT_MEMORY_MB, Cohort
from premigrate.cohort.extract_chunks import ExtractorOptions, extract_from_chunks
from premigrate.cohort.program import AccountKeys
from premigrate.cohort.report import render_clash, render_clash_json, render_summary
from premigrate.command.exit_codes import ExitCode
from premigrate.command.help_format import HelpCommand
from premigrate.command.interrupts import InterruptGuard
from premigrate.command.options import (
    chosen_market,
    column_option,
    config_of,
    config_option,
    format_option,
    jobs_option,
    market_option,
    overlay_option,
    references_option,
    show_values_option,
    stdin_option,
)
from premigrate.command.protect_inputs import RunFiles, option_files, refuse_overwriting
from premigrate.command.streams import echo
from premigrate.report.run import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from premigrate.batch.chunks import Chunk
    from premigrate.batch.display_paths import DisplayPaths
    from premigrate.cohort.clashes import Clash
    from premigrate.cohort.extract_chunks import Extracted
    from premigrate.command.config import Config

_CONFIGURED = ("market", "overlay", "references", "paths", "jobs")


@click.command(
    cls=HelpCommand,
    examples=["premigrate cohort payloads/", "premigrate cohort accounts.ndjson --references imported/"],
)
@click.argument("paths", nargs=-1, metavar="PATH...", type=click.Path(allow_dash=True))
@config_option(*_CONFIGURED)
@market_option("The market of all payloads.  [default: detected from import_supplier]")
@overlay_option
@references_option
@format_option(["text", "ndjson"])
@jobs_option
@click.option(
    "--memory",
    type=click.IntRange(min=1),
    default=DEFAULT_MEMORY_MB,
    metavar="MB",
    help=f"Use a temporary file beyond this many megabytes of memory.  [default: {DEFAULT_MEMORY_MB}]",
)
@click.option("--show-all", is_flag=True, help="In text, show every place of a clash, not only ten.")
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
    jobs: int,
    memory: int,
    show_all: bool,
    show_values: bool,
    stdin_filename: str,
    column: str | None,
) -> None:
    """Find accounts that clash with each other.

    Accounts clash if they share a value that must be unique, such as a supply point or an external account number, with
    each other or with a list of accounts that are already imported. PATH is as for premigrate check; name the files of
    all accounts in one run.

    Exit code: 0 no clashes, 1 clashes, 2 wrong usage or configuration, 3 invalid rules, 4 unreadable input,
    130 interrupted.
    """
    if not paths:
        raise click.UsageError(
            "Missing argument 'PATH...': files or folders of payloads, or paths in the configuration."
        )
    shown = _refuse_overwriting(config_of(context), paths, {"overlay": overlay, "references": references})
    extractor = ExtractorOptions(chosen_market(market, overlay), overlay, references)
    with Cohort(**extractor._asdict(), memory=memory, show_values=show_values) as gathered:
        run = _Run(gathered)
        chunks = ChunkReader(column, shown, skip_non_payloads=True).chunks(paths, stdin_filename)
        run.add_all(chunks, extractor, jobs or os.cpu_count() or 1)
        if not run.accounts and not run.exit_code:
            found = ", ".join(map(escape, paths))
            run.report_problem(
                ExitCode.USAGE, f"nothing to compare: there is no .json, .yaml, .ndjson or .parquet file in {found}"
            )
        run.write_report(is_text=output == "text", show_all=show_all)
    context.exit(run.exit_code)


def _refuse_overwriting(config: Config, paths: tuple[str, ...], options: dict[str, str | None]) -> DisplayPaths:
    """Refuse to run if an output stream is redirected to an input file. Return how paths are displayed."""
    shown = display_paths_from(config.folder)
    refuse_overwriting(RunFiles(paths, option_files(config.origin, options), display_paths=shown))
    return shown


class _Run:
    """One run of the command. ``exit_code`` is the exit code so far."""

    def __init__(self, cohort: Cohort) -> None:
        self._cohort = cohort
        self.accounts = 0
        self.exit_code = ExitCode.CLEAN

    def add_all(self, chunks: Iterator[Chunk], options: ExtractorOptions, jobs: int) -> None:
        """Add all accounts, or those before an interrupt; report and skip inputs that cannot be compared."""
        report = partial(self.report_problem, ExitCode.CLEAN)
        with InterruptGuard() as interrupts, closing(extract_from_chunks(chunks, options, jobs, report)) as results:
            try:
                while (found := interrupts.call_interruptible(next, results, None)) is not None:
                    self._add(found)
            except KeyboardInterrupt:
                self.exit_code = ExitCode.INTERRUPTED

    def _add(self, found: Extracted) -> None:
        if isinstance(found, AccountKeys):
            self._cohort.add_keys(found)
            self.accounts += 1
        else:
            self.report_problem(ExitCode.CLEAN if found.is_skipped else ExitCode.UNREADABLE, found.message)

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
            yield "interrupted: not all accounts were compared\n"
        if is_text:
            yield from render_summary(self.accounts, count, self._cohort.not_checked)

    def report_problem(self, code: ExitCode, message: str) -> None:
        """Write a message to standard error, and raise the exit code to ``code`` if that is higher."""
        echo(f"premigrate: {escape(message)}", err=True)
        self.exit_code = max(self.exit_code, code)


def _lines(clash: Clash, *, is_text: bool, show_all: bool) -> Iterator[str]:
    return render_clash(clash, show_all=show_all) if is_text else render_clash_json(clash)

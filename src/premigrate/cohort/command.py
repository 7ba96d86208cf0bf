"""The cohort command: payload files in, what their accounts can't have together out."""

from collections.abc import Iterator
from typing import NamedTuple

import click

from premigrate.accounts.unknown_market import explain_unknown_market
from premigrate.batch.chunks import Chunk, Lined, Skipped
from premigrate.batch.display_paths import ShownPaths, shown_from
from premigrate.batch.inputs import STDIN_NAME
from premigrate.batch.load_accounts import Missed, Opened, Remark, open_chunk
from premigrate.batch.read_chunks import Reading as FileReading
from premigrate.batch.tasks import perform_patiently
from premigrate.cohort.api import MEMORY, Cohort
from premigrate.cohort.clashes import Clash, Origin
from premigrate.cohort.report import render_clash, render_clash_line, render_count
from premigrate.command.config import Config
from premigrate.command.exit_codes import Exit
from premigrate.command.interrupts import Interrupts
from premigrate.command.options import (
    config_of,
    config_option,
    market_option,
    overlay_option,
    references_option,
    told_market,
)
from premigrate.command.protect_inputs import RunFiles, refuse_overwriting, settings_of
from premigrate.command.streams import echo
from premigrate.exceptions import MarketUnknown
from premigrate.report.run import plain

_CONFIGURED = ("market", "overlay", "references", "paths")


class Reading(NamedTuple):
    """One account of an input, or the reason why there is none; ``notice`` says that a file is skipped."""

    origin: Origin
    payload: object = None
    failure: str = ""
    notice: str = ""


@click.command()
@click.argument("paths", nargs=-1, metavar="PATH...", type=click.Path(allow_dash=True))
@config_option(*_CONFIGURED)
@market_option("The market of all payloads; else import_supplier tells it.")
@overlay_option
@references_option
@click.option("--format", "output", type=click.Choice(["text", "ndjson"]), default="text", show_default=True)
@click.option(
    "--memory",
    type=click.IntRange(min=1),
    default=MEMORY,
    show_default=True,
    help="Megabytes; beyond, disk is used.",
)
@click.option("--show-all", is_flag=True, help="Show every place as text, not ten of a clash.")
@click.option("--show-values", is_flag=True, help="Show personal values too.")
@click.option("--stdin-filename", default=STDIN_NAME, metavar="NAME", help="What to call standard input.")
@click.option("--column", metavar="NAME", help="The column of Parquet files that holds the payloads.")
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
    """Compare accounts with each other, and with lists of what is imported already.

    Takes the files of premigrate check, all of a cohort together. Exit code: 0 nothing clashes, 1 something does,
    2 wrong use, 3 broken rules, 4 input that can't be read, 130 interrupted.
    """
    if not paths:
        raise click.UsageError(
            "Missing argument 'PATH...': files or folders of payloads, or paths in the configuration."
        )
    shown = _refuse_overwriting(config_of(context), paths, {"overlay": overlay, "references": references})
    whose = {"market": told_market(market, overlay), "overlay": overlay, "references": references}
    with Cohort(**whose, memory=memory, show_values=show_values) as gathered:
        run = _Run(gathered)
        run.collect(read_accounts(paths, stdin_filename, column, shown))
        if not run.accounts and not run.worst:
            found = ", ".join(map(plain, paths))
            run.complain(Exit.USAGE, f"nothing to compare: no *.json, *.yaml, *.ndjson or *.parquet file in {found}")
        run.tell(is_text=output == "text", show_all=show_all)
    context.exit(run.worst)


def _refuse_overwriting(config: Config, paths: tuple[str, ...], options: dict[str, str | None]) -> ShownPaths:
    """Refuse to write to standard output what it is redirected over; tells how to show paths."""
    shown = shown_from(config.folder)
    refuse_overwriting(RunFiles(paths, settings_of(config.origin, options), shown=shown))
    return shown


def read_accounts(
    paths: tuple[str, ...], stdin_name: str, column: str | None, shown: ShownPaths | None = None
) -> Iterator[Reading]:
    """Read files one after the other, and take them apart into accounts."""
    for chunk in FileReading(column, shown, skips_others=True).chunks(paths, stdin_name):
        for readings in perform_patiently(_read_chunks, [chunk]):
            yield from readings


def _read_chunks(chunks: list[Chunk]) -> list[Reading]:
    readings = []
    for chunk in chunks:
        if isinstance(chunk, Skipped):
            readings.append(Reading(Origin(chunk.file), notice=chunk.reason))
            continue
        for found in open_chunk(chunk):
            if isinstance(found, Opened):
                line = found.line if isinstance(chunk, Lined) else 0  # elsewhere the position says enough
                readings.append(Reading(Origin(found.file, found.position, line), found.document.data))
            elif isinstance(found, Missed):
                readings.append(Reading(Origin(found.file, line=found.line), failure=found.message))
            elif isinstance(found, Remark) and isinstance(chunk, Skipped):
                readings.append(Reading(Origin(found.name), notice=found.message))
    return readings


class _Run:
    """One run over accounts. ``worst`` is the exit code so far."""

    def __init__(self, gathered: Cohort) -> None:
        self._cohort = gathered
        self.accounts = 0
        self.worst = Exit.CLEAN

    def collect(self, readings: Iterator[Reading]) -> None:
        """Take in all accounts, or those that come before an interrupt; what can't be compared is told and left out."""
        with Interrupts() as interrupts:
            try:
                while (reading := interrupts.allow(next, readings, None)) is not None:
                    self._take(reading)
            except KeyboardInterrupt:
                self.worst = Exit.INTERRUPTED

    def _take(self, reading: Reading) -> None:
        origin = reading.origin
        if reading.notice:
            self.complain(Exit.CLEAN, f"{_name(origin)}: {reading.notice}")
            return
        if reading.failure:
            self.complain(Exit.UNREADABLE, f"{_name(origin)}: {reading.failure}")
            return
        try:
            self._cohort.add(reading.payload, origin)
        except MarketUnknown:
            hint = explain_unknown_market(reading.payload)
            self.complain(Exit.UNREADABLE, f"{_name(origin)}, account {origin.position}: {hint}")
            return
        self.accounts += 1

    def tell(self, *, is_text: bool, show_all: bool) -> None:
        """Write the report until its reader closes or the run is interrupted; each clash is written whole."""
        with Interrupts() as interrupts:
            for text in self._report(interrupts, is_text=is_text, show_all=show_all):
                if not echo(text, end=""):
                    break
            if interrupts.came:
                self.worst = Exit.INTERRUPTED

    def _report(self, interrupts: Interrupts, *, is_text: bool, show_all: bool) -> Iterator[str]:
        """Write what clashes; as text also what was not checked, and how much there is of all."""
        count = 0
        clashes = self._cohort.clashes()
        try:
            while (clash := interrupts.allow(next, clashes, None)) is not None:
                count += 1
                self.worst = max(self.worst, Exit.ERRORS)
                yield from _lines(clash, is_text=is_text, show_all=show_all)
        except KeyboardInterrupt:
            self.worst = Exit.INTERRUPTED
        if is_text and self.worst == Exit.INTERRUPTED:
            yield "interrupted: this is not all\n"
        if is_text:
            yield from render_count(self.accounts, count, self._cohort.not_checked)

    def complain(self, code: Exit, message: str) -> None:
        """Say on the error stream what went wrong, and remember it for the exit code."""
        echo(f"premigrate: {plain(message)}", err=True)
        self.worst = max(self.worst, code)


def _lines(clash: Clash, *, is_text: bool, show_all: bool) -> Iterator[str]:
    return render_clash(clash, show_all=show_all) if is_text else render_clash_line(clash)


def _name(origin: Origin) -> str:
    return f"{plain(origin.file)}:{origin.line}" if origin.line else plain(origin.file)

"""The cohort command: reads payload files and reports the clashes between their accounts."""

from collections.abc import Iterator
from typing import NamedTuple

import click

from premigrate.accounts.unknown_market import explain_unknown_market
from premigrate.batch.chunks import Chunk, Lined, Skipped
from premigrate.batch.display_paths import ShownPaths, shown_from
from premigrate.batch.load_accounts import Missed, Opened, Remark, open_chunk
from premigrate.batch.read_chunks import Reading as FileReading
from premigrate.batch.tasks import perform_patiently
from premigrate.cohort.api import MEMORY, Cohort
from premigrate.cohort.clashes import Clash, Origin
from premigrate.cohort.report import render_clash, render_clash_line, render_count
from premigrate.command.config import Config
from premigrate.command.exit_codes import Exit
from premigrate.command.help_format import HelpCommand
from premigrate.command.interrupts import Interrupts
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
from premigrate.command.protect_inputs import RunFiles, refuse_overwriting, settings_of
from premigrate.command.streams import echo
from premigrate.exceptions import MarketUnknown
from premigrate.report.run import plain

_CONFIGURED = ("market", "overlay", "references", "paths")


class Reading(NamedTuple):
    """One account of an input, the reason why it could not be read, or the reason why a file is skipped."""

    origin: Origin
    payload: object = None
    failure: str = ""
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
    default=MEMORY,
    metavar="MB",
    help=f"Megabytes of memory to use before a temporary file.  [default: {MEMORY}]",
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
        run.collect(read_accounts(paths, stdin_filename, column, shown))
        if not run.accounts and not run.worst:
            found = ", ".join(map(plain, paths))
            run.complain(Exit.USAGE, f"nothing to compare: no *.json, *.yaml, *.ndjson or *.parquet file in {found}")
        run.tell(is_text=output == "text", show_all=show_all)
    context.exit(run.worst)


def _refuse_overwriting(config: Config, paths: tuple[str, ...], options: dict[str, str | None]) -> ShownPaths:
    """Refuse to run if an output stream is redirected to an input file. Return how paths are displayed."""
    shown = shown_from(config.folder)
    refuse_overwriting(RunFiles(paths, settings_of(config.origin, options), shown=shown))
    return shown


def read_accounts(
    paths: tuple[str, ...], stdin_name: str, column: str | None, shown: ShownPaths | None = None
) -> Iterator[Reading]:
    """Read files one after the other and yield their accounts."""
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
                line = found.line if isinstance(chunk, Lined) else 0  # in other formats the position is enough
                readings.append(Reading(Origin(found.file, found.position, line), found.document.data))
            elif isinstance(found, Missed):
                readings.append(Reading(Origin(found.file, line=found.line), failure=found.message))
            elif isinstance(found, Remark) and isinstance(chunk, Skipped):
                readings.append(Reading(Origin(found.name), notice=found.message))
    return readings


class _Run:
    """One run of the command. ``worst`` is the exit code so far."""

    def __init__(self, gathered: Cohort) -> None:
        self._cohort = gathered
        self.accounts = 0
        self.worst = Exit.CLEAN

    def collect(self, readings: Iterator[Reading]) -> None:
        """Add all accounts, or those before an interrupt; report and skip inputs that can't be compared."""
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
        """Write the report until the output is closed or the run interrupted; no clash is cut off in the middle."""
        with Interrupts() as interrupts:
            for text in self._report(interrupts, is_text=is_text, show_all=show_all):
                if not echo(text, end=""):
                    break
            if interrupts.came:
                self.worst = Exit.INTERRUPTED

    def _report(self, interrupts: Interrupts, *, is_text: bool, show_all: bool) -> Iterator[str]:
        """Yield the rendered clashes; as text, also the rules not checked and the totals."""
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
        """Write a message to standard error, and raise the exit code to ``code`` if that is higher."""
        echo(f"premigrate: {plain(message)}", err=True)
        self.worst = max(self.worst, code)


def _lines(clash: Clash, *, is_text: bool, show_all: bool) -> Iterator[str]:
    return render_clash(clash, show_all=show_all) if is_text else render_clash_line(clash)


def _name(origin: Origin) -> str:
    return f"{plain(origin.file)}:{origin.line}" if origin.line else plain(origin.file)

"""The compare command: reads recorded calls and reports where predictions and API responses differ."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from premigrate.batch.display_paths import display_paths_from
from premigrate.command.check_chunks import make_validator
from premigrate.command.exit_codes import ExitCode
from premigrate.command.help_format import HelpCommand
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
from premigrate.compare.html_report import render_comparison_html
from premigrate.compare.recordings import RECORDING_ENDINGS, read_recordings
from premigrate.compare.report import render_comparison, render_comparison_json
from premigrate.compare.run import ComparisonRun
from premigrate.compare.worst import WorstDisagreements
from premigrate.exceptions import BadArgument
from premigrate.report.run import escape

if TYPE_CHECKING:
    from premigrate.batch.display_paths import DisplayPaths
    from premigrate.command.config import Config
    from premigrate.compare.learn.holdout import OverlayCheck
    from premigrate.compare.overlay_file import OverlayWriter

_RENDERERS = {"text": render_comparison, "json": render_comparison_json, "html": render_comparison_html}
_CONFIGURED = ("market", "overlay", "references")


@click.command(
    cls=HelpCommand,
    examples=["premigrate compare recordings/", "premigrate compare calls.har --write-overlay tenant.toml"],
)
@click.argument("paths", nargs=-1, required=True, metavar="RECORDED...", type=click.Path(allow_dash=True))
@config_option(*_CONFIGURED)
@market_option("The market of all payloads.  [default: detected from import_supplier]")
@as_of_option("the date of the recording, else today")
@overlay_option
@references_option
@format_option(tuple(_RENDERERS))
@click.option(
    "--show",
    type=click.IntRange(min=0),
    default=10,
    metavar="N",
    help="How many kinds of disagreements to show, the worst first.  [default: 10]",
)
@show_values_option
@click.option(
    "--write-overlay",
    "target",
    type=click.Path(),
    metavar="FILE",
    help="Write an overlay that makes more predictions agree with the answers.",
)
@click.option(
    "--check-overlay",
    "holds_out",
    is_flag=True,
    help="Learn the overlay from half of the accounts, and test it on the others.",
)
@stdin_option
@click.pass_context
def compare(context: click.Context, /, **options: Any) -> None:  # noqa: ANN401
    """Compare predictions with recorded answers.

    RECORDED is a file or folder of recorded calls, or - for standard input. A recorded call is an object with payload,
    status and response; a file contains one call, an array of calls, one call per line, or a HAR export.

    Exit code: 0 all as predicted, 1 differences, 2 wrong usage or configuration, 3 invalid rules, 4 unreadable input,
    130 interrupted.
    """
    if options["holds_out"] and not options["target"]:
        raise click.UsageError("--check-overlay requires --write-overlay", context)
    shown = _refuse_overwriting(config_of(context), options)
    given_day = options["as_of"]
    today = date.today()
    make = partial(make_validator, today, options["overlay"], options["references"])
    proposals = _proposals(options) if options["target"] else None
    market, as_of = chosen_market(options["market"], options["overlay"]), given_day.date() if given_day else None
    run = ComparisonRun(make, market, as_of, today=today, overlay=options["overlay"], proposals=proposals)
    run.worst = WorstDisagreements(show_values=options["show_values"])
    needs_time = as_of is None
    run.compare_all(read_recordings(options["paths"], options["stdin_filename"], shown, needs_time=needs_time))
    if not run.totals.accounts and run.exit_code == ExitCode.CLEAN:
        found = ", ".join(map(escape, options["paths"]))
        run.report_problem(
            ExitCode.USAGE, f"nothing to compare: there is no recorded answer of the account import in {found}"
        )
    check = _write_overlay(run, proposals) if proposals else None
    run.write_report(_RENDERERS[options["output"]](run.totals, run.worst.ranked()[: options["show"]], check))
    for message in proposals.messages if proposals else ():
        echo(f"premigrate: {escape(message)}", err=True)
    context.exit(run.exit_code)


def _refuse_overwriting(config: Config, options: dict[str, Any]) -> DisplayPaths:
    """Refuse to write an output over an input file. Return how paths are displayed."""
    shown = display_paths_from(config.folder)
    read = option_files(config.origin, {"overlay": options["overlay"], "references": options["references"]})
    written = (NamedPath("--write-overlay", options["target"]),) if options["target"] else ()
    refuse_overwriting(RunFiles(options["paths"], read, written, endings=RECORDING_ENDINGS, display_paths=shown))
    return shown


def _write_overlay(run: ComparisonRun, proposals: OverlayWriter) -> OverlayCheck | None:
    """Write the overlay unless the run failed; if that is impossible, it is the last message."""
    if run.exit_code not in {ExitCode.CLEAN, ExitCode.ERRORS, ExitCode.UNREADABLE}:
        return None
    try:
        return proposals.write()
    except BadArgument as error:
        proposals.messages.append(str(error))
        run.exit_code = max(run.exit_code, ExitCode.USAGE)
        return None


def _proposals(options: dict[str, Any]) -> OverlayWriter:
    from premigrate.compare.overlay_file import OverlayWriter  # loads the rule models, which are not needed otherwise

    return OverlayWriter(options["target"], options["overlay"], options["references"], holds_out=options["holds_out"])

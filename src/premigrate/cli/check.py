"""The check command: payload files in, predicted answers out."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from premigrate.batch.display_paths import display_paths_from
from premigrate.cli.fix_options import check_fix_options, fix_inputs, fix_options, writes_fixed_text
from premigrate.cli.pre_commit import ONE_PART_ONLY, may_be_one_part
from premigrate.command.exit_codes import ExitCode
from premigrate.command.help_format import HelpCommand
from premigrate.command.options import format_option, show_values_option
from premigrate.command.protect_inputs import NamedPath, refuse_overwriting
from premigrate.command.report_options import check_report_options, report_options
from premigrate.command.run import Runner
from premigrate.command.run_options import files_of_run, payload_options, rules_of_run, run_options_of
from premigrate.command.sinks import format_and_path, make_sinks
from premigrate.command.streams import make_paint, terminal_width
from premigrate.describe.market import explanations_of
from premigrate.report.outputs import FORMATS
from premigrate.report.run import escape

if TYPE_CHECKING:
    from premigrate.command.baseline import Baseline
    from premigrate.command.check_chunks import RunOptions
    from premigrate.command.run import Sink
    from premigrate.command.since import EarlierReport
    from premigrate.command.split_sink import SplitSink
    from premigrate.fix.run import FixRun

_MAX_MESSAGES = 10


@click.command(
    cls=HelpCommand,
    examples=[
        "premigrate check payloads/",
        "premigrate check accounts.ndjson.gz --jobs auto --output report.html",
        "premigrate check payloads/ --overlay tenant.toml --select 'customers.*'",
        "premigrate check payloads/ --diff",
    ],
)
@payload_options
@format_option(list(FORMATS), "format")
@click.option(
    "--output",
    multiple=True,
    type=click.Path(),
    metavar="[FORMAT:]FILE",
    help="Also write the report to FILE, in FORMAT or in the format of its suffix.",
)
@click.option(
    "--max-errors",
    type=click.IntRange(min=0),
    metavar="N",
    help="In text, show at most N findings and count the rest.",
)
@click.option("--show-all", is_flag=True, help="In text, show every finding, not only three of each kind.")
@report_options
@show_values_option
@click.option(
    "--split", type=click.Path(), metavar="DIR", help="Write accounts that pass and that fail to separate files in DIR."
)
@click.option(
    "--baseline", type=click.Path(), metavar="FILE", help="Known findings: hide them, and do not count them as errors."
)
@fix_options
@click.pass_context
def check(context: click.Context, /, **options: Any) -> None:  # noqa: ANN401
    """Check account payloads.

    PATH is a file, a folder (all payload files in it), or - for standard input. A file contains one account, an
    array of accounts, one account per line (.ndjson, .jsonl), or a table of accounts (.parquet). It can be compressed
    (.gz, .zst).

    Exit code: 0 no errors, 1 errors predicted, 2 wrong usage or configuration, 3 invalid rules, 4 unreadable input,
    130 interrupted. Errors that are ignored, not selected or in the baseline do not count.
    """
    check_report_options(options)
    check_fix_options(context, options)
    if options["diff"]:
        options |= {"output": (), "split": None}
    folder, known = options["split"], options["baseline"]
    outputs = [NamedPath("--output", format_and_path(file)[1]) for file in options["output"]]
    outputs += _files_of_split(folder) if folder else []
    split_folder = NamedPath("--split", folder) if folder else None
    refuse_overwriting(files_of_run(options, tuple(outputs), split_folder, baseline=known, since=options["since"]))
    baseline = _baseline_of(options) if known else None
    run_options = run_options_of(options, baseline)
    code = _show_diff(options, run_options) if options["diff"] else _run(options, run_options, baseline)
    context.exit(ExitCode.CLEAN if options["exit_zero"] and code == ExitCode.ERRORS else code)


def _run(options: dict[str, Any], run_options: RunOptions, baseline: Baseline | None) -> ExitCode:
    """Check the inputs and report the findings. With ``--fix``, fix the inputs first."""
    since = _earlier_report(options["since"]) if options["since"] else None
    targets = _make_sinks(options)
    split = _split_into(options["split"], targets) if options["split"] else None
    runner = Runner(
        run_options, [*targets, split.errors] if split else targets, split, quiet=options["quiet"], since=since
    )
    if since and not since.is_complete:
        runner.report_problem(
            ExitCode.CLEAN, f"{options['since']}: that run was interrupted; findings that it missed count as new"
        )
    fixes = _fix(options, run_options, runner) if options["fix"] else None
    runner.run_with_notes(options["paths"], options["stdin_filename"], print_notes=options["format"] != "text")
    if (options["output"] or options["split"]) and may_be_one_part(sys.argv):
        runner.report_problem(ExitCode.USAGE, ONE_PART_ONLY)
    if baseline and runner.exit_code != ExitCode.INTERRUPTED:
        _report_baseline(runner, baseline, run_options.as_of)
    if fixes and runner.tally.accounts and not options["quiet"]:
        fixes.report(runner.tally.errors + runner.tally.follow_on + runner.tally.advice)
    return runner.exit_code


def _make_sinks(options: dict[str, Any]) -> list[Sink]:
    return make_sinks(
        options["format"],
        options["output"],
        err=writes_fixed_text(options),
        overlay=options["overlay"],
        paint=make_paint(options["color"]),
        quiet=options["quiet"],
        width=terminal_width(),
        show_all=options["show_all"],
        max_findings=options["max_errors"],
        relative_path=display_paths_from(options["config"].folder).from_cwd,
        statistics=options["statistics"],
        explanations=lambda: explanations_of(*rules_of_run(options)),
    )


def _fix(options: dict[str, Any], run_options: RunOptions, runner: Runner) -> FixRun:
    """Fix the inputs; if that fails, remove what the sinks wrote."""
    try:
        return fix_inputs(options, run_options, runner)
    except BaseException:
        runner.discard()
        raise


def _show_diff(options: dict[str, Any], run_options: RunOptions) -> ExitCode:
    """Print the changes; return the exit code of the check, which is at least 1 if there are changes."""
    from premigrate.fix.silent_sink import SilentSink

    runner = Runner(run_options, [SilentSink()], quiet=options["quiet"])
    run = fix_inputs(options, run_options, runner)
    runner.run_with_notes(options["paths"], options["stdin_filename"], print_notes=False)
    if runner.tally.accounts and not options["quiet"]:
        run.report()
    return max(runner.exit_code, ExitCode.ERRORS if run.counts.fixed else ExitCode.CLEAN)


def _baseline_of(options: dict[str, Any]) -> Baseline:
    from premigrate.command.baseline import load_baseline

    return load_baseline(options["baseline"], display_paths_from(options["config"].folder))


def _earlier_report(path: str) -> EarlierReport:
    from premigrate.command.since import EarlierReport

    return EarlierReport(path)


def _files_of_split(folder: str) -> list[NamedPath]:
    from premigrate.command.split_sink import split_files

    return [NamedPath("--split", file) for file in split_files(folder)]


def _split_into(folder: str, targets: list[Sink]) -> SplitSink:
    from premigrate.command.split_sink import SplitSink

    try:
        return SplitSink(folder)
    except BaseException:
        for target in targets:
            target.discard()
        raise


def _report_baseline(runner: Runner, baseline: Baseline, today: date) -> None:
    """Report stale and expired entries of the baseline, one on each line."""
    messages = [
        (entry, "this entry matches no finding; premigrate baseline write removes it")
        for entry in baseline.stale_entries()
    ]
    messages += [
        (entry, f"this entry expired on {entry.expires}, so its finding is shown")
        for entry in baseline.expired_entries(today)
    ]
    for entry, what in messages[:_MAX_MESSAGES]:
        account, code, attr = entry.key
        at = f" at {attr}" if attr else ""
        runner.report_problem(ExitCode.CLEAN, f"{baseline.shown_file}: {escape(f'{account}: {code}{at}')}: {what}")
    if len(messages) > _MAX_MESSAGES:
        runner.report_problem(
            ExitCode.CLEAN,
            f"{baseline.shown_file}: {len(messages) - _MAX_MESSAGES} more entries match no finding or have expired",
        )

"""The options of the check command that fix payloads, and the runs that they ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from premigrate.batch.inputs import STDIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from premigrate.command.check_chunks import RunOptions
    from premigrate.command.run import Runner
    from premigrate.fix.run import FixRun

_WRITTEN = ("format", "output", "split", "statistics", "since", "show_fixes")
"""The options of reports, which --diff does not write."""

_OPTIONS = [
    click.option("--fix", is_flag=True, help="Apply the safe fixes to the files, then report the remaining findings."),
    click.option(
        "--unsafe-fixes", is_flag=True, help="With --fix or --diff, also apply or show fixes that need a review."
    ),
    click.option("--show-fixes", is_flag=True, help="Show how each finding can be fixed."),
    click.option("--diff", is_flag=True, help="Show what --fix would change, without changing files."),
]


def fix_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that fix payloads."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def check_fix_options(context: click.Context, options: dict[str, Any]) -> None:
    """Refuse options of the command line that contradict each other. Raises click.UsageError."""
    if options["unsafe_fixes"] and not (options["fix"] or options["diff"]):
        raise click.UsageError("--unsafe-fixes requires --fix, to apply them, or --diff, to show them.")
    for name in _WRITTEN if options["diff"] else ():
        if context.get_parameter_source(name) == ParameterSource.COMMANDLINE:
            raise click.UsageError(
                f"--diff writes only the changes; omit --{name.replace('_', '-')}, or run the check separately."
            )


def writes_fixed_text(options: dict[str, Any]) -> bool:
    """Return whether standard output is the fixed text of standard input."""
    return bool(options["fix"]) and not options["diff"] and STDIN in options["paths"]


def fix_inputs(options: dict[str, Any], run_options: RunOptions, runner: Runner) -> FixRun:
    """Fix the inputs, or print the changes. Raises PremigrateError if the rules are wrong."""
    from premigrate.fix.run import FixRun

    run = FixRun(
        run_options,
        with_unsafe=options["unsafe_fixes"],
        is_diff=options["diff"],
        report=runner.report_problem,
    )
    try:
        run.run(options["paths"], options["stdin_filename"])
    except KeyboardInterrupt:
        run.report_interrupt()
        raise
    return run

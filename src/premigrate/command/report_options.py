"""Options of ``premigrate check`` that control the content and the form of reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from premigrate.report.outputs import STATISTICS

if TYPE_CHECKING:
    from collections.abc import Callable

    from premigrate.command.options import Decorator

_REPORT_OPTIONS: list[Decorator] = [
    click.option(
        "--statistics",
        is_flag=True,
        help="Show counts by code and attr instead of findings, as text, json or csv.",
    ),
    click.option(
        "--since",
        type=click.Path(),
        metavar="FILE",
        help="Compare with the JSON report of an earlier run: count new, gone and remaining findings.",
    ),
    click.option(
        "-q",
        "--quiet",
        is_flag=True,
        is_eager=True,  # checks of other options warn unless it is given
        help="Show only findings: no summary, and no notes on standard error.",
    ),
    click.option("--exit-zero", is_flag=True, help="Exit with 0 even if errors are predicted."),
    click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        metavar="WHEN",
        help="When to colour text: auto (on a terminal), always or never.  [default: auto]",
    ),
]


def report_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that control the content and the form of reports."""
    for option in reversed(_REPORT_OPTIONS):
        command = option(command)
    return command


def check_report_options(options: dict[str, Any]) -> None:
    """Check that the options do not conflict. Raises click.UsageError."""
    if options["statistics"] and options["format"] not in STATISTICS:
        known = ", ".join(STATISTICS)
        raise click.UsageError(
            f"--statistics is not available with --format {options['format']}. Choose one of: {known}."
        )

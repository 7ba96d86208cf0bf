"""The help of commands: options in groups, and examples of use."""

from collections.abc import Sequence
from typing import Any

import click

_GROUPS: dict[str, tuple[str, ...]] = {
    "Input": (
        "config",
        "market",
        "title",
        "territory",
        "supplier",
        "path",
        "old-path",
        "as-of",
        "timezone",
        "jobs",
        "column",
        "stdin-filename",
    ),
    "Rules": ("overlay", "references", "draft", "lists", "test", "schema"),
    "Selection": ("select", "ignore", "fail-on", "exit-zero", "baseline", "reason", "expires"),
    "Fixes": ("fix", "unsafe-fixes", "show-fixes", "diff"),
    "Server": (
        "host",
        "port",
        "allow-host",
        "token",
        "max-body",
        "database",
        "imports",
        "speed",
        "scenario",
        "journal",
        "journal-payloads",
        "record",
    ),
    "Output": (
        "format",
        "output",
        "report",
        "statistics",
        "since",
        "color",
        "quiet",
        "split",
        "write-overlay",
        "check-overlay",
        "as-market",
        "folder",
        "show",
        "show-all",
        "show-values",
        "max-errors",
        "memory",
    ),
}
"""The groups of options, in the order of the help."""

_COLUMN = 24  # columns of the help that options may take before their text starts on the next line


class HelpCommand(click.Command):
    """A command whose help shows its options in groups, and examples at the end.

    Args:
        examples: command lines that show the use of the command.

    """

    def __init__(self, *args: Any, examples: Sequence[str] = (), **options: Any) -> None:  # noqa: ANN401 - click's
        super().__init__(*args, **options)
        self.examples = examples

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, a section for each group."""
        for title, options in group_options(self, ctx).items():
            _write_section(ctx, formatter, title, options)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """Write the examples."""
        if self.examples:
            with formatter.section("Examples"):
                for example in self.examples:
                    formatter.write(f"{'':{formatter.current_indent}}{example}\n")


def group_options(command: click.Command, ctx: click.Context) -> dict[str, list[click.Option]]:
    """Return the options of a command by the title of their group, in the order of the help."""
    left = {param.opts[-1].lstrip("-"): param for param in command.get_params(ctx) if isinstance(param, click.Option)}
    groups = {title: [left.pop(name) for name in names if name in left] for title, names in _GROUPS.items()}
    return {**groups, "Other": list(left.values())}


def _write_section(
    ctx: click.Context, formatter: click.HelpFormatter, title: str, options: Sequence[click.Option]
) -> None:
    if rows := [row for option in options if (row := option.get_help_record(ctx))]:
        with formatter.section(title):
            formatter.write_dl(rows, col_max=_COLUMN)

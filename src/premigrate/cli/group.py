"""The group of commands. A command is imported when it is called, or when the help lists all commands."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

from premigrate import __version__
from premigrate.command.exit_codes import ExitCode

_MODULES: Mapping[str, str] = {
    "check": "cli.check",
    "cohort": "cohort.command",
    "compare": "compare.command",
    "rules": "cli.rules",
    "explain": "cli.rules",
    "baseline": "cli.baseline",
    "config": "cli.config",
    "schema": "cli.schema",
    "serve": "mock_server.command",
    "tenant": "tenant.command",
    "market": "tenant.market.command",
}
"""Each command with the module that defines it under its name."""


class _Commands(click.Group):
    """A group of commands that are imported on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's protocol
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _MODULES:
            return None
        command: click.Command = getattr(import_module(f"premigrate.{_MODULES[cmd_name]}"), cmd_name)
        return command

    def make_context(self, *args: Any, **extra: Any) -> click.Context:  # noqa: ANN401 - click's protocol
        """Read the arguments before the name of a command."""
        with _escaped_errors():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's protocol
        """Read the arguments of a command, and run it."""
        with _escaped_errors():
            return super().invoke(ctx)


@contextmanager
def _escaped_errors() -> Iterator[None]:
    """Escape control characters in messages about arguments, and exit with the code for an interrupt on an interrupt.

    Arguments can be names of files that a shell inserted. Click would exit with the code for a failure.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise click.exceptions.Exit(ExitCode.INTERRUPTED) from None
    except click.UsageError as error:
        from premigrate.report.run import escape_lines

        message = error.format_message()
        if message == escape_lines(message):
            raise
        raise click.UsageError(escape_lines(message), error.ctx) from None


def _show_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click's protocol
    if wanted:
        from premigrate.compiled_form import installed_build
        from premigrate.ruleset.fingerprint import rules_version

        click.echo(f"premigrate {__version__} ({installed_build()}), rules {rules_version()}")
        context.exit()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and exit.",
)
def commands() -> None:
    """Predict offline how the account-import API will respond to your payloads."""

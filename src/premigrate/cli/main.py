"""The group of commands, and the door through which no traceback leaves."""

import sys

import click

from premigrate import __version__
from premigrate.cli.catalogue import explain, rules
from premigrate.cli.check import check
from premigrate.cli.exits import Exit
from premigrate.errors import BadRules, PremigrateError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="premigrate")
def commands() -> None:
    """Predict, offline, what the account-import API will answer to your payloads."""


commands.add_command(check)
commands.add_command(rules)
commands.add_command(explain)


def main() -> None:
    """Run the command with the arguments of the process."""
    try:
        commands(prog_name="premigrate")
    except PremigrateError as error:
        click.echo(f"premigrate: {error}", err=True)
        sys.exit(Exit.RULES if isinstance(error, BadRules) else Exit.USAGE)

"""The group of commands, and the door through which no traceback leaves."""

import sys
import traceback
from io import TextIOWrapper
from pathlib import Path

import click

from premigrate import __version__
from premigrate.cli.catalogue import explain, rules
from premigrate.cli.check import check
from premigrate.cli.exits import Exit
from premigrate.cli.known import baseline
from premigrate.cli.schema import schema
from premigrate.cli.settings import config
from premigrate.errors import BadRules, PremigrateError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="premigrate")
def commands() -> None:
    """Predict, offline, what the account-import API will answer to your payloads."""


commands.add_command(check)
commands.add_command(rules)
commands.add_command(explain)
commands.add_command(baseline)
commands.add_command(config)
commands.add_command(schema)


def main() -> None:
    """Run the command with the arguments of the process."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # the same bytes on every system; what UTF-8 has no way to write is written as an escape
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    try:
        commands(prog_name="premigrate")
    except PremigrateError as error:
        click.echo(f"premigrate: {error}", err=True)
        sys.exit(Exit.RULES if isinstance(error, BadRules) else Exit.USAGE)
    except Exception as error:  # noqa: BLE001 - the last door: people get a sentence, and no value of a payload
        click.echo(f"premigrate: {_own_mistake(error)}", err=True)
        sys.exit(Exit.UNREADABLE)


def _own_mistake(error: Exception) -> str:
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
    return f"a mistake of premigrate's own ({where}); please report it with a payload that is made up"

"""The config command: shows and checks the settings, and writes their JSON Schema."""

import click

from premigrate.cli.check import check as check_command
from premigrate.command.config import SETTINGS, Config, find_config, load_config
from premigrate.command.help_format import HelpCommand
from premigrate.command.options import CONFIG_HELP
from premigrate.command.streams import echo
from premigrate.exceptions import BadArgument, BadConfiguration
from premigrate.report.run import escape, strict_json

_config_option = click.option("--config", "path", type=click.Path(), metavar="FILE", help=CONFIG_HELP)


@click.group()
def config() -> None:
    """Show and check the configuration."""


@config.command(cls=HelpCommand, examples=["premigrate config show"])
@_config_option
def show(path: str | None) -> None:
    """Show every setting with its value and its origin.

    Command-line options override all settings.
    """
    found = load_config(path)
    echo(
        f"# {escape(found.origin)}"
        if found.origin
        else "# no premigrate.toml, and no pyproject.toml with [tool.premigrate], was found"
    )
    for key, setting in SETTINGS.items():
        echo(_line(found, key, setting.description))


@config.command(
    cls=HelpCommand, examples=["premigrate config check", "premigrate config check --config ci/premigrate.toml"]
)
@_config_option
def check(path: str | None) -> None:
    """Check the configuration, and show all mistakes in it.

    This checks the names and types of settings. The command that uses a setting checks whether files exist and rules
    are known.

    Exit code: 0 no mistakes, 2 mistakes, or no configuration.
    """
    from premigrate.command.config_model import find_mistakes

    found = find_config(path)
    if found is None:
        if path:
            raise BadArgument(f"{path}: there is no table [tool.premigrate]")
        raise BadArgument("no configuration found: no premigrate.toml, and no [tool.premigrate] in a pyproject.toml")
    file, settings = found
    if mistakes := find_mistakes(str(file), settings):
        raise BadConfiguration(mistakes)
    echo(f"{escape(str(file))}: {len(settings)} {'setting' if len(settings) == 1 else 'settings'}, all valid")


@config.command(cls=HelpCommand, examples=["premigrate config schema > premigrate.schema.json"])
def schema() -> None:
    """Write the JSON Schema of premigrate.toml, for editors."""
    from premigrate.command.config_model import config_schema

    echo(strict_json(config_schema(), 2))


def _line(found: Config, key: str, description: str) -> str:
    """Write a setting as a line of TOML. One that is not set is a comment."""
    from premigrate.documents.toml_writer import toml_value

    if key in found.values:
        return f"{key} = {toml_value(found.values[key])}  # from {escape(found.origin)}"
    option = next((each for each in check_command.params if each.name == key.replace("-", "_")), None)
    default = option.default if option else None
    if isinstance(default, str | bool | int):
        return f"{key} = {toml_value(default)}  # default"
    return f"# {key} is not set: {description}"

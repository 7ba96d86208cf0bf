"""The config command: what is in force, and where it comes from."""

import json

import click

from premigrate.cli.check import check
from premigrate.command.config import KEYS, Config, load_config
from premigrate.command.streams import echo
from premigrate.report.run import plain


@click.group()
def config() -> None:
    """Look at the configuration."""


@config.command()
@click.option("--config", "path", metavar="FILE", help="As for premigrate check.")
def show(path: str | None) -> None:
    """Show every setting, its value, and where that comes from; options of a command line go before all of it."""
    found = load_config(path)
    echo(f"# {plain(found.origin)}" if found.origin else "# no premigrate.toml or pyproject.toml says anything")
    for key, (_, about) in KEYS.items():
        echo(_line(found, key, about))


def _line(found: Config, key: str, about: str) -> str:
    """Write a setting as a line of TOML; one that is not set as a comment."""
    if key in found.values:
        return f"{key} = {plain(json.dumps(found.values[key], ensure_ascii=False))}  # from {plain(found.origin)}"
    option = next((each for each in check.params if each.name == key.replace("-", "_")), None)
    default = option.default if option else None
    if isinstance(default, str | bool | int):
        return f"{key} = {json.dumps(default)}  # default"
    return f"# {key} is not set: {about}"

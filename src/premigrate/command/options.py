"""Options that several commands share, and what a shell offers to complete."""

import contextlib
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from premigrate.api import market_of_overlay, markets
from premigrate.command.config import Config, load_config
from premigrate.command.streams import echo
from premigrate.report.run import plain

if TYPE_CHECKING:
    _ParamType = click.ParamType[int]
else:
    _ParamType = click.ParamType  # releases before 8.4 know no types of it

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

overlay_option: Decorator = click.option(
    "--overlay", type=click.Path(), help="A rule file that says what differs for your tenant."
)


def _check_references(context: click.Context, parameter: click.Parameter, path: str | None) -> str | None:
    """Refuse reference lists that are not there, and name what a folder of them holds besides."""
    if path is None:
        return None
    if not os.path.lexists(path):
        raise click.BadParameter(f"there is no file or folder {path}", context, parameter)
    from pathlib import Path

    from premigrate.ruleset.reference_files import SUFFIXES, list_files

    with contextlib.suppress(OSError):  # loading the lists reports what can't be read
        for file in list_files(Path(path))[1]:
            echo(f"premigrate: {plain(str(file))}: skipped; reference lists are {' '.join(SUFFIXES)} files", err=True)
    return path


references_option: Decorator = click.option(
    "--references",
    type=click.Path(),
    callback=_check_references,
    help="Reference lists: a .txt, .csv or .toml file, or a folder of them.",
)


_CONFIG = "premigrate.config"


def config_of(context: click.Context) -> Config:
    """Return the configuration of a command that has `config_option`."""
    config: Config = context.meta[_CONFIG]
    return config


def config_option(*keys: str) -> Decorator:
    """Make the option that names the settings; those with other keys are about other commands."""

    def configure(context: click.Context, _: click.Parameter, path: str | None) -> None:
        config = context.meta[_CONFIG] = load_config(path)
        context.default_map = {key: config.values[key] for key in keys if key in config.values}

    return click.option(
        "--config",
        type=click.Path(),
        callback=configure,
        is_eager=True,
        expose_value=False,
        metavar="FILE",
        help="Settings.  [default: the nearest premigrate.toml or pyproject.toml upwards]",
    )


class Jobs(_ParamType):
    """A number of processes; ``auto``, or 0, is 0."""

    name = "N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ANN401
        """Read the number."""
        return 0 if value == "auto" else click.IntRange(min=0).convert(value, param, ctx)


def market_option(about: str, *, required: bool = False) -> Decorator:
    """Make the option that names a market."""
    return click.option("--market", required=required, help=about, shell_complete=_offer_markets)


def told_market(market: str | None, overlay: str | None) -> str | None:
    """Tell the market of all payloads: as it is said, or as the overlay says it.

    Raises:
        BadRules: the overlay can't be read, or is not TOML.

    """
    return market or (market_of_overlay(overlay) if overlay else None)


def _offer_markets(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:  # noqa: ARG001
    return [name for name in markets() if name.startswith(begun)]

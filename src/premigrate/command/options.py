"""Options that several commands share."""

import contextlib
import os
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from premigrate.api import market_of_overlay
from premigrate.batch.inputs import STDIN_NAME
from premigrate.command.completion import complete_markets
from premigrate.command.config import Config, load_config
from premigrate.command.streams import echo
from premigrate.report.run import escape

if TYPE_CHECKING:
    _ParamType = click.ParamType[int]
else:
    _ParamType = click.ParamType  # releases before 8.4 know no types of it

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

overlay_option: Decorator = click.option(
    "--overlay", type=click.Path(), metavar="FILE", help="A rule file with the differences of your tenant."
)
column_option: Decorator = click.option(
    "--column", metavar="NAME", help="The column of Parquet files that contains the payloads."
)
stdin_option: Decorator = click.option(
    "--stdin-filename",
    default=STDIN_NAME,
    metavar="NAME",
    help="The name of standard input in messages; it is read as YAML if NAME ends in .yaml.",
)
show_values_option: Decorator = click.option("--show-values", is_flag=True, help="Show personal values instead of ***.")


_DAY = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", re.ASCII)


class DayType(click.DateTime):
    """A day as YYYY-MM-DD, which is converted to a datetime."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - as in click
        """Convert an argument, or raise an error that says what is wrong with it."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            is_form = _DAY.fullmatch(value)
            reason = "there is no such date" if is_form else "write a date such as 2026-01-31"
            self.fail(f"{value!r}: {reason}", param, ctx)


def as_of_option(default: str = "today") -> Decorator:
    """Make the option for the date that counts as today. ``default`` only appears in the help."""
    text = f"The date that counts as today, such as 2026-01-31.  [default: {default}]"
    return click.option("--as-of", type=DayType(), metavar="DATE", help=text)


def format_option(formats: Sequence[str], parameter: str = "output") -> Decorator:
    """Make the option that chooses the format of standard output, the first of ``formats`` by default."""
    return click.option(
        "--format",
        parameter,
        type=click.Choice(formats),
        default=formats[0],
        metavar="FORMAT",
        help=f"The format of standard output: {', '.join(formats)}.  [default: {formats[0]}]",
    )


def _check_references(context: click.Context, parameter: click.Parameter, path: str | None) -> str | None:
    """Refuse a path that does not exist, and warn about files in a folder that are not reference lists."""
    if path is None:
        return None
    if not os.path.lexists(path):
        raise click.BadParameter(f"there is no file or folder {path}", context, parameter)
    if context.params.get("quiet"):
        return path
    from pathlib import Path

    from premigrate.ruleset.reference_files import SUFFIXES, list_files

    with contextlib.suppress(OSError):  # loading the lists reports what cannot be read
        for file in list_files(Path(path))[1]:
            echo(f"premigrate: {escape(str(file))}: skipped; reference lists are {', '.join(SUFFIXES)} files", err=True)
    return path


references_option: Decorator = click.option(
    "--references",
    type=click.Path(),
    callback=_check_references,
    metavar="PATH",
    help="Reference lists: a .txt, .csv or .toml file, or a folder of them.",
)


_CONFIG = "premigrate.config"
CONFIG_HELP = "The configuration file.  [default: the nearest premigrate.toml]"


class ConfigOption(click.Option):
    """The option ``--config``. ``keys`` are the settings that its command reads."""

    def __init__(self, *args: Any, keys: Sequence[str] = (), **options: Any) -> None:  # noqa: ANN401 - click's
        super().__init__(*args, **options)
        self.keys = keys


def config_of(context: click.Context) -> Config:
    """Return the configuration of a command that has `config_option`."""
    config: Config = context.meta[_CONFIG]
    return config


def config_option(*keys: str) -> Decorator:
    """Make the option for the configuration. ``keys`` are the settings that this command reads."""

    def configure(context: click.Context, _: click.Parameter, path: str | None) -> None:
        config = context.meta[_CONFIG] = load_config(path)
        repeated = {each.name for each in context.command.params if isinstance(each, click.Option) and each.multiple}
        given = {key: config.values[key] for key in keys if key in config.values}
        context.default_map = {
            key: [value] if key in repeated and isinstance(value, str) else value for key, value in given.items()
        }

    return click.option(
        "--config",
        cls=ConfigOption,
        keys=keys,
        type=click.Path(),
        callback=configure,
        is_eager=True,
        expose_value=False,
        metavar="FILE",
        help=CONFIG_HELP,
    )


class Jobs(_ParamType):
    """A number of processes. ``auto`` is read as 0."""

    name = "N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ANN401
        """Read the number."""
        try:
            return 0 if value == "auto" else click.IntRange(min=0).convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is not a number of processes; write a number of at least 0, or auto", param, ctx)


jobs_option: Decorator = click.option(
    "--jobs",
    type=Jobs(),
    default=1,
    metavar="N",
    help="The number of processes; auto starts one per processor.  [default: 1]",
)


def market_option(about: str, *, multiple: bool = False) -> Decorator:
    """Make the option that names a market, or with ``multiple`` several."""
    return click.option("--market", multiple=multiple, metavar="MARKET", help=about, shell_complete=complete_markets)


def chosen_market(market: str | None, overlay: str | None) -> str | None:
    """Return the market of all payloads: the one that is named, or the one that the overlay extends.

    Raises:
        BadRules: the overlay cannot be read, or is not TOML.

    """
    return market or (market_of_overlay(overlay) if overlay else None)


def required_market(market: str | None, overlay: str | None) -> str:
    """Return the market that is named, or the one that the overlay extends, for a command that needs one.

    Raises:
        click.UsageError: there is none.
        BadRules: the overlay cannot be read, or is not TOML.

    """
    chosen = chosen_market(market, overlay)
    if not chosen:
        raise click.UsageError(
            "Missing option '--market', or '--overlay' with an overlay that states the market it extends."
        )
    return chosen

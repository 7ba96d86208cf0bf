"""Options of the commands that check payloads, and their conversion to the options of a run."""

from __future__ import annotations

import os
from datetime import date, datetime
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from premigrate.api import markets
from premigrate.batch.display_paths import display_paths_from
from premigrate.command.check_chunks import RunOptions, make_validator
from premigrate.command.completion import complete_names
from premigrate.command.config import SETTINGS, load_config
from premigrate.command.filters import make_selection
from premigrate.command.options import (
    CONFIG_HELP,
    ConfigOption,
    Decorator,
    as_of_option,
    chosen_market,
    column_option,
    jobs_option,
    market_option,
    overlay_option,
    references_option,
    stdin_option,
)
from premigrate.command.protect_inputs import NamedPath, RunFiles, option_files
from premigrate.command.streams import echo
from premigrate.describe.market import ruleset_of
from premigrate.report.run import escape

if TYPE_CHECKING:
    from collections.abc import Callable

    from premigrate.command.baseline import Baseline
    from premigrate.command.config import Config


def _configure(context: click.Context, _: click.Parameter, path: str | None) -> Config:
    """Take the settings of the configuration as the defaults of the options."""
    config = load_config(path)
    context.default_map = {key.replace("-", "_"): value for key, value in config.values.items()}
    return config


_PAYLOAD_OPTIONS: list[Decorator] = [
    click.argument("paths", nargs=-1, metavar="PATH...", type=click.Path(allow_dash=True)),
    click.option(
        "--config",
        cls=ConfigOption,
        keys=tuple(SETTINGS),
        type=click.Path(),
        callback=_configure,
        is_eager=True,
        metavar="FILE",
        help=CONFIG_HELP,
    ),
    market_option("The market of all payloads.  [default: detected from import_supplier]"),
    as_of_option(),
    overlay_option,
    references_option,
    click.option(
        "--select",
        multiple=True,
        metavar="PATTERN",
        shell_complete=complete_names,
        help="Use only findings with this rule id, code or attr; * matches any text.",
    ),
    click.option(
        "--ignore",
        multiple=True,
        metavar="PATTERN",
        shell_complete=complete_names,
        help="Ignore findings with this rule id, code or attr. The account still counts as refused.",
    ),
    click.option(
        "--fail-on",
        type=click.Choice(["error", "advice"]),
        default="error",
        metavar="KIND",
        help="The lowest level that sets the exit code to 1: error, or advice.  [default: error]",
    ),
    jobs_option,
    column_option,
    stdin_option,
]


def payload_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of every command that checks payloads."""
    for option in reversed(_PAYLOAD_OPTIONS):
        command = option(command)
    return command


def files_of_run(
    options: dict[str, Any], outputs: tuple[NamedPath, ...], folder: NamedPath | None = None, **settings: str | None
) -> RunFiles:
    """List what a run reads and writes. ``settings`` are files that it reads besides those of every run."""
    config: Config = options["config"]
    read = option_files(config.origin, {"overlay": options["overlay"], "references": options["references"], **settings})
    return RunFiles(options["paths"], read, outputs, folder, display_paths=display_paths_from(config.folder))


def run_options_of(options: dict[str, Any], baseline: Baseline | None = None) -> RunOptions:
    """Read the options of a command as those of a run.

    Raises:
        BadArgument: a filter names no rule, code or field.

    """
    if not options["paths"]:
        raise click.UsageError(
            "Missing argument 'PATH...': files or folders of payloads, or paths in the configuration."
        )
    given_day = options["as_of"]
    as_of = given_day.date() if isinstance(given_day, datetime) else date.today()
    config: Config = options["config"]
    shown = display_paths_from(config.folder)
    selection = make_selection(options["select"], options["ignore"], config.values.get("per-path", ()), shown)
    overlay, references = options["overlay"], options["references"]
    market = chosen_market(options["market"], overlay)
    if selection.name_filters:
        from premigrate.command.filter_names import SelectableNames

        chosen, extended = rules_of_run(options)
        selectable = SelectableNames(ruleset_of(each, extended) for each in chosen)
        for warning in dict.fromkeys(chain.from_iterable(map(selectable.check, selection.name_filters))):
            if not options.get("quiet"):
                echo(f"premigrate: {escape(warning)}", err=True)
    return RunOptions(
        market=market,
        as_of=as_of,
        is_as_of_default=given_day is None,
        make_validator=partial(make_validator, as_of, overlay, references),
        selection=selection,
        baseline=baseline,
        show_values=options.get("show_values", False),
        with_fixes=options.get("show_fixes", False),
        fail_on_advice=options["fail_on"] == "advice",
        jobs=options["jobs"] or os.cpu_count() or 1,
        column=options["column"],
        display_paths=shown,
    )


def rules_of_run(options: dict[str, Any]) -> tuple[tuple[str, ...], str | None]:
    """Return the markets whose rules can be used, and the overlay, which extends one market only."""
    market = chosen_market(options["market"], options["overlay"])
    return ((market,), options["overlay"]) if market else (markets(), None)

"""The market command, which creates the folder of a new market and reports what a market still lacks."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from premigrate.command.completion import complete_markets
from premigrate.command.exit_codes import ExitCode
from premigrate.command.help_format import HelpCommand
from premigrate.command.options import as_of_option, format_option
from premigrate.command.streams import echo
from premigrate.report.run import escape, escape_lines, strict_json

# Modules that import the rule grammar are imported in the functions that need them, so that --help starts fast.

_DAY_OF_CASES = date(2026, 1, 31)
"""The day that counts as today in the cases of the repository."""


@click.group()
def market() -> None:
    """Create a market, and check that it is complete."""


@market.command(
    cls=HelpCommand,
    no_args_is_help=True,
    examples=["premigrate market new es --supplier 'OURS*' --timezone Europe/Madrid"],
)
@click.argument("name")
@click.option("--title", metavar="TEXT", help="The name of the market.  [default: that of the country]")
@click.option(
    "--territory", metavar="CODE", help="The country (ISO 3166, two capital letters).  [default: that of NAME]"
)
@click.option(
    "--timezone", "timezones", multiple=True, metavar="ZONE", help="The time zone of the API; can be repeated."
)
@click.option(
    "--supplier",
    "suppliers",
    multiple=True,
    metavar="PATTERN",
    help="A pattern of import_supplier codes, such as ABC*; can be repeated.",
)
@click.option("--folder", default="rules", metavar="FOLDER", help="The folder of the markets.  [default: rules]")
def new(  # noqa: PLR0913 - one argument per option
    *,
    name: str,
    title: str | None,
    territory: str | None,
    timezones: tuple[str, ...],
    suppliers: tuple[str, ...],
    folder: str,
) -> None:
    """Create a new market in a checkout of the repository.

    NAME is the country's ISO 3166 code in lower case. The command writes a commented market file below the folder
    of the markets, and a file of cases in tests/cases beside that folder. It never overwrites a file.

    Exit code: 0 success, 2 wrong usage, or a file already exists.
    """
    from premigrate.tenant.market.skeleton import NewMarket, write_skeleton

    market_ = NewMarket(name, title, territory, timezones, suppliers)
    place, files = write_skeleton(Path(folder).absolute(), market_)
    for file in files:
        echo(f"written: {escape(place.shown(file))}")
    echo(f"premigrate market check {escape((Path(folder) / name).as_posix())} reports what is missing")


@market.command(cls=HelpCommand, no_args_is_help=True, examples=["premigrate market check rules/es"])
@click.argument("market_", metavar="MARKET", shell_complete=complete_markets)
@format_option(["text", "json"], "form")
@as_of_option("2026-01-31, the day of the cases")
@click.pass_context
def check(context: click.Context, /, *, market_: str, form: str, as_of: datetime | None) -> None:
    """Report what a market still lacks.

    MARKET is the folder of a market, which need not be installed, or the name of an installed one. The command
    looks for examples and cases in examples and tests/cases, in the folder that contains the rules.

    Exit code: 0 nothing is missing, 1 something is missing, 2 wrong usage, 3 invalid rules.
    """
    from premigrate.tenant.market.check import missing_in
    from premigrate.tenant.market.paths import find_market

    place = find_market(market_)
    missing = missing_in(place, as_of.date() if as_of else _DAY_OF_CASES)
    if form == "json":
        echo(strict_json({"market": place.name, "missing": [each._asdict() for each in missing]}, 2))
    else:
        for each in missing:
            echo(escape_lines(str(each)))
        things = f"{len(missing)} {'thing is' if len(missing) == 1 else 'things are'}" if missing else "nothing is"
        echo(f"{escape(place.name)}: {things} missing")
    if missing:
        context.exit(ExitCode.ERRORS)

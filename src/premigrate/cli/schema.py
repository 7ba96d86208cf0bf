"""The schema command: the rules of a market in, a JSON Schema of its account payload out."""

import click

from premigrate.command.options import market_option, overlay_option, references_option, told_market
from premigrate.command.streams import echo
from premigrate.describe.json_schema import DRAFTS, Draft
from premigrate.describe.market import payload_schema
from premigrate.report.run import strict_json


@click.command(no_args_is_help=True)
@market_option("The market of the payloads; else that of the overlay.")
@click.option("--draft", type=click.Choice(DRAFTS), default=DRAFTS[0], show_default=True, help="Of JSON Schema.")
@overlay_option
@references_option
def schema(market: str | None, draft: Draft, overlay: str | None, references: str | None) -> None:
    """Write a JSON Schema of the account payload, for editors and other tools.

    It is about one account, bare or wrapped, and accepts whatever passes the checks of single fields. The rules
    between fields are not in it: only check knows those.
    """
    market = told_market(market, overlay)
    if not market:
        raise click.UsageError("Missing option '--market', or an '--overlay' that says which market it extends.")
    echo(strict_json(payload_schema(market, overlay, references, draft), 2))

"""The schema command: writes the JSON Schema of a market's account payload."""

import click

from premigrate.command.help_format import HelpCommand
from premigrate.command.options import market_option, overlay_option, references_option, required_market
from premigrate.command.streams import echo
from premigrate.describe.json_schema import DRAFTS, SchemaDraft
from premigrate.describe.market import payload_schema, ruleset_of
from premigrate.report.run import strict_json


@click.command(cls=HelpCommand, no_args_is_help=True, examples=["premigrate schema --market dk > dk.schema.json"])
@market_option("The market of the payloads.  [default: that of the overlay]")
@click.option(
    "--draft",
    type=click.Choice(DRAFTS),
    default=DRAFTS[0],
    metavar="DRAFT",
    help=f"The draft of JSON Schema: {' or '.join(DRAFTS)}.  [default: {DRAFTS[0]}]",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "markdown"]),
    default="json",
    metavar="FORMAT",
    help="json for the JSON Schema, or markdown for a page that describes the fields.  [default: json]",
)
@overlay_option
@references_option
def schema(market: str | None, draft: SchemaDraft, form: str, overlay: str | None, references: str | None) -> None:
    """Write a JSON Schema of the account payload.

    The schema describes one account, with or without the wrapper object. It contains the checks of single fields; only
    premigrate check also checks the rules between fields.
    """
    market = required_market(market, overlay)
    if form == "markdown":
        from premigrate.describe.fields_page import render_fields_page  # imports the models, which are slow

        echo("\n".join(render_fields_page(ruleset_of(market, overlay, references))))
        return
    echo(strict_json(payload_schema(market, overlay, references, draft), 2))

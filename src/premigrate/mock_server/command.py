"""The serve command: requests of a client in, the answers of the API out, until it is stopped."""

from contextlib import closing
from datetime import date, datetime
from functools import partial
from typing import Any

import click

from premigrate.api import Validator
from premigrate.command.exit_codes import Exit
from premigrate.command.options import config_option, market_option, overlay_option, references_option
from premigrate.command.streams import echo
from premigrate.describe.market import payload_schema
from premigrate.exceptions import BadArgument

_CONFIGURED = ("market", "overlay", "references")


@click.command()
@config_option(*_CONFIGURED)
@market_option("The market of the tenant it stands in for.", required=True)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day that counts as today.  [default: today]")
@overlay_option
@references_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="The port; 0 takes one that is free."
)
@click.option("--database", type=click.Path(), metavar="FILE", help="Where imports are kept.  [default: in memory]")
@click.option(
    "--speed",
    type=click.FloatRange(min=0, max=1_000_000),
    default=1.0,
    show_default=True,
    help="Seconds that pass for imports in a second; with 0 time is only stepped.",
)
@click.option("--script", type=click.Path(), metavar="FILE", help="Failures to show, a .toml file.")
@click.option("--token", help="Take only requests with the header Authorization: Token TOKEN.")
@click.option(
    "--allow-host",
    "allow_hosts",
    multiple=True,
    metavar="NAME",
    help="Another host by which this server may be called; can be repeated.",
)
@click.option(
    "--max-body",
    type=click.IntRange(min=1),
    default=10 * 1024 * 1024,
    show_default=True,
    metavar="BYTES",
    help="Bytes of a request that are read.",
)
@click.pass_context
def serve(context: click.Context, /, **options: Any) -> None:  # noqa: ANN401
    """Stand in for the account-import API, so that a client can be tried: validate, process and status.

    Prints where it is found, and serves until it is stopped. Imports go from PENDING to PROCESSED by themselves.
    """
    try:
        import premigrate.mock_server.http_import  # noqa: F401 - first: it says what to install
        from premigrate.mock_server.app import make_app
        from premigrate.mock_server.hosts import allow_hosts
        from premigrate.mock_server.http_server import Server, take_port, url_of
        from premigrate.mock_server.scenario import read_script
        from premigrate.mock_server.server import StandIn
        from premigrate.mock_server.store import Store
    except ModuleNotFoundError as error:
        raise BadArgument(str(error)) from None
    whose = {key: options[key] for key in ("market", "overlay", "references")}
    hosts = allow_hosts(options["host"], options["allow_hosts"])
    said = options["as_of"]
    as_of = said.date() if isinstance(said, datetime) else date.today()
    script = read_script(options["script"]) if options["script"] else ()
    with closing(take_port(options["host"], options["port"])) as taken, closing(Store(options["database"])) as store:
        stand_in = StandIn(Validator(as_of=as_of, **whose), store, script, speed=options["speed"])
        app = make_app(
            stand_in,
            partial(payload_schema, **whose),
            max_body=options["max_body"],
            token=options["token"],
            hosts=hosts,
            tell=partial(echo, err=True),
        )
        echo(url_of(taken))
        try:
            Server(app, taken).run()
        except KeyboardInterrupt:
            context.exit(Exit.INTERRUPTED)

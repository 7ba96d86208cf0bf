"""The serve command, which runs the mock server until it is stopped."""

import signal
import sys
from contextlib import closing
from datetime import datetime
from functools import partial
from typing import Any, NoReturn

import click

from premigrate.command.exit_codes import ExitCode
from premigrate.command.help_format import HelpCommand
from premigrate.command.options import (
    as_of_option,
    config_option,
    market_option,
    references_option,
)
from premigrate.command.streams import echo
from premigrate.exceptions import BadArgument

_MAX_BODY = 10 * 1024 * 1024
_CONFIGURED = ("market", "overlay", "references")


@click.command(
    cls=HelpCommand,
    examples=["premigrate serve --market pt", "premigrate serve --market dk --market gb --database imports.db"],
)
@config_option(*_CONFIGURED)
@market_option("A market to serve; can be repeated.  [default: those of the overlays]", multiple=True)
@as_of_option("the real time")
@click.option(
    "--overlay",
    type=click.Path(),
    multiple=True,
    metavar="FILE",
    help="A rule file with the differences of a tenant; can be repeated.",
)
@references_option
@click.option("--timezone", metavar="NAME", help="The time zone of times and days.  [default: that of the market]")
@click.option("--host", default="127.0.0.1", metavar="HOST", help="The address to listen on.  [default: 127.0.0.1]")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    metavar="PORT",
    help="The port to listen on; 0 chooses a free one.  [default: 8000]",
)
@click.option(
    "--database", type=click.Path(), metavar="FILE", help="The file that keeps imports.  [default: in memory]"
)
@click.option(
    "--imports", type=click.Path(), metavar="FILE", help="Imports that exist at the start, a .json or .ndjson file."
)
@click.option(
    "--speed",
    type=click.FloatRange(min=0, max=1_000_000),
    default=1.0,
    metavar="FACTOR",
    help="How fast time passes for imports; 0 only by steps.  [default: 1]",
)
@click.option("--scenario", type=click.Path(), metavar="FILE", help="Failures to answer with, a .toml file.")
@click.option(
    "--journal",
    type=click.IntRange(0, 1_000_000),
    default=10_000,
    metavar="N",
    help="How many requests to remember.  [default: 10000]",
)
@click.option("--journal-payloads", is_flag=True, help="Remember the payloads of requests, which are personal data.")
@click.option("--token", metavar="TOKEN", help="Accept only requests with Authorization: Token TOKEN.")
@click.option(
    "--allow-host",
    "allow_hosts",
    multiple=True,
    metavar="NAME",
    help="Another host name of this server; can be repeated.",
)
@click.option(
    "--max-body",
    type=click.IntRange(min=1),
    default=_MAX_BODY,
    metavar="BYTES",
    help=f"The largest request body.  [default: {_MAX_BODY}]",
)
@click.pass_context
def serve(context: click.Context, /, **options: Any) -> None:  # noqa: ANN401
    """Run a local mock server of the account-import API.

    The server answers the validate, process and status endpoints, so that a client can be tested. It prints its URL,
    and runs until it is stopped, by SIGTERM with exit code 0. Imports go from PENDING to PROCESSED as time passes.
    """
    try:
        import premigrate.mock_server.http_dependencies  # noqa: F401 - imported first: its error names the extra to install
        from premigrate.mock_server.app import create_app
        from premigrate.mock_server.existing_imports import load_imports
        from premigrate.mock_server.hosts import parse_allowed_hosts
        from premigrate.mock_server.http_server import HttpServer, listen, url_of
        from premigrate.mock_server.journal import Journal
        from premigrate.mock_server.scenario import load_scenario
        from premigrate.mock_server.server import MockServer
        from premigrate.mock_server.store import Store
        from premigrate.mock_server.tenants import load_tenants
    except ModuleNotFoundError as error:
        raise BadArgument(str(error)) from None
    if not options["market"] and not options["overlay"]:
        raise click.UsageError("Missing option '--market', or an '--overlay' that says which market it extends.")
    hosts = parse_allowed_hosts(options["host"], options["allow_hosts"])
    as_of = options["as_of"].date() if isinstance(options["as_of"], datetime) else None
    script = load_scenario(options["scenario"]) if options["scenario"] else ()
    imports = load_imports(options["imports"]) if options["imports"] else ()
    signal.signal(signal.SIGTERM, _exit_cleanly)
    with closing(listen(options["host"], options["port"])) as listener, closing(Store(options["database"])) as store:
        tenants = load_tenants(options["market"], options["overlay"], options["references"], options["timezone"])
        mock_server = MockServer(
            tenants,
            store,
            script,
            as_of=as_of,
            speed=options["speed"],
            journal=Journal(options["journal"], keep_payloads=options["journal_payloads"]),
            imports=imports,
        )
        app = create_app(
            mock_server,
            max_body=options["max_body"],
            token=options["token"],
            hosts=hosts,
            log=partial(echo, err=True),
        )
        echo(url_of(listener))
        try:
            HttpServer(app, listener).run()
        except KeyboardInterrupt:
            context.exit(ExitCode.INTERRUPTED)


def _exit_cleanly(_signal: int, _frame: object) -> NoReturn:
    """End the process with exit code 0; the HTTP server has finished its responses before it lets this run."""
    sys.exit(0)

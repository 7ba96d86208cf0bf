"""The serve command, which runs the mock server until it is stopped."""

import signal
import sys
from contextlib import ExitStack, closing
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

import click

from premigrate.command.config import Config
from premigrate.command.exit_codes import ExitCode
from premigrate.command.help_format import HelpCommand
from premigrate.command.options import (
    as_of_option,
    config_of,
    config_option,
    market_option,
    references_option,
)
from premigrate.command.protect_inputs import NamedPath, RunFiles, option_files, refuse_overwriting
from premigrate.command.streams import echo
from premigrate.exceptions import BadArgument

if TYPE_CHECKING:
    from premigrate.mock_server.setup import ServerOptions

_MAX_BODY = 10 * 1024 * 1024
_CONFIGURED = ("market", "overlay", "references")
_KEPT = ("references", "timezone", "database", "speed", "journal", "journal_payloads", "record", "token", "max_body")


@click.command(
    cls=HelpCommand,
    examples=["premigrate serve --market pt", "premigrate serve --market dk --market gb --database imports.db"],
)
@config_option(*_CONFIGURED)
@market_option("A market to serve; can be repeated.  [default: the markets of the overlays]", multiple=True)
@as_of_option("the real time")
@click.option(
    "--overlay",
    type=click.Path(),
    multiple=True,
    metavar="FILE",
    help="A rule file with the differences of a tenant; can be repeated.",
)
@references_option
@click.option(
    "--timezone", metavar="NAME", help="The time zone of timestamps and dates.  [default: that of the market]"
)
@click.option("--host", default="127.0.0.1", metavar="HOST", help="The address to listen on.  [default: 127.0.0.1]")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    metavar="PORT",
    help="The port to listen on; 0 chooses a free one.  [default: 8000]",
)
@click.option(
    "--database", type=click.Path(), metavar="FILE", help="The SQLite file that stores imports.  [default: in memory]"
)
@click.option(
    "--imports", type=click.Path(), metavar="FILE", help="A .json or .ndjson file of imports that exist at the start."
)
@click.option(
    "--speed",
    type=click.FloatRange(min=0, max=1_000_000),
    default=1.0,
    metavar="FACTOR",
    help="How fast time passes for imports; with 0, only step requests advance it.  [default: 1]",
)
@click.option("--scenario", type=click.Path(), metavar="FILE", help="A .toml file of failures to simulate.")
@click.option(
    "--journal",
    type=click.IntRange(0, 1_000_000),
    default=10_000,
    metavar="N",
    help="How many requests to keep in the journal.  [default: 10000]",
)
@click.option("--journal-payloads", is_flag=True, help="Keep the payloads of requests too, which are personal data.")
@click.option(
    "--record", type=click.Path(), metavar="FILE", help="Append payloads and responses to FILE, for premigrate compare."
)
@click.option("--token", metavar="TOKEN", help="Accept only requests with Authorization: Token TOKEN.")
@click.option(
    "--allow-host",
    "allow_hosts",
    multiple=True,
    metavar="NAME",
    help="Accept requests to this host name too; can be repeated.",
)
@click.option(
    "--max-body",
    type=click.IntRange(min=1),
    default=_MAX_BODY,
    metavar="BYTES",
    help=f"The maximum size of a request body.  [default: {_MAX_BODY}]",
)
@click.pass_context
def serve(context: click.Context, /, **options: Any) -> None:  # noqa: ANN401
    """Run a local mock server of the account-import API.

    The server implements the validate, process and status endpoints, for tests of clients. It prints its URL and runs
    until it is stopped; SIGTERM ends it with exit code 0. Imports go from PENDING to PROCESSED as time passes.
    """
    try:
        import premigrate.mock_server.http_dependencies  # noqa: F401 - imported first: its error names the extra to install
        from premigrate.mock_server.http_server import HttpServer, listen, url_of
        from premigrate.mock_server.setup import set_up
    except ModuleNotFoundError as error:
        raise BadArgument(str(error)) from None
    if not options["market"] and not options["overlay"]:
        raise click.UsageError(
            "Missing option '--market', or '--overlay' with an overlay that states the market it extends."
        )
    _protect_inputs(config_of(context), options)
    server_options = _read_options(options)
    with ExitStack() as stack:
        before = signal.signal(signal.SIGTERM, _exit_cleanly)
        stack.callback(signal.signal, signal.SIGTERM, before or signal.SIG_DFL)
        listener = stack.enter_context(closing(listen(options["host"], options["port"])))
        _, app = set_up(server_options, stack, partial(echo, err=True))
        echo(url_of(listener))
        try:
            HttpServer(app, listener).run()
        except KeyboardInterrupt:
            context.exit(ExitCode.INTERRUPTED)


def _read_options(options: dict[str, Any]) -> "ServerOptions":
    """Read the files that options name."""
    from premigrate.mock_server.existing_imports import load_imports
    from premigrate.mock_server.hosts import parse_allowed_hosts
    from premigrate.mock_server.scenario import load_scenario
    from premigrate.mock_server.setup import ServerOptions

    return ServerOptions(
        markets=options["market"],
        overlays=options["overlay"],
        as_of=options["as_of"].date() if isinstance(options["as_of"], datetime) else None,
        imports=load_imports(options["imports"]) if options["imports"] else (),
        script=load_scenario(options["scenario"]) if options["scenario"] else (),
        hosts=parse_allowed_hosts(options["host"], options["allow_hosts"]),
        **{name: options[name] for name in _KEPT},
    )


def _protect_inputs(config: Config, options: dict[str, Any]) -> None:
    """Refuse to record into a file that the server reads or writes."""
    named = {name: options[name] for name in ("database", "imports", "scenario", "references")}
    overlays = tuple(NamedPath("--overlay", path) for path in options["overlay"])
    read = (*option_files(config.origin, named), *overlays)
    written = (NamedPath("--record", options["record"]),) if options["record"] else ()
    refuse_overwriting(RunFiles((), read, written))


def _exit_cleanly(_signal: int, _frame: object) -> NoReturn:
    """End the process with exit code 0; the HTTP server has finished its responses before it lets this run."""
    sys.exit(0)

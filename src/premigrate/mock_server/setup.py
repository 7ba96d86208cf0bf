"""Sets up a mock server and its application from options, for the command and for tests."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date

from starlette.applications import Starlette

from premigrate.mock_server.app import LOOPBACK, MAX_BODY_BYTES, create_app
from premigrate.mock_server.existing_imports import ExistingImport
from premigrate.mock_server.hosts import AllowedHosts
from premigrate.mock_server.journal import DEFAULT_LIMIT, Journal
from premigrate.mock_server.recording import Recording
from premigrate.mock_server.scenario import ScriptedFailure
from premigrate.mock_server.server import MockServer
from premigrate.mock_server.store import Store
from premigrate.mock_server.tenants import load_tenants
from premigrate.ruleset.overlays import Overlay
from premigrate.ruleset.references import References


@dataclass(frozen=True, kw_only=True)
class ServerOptions:
    """The options of a mock server, as `premigrate serve` has them."""

    markets: Sequence[str]
    overlays: Sequence[Overlay] = ()
    references: References | None = None
    timezone: str | None = None
    as_of: date | None = None
    database: str | None = None
    imports: Sequence[ExistingImport] = ()
    speed: float = 1.0
    script: Sequence[ScriptedFailure] = ()
    journal: int = DEFAULT_LIMIT
    journal_payloads: bool = False
    record: str | None = None
    token: str | None = None
    hosts: AllowedHosts = LOOPBACK
    max_body: int = MAX_BODY_BYTES


def set_up(
    options: ServerOptions,
    stack: ExitStack,
    log: Callable[[str], object] = lambda line: None,  # noqa: ARG005
) -> tuple[MockServer, Starlette]:
    """Return a mock server and its application.

    Args:
        options: the options.
        stack: closes the files of the server.
        log: receives a line for each request, without its content.

    Raises:
        BadArgument: an option is not valid, or a file cannot be opened.
        UnknownMarket, BadRules: as for `premigrate.Validator`.

    """
    tenants = load_tenants(options.markets, options.overlays, options.references, options.timezone)
    store = stack.enter_context(closing(Store(options.database)))
    mock_server = MockServer(
        tenants,
        store,
        options.script,
        as_of=options.as_of,
        speed=options.speed,
        journal=Journal(options.journal, keep_payloads=options.journal_payloads),
        imports=options.imports,
    )
    recording = stack.enter_context(Recording(options.record, log)) if options.record else None
    app = create_app(
        mock_server,
        max_body=options.max_body,
        token=options.token,
        hosts=options.hosts,
        log=log,
        recording=recording,
    )
    return mock_server, app

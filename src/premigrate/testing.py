"""Runs the mock server inside a test, as a pytest fixture or a context manager.

In a test module or ``conftest.py``::

    pytest_plugins = ["premigrate.testing"]

    @pytest.fixture
    def mock_server_options():
        return {"market": MARKET, "as_of": THE_DAY}

    def test_import(mock_server):
        client = MyClient(mock_server.url)
        ...
        mock_server.step()
        mock_server.assert_called("process", times=1)

PYTEST_DONT_REWRITE: this module has no assertions, so pytest need not warn if it is imported before it is a plugin.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from typing import Any

import pytest

from premigrate.api_models import Endpoint
from premigrate.exceptions import BadArgument
from premigrate.mock_server.app import MAX_BODY_BYTES
from premigrate.mock_server.existing_imports import parse_imports
from premigrate.mock_server.hosts import parse_allowed_hosts
from premigrate.mock_server.http_server import HttpServer, listen, url_of
from premigrate.mock_server.journal import DEFAULT_LIMIT, RequestQuery, RequestRecord, explain_calls
from premigrate.mock_server.scenario import parse_failures
from premigrate.mock_server.server import MockServer
from premigrate.mock_server.setup import ServerOptions, set_up
from premigrate.ruleset.overlays import Overlay
from premigrate.ruleset.references import References


class LiveServer:
    """A mock server that accepts requests. ``url`` is its base URL, without a slash at the end."""

    def __init__(self, url: str, mock_server: MockServer) -> None:
        self.url = url
        self._mock_server = mock_server

    def step(self, seconds: float | None = None) -> datetime:
        """Advance the clock, and return the new time.

        Args:
            seconds: the seconds to advance; by default, until the next import changes its status.

        """
        return self._mock_server.step(seconds)

    def add_failure(self, **failure: object) -> None:
        """Add a scripted failure: ``add_failure(answer="throttled", times=2)``.

        Args:
            **failure: the keys of a ``[[failure]]`` table of a script.

        Raises:
            BadArgument: a key or value is not valid.

        """
        self._mock_server.failures.add(failure)

    def add_import(self, **existing: object) -> None:
        """Add an existing import: ``add_import(import_supplier="NORLYS", external_account_number="1")``.

        Args:
            **existing: its keys as in `imports`; ``status`` is PROCESSED by default.

        Raises:
            BadArgument: a key or value is not valid.

        """
        self._mock_server.add_imports(existing)

    def requests(
        self,
        endpoint: Endpoint | None = None,
        *,
        import_supplier: str | None = None,
        external_account_number: str | None = None,
        status: int | None = None,
    ) -> list[RequestRecord]:
        """Return the requests to the three endpoints, the oldest first.

        Args:
            endpoint: only those to ``validate``, ``process`` or ``status``.
            import_supplier: only those that name this supplier.
            external_account_number: only those that name this account.
            status: only those that were answered with this HTTP status; 0 for dropped connections.

        Raises:
            BadArgument: there is no such endpoint.

        """
        query = RequestQuery(endpoint, import_supplier, external_account_number, status).checked()
        return self._mock_server.journal.find(query)

    def assert_called(
        self,
        endpoint: Endpoint | None = None,
        *,
        times: int | None = None,
        import_supplier: str | None = None,
        external_account_number: str | None = None,
        status: int | None = None,
    ) -> None:
        """Check that the server received requests that match the filters of `requests`.

        Args:
            endpoint: as for `requests`, like the other filters.
            times: the exact number of requests; by default, at least one.
            import_supplier: see `requests`.
            external_account_number: see `requests`.
            status: see `requests`.

        Raises:
            AssertionError: the number of requests differs, or older requests are no longer in the journal; the message
                lists the requests, without payloads.
            BadArgument: there is no such endpoint.

        """
        query = RequestQuery(endpoint, import_supplier, external_account_number, status).checked()
        problem = explain_calls(self._mock_server.journal, query, times)
        if problem:
            raise AssertionError(problem)

    def reset(self) -> None:
        """Forget all requests, and restore the imports and failures that the server was started with."""
        self._mock_server.reset()

    @property
    def imports(self) -> list[dict[str, Any]]:
        """All imports as the status endpoint returns them, with import_supplier and external_account_number."""
        imports: list[dict[str, Any]] = self._mock_server.state()["imports"]
        return imports


@contextmanager
def run_mock_server(  # noqa: PLR0913 - one argument per option
    *,
    market: str | Sequence[str],
    as_of: date,
    overlay: Overlay | Sequence[Overlay] | None = None,
    references: References | None = None,
    timezone: str | None = None,
    database: str | None = None,
    speed: float = 0.0,
    failures: list[dict[str, Any]] | None = None,
    imports: list[dict[str, Any]] | None = None,
    journal: int = DEFAULT_LIMIT,
    journal_payloads: bool = False,
    record: str | None = None,
    token: str | None = None,
    max_body: int = MAX_BODY_BYTES,
    allowed_hosts: Sequence[str] = (),
) -> Iterator[LiveServer]:
    """Run a mock server on a free loopback port, in a thread, until the ``with`` block ends.

    Args:
        market: the market of the tenant, or the markets of several tenants; the import supplier of a request decides
            which of them answers.
        as_of: the day on which the clock starts, at noon.
        overlay: the path or the tables of an overlay, or a list of those of several tenants.
        references: the reference lists.
        timezone: the IANA name of the time zone of timestamps and dates; by default, that of the market.
        database: the SQLite file for imports; by default, they are in memory.
        speed: seconds that the clock advances per real second; with 0 it advances only by ``step``.
        failures: the ``[[failure]]`` tables of a script.
        imports: imports that exist at the start, as for `LiveServer.add_import`.
        journal: how many requests to keep in the journal.
        journal_payloads: whether to keep their payloads, too.
        record: the file to append payloads and responses to, for ``premigrate compare``.
        token: the token that requests must have; by default, none.
        max_body: the largest request body that is read, in bytes.
        allowed_hosts: further hosts that requests may be sent to, as with ``--allow-host``.

    Raises:
        BadArgument: an option is not valid.
        UnknownMarket, BadRules: as for `premigrate.Validator`.

    """
    if not isinstance(as_of, date) or isinstance(as_of, datetime):
        raise BadArgument(f"as_of must be a datetime.date, the day on which the clock starts; it is {as_of!r}")
    options = ServerOptions(
        markets=[market] if isinstance(market, str) else market,
        overlays=_listed(overlay),
        references=references,
        timezone=timezone,
        as_of=as_of,
        database=database,
        imports=parse_imports(imports or [], "imports"),
        speed=speed,
        script=parse_failures(failures or [], "failures"),
        journal=journal,
        journal_payloads=journal_payloads,
        record=record,
        token=token,
        hosts=parse_allowed_hosts("127.0.0.1", allowed_hosts),
        max_body=max_body,
    )
    with ExitStack() as stack:
        mock_server, app = set_up(options, stack)
        listener = listen("127.0.0.1", 0)
        with HttpServer(app, listener):
            yield LiveServer(url_of(listener), mock_server)


def _listed(overlay: Overlay | Sequence[Overlay] | None) -> list[Overlay]:
    if overlay is None:
        return []
    return [overlay] if isinstance(overlay, (str, os.PathLike, Mapping)) else list(overlay)


@pytest.fixture
def mock_server_options() -> dict[str, Any]:
    """Return the arguments of `run_mock_server`. Override this fixture to use ``mock_server``."""
    raise BadArgument("define a fixture mock_server_options that returns at least market and as_of")


@pytest.fixture
def mock_server(mock_server_options: dict[str, Any]) -> Iterator[LiveServer]:
    """Run a mock server for one test."""
    with run_mock_server(**mock_server_options) as running:
        yield running

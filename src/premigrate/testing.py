"""Runs the mock server inside a test: a pytest fixture, and the same as a context manager.

In a test module or ``conftest.py``::

    pytest_plugins = ["premigrate.testing"]

    @pytest.fixture
    def stand_in_options():
        return {"market": MARKET, "as_of": THE_DAY}

    def test_import(stand_in):
        client = MyClient(stand_in.url)
        ...
        stand_in.step()

PYTEST_DONT_REWRITE: this module has no assertions, so pytest need not warn if it is imported before it is a plugin.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import pytest

from premigrate.api import Validator
from premigrate.describe.market import payload_schema
from premigrate.exceptions import BadArgument
from premigrate.mock_server.app import MAX_BODY, make_app
from premigrate.mock_server.hosts import allow_hosts
from premigrate.mock_server.http_server import Server, take_port, url_of
from premigrate.mock_server.scenario import read_failures
from premigrate.mock_server.server import StandIn
from premigrate.mock_server.store import Store
from premigrate.ruleset.load import Overlay
from premigrate.ruleset.references import References


class Running:
    """A mock server that accepts requests. ``url`` is its base URL, without a slash at the end."""

    def __init__(self, url: str, stand_in: StandIn) -> None:
        self.url = url
        self._stand_in = stand_in

    def step(self, seconds: float | None = None) -> datetime:
        """Advance the clock, and return the new time.

        Args:
            seconds: how far; left out, until the next import changes its status.

        """
        return self._stand_in.step(seconds)

    def fail(self, **failure: object) -> None:
        """Add a scripted failure: ``fail(answer="throttled", times=2)``.

        Args:
            **failure: the keys of a ``[[failure]]`` table of a script.

        Raises:
            BadArgument: a key or value is not valid.

        """
        self._stand_in.fail(failure)

    def reset(self) -> None:
        """Delete all imports, and restore the failures that the server was started with."""
        self._stand_in.reset()

    @property
    def imports(self) -> list[dict[str, Any]]:
        """All imports as the status endpoint returns them, with import_supplier and external_account_number."""
        imports: list[dict[str, Any]] = self._stand_in.state()["imports"]
        return imports


@contextmanager
def serving(  # noqa: PLR0913 - one argument per option
    *,
    market: str,
    as_of: date,
    overlay: Overlay | None = None,
    references: References | None = None,
    database: str | None = None,
    speed: float = 0.0,
    failures: list[dict[str, Any]] | None = None,
    token: str | None = None,
    max_body: int = MAX_BODY,
    allowed_hosts: Sequence[str] = (),
) -> Iterator[Running]:
    """Run a mock server on a free loopback port, in a thread, until the ``with`` block ends.

    Args:
        market: as for `premigrate.Validator`, like ``as_of``, ``overlay`` and ``references``.
        as_of: the date used as today.
        overlay: the path or the tables of an overlay.
        references: the reference lists.
        database: the SQLite file for imports; left out, they are in memory.
        speed: seconds that the clock advances per real second; with 0 it advances only by ``step``.
        failures: the ``[[failure]]`` tables of a script.
        token: the token that requests must carry; left out, none.
        max_body: the largest request body that is read, in bytes.
        allowed_hosts: further hosts that requests may name, as with ``--allow-host``.

    Raises:
        BadArgument: an option is not valid.
        MarketUnknown, BadRules: as for `premigrate.Validator`.

    """
    validator = Validator(market=market, as_of=as_of, overlay=overlay, references=references)
    script = read_failures(failures or [], "failures")
    store = Store(database)
    try:
        stand_in = StandIn(validator, store, script, speed=speed)
        app = make_app(
            stand_in,
            lambda: payload_schema(market, overlay, references),
            max_body=max_body,
            token=token,
            hosts=allow_hosts("127.0.0.1", allowed_hosts),
        )
        listener = take_port("127.0.0.1", 0)
        with Server(app, listener):
            yield Running(url_of(listener), stand_in)
    finally:
        store.close()


@pytest.fixture
def stand_in_options() -> dict[str, Any]:
    """Return the arguments of `serving`. Override this fixture to use ``stand_in``."""
    raise BadArgument("define a fixture stand_in_options that returns at least market and as_of")


@pytest.fixture
def stand_in(stand_in_options: dict[str, Any]) -> Iterator[Running]:
    """Run a mock server for one test."""
    with serving(**stand_in_options) as running:
        yield running

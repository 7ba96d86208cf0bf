"""Starts the stand-in for the import API inside a test: a pytest fixture, and the same as a context manager.

In a test module or ``conftest.py``::

    pytest_plugins = ["premigrate.testing"]

    @pytest.fixture
    def stand_in_options():
        return {"market": MARKET, "as_of": THE_DAY}

    def test_import(stand_in):
        client = MyClient(stand_in.url)
        ...
        stand_in.step()

PYTEST_DONT_REWRITE: nothing is asserted here, so whoever imports this before pytest does need not be warned.
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
    """A stand-in that is served. ``url`` is where, without a slash at the end."""

    def __init__(self, url: str, stand_in: StandIn) -> None:
        self.url = url
        self._stand_in = stand_in

    def step(self, seconds: float | None = None) -> datetime:
        """Let time pass: some seconds, or as many as it takes until the next import changes its status."""
        return self._stand_in.step(seconds)

    def fail(self, **failure: object) -> None:
        """Let something fail, in the words of a script: ``fail(answer="throttled", times=2)``.

        Raises:
            BadArgument: the words make no sense.

        """
        self._stand_in.fail(failure)

    def reset(self) -> None:
        """Forget all imports and failures, but those the stand-in was started with."""
        self._stand_in.reset()

    @property
    def imports(self) -> list[dict[str, Any]]:
        """All imports, as status tells them, each with its import_supplier and external_account_number."""
        imports: list[dict[str, Any]] = self._stand_in.state()["imports"]
        return imports


@contextmanager
def serving(  # noqa: PLR0913 - an option each
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
    """Serve a stand-in on a free port of this machine, in a thread, while in ``with``.

    Arguments are those of `premigrate.Validator` and of ``premigrate serve``; but time stands still until it is
    stepped, ``failures`` are the tables of a script, and ``allowed_hosts`` the hosts of ``--allow-host``.

    Raises:
        BadArgument: an option makes no sense.
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
        taken = take_port("127.0.0.1", 0)
        with Server(app, taken):
            yield Running(url_of(taken), stand_in)
    finally:
        store.close()


@pytest.fixture
def stand_in_options() -> dict[str, Any]:
    """Say how the stand-in is started: the arguments of `serving`. To be defined by whoever uses ``stand_in``."""
    raise BadArgument("define a fixture stand_in_options that returns at least market and as_of")


@pytest.fixture
def stand_in(stand_in_options: dict[str, Any]) -> Iterator[Running]:
    """Serve a stand-in for one test."""
    with serving(**stand_in_options) as running:
        yield running

"""Fixtures of several scenarios: a mock server and a client of it."""

from collections.abc import Iterator

import httpx
import pytest

from premigrate.testing import LiveServer, run_mock_server
from tests.payloads import AS_OF


@pytest.fixture
def server() -> Iterator[LiveServer]:
    with run_mock_server(market="dk", as_of=AS_OF) as running:
        yield running


@pytest.fixture
def client(server: LiveServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url) as client:
        yield client

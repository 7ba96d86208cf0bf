"""The fixture that other projects use in their tests: each test has a mock server of its own."""

from typing import Any

import httpx
import pytest

from premigrate.testing import LiveServer
from tests.payloads import AS_OF, good_account

pytest_plugins = ["premigrate.testing"]

PROCESS = "/v2/data-import/accounts/"


@pytest.fixture
def mock_server_options() -> dict[str, Any]:
    return {"market": "pt", "as_of": AS_OF, "failures": [{"answer": "throttled", "times": 1}]}


@pytest.mark.parametrize("_", range(2))
def test_each_test_gets_a_new_mock_server(mock_server: LiveServer, _: int) -> None:
    statuses = [httpx.post(f"{mock_server.url}{PROCESS}", json=good_account("pt")).status_code for _ in range(3)]
    assert statuses == [429, 201, 400]
    mock_server.step()
    assert mock_server.imports[0]["status"] == "IN_PROGRESS"

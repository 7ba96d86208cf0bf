"""The fixture that other projects use in their tests: each test has a stand-in of its own."""

from typing import Any

import httpx
import pytest

from premigrate.testing import Running
from tests.payloads import AS_OF, good_account

pytest_plugins = ["premigrate.testing"]

PROCESS = "/v2/data-import/accounts/"


@pytest.fixture
def stand_in_options() -> dict[str, Any]:
    return {"market": "pt", "as_of": AS_OF, "failures": [{"answer": "throttled", "times": 1}]}


@pytest.mark.parametrize("_", range(2))
def test_every_test_begins_anew(stand_in: Running, _: int) -> None:
    told = [httpx.post(f"{stand_in.url}{PROCESS}", json=good_account("pt")).status_code for _ in range(3)]
    assert told == [429, 201, 400]
    stand_in.step()
    assert stand_in.imports[0]["status"] == "IN_PROGRESS"

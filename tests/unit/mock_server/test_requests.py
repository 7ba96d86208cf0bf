"""The declared length of a request is enforced if it is a valid number."""

import asyncio
from typing import Any

import pytest
from starlette.requests import Request

from premigrate.api import engine_of
from premigrate.mock_server.requests import RequestRejected, read_json_body
from tests.conftest import validator_of


def read(body: bytes, **headers: str) -> Any:
    raw_headers = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    request = Request({"type": "http", "method": "POST", "headers": raw_headers}, receive)
    return asyncio.run(read_json_body(request, engine_of(validator_of("dk")), 100))


@pytest.mark.parametrize("length", ["101", "9" * 5000])
def test_too_large_length_is_refused(length: str) -> None:
    with pytest.raises(RequestRejected) as caught:
        read(b"{}", content_length=length, content_type="application/json")
    assert caught.value.response.status == 413


@pytest.mark.parametrize("length", ["2", "0" * 5000 + "2", "-1", "\N{SUPERSCRIPT TWO}", ""])
def test_other_lengths_are_ignored(length: str) -> None:
    assert read(b"{}", content_length=length, content_type="application/json") == {}

"""An internal error of the mock server gets a response, and is logged with its location alone."""

import socket
import time
from typing import Any

import httpx
import pytest

from premigrate.mock_server.app import create_app
from premigrate.mock_server.http_server import HttpServer, listen, url_of
from premigrate.mock_server.server import MockServer
from premigrate.mock_server.store import Store
from tests.asgi import InProcess
from tests.conftest import tenant_of

PROCESS = "/v2/data-import/accounts/"


def fail(_: object) -> Any:
    raise RuntimeError("SECRET")


def test_internal_error_gets_a_response_and_a_log_line(monkeypatch: pytest.MonkeyPatch) -> None:
    log_lines: list[str] = []
    store = Store()
    mock_server = MockServer([tenant_of("dk")], store)
    monkeypatch.setattr(mock_server, "process", fail)
    app = create_app(mock_server, log=log_lines.append)
    with HttpServer(app, listening_socket := listen("127.0.0.1", 0)):
        response = httpx.post(f"{url_of(listening_socket)}{PROCESS}", json={"SECRET": "SECRET"}, timeout=60)
        assert (response.status_code, response.text) == (500, '{"detail":"A server error occurred.","code":"error"}')
        with socket.create_connection(
            listening_socket.getsockname()
        ) as client:  # and disconnects in the middle of its request
            client.sendall(f"POST {PROCESS} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\nSECRET".encode())
        assert httpx.get(f"{url_of(listening_socket)}{PROCESS}SECRET/SECRET/", timeout=60).status_code == 404
        deadline = time.monotonic() + 60
        while not any("aborted" in line for line in log_lines) and time.monotonic() < deadline:
            time.sleep(0.01)
    store.close()
    assert log_lines[0].startswith("internal error: RuntimeError in test_access_log.py, line ")
    assert sorted(line.rsplit(" ", 2)[0] for line in log_lines[1:]) == [
        f"GET {PROCESS}{{import_supplier_code}}/{{external_identifier}}/ 404",
        f"POST {PROCESS} 500",
        f"POST {PROCESS} aborted",
    ]
    assert "SECRET" not in "".join(log_lines)


def test_health_tells_that_the_database_is_gone() -> None:
    log_lines: list[str] = []
    store = Store()
    app = create_app(MockServer([tenant_of("dk")], store), log=log_lines.append)
    with InProcess(app) as client:
        assert client.request("GET", "/_premigrate/health").status_code == 200
        store.close()
        assert client.request("GET", "/_premigrate/health").status_code == 500
    assert log_lines[1].startswith("the database cannot be used: ")

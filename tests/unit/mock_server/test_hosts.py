"""Requests for a foreign host, or from a web page of one, are refused on every path."""

from collections.abc import Callable, Iterator

import httpx
import pytest
from click.testing import CliRunner

from premigrate import BadArgument
from premigrate.cli.group import commands
from premigrate.mock_server.app import create_app
from premigrate.mock_server.hosts import normalize_host, parse_allowed_hosts, parse_host
from premigrate.mock_server.server import MockServer
from premigrate.mock_server.store import Store
from premigrate.testing import run_mock_server
from tests.asgi import InProcess
from tests.conftest import tenant_of
from tests.payloads import AS_OF

STATE = "/_premigrate/state"
Send = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    store = Store()
    yield store
    store.close()


@pytest.fixture
def send(store: Store) -> Iterator[Send]:
    clients = []

    def send(
        listening: str = "127.0.0.1",
        *allowed: str,
        server_host: str = "127.0.0.1",
        method: str = "GET",
        path: str = STATE,
        headers: list[tuple[str, str]],
    ) -> tuple[int, str]:
        app = create_app(
            MockServer([tenant_of("dk")], store),
            hosts=parse_allowed_hosts(listening, allowed),
        )
        client = InProcess(app, server_host)
        clients.append(client)
        response = client.request(method, path, headers=headers)
        return response.status_code, response.json().get("code", "")

    yield send
    for client in clients:
        client.__exit__(None, None, None)


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:8000", "localhost.", "127.0.0.1:1", "127.8.9.1", "[::1]", "[::ffff:127.0.0.1]"],
)
def test_local_host(send: Send, host: str) -> None:
    assert send(headers=[("host", host)]) == (200, "")


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1", "[::2]"),
        *("", "[", "a b", "a@localhost", "localhost:x", "http://localhost", "localhost,evil.example", "0x7f.1"),
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", STATE), ("POST", "/v2/data-import/accounts/"), ("GET", "/nothing"), ("OPTIONS", "/_premigrate/reset")],
)
def test_foreign_host(send: Send, method: str, path: str, host: str) -> None:
    assert send(method=method, path=path, headers=[("host", host)]) == (400, "premigrate:wrong_host")


def test_two_host_headers(send: Send) -> None:
    assert send(headers=[("host", "localhost"), ("host", "localhost")]) == (400, "premigrate:wrong_host")


def test_address_that_received_the_request(send: Send) -> None:
    headers = [("host", "10.1.2.3:8000")]
    assert send("api.test", server_host="10.1.2.3", headers=headers) == (200, "")
    assert send("api.test", server_host="10.1.2.4", headers=headers) == (400, "premigrate:wrong_host")


def test_allowed_hosts(send: Send) -> None:
    for host, status in (
        ("mock:80", 200),
        ("API.test.", 200),
        ("10.0.0.7", 200),
        ("other", 400),
        ("mock.api.test", 400),
    ):
        assert send("127.0.0.1", "Mock", "api.test", "10.0.0.7", headers=[("host", host)])[0] == status


def test_wildcard_address_allows_every_ip_address(send: Send) -> None:
    for listening in ("0.0.0.0", "::", "[::]"):  # noqa: S104 - nothing listens
        for host, status in (("10.0.0.1:8000", 200), ("[fd00::1]", 200), ("0.0.0.0", 200), ("evil.example", 400)):  # noqa: S104
            assert send(listening, headers=[("host", host)])[0] == status
        assert send(listening, headers=[("host", "10.0.0.1"), ("origin", "http://10.0.0.2")])[0] == 403


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost:8000", 200),
        ("http://localhost", 200),
        ("https://LOCALHOST:3000", 200),
        ("http://127.0.0.1:5173", 200),
        ("http://[::1]:1", 200),
        ("http://mock", 200),
        ("http://evil.example", 403),
        ("http://localhost.evil.example", 403),
        ("http://evil.example:8000", 403),
        ("http://10.0.0.1", 403),
        ("null", 403),
        ("", 403),
        ("localhost", 403),
        ("file://", 403),
        ("moz-extension://localhost", 403),
        ("http://localhost@evil.example", 403),
        ("http://localhost http://evil.example", 403),
    ],
)
@pytest.mark.parametrize("path", ["/_premigrate/reset", "/v2/data-import/accounts/"])
def test_origins(send: Send, path: str, origin: str, status: int) -> None:
    headers = [("host", "localhost:8000"), ("origin", origin)]
    actual, code = send("127.0.0.1", "mock", method="POST", path=path, headers=headers)
    assert (actual == 403) == (status == 403)
    assert (code == "premigrate:wrong_origin") == (status == 403)


@pytest.mark.parametrize("host", ["", "*", "*.test", "http://api.test", "api.test:80", "[::1]:80", "a b", "a/b"])
def test_invalid_allowed_hosts_are_refused(host: str) -> None:
    with pytest.raises(BadArgument, match="is not a host"):
        parse_allowed_hosts("127.0.0.1", [host])


def test_hosts_are_normalized() -> None:
    assert parse_host("[0:0::1]:80") == normalize_host("::1") == "::1"
    assert parse_host("Api.Test.:80") == normalize_host("API.TEST") == "api.test"
    assert parse_host("bücher.test") == "bücher.test"


@pytest.mark.parametrize("host", ["http://api.test", "api.test:8000", "*"])
def test_command_refuses_invalid_allowed_hosts(host: str) -> None:
    options = ["serve", "--market", "dk", "--port", "0", "--allow-host", "api.test", "--allow-host", host]
    result = CliRunner().invoke(commands, options)
    assert isinstance(result.exception, BadArgument)
    assert str(result.exception) == (
        f"{host!r} is not a host; write only its name, such as api.test, or its IP address"
    )


def test_allowed_hosts_of_run_mock_server() -> None:
    with run_mock_server(market="dk", as_of=AS_OF, allowed_hosts=["import-api"]) as started:
        responses = [
            httpx.get(f"{started.url}{STATE}", headers={"host": host}) for host in ("import-api:8000", "other")
        ]
    assert [each.status_code for each in responses] == [200, 400]

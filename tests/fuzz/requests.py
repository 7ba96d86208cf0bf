"""Converts bytes into HTTP requests to the mock server, in process and without a socket, and checks the responses."""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple
from unittest.mock import patch
from urllib.parse import quote, unquote_to_bytes

from starlette.applications import Starlette

import premigrate
from premigrate.api_models import ENDPOINTS, parse_answer
from premigrate.describe.market import payload_components
from premigrate.exceptions import BadArgument
from premigrate.mock_server import app, endpoints
from premigrate.mock_server.scenario import load_scenario
from premigrate.mock_server.server import MockServer
from premigrate.mock_server.store import Store
from premigrate.mock_server.tenants import Tenant
from tests.fuzz.choices import Choices, fast_folder
from tests.payloads import AS_OF, good_account

_MARKET = "dk"
_ACCOUNTS = "/v2/data-import/accounts/"
_ADMIN = "/_premigrate/"
_PATHS = (
    *(f"{_ACCOUNTS}validate/", _ACCOUNTS, f"{_ACCOUNTS}NORLYS/EXTERNAL-1/", f"{_ACCOUNTS}validate", "/", "", "//"),
    *(f"{_ADMIN}failures", f"{_ADMIN}step", f"{_ADMIN}state", f"{_ADMIN}reset", f"{_ADMIN}openapi.json", "/../x/"),
    *(f"{_ADMIN}requests", f"{_ADMIN}health", f"{_ADMIN}imports"),
)
_METHODS = ("POST", "GET", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS", "TRACE", "post", "\u00e9")
_HEADERS = (
    *((b"content-type", each) for each in (b"application/json", b"text/html", b"application/json;charset=\xff", b";")),
    *(
        (b"content-type", b"application/json; charset=" + each)
        for each in (b"utf-16", b"zlib", b"latin-1", b'"', b"idna")
    ),
    *(
        (b"accept", each)
        for each in (b"*/*;indent=3", b"text/html", b"", b"\xff;q=\xff", b"application/json;indent=9e9")
    ),
    *((b"origin", each) for each in (b"null", b"http://localhost", b"http://[", b"\xff")),
    *((b"content-length", each) for each in (b"0", b"99999999", b"9" * 5000, b"-1", b"\xb2", b"1, 1")),
    *((b"host", each) for each in (b"localhost", b"[", b"[::1]:x", b"\xff", b"a@b", b"x/../y")),
    *((b"authorization", each) for each in (b"Token T", b"token", b"Basic \xff", b"")),
    *((b"content-encoding", b"gzip"), (b"transfer-encoding", b"chunked"), (b"expect", b"100-continue"), (b"", b"")),
)
_FAILURES = (
    *({"answer": name} for name in ("throttled", "broken", "imported_already", "no such")),
    *({"lifecycle": name, "code": "\ud800", "detail": "\0"} for name in ("errored", "cancelled", "no such")),
    *({"wait": wait, "times": 1, "endpoint": "status"} for wait in (0.5, 601, -1)),
    {"answer": "throttled", "times": 10**30},
    *({"connection": how, "when": when, "times": 1} for how in ("drop", "truncate") for when in ("before", "after")),
    *({"limit": 1, "per": per} for per in (0.5, 0)),
    {"answer": "broken", "chance": 0.5, "seed": 3, "supplier": "N*", "when": "after"},
    {"account": "[", "answer": "broken", "endpoint": "validate", "retry_after": 10**30},
)
_IMPORTS = (
    {"import_supplier": "NORLYS", "external_account_number": "EXTERNAL-1"},
    {"import_supplier": "N", "external_account_number": "\ud800", "status": "ERRORED"},
    {"import_supplier": "N", "external_account_number": "1", "created_at": "9999-12-31T23:59:59-12:00"},
    {
        "import_supplier": "N",
        "external_account_number": "1",
        "status": "NONE",
        "modified_at": "0001-01-01T00:00:00+12:00",
    },
)
_STEPS: tuple[Any, ...] = (
    {},
    {"seconds": 10},
    {"seconds": 1e9 - 1},
    {"seconds": True},
    {"second": 1},
    [],
    {"seconds": 1e308},
    "",
)
_MAX_REQUESTS, _MAX_BODY, _TOKEN = 8, 50_000, "T"
_LINE = re.compile(r"(?:[A-Z]+|\?) (?:/[\w./{}-]+|another path) (?:\d+|aborted) \d+ ms")


class _Response(NamedTuple):
    status: int
    headers: dict[bytes, bytes]
    body: bytes


class _Request(NamedTuple):
    method: str
    path: str
    query: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    is_cut: bool


async def _no_sleep(_: float) -> None:
    """Send responses that a script delays at once."""


def requests(data: bytes) -> None:
    """Send some requests one after the other: all responses and log lines are well-formed."""
    with patch.object(endpoints, "asyncio", SimpleNamespace(sleep=_no_sleep)), asyncio.Runner() as runner:
        _send_requests(Choices(data), runner)


def _send_requests(choices: Choices, runner: asyncio.Runner) -> None:
    token = _TOKEN if choices.number(4) == 1 else None
    log_lines: list[str] = []
    store = Store()
    try:
        mock_server = MockServer([_tenant()], store, speed=0)
        application = app.create_app(mock_server, max_body=_MAX_BODY, token=token, log=log_lines.append)
        scripted = False
        for _ in range(1 + choices.number(_MAX_REQUESTS)):
            request = _generate_request(choices)
            response = runner.run(_send(application, request, may_be_broken=scripted))
            scripted |= "failures" in request.path
            _check_response(request, response, scripted=scripted)
            if token is None and not scripted and request.path.endswith("validate/"):
                _check_verdict(request, response)
    finally:
        store.close()
    for line in log_lines:
        assert _LINE.fullmatch(line), line


def script(data: bytes) -> None:
    """Load bytes as a script of failures; if it is valid, its state and its responses are JSON."""
    store = Store()
    with tempfile.TemporaryDirectory(dir=fast_folder()) as folder:
        path = Path(folder) / "failures.toml"
        path.write_bytes(data)
        try:
            mock_server = MockServer([_tenant()], store, load_scenario(str(path)), speed=0)
            assert len(mock_server.state()["failures"]) <= data.count(b"failure") + data.count(b"{")
            for _ in range(2):
                for delayed in (mock_server.process({}), mock_server.validate({}), mock_server.status("A", "1")):
                    json.dumps(delayed.response.body)
        except BadArgument as error:
            assert str(error)  # noqa: PT017
        finally:
            store.close()


@cache
def _validator() -> premigrate.Validator:
    return premigrate.Validator(market=_MARKET, as_of=AS_OF)


@cache
def _tenant() -> Tenant:
    return Tenant(_validator(), partial(payload_components, _MARKET))


def _generate_request(choices: Choices) -> _Request:
    path = choices.one_of(_PATHS)
    if choices.number(8) == 1:
        path += unquote_to_bytes(quote(choices.some_bytes())).decode("utf-8", "replace")
    method = ("GET" if "NORLYS" in path or "st" in path else "POST") if choices.number(4) else choices.one_of(_METHODS)
    headers = [_HEADERS[0]] if choices.number(8) else []
    headers += [choices.one_of(_HEADERS) for _ in range(choices.number(3))]
    query = choices.some_bytes() if choices.number(8) == 1 else b""
    body = _generate_body(path, choices)
    return _Request(method, path, query, tuple(headers), body, is_cut=choices.number(16) == 1)


def _generate_body(path: str, choices: Choices) -> bytes:
    """Return the body that a path needs, possibly with changes, or any body."""
    kind = choices.number(8)
    if kind == 1:
        return choices.some_bytes()
    if kind == 2:
        return (b"[" * 2000) if choices.number(2) else b"[" * (_MAX_BODY + choices.number(2))
    value: Any = good_account(_MARKET)
    if "failures" in path:
        value = [choices.one_of(_FAILURES)]
    elif path.endswith("imports"):
        value = [choices.one_of(_IMPORTS)]
    elif "step" in path:
        value = choices.one_of(_STEPS)
    elif choices.number(2):
        value = {"payload": value, "task_params": {"is_dry_run": choices.scalar()}}
    body = choices.changed(value, (good_account(_MARKET), *_FAILURES)) if choices.number(3) else value
    try:
        return json.dumps(body, ensure_ascii=bool(choices.number(2)), default=str).encode("utf-8", "surrogatepass")
    except ValueError:  # a number with more digits than Python converts
        return b'{"payload":' + b"9" * 5000 + b"}"


async def _send(application: Starlette, request: _Request, *, may_be_broken: bool) -> _Response:
    """Act as the ASGI server: pass a request on, in two parts, and collect the response."""
    half = len(request.body) // 2
    messages = [
        {"type": "http.request", "body": request.body[:half], "more_body": True},
        {"type": "http.disconnect"}
        if request.is_cut
        else {"type": "http.request", "body": request.body[half:], "more_body": False},
    ]
    sent: list[Any] = []

    async def receive() -> Any:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": request.path,
        "raw_path": quote(request.path).encode(),
        "query_string": request.query,
        "root_path": "",
        "headers": list(request.headers),
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
        "state": {},
    }
    await application(scope, receive, send)
    if not sent:
        assert request.is_cut or may_be_broken, "there was no response"
        return _Response(0, {}, b"")
    if sent[-1].get("more_body"):
        assert may_be_broken, "the response is not complete"
        return _Response(0, {}, b"")
    return _Response(sent[0]["status"], dict(sent[0]["headers"]), b"".join(each.get("body", b"") for each in sent[1:]))


def _check_response(request: _Request, response: _Response, *, scripted: bool) -> None:
    """Check that a response is JSON of the published form.

    Its status is 500 only if a script demands it, for deep nesting, and for a query with a charset that is no text
    encoding.
    """
    if not response.status:
        return
    has_charset = bool(request.query) and _has_charset(request)
    assert (
        response.status < 500 or scripted or has_charset or request.body.count(b"[") + request.body.count(b"{") > 300
    ), response
    if response.status == 301:
        assert re.fullmatch(rb"/[!-~]*", response.headers[b"location"]), response
        return
    assert response.headers[b"content-type"] == b"application/json"
    if request.method == "HEAD" and not response.body:
        return
    body = json.loads(response.body)
    if (request.path.startswith(_ADMIN) and response.status in {200, 400}) or request.method == "OPTIONS":
        return
    posted = "validate" if request.path.endswith("validate/") else "process"
    endpoint = "status" if request.method == "GET" else posted
    assert endpoint in ENDPOINTS
    parse_answer(endpoint, response.status, body)


def _check_verdict(request: _Request, response: _Response) -> None:
    """Check that the response to a body is that of the validator to its payload."""
    if _has_charset(request) or request.method == "OPTIONS":
        return
    try:
        payload = json.loads(request.body)
    except (ValueError, RecursionError):
        return
    if response.status == 200:
        assert _validator().validate(payload).ok
    elif b"account_failed_validation" in response.body:
        assert json.loads(response.body) == json.loads(_encoded(_validator().validate(payload).response.body))


def _has_charset(request: _Request) -> bool:
    return any(b"charset" in value for _, value in request.headers)


def _encoded(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "backslashreplace")

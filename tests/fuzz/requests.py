"""Turns bytes into HTTP requests to the mock server, in process and without a socket, and looks at what is answered."""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple
from unittest.mock import patch
from urllib.parse import quote, unquote_to_bytes

from starlette.applications import Starlette

import premigrate
from premigrate.api_models import ENDPOINTS, parse_answer
from premigrate.describe.market import payload_schema
from premigrate.exceptions import BadArgument
from premigrate.mock_server import app
from premigrate.mock_server.scenario import load_scenario
from premigrate.mock_server.server import MockServer
from premigrate.mock_server.store import Store
from tests.fuzz.choices import Choices, fast_folder
from tests.payloads import AS_OF, good_account

_MARKET = "dk"
_ACCOUNTS = "/v2/data-import/accounts/"
_ADMIN = "/_premigrate/"
_PATHS = (
    *(f"{_ACCOUNTS}validate/", _ACCOUNTS, f"{_ACCOUNTS}NORLYS/EXTERNAL-1/", f"{_ACCOUNTS}validate", "/", "", "//"),
    *(f"{_ADMIN}failures", f"{_ADMIN}step", f"{_ADMIN}state", f"{_ADMIN}reset", f"{_ADMIN}openapi.json", "/../x/"),
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
    *({"course": name, "code": "\ud800", "detail": "\0"} for name in ("errored", "cancelled", "no such")),
    *({"wait": wait, "times": 1, "endpoint": "status"} for wait in (0.5, 601, -1)),
    {"answer": "throttled", "times": 10**30},
    {"account": "[", "answer": "broken", "endpoint": "validate", "retry_after": 10**30},
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
_MOST, _LARGEST, _TOKEN = 8, 50_000, "T"
_LINE = re.compile(r"(?:[A-Z]+|\?) (?:/[\w./{}-]+|another path) (?:\d+|broken off) \d+ ms")


class _Answer(NamedTuple):
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
    """Answers that a script delays come at once."""


def requests(data: bytes) -> None:
    """Make some requests one after the other; each is answered as published, and no line tells of a mistake."""
    with patch.object(app, "asyncio", SimpleNamespace(sleep=_no_sleep)), asyncio.Runner() as runner:
        _make(Choices(data), runner)


def _make(choices: Choices, runner: asyncio.Runner) -> None:
    token = _TOKEN if choices.number(4) == 1 else None
    told: list[str] = []
    store = Store()
    try:
        mock_server = MockServer(_validator(), store, speed=0)
        made = app.create_app(mock_server, _schema, max_body=_LARGEST, token=token, log=told.append)
        scripted = False
        for _ in range(1 + choices.number(_MOST)):
            request = _made(choices)
            answer = runner.run(_ask(made, request))
            scripted |= "failures" in request.path
            _look(request, answer, scripted=scripted)
            if token is None and not scripted and request.path.endswith("validate/"):
                _look_at_verdict(request, answer)
    finally:
        store.close()
    for line in told:
        assert _LINE.fullmatch(line), line


def script(data: bytes) -> None:
    """Read bytes as a script of failures; what is taken can be shown."""
    store = Store()
    with tempfile.TemporaryDirectory(dir=fast_folder()) as folder:
        path = Path(folder) / "failures.toml"
        path.write_bytes(data)
        try:
            mock_server = MockServer(_validator(), store, load_scenario(str(path)), speed=0)
            assert len(mock_server.state()["failures"]) <= data.count(b"failure") + data.count(b"{")
            for _ in range(2):
                for told in (mock_server.process({}), mock_server.validate({}), mock_server.status("A", "1")):
                    json.dumps(told.response.body)
        except BadArgument as error:
            assert str(error)  # noqa: PT017
        finally:
            store.close()


@cache
def _validator() -> premigrate.Validator:
    return premigrate.Validator(market=_MARKET, as_of=AS_OF)


@cache
def _schema() -> dict[str, Any]:
    return dict(payload_schema(_MARKET))


def _made(choices: Choices) -> _Request:
    path = choices.one_of(_PATHS)
    if choices.number(8) == 1:
        path += unquote_to_bytes(quote(choices.some_bytes())).decode("utf-8", "replace")
    method = ("GET" if "NORLYS" in path or "st" in path else "POST") if choices.number(4) else choices.one_of(_METHODS)
    headers = [_HEADERS[0]] if choices.number(8) else []
    headers += [choices.one_of(_HEADERS) for _ in range(choices.number(3))]
    query = choices.some_bytes() if choices.number(8) == 1 else b""
    body = _body(path, choices)
    return _Request(method, path, query, tuple(headers), body, is_cut=choices.number(16) == 1)


def _body(path: str, choices: Choices) -> bytes:
    """Make the body that a path asks for, with changes; or any."""
    kind = choices.number(8)
    if kind == 1:
        return choices.some_bytes()
    if kind == 2:
        return (b"[" * 2000) if choices.number(2) else b"[" * (_LARGEST + choices.number(2))
    value: Any = good_account(_MARKET)
    if "failures" in path:
        value = [choices.one_of(_FAILURES)]
    elif "step" in path:
        value = choices.one_of(_STEPS)
    elif choices.number(2):
        value = {"payload": value, "task_params": {"is_dry_run": choices.scalar()}}
    made = choices.changed(value, (good_account(_MARKET), *_FAILURES)) if choices.number(3) else value
    try:
        return json.dumps(made, ensure_ascii=bool(choices.number(2)), default=str).encode("utf-8", "surrogatepass")
    except ValueError:  # a number of more digits than Python writes
        return b'{"payload":' + b"9" * 5000 + b"}"


async def _ask(made: Starlette, request: _Request) -> _Answer:
    """Be the server: pass a request on, in two pieces, and take the answer."""
    half = len(request.body) // 2
    pieces = [
        {"type": "http.request", "body": request.body[:half], "more_body": True},
        {"type": "http.disconnect"}
        if request.is_cut
        else {"type": "http.request", "body": request.body[half:], "more_body": False},
    ]
    sent: list[Any] = []

    async def receive() -> Any:
        return pieces.pop(0) if pieces else {"type": "http.disconnect"}

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
    await made(scope, receive, send)
    if not sent:
        assert request.is_cut, "there was no answer"
        return _Answer(0, {}, b"")
    return _Answer(sent[0]["status"], dict(sent[0]["headers"]), b"".join(each.get("body", b"") for each in sent[1:]))


def _look(request: _Request, answer: _Answer, *, scripted: bool) -> None:
    """An answer is JSON of the published form.

    It is 500 where a script wants it, for what is nested too deeply, and where a query has a charset that is not one of
    text.
    """
    if not answer.status:
        return
    is_odd = bool(request.query) and _has_charset(request)
    assert answer.status < 500 or scripted or is_odd or request.body.count(b"[") + request.body.count(b"{") > 300, (
        answer
    )
    if answer.status == 301:
        assert re.fullmatch(rb"/[!-~]*", answer.headers[b"location"]), answer
        return
    assert answer.headers[b"content-type"] == b"application/json"
    if request.method == "HEAD" and not answer.body:
        return
    body = json.loads(answer.body)
    if (request.path.startswith(_ADMIN) and answer.status in {200, 400}) or request.method == "OPTIONS":
        return
    posted = "validate" if request.path.endswith("validate/") else "process"
    endpoint = "status" if request.method == "GET" else posted
    assert endpoint in ENDPOINTS
    parse_answer(endpoint, answer.status, body)


def _look_at_verdict(request: _Request, answer: _Answer) -> None:
    """What is answered to a body is what is found in its payload."""
    if _has_charset(request) or request.method == "OPTIONS":
        return
    try:
        payload = json.loads(request.body)
    except (ValueError, RecursionError):
        return
    if answer.status == 200:
        assert _validator().validate(payload).ok
    elif b"account_failed_validation" in answer.body:
        assert json.loads(answer.body) == json.loads(_encoded(_validator().validate(payload).response.body))


def _has_charset(request: _Request) -> bool:
    return any(b"charset" in value for _, value in request.headers)


def _encoded(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "backslashreplace")

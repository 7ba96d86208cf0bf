"""Scripted failures of a mock server: late ones, broken connections, limits by rate, and failures by chance."""

import http.client
import json
import re
import signal
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from premigrate import BadArgument
from premigrate.testing import LiveServer
from tests.scenarios.test_serve_process import PROCESS, good, served


def test_import_is_taken_although_the_answer_is_an_error(client: httpx.Client, server: LiveServer) -> None:
    server.add_failure(answer="broken", when="after", times=1)
    assert client.post(PROCESS, json=good()).status_code == 500
    assert client.get(f"{PROCESS}NORLYS/A/").json()["status"] == "PENDING"
    assert client.post(PROCESS, json=good()).json()["non_field_errors"]["code"].endswith("already_imported")
    server.add_failure(answer="broken", when="after", lifecycle="errored", times=1)
    assert client.post(PROCESS, json=good("B")).status_code == 500
    server.step(10)
    assert client.get(f"{PROCESS}NORLYS/B/").json()["status"] == "ERRORED"


@pytest.mark.parametrize(("when", "imports"), [("before", 0), ("after", 1)])
def test_dropped_connection(client: httpx.Client, server: LiveServer, when: str, imports: int) -> None:
    server.add_failure(connection="drop", when=when, times=1)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        client.post(PROCESS, json=good())
    assert len(server.imports) == imports
    assert client.post(PROCESS, json=good()).status_code == (400 if imports else 201)


def test_truncated_body(client: httpx.Client, server: LiveServer) -> None:
    server.add_failure(connection="truncate", times=1)
    server.add_failure(connection="truncate", endpoint="status", times=1)
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=30)
    for method, path, body in (("POST", PROCESS, json.dumps(good())), ("GET", f"{PROCESS}NORLYS/A/", None)):
        connection.request(method, path, body, {"content-type": "application/json"})
        response = connection.getresponse()
        with pytest.raises(http.client.IncompleteRead) as caught:
            response.read()
        assert (response.status, len(caught.value.partial)) == (
            201 if method == "POST" else 200,
            int(response.headers["content-length"]) // 2,
        )
        connection.close()
    assert client.get(f"{PROCESS}NORLYS/A/").status_code == 200, "the import was taken"
    server.add_failure(connection="truncate", answer="broken", times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        client.post(PROCESS, json=good("B"))
    assert len(server.imports) == 1, "an answer instead of the import is truncated"


def test_limit_by_rate(client: httpx.Client, server: LiveServer) -> None:
    server.add_failure(limit=3, per=0.9, endpoint="status")
    path, statuses = f"{PROCESS}NORLYS/A/", []
    for _ in range(5):
        response = client.get(path)
        statuses.append(response.status_code)
    assert statuses == [404, 404, 404, 429, 429]
    assert (response.headers["retry-after"], response.json()["code"]) == ("1", "throttled")
    time.sleep(1)
    assert client.get(path).status_code == 404, "it is allowed after the time that Retry-After says"


def test_failures_by_chance_are_the_same_in_any_order(client: httpx.Client, server: LiveServer) -> None:
    numbers = [f"A-{number}" for number in range(60)]

    def failing(order: list[str], seed: int) -> list[str]:
        server.reset()
        server.add_failure(answer="broken", endpoint="status", chance=0.3, seed=seed)
        return sorted(each for each in order if client.get(f"{PROCESS}NORLYS/{each}/").status_code == 500)

    first = failing(numbers, 1)
    assert 5 < len(first) < 35
    assert failing(numbers[::-1], 1) == first
    assert failing(numbers, 2) != first
    assert {client.get(f"{PROCESS}NORLYS/{first[0]}/").status_code for _ in range(30)} == {404, 500}, "tries differ"


def test_failures_of_a_supplier(client: httpx.Client, server: LiveServer) -> None:
    server.add_failure(answer="broken", endpoint="status", supplier="NORLYS*")
    assert client.get(f"{PROCESS}NORLYS/A/").status_code == 500
    assert client.get(f"{PROCESS}OTHER/A/").status_code == 404


@pytest.mark.parametrize(
    ("failure", "message"),
    [
        ({"answer": "broken", "lifecycle": "errored"}, "answer and lifecycle together require"),
        ({"connection": "drop", "lifecycle": "errored"}, "no import is created before"),
        ({"limit": 1, "chance": 0.5, "answer": "broken"}, "limit and chance exclude each other"),
        ({"chance": 0, "answer": "broken"}, "greater than 0"),
        ({"connection": "close"}, "'drop' or 'truncate'"),
        ({"chance": 0.5}, "answer, connection, lifecycle or wait is missing"),
    ],
)
def test_contradictions(server: LiveServer, failure: dict[str, Any], message: str) -> None:
    with pytest.raises(BadArgument, match=re.escape(message)):
        server.add_failure(**failure)


def test_broken_connections_are_logged_and_nothing_else(tmp_path: Path) -> None:
    script = tmp_path / "failures.toml"
    script.write_text(
        '[[failure]]\nconnection = "drop"\ntimes = 1\n[[failure]]\nconnection = "truncate"\ntimes = 1\n', "utf-8"
    )
    with served("--scenario", script) as (url, process):
        for _ in range(2):
            with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
                httpx.post(f"{url}{PROCESS}", json=good())
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert [line.rsplit(" ", 2)[0] for line in err.splitlines()] == [
        "POST /v2/data-import/accounts/ aborted",
        "POST /v2/data-import/accounts/ 201",
    ]


def test_sigterm_ends_a_server_with_a_slow_answer(tmp_path: Path) -> None:
    script = tmp_path / "failures.toml"
    script.write_text("[[failure]]\nwait = 300\n", "utf-8")
    with served("--scenario", script) as (url, process):
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{url}{PROCESS}", json=good(), timeout=0.5)
        with httpx.Client(base_url=url) as client, pytest.raises(httpx.ReadTimeout):
            client.post(PROCESS, json=good(), timeout=0.5)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in err

"""A mock server tells which requests it got, by its fixture and over HTTP, and never what persons are in them."""

import json

import httpx
import pytest

from premigrate import BadArgument
from premigrate.mock_server import journal
from premigrate.testing import LiveServer, run_mock_server
from tests.payloads import AS_OF
from tests.scenarios.test_serve_process import PROCESS, good, served

REQUESTS = "/_premigrate/requests"


def test_requests_are_found_by_endpoint_account_supplier_and_status(client: httpx.Client, server: LiveServer) -> None:
    server.add_failure(connection="drop", when="after", account="B", times=1)
    client.post(f"{PROCESS}validate/", json=good())
    for _ in range(2):
        client.post(PROCESS, json={"payload": good()})
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        client.post(PROCESS, json=good("B"))
    for _ in range(3):
        client.get(f"{PROCESS}NORLYS/A/")
    client.get(f"{PROCESS}OTHER/A/")
    client.post(PROCESS, content="{", headers={"content-type": "application/json"})
    client.put(PROCESS)

    assert [each.status for each in server.requests("process", external_account_number="A")] == [201, 400]
    server.assert_called("process", times=2, external_account_number="A")
    server.assert_called("status", times=3, import_supplier="NORLYS")
    server.assert_called("status", times=1, status=404)
    server.assert_called("process", times=1, status=0, external_account_number="B")
    server.assert_called("process", times=0, external_account_number="C")
    server.assert_called("validate")
    assert [(each.method, each.status, each.external_account_number) for each in server.requests("process")[3:]] == [
        ("POST", 400, ""),
        ("PUT", 405, ""),
    ]
    assert [each.number for each in server.requests()] == list(range(1, 11))
    assert all(each.payload is None for each in server.requests())

    asked = client.get(REQUESTS, params={"endpoint": "process", "external_account_number": "A"}).json()
    assert (asked["count"], asked["forgotten"]) == (2, 0)
    assert asked["requests"][0] == {
        "number": 2,
        "at": "2026-01-31T12:00:00+01:00",
        "endpoint": "process",
        "method": "POST",
        "import_supplier": "NORLYS",
        "external_account_number": "A",
        "status": 201,
    }
    assert client.get(REQUESTS, params={"status": "0"}).json()["count"] == 1
    assert client.delete(REQUESTS).status_code == 200
    assert client.get(REQUESTS).json() == {"count": 0, "forgotten": 0, "requests": []}
    client.get(f"{PROCESS}NORLYS/A/")
    server.reset()
    assert server.requests() == []


@pytest.mark.parametrize("query", [{"account": "A"}, {"status": "x"}, {"status": "-1"}, {"endpoint": "stage"}])
def test_wrong_queries(client: httpx.Client, query: dict[str, str]) -> None:
    response = client.get(REQUESTS, params=query)
    assert (response.status_code, response.json()["code"]) == (400, "premigrate:bad_argument")


def test_failed_assertion_lists_the_requests(client: httpx.Client, server: LiveServer) -> None:
    for _ in range(2):
        client.post(PROCESS, json=good())
    with pytest.raises(AssertionError) as caught:
        server.assert_called("process", times=1, external_account_number="A")
    assert str(caught.value) == (
        "expected 1 request with endpoint='process', external_account_number='A'\n"
        "  there were 2\n"
        "  #1 2026-01-31T12:00:00+01:00 POST process NORLYS/A 201\n"
        "  #2 2026-01-31T12:00:00+01:00 POST process NORLYS/A 400"
    )
    with pytest.raises(AssertionError, match=r"at least 1 request.*'status'\n  there were 0, and 2 others"):
        server.assert_called("status")
    with pytest.raises(BadArgument, match="endpoint must be one of"):
        server.assert_called("stage")  # type: ignore[arg-type]


def test_journal_is_bounded() -> None:
    with run_mock_server(market="dk", as_of=AS_OF, journal=3) as server:
        for number in range(5):
            httpx.get(f"{server.url}{PROCESS}NORLYS/{number}/")
        assert [each.external_account_number for each in server.requests()] == ["2", "3", "4"]
        server.assert_called("status", external_account_number="4")
        with pytest.raises(AssertionError, match="2 older requests are no longer in the journal"):
            server.assert_called("status", times=0, external_account_number="0")


def test_payloads_are_kept_only_if_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(json.dumps(good()))
    monkeypatch.setattr(journal, "MAX_PAYLOADS", 2 * size)
    with run_mock_server(market="dk", as_of=AS_OF, journal_payloads=True) as server:
        for number in "ABC":
            httpx.post(f"{server.url}{PROCESS}", json=good(number))
        assert [each.payload for each in server.requests()] == [good("B"), good("C")], "the oldest is forgotten"
        assert httpx.get(f"{server.url}{REQUESTS}").json()["requests"][0]["payload"] == good("B")
        assert "payload" not in str(server.requests()[0])


def test_options_of_the_command() -> None:
    with served("--journal", "1", "--journal-payloads") as (url, _):
        for number in "AB":
            httpx.post(f"{url}{PROCESS}", json=good(number))
        found = httpx.get(f"{url}{REQUESTS}").json()
    assert (found["count"], found["forgotten"], found["requests"][0]["payload"]) == (1, 1, good("B"))

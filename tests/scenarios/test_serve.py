"""The mock server gives every answer as the API and its framework do."""

import http.client
import json
import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx
import pytest

from premigrate import BadArgument
from premigrate.api_models import AlreadyImported, Detail, ImportStatus, NotValid, Refused, parse_answer
from premigrate.testing import LiveServer, run_mock_server
from tests.payloads import AS_OF, good_account, put

PROCESS = "/v2/data-import/accounts/"
VALIDATE = f"{PROCESS}validate/"
JSON = {"content-type": "application/json"}
NOT_FOUND = '{"detail":"The requested resource was not found.","code":"not_found"}'


@pytest.fixture(scope="module")
def started() -> Iterator[LiveServer]:
    with run_mock_server(market="dk", as_of=AS_OF) as running:
        yield running


@pytest.fixture
def mock_server(started: LiveServer) -> LiveServer:
    started.reset()
    return started


@pytest.fixture
def client(mock_server: LiveServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=mock_server.url) as client:
        yield client


def good(number: object = "EXTERNAL-1") -> dict[str, Any]:
    account: dict[str, Any] = put(good_account("dk"), "external_account_number", number)
    return account


def bad() -> dict[str, Any]:
    account: dict[str, Any] = put(good(), "customers.0.landline", "abcde")
    return account


def status_of(client: httpx.Client, number: str = "EXTERNAL-1") -> ImportStatus:
    response = client.get(f"{PROCESS}NORLYS/{number}/")
    answer = parse_answer("status", response.status_code, response.json())
    assert isinstance(answer, ImportStatus)
    return answer


def test_from_validate_to_already_imported(client: httpx.Client, mock_server: LiveServer) -> None:
    assert (client.post(VALIDATE, json=good()).status_code, client.post(VALIDATE, json=good()).text) == (200, "{}")
    refused = client.post(VALIDATE, json={"payload": bad()})
    answer = parse_answer("validate", refused.status_code, refused.json())
    assert isinstance(answer, Refused)
    assert [error.attr for error in answer.errors] == ["customers.0.landline"]
    assert isinstance(parse_answer("process", 400, client.post(PROCESS, json=bad()).json()), NotValid)
    assert client.get(f"{PROCESS}NORLYS/EXTERNAL-1/").text == NOT_FOUND

    scheduled = client.post(PROCESS, json={"payload": good()})
    assert (scheduled.status_code, scheduled.text, scheduled.headers["content-type"]) == (
        201,
        "{}",
        JSON["content-type"],
    )
    seen = [status_of(client)]
    for _ in range(3):
        again = parse_answer("process", 400, client.post(PROCESS, json=bad()).json())
        assert isinstance(again, AlreadyImported)
        assert again.account_id == seen[-1].kraken_identifier
        mock_server.step()
        seen.append(status_of(client))
    assert [each.status for each in seen] == ["PENDING", "IN_PROGRESS", "PROCESSED", "PROCESSED"]
    assert [each.kraken_identifier is None for each in seen] == [True, True, False, False]
    assert seen[0].created_at == seen[2].created_at < seen[1].modified_at < seen[2].modified_at
    assert mock_server.imports[0]["external_account_number"] == "EXTERNAL-1"
    mock_server.reset()
    assert client.get(f"{PROCESS}NORLYS/EXTERNAL-1/").status_code == 404


def test_number_and_supplier_are_the_key(client: httpx.Client) -> None:
    assert client.post(PROCESS, json=good("1/ø %")).status_code == 201
    assert client.post(PROCESS, json=good(7)).status_code == 201
    assert client.post(PROCESS, json=good(" 7 ")).status_code == 400
    assert client.get(f"{PROCESS}NORLYS/7/").status_code == 200
    assert client.get(f"{PROCESS}OTHER/7/").status_code == 404
    assert client.get(f"{PROCESS}NORLYS/1%2F%C3%B8%20%25/").status_code == 404, "a slash is never part of an identifier"


@pytest.mark.parametrize(
    ("failure", "parameters", "final_status"),
    [
        ({"lifecycle": "errored", "code": "tariff_gone", "detail": "Gone."}, {}, "ERRORED"),
        ({"lifecycle": "cancelled"}, {}, "CANCELLED"),
        ({}, {"is_dry_run": True}, "DRY_RUN_SUCCEEDED"),
        ({"lifecycle": "errored", "code": "tariff_gone", "detail": "Gone."}, {"is_dry_run": "yes"}, "DRY_RUN_ERRORED"),
    ],
)
def test_unsuccessful_import_can_be_sent_again(
    client: httpx.Client,
    mock_server: LiveServer,
    failure: dict[str, Any],
    parameters: dict[str, Any],
    final_status: str,
) -> None:
    if failure:
        mock_server.add_failure(account="EXTERNAL-*", times=1, **failure)
    request = {"payload": good(), "task_params": parameters}
    assert client.post(PROCESS, json=request).status_code == 201
    assert client.post(PROCESS, json=request).status_code == 400
    mock_server.step(10)
    status = status_of(client)
    assert (status.status, status.kraken_identifier) == (final_status, None)
    assert (status.latest_error is not None) == ("ERRORED" in final_status)
    if status.latest_error:
        error = status.latest_error
        assert (error.code, error.detail, error.domain) == ("tariff_gone", "Gone.", "account_import")
    assert client.post(PROCESS, json=good()).status_code == 201
    mock_server.step(10)
    again = status_of(client)
    assert (again.status, again.latest_error, again.created_at) == ("PROCESSED", None, status.created_at)


@pytest.mark.parametrize("parameters", [7, [], {"is_dry_run": "perhaps"}, {"is_dry_run": None}])
def test_invalid_task_parameters(client: httpx.Client, parameters: object) -> None:
    assert client.post(PROCESS, json={"payload": good(), "task_params": parameters}).status_code == 400
    assert client.post(PROCESS, json={"payload": good(), "task_params": None}).status_code == 201


def test_scripted_answers(client: httpx.Client, mock_server: LiveServer) -> None:
    mock_server.add_failure(answer="throttled", times=2, retry_after=3)
    mock_server.add_failure(answer="broken", times=1)
    mock_server.add_failure(answer="imported_already", account="EXTERNAL-1", times=1)
    mock_server.add_failure(answer="broken", account="NOBODY")
    responses = [client.post(PROCESS, json=good()) for _ in range(5)]
    assert [each.status_code for each in responses] == [429, 429, 500, 400, 400], "imported already stays"
    assert [each.headers.get("retry-after") for each in responses] == ["3", "3", None, None, None]
    assert responses[0].json() == {
        "detail": "Request was throttled. Expected available in 3 seconds.",
        "code": "throttled",
    }
    assert responses[2].json() == {"detail": "A server error occurred.", "code": "error"}
    assert responses[3].json()["account_id"].startswith("A-")
    mock_server.add_failure(answer="broken", endpoint="status", times=1)
    mock_server.add_failure(answer="throttled", endpoint="validate", times=1)
    assert [client.get(f"{PROCESS}NORLYS/EXTERNAL-1/").status_code for _ in range(2)] == [500, 200]
    assert [client.post(VALIDATE, json=good()).status_code for _ in range(2)] == [429, 200]


def test_slow_answers_do_not_delay_others(client: httpx.Client, mock_server: LiveServer) -> None:
    mock_server.add_failure(account="SLOW", wait=0.6)
    with pytest.raises(httpx.ReadTimeout):
        client.post(PROCESS, json=good("SLOW"), timeout=0.2)
    assert client.post(PROCESS, json=good("FAST"), timeout=0.5).status_code == 201
    assert client.get(f"{PROCESS}NORLYS/SLOW/").status_code == 200, "the import happens although the client timed out"


def test_concurrent_requests_schedule_an_account_once(mock_server: LiveServer) -> None:
    statuses: list[int] = []
    begin = threading.Barrier(100)

    def post() -> None:
        connection = http.client.HTTPConnection(mock_server.url.removeprefix("http://"), timeout=30)
        begin.wait()
        connection.request("POST", PROCESS, body=json.dumps(good()), headers=JSON)
        statuses.append(connection.getresponse().status)
        connection.close()

    threads = [threading.Thread(target=post) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201] + [400] * 99
    assert len(mock_server.imports) == 1


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        (b'{"a": 1,\n}', "Illegal trailing comma before end of object: line 1 column 8 (char 7)"),
        (b" ", "Expecting value: line 1 column 2 (char 1)"),
        (b'{"a": NaN}', "Out of range float values are not JSON compliant: 'NaN'"),
        (b"\xef\xbb\xbf{}", "Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)"),
        (b"\xff", "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
        (b"{} {}", "Extra data: line 1 column 4 (char 3)"),
    ],
)
@pytest.mark.parametrize("path", [PROCESS, VALIDATE])
def test_malformed_bodies(client: httpx.Client, path: str, body: bytes, detail: str) -> None:
    response = client.post(path, content=body, headers=JSON)
    assert response.status_code == 400
    assert response.json() == {"detail": f"JSON parse error - {detail}", "code": "parse_error"}


def test_bodies_that_are_no_objects_are_validated(client: httpx.Client) -> None:
    for body in ("[]", "null", "7", '"x"', "{}"):
        response = client.post(VALIDATE, content=body, headers=JSON)
        assert isinstance(parse_answer("validate", 400, response.json()), Refused)
    assert client.post(VALIDATE).json() == client.post(VALIDATE, json={}).json(), "an empty body is an empty object"
    assert client.post(VALIDATE, content="[" * 200_000, headers=JSON).status_code in {400, 500}


def test_http_errors_and_redirects(client: httpx.Client) -> None:
    text = client.post(PROCESS, content="{}", headers={"content-type": "text/plain"})
    assert (text.status_code, text.json()["code"]) == (415, "unsupported_media_type")
    assert text.json()["detail"] == 'Unsupported media type "text/plain" in request.'
    assert (
        client.post(VALIDATE, content=json.dumps(good()), headers={"content-type": "Application/JSON; x=y"}).text
        == "{}"
    )
    not_allowed = client.put(PROCESS, json={})
    assert (not_allowed.status_code, not_allowed.headers["allow"]) == (405, "POST, OPTIONS")
    assert not_allowed.json() == {"detail": 'Method "PUT" not allowed.', "code": "method_not_allowed"}
    assert client.post(f"{PROCESS}NORLYS/1/").status_code == 405
    redirect = client.post(f"{PROCESS}validate?x=ø", json=good())
    assert (redirect.status_code, redirect.headers["location"]) == (301, f"{VALIDATE}?x=%C3%B8")
    other_host = client.get(f"{PROCESS}validate?x=1", headers={"host": "localhost:1"})
    assert (other_host.status_code, other_host.headers["location"]) == (301, f"{VALIDATE}?x=1")
    for path in ("/", "/v2/data-import/", "/v1/data-import/accounts/", f"{PROCESS}a/b/c/", "/_premigrate/"):
        assert (client.get(path).status_code, client.get(path).text) == (404, NOT_FOUND)


def test_large_bodies() -> None:
    text = json.dumps(good()).encode()
    with (
        run_mock_server(market="dk", as_of=AS_OF, max_body=len(text)) as mock_server,
        httpx.Client(base_url=mock_server.url) as client,
    ):
        assert client.post(VALIDATE, content=text, headers=JSON).status_code == 200
        large = client.post(VALIDATE, content=text + b" ", headers=JSON)
        assert (large.status_code, large.json()["code"]) == (413, "request_too_large")
        assert large.json()["detail"] == f"The request has more than {len(text)} bytes."
        parts = iter([text, b" "])  # without Content-Length
        assert client.post(VALIDATE, content=parts, headers=JSON).status_code == 413


def test_token() -> None:
    token = "t" * 20
    with (
        run_mock_server(market="dk", as_of=AS_OF, token=token) as mock_server,
        httpx.Client(base_url=mock_server.url) as client,
    ):
        for method, path in (("POST", PROCESS), ("POST", VALIDATE), ("GET", f"{PROCESS}NORLYS/1/"), ("PUT", PROCESS)):
            missing = client.request(method, path)
            assert (missing.status_code, missing.json()["code"]) == (401, "not_authenticated")
            assert missing.headers["www-authenticate"] == "Token"
            wrong = client.request(method, path, headers={"authorization": "Token other"})
            assert (wrong.status_code, wrong.json()) == (
                401,
                {"detail": "Invalid token.", "code": "authentication_failed"},
            )
        right = {"authorization": f"Token {token}"}
        assert client.post(PROCESS, json=good(), headers=right).status_code == 201
        assert client.get("/_premigrate/openapi.json").json()["security"] == [{"token": []}]


def test_admin_calls(client: httpx.Client) -> None:
    assert client.post(PROCESS, json=good()).status_code == 201
    before = client.get("/_premigrate/state").json()
    assert before["imports"][0]["status"] == "PENDING"
    assert client.post("/_premigrate/step").status_code == 200
    assert client.post("/_premigrate/step", json={"seconds": 2.5}).json()["now"] > before["now"]
    assert status_of(client).status == "IN_PROGRESS"
    assert client.post("/_premigrate/failures", json=[{"answer": "broken"}, {"answer": "throttled"}]).status_code == 200
    failures = client.get("/_premigrate/state").json()["failures"]
    assert failures == [{"answer": "broken", "remaining": None}, {"answer": "throttled", "remaining": None}]
    assert client.post(PROCESS, json=good()).status_code == 500
    assert client.delete("/_premigrate/failures").status_code == 200
    assert client.post(PROCESS, json=good()).status_code == 400
    assert client.post("/_premigrate/reset").status_code == 200
    assert client.get("/_premigrate/state").json()["imports"] == []
    for path, body in (("step", {"seconds": -1}), ("step", {"second": 1}), ("step", 7), ("failures", {"answer": "x"})):
        response = client.post(f"/_premigrate/{path}", json=body)
        answer = parse_answer("process", response.status_code, response.json())
        assert isinstance(answer, Detail)
        assert answer.code == "premigrate:bad_argument"


def test_other_markets_and_profiles() -> None:
    from tests.unit.test_answers import EVENTFUL

    with (
        run_mock_server(market="pt", as_of=AS_OF, overlay=EVENTFUL) as mock_server,
        httpx.Client(base_url=mock_server.url) as client,
    ):
        account = good_account("pt")
        assert client.post(PROCESS, json=account).status_code == 201
        path = f"{PROCESS}{account['import_supplier']}/{account['external_account_number']}/"
        first = client.get(path).json()
        assert first["latest_event"] == {
            "event": "EVENT_ACCOUNT_IMPORT_PROCESS_CREATED",
            "occurred_at": first["created_at"],
            "data": None,
        }
        mock_server.step(10)
        assert client.get(path).json()["latest_event"]["event"] == "EVENT_ACCOUNT_IMPORT_PROCESS_PROCESSED"


def test_invalid_options() -> None:
    with pytest.raises(BadArgument, match="as_of"), run_mock_server(market="dk", as_of="today"):  # type: ignore[arg-type]
        pass
    with pytest.raises(BadArgument), run_mock_server(market="dk", as_of=date(2026, 1, 31), failures=[{"answer": "x"}]):
        pass

"""Imports that exist at the start, and scripted ones: status and later posts agree with them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from premigrate import BadArgument
from premigrate.api_models import AlreadyImported, parse_answer
from premigrate.testing import LiveServer, run_mock_server
from tests.command import invoke as run
from tests.payloads import AS_OF
from tests.scenarios.test_serve_process import PROCESS, SERVE, good, served

IMPORTS = "/_premigrate/imports"


def existing(number: str, **other: Any) -> dict[str, Any]:
    return {"import_supplier": "NORLYS", "external_account_number": number, **other}


@pytest.fixture
def server() -> Iterator[LiveServer]:
    with run_mock_server(market="dk", as_of=AS_OF, imports=[existing("SEED", kraken_identifier="A-1")]) as running:
        yield running


def account_id(client: httpx.Client, number: str) -> str | None:
    """Post an account that is imported already, and return the account number of that answer and of the status."""
    answer = parse_answer("process", 400, client.post(PROCESS, json=good(number)).json())
    assert isinstance(answer, AlreadyImported)
    status = client.get(f"{PROCESS}NORLYS/{number}/").json()
    assert answer.account_id == status["kraken_identifier"]
    return answer.account_id


def test_existing_imports_are_imported_already(client: httpx.Client, server: LiveServer) -> None:
    assert account_id(client, "SEED") == "A-1"
    server.add_import(**existing("B"))
    assert (account_id(client, "B") or "").startswith("A-")
    server.reset()
    assert [each["external_account_number"] for each in server.imports] == ["SEED"], "a reset goes back to the start"


def test_existing_imports_have_the_status_that_is_said(client: httpx.Client, server: LiveServer) -> None:
    error = {"code": "tariff_gone", "detail": "Gone."}
    server.add_import(**existing("B", status="ERRORED", latest_error=error, created_at="2026-01-01T10:00:00Z"))
    server.add_import(**existing("C", status="IN_PROGRESS"))
    failed = client.get(f"{PROCESS}NORLYS/B/").json()
    assert failed["latest_error"] == {**error, "domain": "account_import"}
    assert failed["created_at"] == "2026-01-01T11:00:00+01:00"
    assert client.post(PROCESS, json=good("B")).status_code == 201
    assert account_id(client, "C") is None
    server.step()
    assert client.get(f"{PROCESS}NORLYS/C/").json()["status"] == "PROCESSED", "it goes on"


def test_state_of_one_server_starts_another(client: httpx.Client, server: LiveServer, tmp_path: Path) -> None:
    client.post(PROCESS, json=good("B"))
    server.step(60)
    server.add_import(**existing("C", status="CANCELLED"))
    state = client.get("/_premigrate/state")
    for name, text in (
        ("state.json", state.text),
        ("imports.ndjson", "\n".join(json.dumps(each) for each in state.json()["imports"])),
    ):
        (tmp_path / name).write_text(text, "utf-8")
        with served("--imports", tmp_path / name) as (url, _):
            assert httpx.get(f"{url}/_premigrate/state").json()["imports"] == state.json()["imports"]
    with run_mock_server(market="dk", as_of=AS_OF) as other:
        assert httpx.post(f"{other.url}{IMPORTS}", json=state.json()).status_code == 200
        assert other.imports == server.imports


def test_restart_keeps_what_became_of_an_existing_import(tmp_path: Path) -> None:
    file = tmp_path / "imports.json"
    file.write_text(json.dumps([existing("A", status="ERRORED")]), "utf-8")
    options = ("--imports", file, "--database", tmp_path / "imports.db", "--speed", "0")
    with served(*options) as (url, process):
        assert httpx.post(f"{url}{PROCESS}", json=good("A")).status_code == 201
        process.kill()
        process.wait()
    with served(*options) as (url, _):
        assert httpx.get(f"{url}{PROCESS}NORLYS/A/").json()["status"] == "PENDING"


def test_scripted_imported_already_stays_true(client: httpx.Client, server: LiveServer) -> None:
    server.add_failure(answer="imported_already", times=2)
    first = account_id(client, "NEW")
    assert first is not None
    assert client.get(f"{PROCESS}NORLYS/NEW/").json()["status"] == "PROCESSED"
    assert account_id(client, "NEW") == first
    assert account_id(client, "NEW") == first, "without a failure, too"
    assert client.post(PROCESS, json=good("OTHER")).status_code == 201
    server.add_failure(answer="imported_already", times=1)
    assert account_id(client, "OTHER") is None, "an import that is under way stays"


WRONG: list[tuple[Any, str]] = [
    ({}, "import_supplier: Field required"),
    ([existing("A"), existing("")], "import 2 external_account_number"),
    (existing("A", account=1), "unknown key; the keys are import_supplier, "),
    (existing("A", status="DONE"), "unknown status 'DONE' of an import; choose one of: PENDING, "),
    (existing("A", created_at="2026-01-01T10:00:00"), "timezone"),
    (existing("A", created_at="9999-12-31T23:59:59-12:00"), "must be a time in the years 1900 to 9000"),
    (7, "import 1: must be an object"),
]


@pytest.mark.parametrize(("data", "message"), WRONG)
def test_wrong_imports(client: httpx.Client, server: LiveServer, data: Any, message: str, tmp_path: Path) -> None:
    response = client.post(IMPORTS, json=data)
    assert (response.status_code, message in response.json()["detail"]) == (400, True), response.json()
    assert len(server.imports) == 1
    file = tmp_path / "imports.json"
    file.write_text(json.dumps(data), "utf-8")
    code, out, err = run(*SERVE, "--imports", file)
    assert (code, out, message in err) == (2, "", True), err


@pytest.mark.parametrize(
    ("text", "message"), [(b"{}\n{", ":2: not JSON"), (b"\xff", "not UTF-8"), (None, "cannot be read")]
)
def test_unreadable_files(text: bytes | None, message: str, tmp_path: Path) -> None:
    file = tmp_path / "imports.ndjson"
    if text is not None:
        file.write_bytes(text)
    code, _, err = run(*SERVE, "--imports", file)
    assert (code, message in err) == (2, True), err


def test_wrong_import_of_the_fixture(server: LiveServer) -> None:
    with pytest.raises(BadArgument, match="unknown key"):
        server.add_import(account="A")

"""What a mock server records, `premigrate compare` reads, and finds no difference."""

import json
import resource
import stat
from pathlib import Path
from typing import Any

import httpx
import pytest

from premigrate import BadArgument
from premigrate.mock_server.recording import Recording
from premigrate.results import Response
from premigrate.testing import run_mock_server
from tests.command import invoke as run
from tests.payloads import AS_OF, good_account, put
from tests.scenarios.test_serve_process import PROCESS, SERVE, served

JSON = {"content-type": "application/json"}


def good(market: str, number: str) -> dict[str, Any]:
    account: dict[str, Any] = put(good_account(market), "external_account_number", number)
    return account


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_recorded_calls_are_as_predicted(tmp_path: Path) -> None:
    record = tmp_path / "calls.ndjson"
    with run_mock_server(market=["dk", "pt"], as_of=AS_OF, record=str(record)) as server:
        url = f"{server.url}{PROCESS}"
        for number, market in enumerate(("dk", "pt")):
            account = good(market, str(number))
            bad = put(put(good(market, "B"), "customers.0.landline", "abcde"), "customers.0.email", "\ud800 ø")
            for payload in (account, {"payload": account, "task_params": {"is_dry_run": True}}, bad, {"payload": bad}):
                for path in (f"{url}validate/", url):
                    httpx.post(path, content=json.dumps(payload), headers=JSON)
        server.step(86_400)
        tomorrow = put(good("dk", "C"), "last_statement_closing_date", "2026-02-01")
        assert httpx.post(f"{url}validate/", json=tomorrow).status_code == 200
        recorded = len(lines_of(record))
    code, out, err = run("compare", record)
    assert (code, err) == (0, ""), out
    assert out.endswith("15 answers compared (4 of them only by the verdict): 0 not as predicted\n")
    assert recorded == 17
    assert {each["as_of"] for each in lines_of(record)} == {"2026-01-31", "2026-02-01"}
    assert stat.S_IMODE(record.stat().st_mode) == 0o600


def test_only_predictions_are_recorded(tmp_path: Path) -> None:
    record = tmp_path / "calls.ndjson"
    with run_mock_server(market="dk", as_of=AS_OF, record=str(record)) as server:
        url = f"{server.url}{PROCESS}"
        server.add_failure(answer="broken", times=1)
        server.add_failure(answer="not_valid", when="after", times=1)
        server.add_failure(lifecycle="errored", times=1)
        for number in "ABC":
            httpx.post(url, json=good("dk", number))
        httpx.post(url, json={"payload": good("dk", "D"), "task_params": 7})
        httpx.post(url, content="{", headers=JSON)
        httpx.post(url, content='{"a": 1e999}', headers=JSON)
        httpx.get(f"{url}NORLYS/C/")
    assert [(each["payload"]["external_account_number"], each["status"]) for each in lines_of(record)] == [("C", 201)]


def test_command_appends_and_survives_a_kill(tmp_path: Path) -> None:
    record = tmp_path / "calls.ndjson"
    for number in "AB":
        with served("--record", record) as (url, process):
            httpx.post(f"{url}{PROCESS}", json=good("dk", number))
            process.kill()
            process.wait()
    assert [each["payload"]["external_account_number"] for each in lines_of(record)] == ["A", "B"]
    code, out, _ = run("compare", record)
    assert (code, out.splitlines()[-1]) == (0, "2 answers compared: 0 not as predicted")


def test_cut_line_does_not_spoil_the_next(tmp_path: Path) -> None:
    record = tmp_path / "calls.ndjson"
    record.write_text('{"payload": {', "utf-8")
    with Recording(str(record)) as recording:
        recording.add({}, Response(200, {}), AS_OF)
    assert record.read_text("utf-8").splitlines()[0] == '{"payload": {'
    assert json.loads(record.read_text("utf-8").splitlines()[1])["status"] == 200


def test_full_disk_does_not_spoil_the_next_line(tmp_path: Path) -> None:
    record, messages = tmp_path / "calls.ndjson", list[str]()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Recording(str(record), messages.append) as recording:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))  # Python ignores the signal that this sends
        try:
            for _ in range(2):
                recording.add({}, Response(200, {}), AS_OF)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        recording.add({}, Response(200, {}), AS_OF)
    assert [message.rpartition(": ")[2] for message in messages] == ["the disk is full", "File too large"]
    assert [len(line) == 10 or json.loads(line)["status"] for line in record.read_text("utf-8").splitlines()] == [
        True,
        200,
    ]


def test_unwritable_recordings(tmp_path: Path) -> None:
    with pytest.raises(BadArgument, match="cannot be written"):
        Recording(str(tmp_path / "none" / "calls.ndjson"))
    messages: list[str] = []
    with Recording("/dev/full", messages.append) as recording:
        recording.add({}, Response(200, {}), AS_OF)
    assert messages == ["/dev/full: the recording cannot be written: No space left on device"]


@pytest.mark.parametrize("option", ["--database", "--imports", "--scenario", "--overlay"])
def test_other_files_are_not_recorded_into(option: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("[]", "utf-8")
    code, out, err = run(*SERVE, option, file, "--record", file)
    assert (code, out) == (2, "")
    assert f"--record {file}: would overwrite {option} {file}" in err
    assert file.read_text("utf-8") == "[]"

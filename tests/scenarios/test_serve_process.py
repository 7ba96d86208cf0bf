"""The serve command as a process: what it prints, what survives a kill, and what it never shows."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from click.testing import CliRunner

from premigrate import PremigrateError
from premigrate.cli.group import commands
from tests.command import invoke as run
from tests.payloads import good_account, put
from tests.scenarios.test_command import DAY
from tests.scenarios.test_private import CANARY, payload_of
from tests.scenarios.test_streams import WITH_SIGNALS

PROCESS = "/v2/data-import/accounts/"
SERVE = ("serve", "--market", "dk", *DAY, "--port", "0")


class Served(NamedTuple):
    url: str
    process: "subprocess.Popen[str]"


@contextmanager
def served(*options: str | Path) -> Iterator[Served]:
    command = [sys.executable, "-c", WITH_SIGNALS, "-m", "premigrate", *SERVE, *map(str, options)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            url = process.stdout.readline().strip()
            assert url.startswith("http://127.0.0.1:"), process.stderr and process.stderr.read()
            yield Served(url, process)
        finally:
            process.kill()


def good(number: str = "A") -> dict[str, Any]:
    account: dict[str, Any] = put(good_account("dk"), "external_account_number", number)
    return account


def test_acknowledged_imports_survive_a_kill(tmp_path: Path) -> None:
    script = tmp_path / "script.toml"
    script.write_text('[[failure]]\naccount = "B"\nlifecycle = "errored"\ncode = "gone"\ntimes = 1\n', "utf-8")
    options = ("--database", tmp_path / "imports.db", "--speed", "0", "--scenario", script)
    with served(*options) as (url, process):
        for number in "AB":
            assert httpx.post(f"{url}{PROCESS}", json=good(number)).status_code == 201
        assert httpx.post(f"{url}/_premigrate/step", json={"seconds": 10}).status_code == 200
        assert httpx.post(f"{url}{PROCESS}", json=good("C")).status_code == 201
        before = httpx.get(f"{url}/_premigrate/state").json()
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    with served(*options) as (url, _):
        assert httpx.get(f"{url}/_premigrate/state").json() == before
        statuses = {each["external_account_number"]: each["status"] for each in before["imports"]}
        assert statuses == {"A": "PROCESSED", "B": "ERRORED", "C": "PENDING"}
        assert httpx.post(f"{url}{PROCESS}", json=good("C")).status_code == 400
        assert httpx.post(f"{url}{PROCESS}", json=good("B")).status_code == 201, "the scenario does not start again"


def test_time_passes_by_itself_and_never_goes_back(tmp_path: Path) -> None:
    options = ("--database", tmp_path / "imports.db", "--speed", "100000")
    with served(*options) as (url, _):
        httpx.post(f"{url}{PROCESS}", json=good("A"))
        while httpx.get(f"{url}{PROCESS}NORLYS/A/").json()["status"] != "PROCESSED":
            pass
        seen = httpx.get(f"{url}{PROCESS}NORLYS/A/").json()
    with served(*options) as (url, _):
        assert httpx.get(f"{url}{PROCESS}NORLYS/A/").json() == seen


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_signals_stop_it_and_its_log_holds_no_payload_values(signal_number: signal.Signals, tmp_path: Path) -> None:
    payload = payload_of("dk")
    with served("--database", tmp_path / "imports.db") as (url, process):
        httpx.post(f"{url}{PROCESS}validate/", json=payload)
        httpx.post(f"{url}{PROCESS}", json=put(good("A"), "customers.0.given_name", CANARY))
        httpx.post(f"{url}{PROCESS}?{CANARY}", content=f'{{"{CANARY}', headers={"content-type": "application/json"})
        httpx.get(f"{url}{PROCESS}{CANARY}/{CANARY}/", headers={"authorization": CANARY})
        httpx.get(f"{url}/{CANARY}")
        httpx.request(CANARY.upper(), f"{url}{PROCESS}")
        process.send_signal(signal_number)
        out, err = process.communicate(timeout=10)
    assert CANARY.lower() not in (out + err).lower()
    lines = [line.rsplit(" ", 2)[0] for line in err.splitlines()]
    assert lines == [
        "POST /v2/data-import/accounts/validate/ 400",
        "POST /v2/data-import/accounts/ 201",
        "POST /v2/data-import/accounts/ 400",
        "GET /v2/data-import/accounts/{import_supplier_code}/{external_identifier}/ 404",
        "GET another path 404",
        "? /v2/data-import/accounts/ 405",
    ]
    for path in tmp_path.iterdir():
        assert CANARY.encode() not in path.read_bytes(), "only the supplier and the number of a payload are stored"
    assert process.returncode == (130 if signal_number == signal.SIGINT else 0)


MISTAKES: list[tuple[tuple[str, ...], str]] = [
    (("--database", "letter.db"), "letter.db: not a SQLite database"),
    (("--database", "byte.db"), "byte.db: not a SQLite database"),
    (("--database", "."), "a folder"),
    (("--scenario", "script.toml"), "unknown answer 'nothing' of a failure"),
    (("--scenario", "none.toml"), "cannot be read"),
    (("--host", "192.0.2.1"), "this machine does not have this address"),
    (("--host", "nobody.invalid"), "this machine has no address 'nobody.invalid'"),
    (("--host", "no..body"), "this machine has no address 'no..body'"),
    (("--overlay", "none.toml"), "the overlay cannot be read"),
]


@pytest.mark.parametrize(("options", "message"), MISTAKES)
def test_usage_errors(options: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "letter.db").write_text(json.dumps(list(range(1000))), "utf-8")
    (tmp_path / "byte.db").write_bytes(b"x")
    (tmp_path / "script.toml").write_text('[[failure]]\nanswer = "nothing"\n', "utf-8")
    result = CliRunner().invoke(commands, [*SERVE, *options])
    assert isinstance(result.exception, PremigrateError)
    assert (result.stdout, message in str(result.exception)) == ("", True), result.exception


def test_port_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, err = run(*SERVE, "--port", str(port))
    message = f"premigrate: the port is in use; choose another, or --port 0 for a free one (127.0.0.1, port {port})\n"
    assert (code, out, err) == (2, "", message)


def test_missing_libraries() -> None:
    script = "import sys; sys.modules['starlette'] = None; from premigrate.cli.main import main; main()"
    completed = subprocess.run([sys.executable, "-c", script, *SERVE], capture_output=True, text=True, check=False)
    assert (completed.returncode, completed.stdout) == (2, "")
    hint = "install them with: pip install 'premigrate[serve]'"
    assert completed.stderr == f"premigrate: the mock server requires starlette and uvicorn; {hint}\n"


def test_configuration_gives_the_market(tmp_path: Path) -> None:
    (tmp_path / "premigrate.toml").write_text('market = "xx"\njobs = 2\n', "utf-8")
    code, _, err = run("serve", "--port", "0", cwd=tmp_path)
    assert (code, "there is no market 'xx'" in err) == (2, True)

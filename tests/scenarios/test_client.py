"""The example client imports each account exactly once, although the server fails and both are killed."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from premigrate.testing import run_mock_server
from tests.payloads import AS_OF, ROOT, good_account, put
from tests.scenarios.test_command import DAY

CLIENT = ROOT / "examples" / "client" / "migrate.py"
SCENARIO = """
[[failure]]
limit = 150
[[failure]]
answer = "broken"
chance = 0.04
seed = 1
[[failure]]
answer = "broken"
when = "after"
chance = 0.04
seed = 2
[[failure]]
connection = "drop"
chance = 0.03
seed = 3
[[failure]]
connection = "drop"
when = "after"
chance = 0.03
seed = 4
[[failure]]
connection = "truncate"
chance = 0.03
seed = 5
[[failure]]
lifecycle = "errored"
chance = 0.1
seed = 6
[[failure]]
endpoint = "status"
answer = "broken"
chance = 0.03
seed = 7
[[failure]]
endpoint = "status"
connection = "truncate"
chance = 0.03
seed = 8
"""
LOG = """
CREATE TABLE log (number TEXT, lifecycle TEXT);
CREATE TRIGGER log_imports AFTER INSERT ON import BEGIN INSERT INTO log VALUES (new.number, new.lifecycle); END;
"""
"""Logs each import that the server takes; replacing one is an insert, too."""


def events_in(journal: Path) -> Iterator[dict[str, str]]:
    """Yield the events in the journal of the client; a line that was cut is none."""
    for line in journal.read_bytes().split(b"\n") if journal.exists() else ():
        with suppress(ValueError):
            yield json.loads(line)


class Run:
    """A migration in a folder: its server, its client, and the processes that are killed."""

    def __init__(self, folder: Path, accounts: int) -> None:
        self.folder, self.numbers = folder, [f"A-{number}" for number in range(accounts)]
        account = good_account("dk")
        lines = [json.dumps({**account, "external_account_number": number}) for number in self.numbers]
        (folder / "accounts.ndjson").write_text("\n".join(lines), "utf-8")
        (folder / "faults.toml").write_text(SCENARIO, "utf-8")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    @contextmanager
    def server(self) -> Iterator[None]:
        """Run the server, which `kill_server` replaces."""
        self._start_server()
        with closing(sqlite3.connect(self.folder / "imports.db")) as database:
            database.executescript(LOG)
        try:
            yield
        finally:
            self._server.kill()
            self._server.wait()

    def _start_server(self) -> None:
        command = [sys.executable, "-m", "premigrate", "serve", "--market", "dk", *DAY, "--port", str(self.port)]
        command += ["--database", "imports.db", "--scenario", "faults.toml", "--speed", "40"]
        with (self.folder / "log.txt").open("a") as log:
            self._server = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.PIPE, stderr=log, text=True)
        assert self._server.stdout
        assert self._server.stdout.readline().strip() == self.url
        self._server.stdout.close()

    def kill_server(self) -> None:
        """Kill the server, and start it again."""
        os.kill(self._server.pid, signal.SIGKILL)
        self._server.wait()
        self._start_server()

    def start_client(self) -> "subprocess.Popen[str]":
        """Start the client."""
        command = [sys.executable, str(CLIENT), "--url", self.url, "--journal", "journal.ndjson", "accounts.ndjson"]
        return subprocess.Popen(command, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def events(self) -> Counter[str]:
        """Count the events in the journal of the client by kind."""
        return Counter(each["event"] for each in events_in(self.folder / "journal.ndjson"))

    def migrate(self, kills: int) -> str:
        """Run the client to its end, with kills of server and client in turn; return its output."""
        client = self.start_client()
        steps = 2 * len(self.numbers)  # each account is sent and imported
        for number in range(kills):
            target = steps * (number + 1) // (kills + 1)
            while (events := self.events())["sent"] + events["imported"] < target and client.poll() is None:
                time.sleep(0.02)
            assert client.poll() is None, "the client still has something to do"
            if number % 2:
                os.kill(client.pid, signal.SIGKILL)
                client.communicate()
                client = self.start_client()
            else:
                self.kill_server()
        out, err = client.communicate()
        assert (client.returncode, err) == (0, ""), out
        return out


@pytest.mark.parametrize(("accounts", "kills"), [(40, 2), pytest.param(5000, 10, marks=pytest.mark.slow)])
def test_each_account_is_imported_exactly_once(accounts: int, kills: int, tmp_path: Path) -> None:
    run = Run(tmp_path, accounts)
    with run.server():
        assert run.migrate(kills) == f"{accounts} imported, 0 failed\n"
        imports = httpx.get(f"{run.url}/_premigrate/state", timeout=60).json()["imports"]
        assert run.start_client().communicate() == (f"{accounts} imported, 0 failed\n", ""), "nothing is left to do"
    assert sorted(each["external_account_number"] for each in imports) == sorted(run.numbers)
    assert {each["status"] for each in imports} == {"PROCESSED"}
    with closing(sqlite3.connect(tmp_path / "imports.db")) as database:
        taken = database.execute("SELECT number FROM log WHERE lifecycle LIKE '%PROCESSED%'").fetchall()
        errored = database.execute("SELECT count(*) FROM log WHERE lifecycle LIKE '%ERRORED%'").fetchone()[0]
    assert Counter(number for (number,) in taken) == Counter(run.numbers), "no account was created twice"
    lines = [*events_in(tmp_path / "journal.ndjson")]
    ends = {each["number"]: each["kraken_identifier"] for each in lines if each["event"] == "imported"}
    assert ends == {each["external_account_number"]: each["kraken_identifier"] for each in imports}
    assert sum(each["event"] == "errored" for each in lines) == errored > 0
    assert sum(each["event"] == "sent" for each in lines) > accounts, "some were sent more than once"


def migrate(folder: Path, url: str, *options: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(CLIENT), "--url", url, "--journal", "journal.ndjson", "accounts.ndjson", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_accounts_that_can_not_be_imported_are_told(tmp_path: Path) -> None:
    bad: Any = put(good_account("dk"), "customers.0.landline", "abcde")
    lines = [json.dumps({"payload": {**bad, "external_account_number": "BAD"}})]
    lines += [json.dumps({**good_account("dk"), "external_account_number": number}) for number in ("GONE", "GOOD")]
    (tmp_path / "accounts.ndjson").write_text("\n".join(lines), "utf-8")
    with run_mock_server(market="dk", as_of=AS_OF, speed=100) as server:
        server.add_failure(lifecycle="errored", account="GONE", code="tariff_gone")
        completed = migrate(tmp_path, server.url)
        assert (completed.returncode, completed.stdout) == (1, "1 imported, 2 failed\n"), completed.stderr
        server.assert_called("process", external_account_number="GONE", times=5)
        server.assert_called("process", external_account_number="GOOD", times=1)
    events = [json.loads(line) for line in (tmp_path / "journal.ndjson").read_text("utf-8").splitlines()]
    failed = {each["number"]: each["reason"] for each in events if each["event"] == "failed"}
    assert failed == {"BAD": "import_process_failed_validation", "GONE": "tariff_gone"}


def test_journal_that_was_cut_anywhere_is_continued(tmp_path: Path) -> None:
    account = {**good_account("dk"), "external_account_number": "A"}
    (tmp_path / "accounts.ndjson").write_text(json.dumps(account), "utf-8")
    journal = tmp_path / "journal.ndjson"
    with run_mock_server(market="dk", as_of=AS_OF, speed=100) as server:
        assert migrate(tmp_path, server.url).returncode == 0
        whole = journal.read_bytes()
        for length in range(0, len(whole), len(whole) // 6):
            journal.write_bytes(whole[:length])
            assert migrate(tmp_path, server.url).stdout == "1 imported, 0 failed\n"
        assert [each["status"] for each in server.imports] == ["PROCESSED"]
        server.assert_called("process", status=201, times=1)


def test_server_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "accounts.ndjson").write_text(json.dumps(good_account("dk")), "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    completed = migrate(tmp_path, url, "--patience", "0.3")
    assert completed.returncode == 2
    assert completed.stderr == "the server does not answer; start again with the same journal\n"

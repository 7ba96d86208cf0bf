"""The mock server under load, killed while it runs, on a full disk, and with a clock that jumps."""

import asyncio
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from premigrate.mock_server import server
from premigrate.mock_server.server import MockServer
from premigrate.mock_server.store import Store
from tests.conftest import tenant_of
from tests.payloads import good_account
from tests.scenarios.test_command import DAY

PROCESS = "/v2/data-import/accounts/"
AT_ONCE = 50
ACCOUNT = good_account("dk")


@contextmanager
def served(folder: Path, *options: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Run the command with a database in a folder; its log goes to a file, because it would fill a pipe."""
    command = [sys.executable, "-m", "premigrate", "serve", "--market", "dk", *DAY, "--port", "0"]
    command += ["--database", str(folder / "imports.db"), *options]
    with (folder / "log.txt").open("a") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert process.stdout
        yield process.stdout.readline().strip(), process
    finally:
        process.kill()
        process.communicate()


def state_of(url: str) -> Counter[str]:
    imports = httpx.get(f"{url}/_premigrate/state", timeout=60).json()["imports"]
    return Counter(each["external_account_number"] for each in imports)


class Load:
    """Concurrent clients that send each account twice and request its status.

    ``created`` counts the responses with status 201 by account number, ``answers`` all responses by status code.
    """

    def __init__(self, accounts: int) -> None:
        self.remaining = [f"A-{number}" for number in range(accounts)]
        self.created: Counter[str] = Counter()
        self.answers: Counter[int] = Counter()

    def send(self, url: str, process: "subprocess.Popen[str] | None" = None, after: int = 0) -> None:
        """Send the remaining accounts; kill the server when ``after`` more accounts are scheduled."""
        asyncio.run(self._send(url, process, len(self.created) + after))

    async def _send(self, url: str, process: "subprocess.Popen[str] | None", limit: int) -> None:
        limits = httpx.Limits(max_connections=AT_ONCE, keepalive_expiry=1)  # shorter than the keep-alive of the server
        pending, self.remaining = iter(self.remaining * 2), []
        unanswered: set[str] = set()

        async def clients(http: httpx.AsyncClient) -> None:
            for number in pending:
                try:
                    await self._client(http, number)
                except httpx.TransportError:
                    unanswered.add(number)
                if process and len(self.created) >= limit and process.poll() is None:
                    os.kill(process.pid, signal.SIGKILL)
                    process.wait()

        async with httpx.AsyncClient(base_url=url, limits=limits, timeout=60) as http:
            await asyncio.gather(*(clients(http) for _ in range(AT_ONCE)))
        self.remaining = sorted(unanswered)

    async def _client(self, http: httpx.AsyncClient, number: str) -> None:
        payload = {**ACCOUNT, "external_account_number": number}
        created = await http.post(PROCESS, content=json.dumps(payload), headers={"content-type": "application/json"})
        self.answers[created.status_code] += 1
        if created.status_code == 201:
            self.created[number] += 1
        status = await http.get(f"{PROCESS}{ACCOUNT['import_supplier']}/{number}/")
        self.answers[status.status_code] += 1


@pytest.mark.parametrize(
    ("accounts", "kills", "seconds"), [(60, 1, 0), pytest.param(1000, 3, 60, marks=pytest.mark.slow)]
)
def test_acknowledged_imports_are_stored_once(accounts: int, kills: int, seconds: int, tmp_path: Path) -> None:
    load = Load(accounts)
    deadline = time.monotonic() + seconds
    for _ in range(kills):
        with served(tmp_path) as (url, process):
            load.send(url, process, accounts // (kills + 1))
        assert load.remaining, "the server was killed before the end"
        with closing(sqlite3.connect(tmp_path / "imports.db")) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            stored = {number for (number,) in database.execute("SELECT number FROM import")}
        assert load.created.keys() <= stored
    with served(tmp_path) as (url, _):
        load.send(url)
        while time.monotonic() < deadline:
            load.remaining = [f"A-{number}" for number in range(accounts)]  # stored accounts are not scheduled again
            load.send(url)
        assert state_of(url) == Counter(f"A-{number}" for number in range(accounts))
    assert load.remaining == []
    assert set(load.created.values()) == {1}, "of two requests with the same account, at most one gets 201"
    assert load.answers.keys() == {200, 201, 400}
    assert "premigrate's own" not in (tmp_path / "log.txt").read_text("utf-8")


def test_full_disk_is_reported_and_stored_imports_stay(tmp_path: Path) -> None:
    def post(url: str, number: int) -> int:
        payload = {**ACCOUNT, "external_account_number": f"A-{number}"}
        return httpx.post(f"{url}{PROCESS}", json=payload, timeout=60).status_code

    with served(tmp_path) as (url, process):
        assert post(url, 0) == 201
        _, hard_limit = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        size = max(path.stat().st_size for path in tmp_path.iterdir())
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, hard_limit))
        answers = [post(url, number) for number in range(1, 9)]
        assert answers[-1] == 500
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (hard_limit, hard_limit))
        assert post(url, 9) == 201, "it recovers when there is space again"
        stored = {f"A-{number}" for number, status in enumerate([201, *answers, 201][:10]) if status == 201}
        assert state_of(url).keys() == stored
    log = (tmp_path / "log.txt").read_text("utf-8")
    assert "the database cannot be used: " in log
    assert "premigrate's own" not in log


def test_clock_that_jumps_back_is_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    states: list[Any] = []
    for year in (2030, 2020, 2040, 1970):
        monkeypatch.setattr(server, "utc_now", lambda year=year: datetime(year, 1, 1, tzinfo=UTC))
        with closing(Store(str(tmp_path / "imports.db"))) as store:
            mock_server = MockServer([tenant_of("dk")], store, speed=1)
            mock_server.process({**ACCOUNT, "external_account_number": str(year)})
            states.append(mock_server.state())
    # a restart keeps the times of imports, not those of requests
    times = [datetime.fromisoformat(state["now"]).replace(second=0, microsecond=0) for state in states]
    assert times == sorted(times)
    assert [time_.year for time_ in times] == [2030, 2030, 2040, 2040]
    assert [len(state["imports"]) for state in states] == [1, 2, 3, 4]

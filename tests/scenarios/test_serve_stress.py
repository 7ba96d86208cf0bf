"""The mock server under a storm of clients, killed in the middle, on a full disk, with a clock that jumps."""

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
from tests.conftest import validator_of
from tests.payloads import good_account
from tests.scenarios.test_command import DAY

PROCESS = "/v2/data-import/accounts/"
AT_ONCE = 50
ACCOUNT = good_account("dk")


@contextmanager
def served(folder: Path, *options: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Run the command on a database in a folder; what it says goes to a file, for thousands of lines fill a pipe."""
    command = [sys.executable, "-m", "premigrate", "serve", "--market", "dk", *DAY, "--port", "0"]
    command += ["--database", str(folder / "imports.db"), *options]
    with (folder / "told.txt").open("a") as told:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=told, text=True)
    try:
        assert process.stdout
        yield process.stdout.readline().strip(), process
    finally:
        process.kill()
        process.communicate()


def state_of(url: str) -> Counter[str]:
    imports = httpx.get(f"{url}/_premigrate/state", timeout=60).json()["imports"]
    return Counter(each["external_account_number"] for each in imports)


class Storm:
    """Clients that each send an account, two of them at once the same, and ask for its status.

    ``created`` counts the answers by which an account was scheduled.
    """

    def __init__(self, accounts: int) -> None:
        self.left = [f"A-{number}" for number in range(accounts)]
        self.created: Counter[str] = Counter()
        self.answers: Counter[int] = Counter()

    def rage(self, url: str, process: "subprocess.Popen[str] | None" = None, after: int = 0) -> None:
        """Send what is left; kill the server once so many accounts more are scheduled."""
        asyncio.run(self._rage(url, process, len(self.created) + after))

    async def _rage(self, url: str, process: "subprocess.Popen[str] | None", most: int) -> None:
        limits = httpx.Limits(max_connections=AT_ONCE, keepalive_expiry=1)  # long before the server closes them
        waiting, self.left = iter(self.left * 2), []
        unanswered: set[str] = set()

        async def clients(http: httpx.AsyncClient) -> None:
            for number in waiting:
                try:
                    await self._client(http, number)
                except httpx.TransportError:
                    unanswered.add(number)
                if process and len(self.created) >= most and process.poll() is None:
                    os.kill(process.pid, signal.SIGKILL)
                    process.wait()

        async with httpx.AsyncClient(base_url=url, limits=limits, timeout=60) as http:
            await asyncio.gather(*(clients(http) for _ in range(AT_ONCE)))
        self.left = sorted(unanswered)

    async def _client(self, http: httpx.AsyncClient, number: str) -> None:
        payload = {**ACCOUNT, "external_account_number": number}
        answer = await http.post(PROCESS, content=json.dumps(payload), headers={"content-type": "application/json"})
        self.answers[answer.status_code] += 1
        if answer.status_code == 201:
            self.created[number] += 1
        told = await http.get(f"{PROCESS}{ACCOUNT['import_supplier']}/{number}/")
        self.answers[told.status_code] += 1


@pytest.mark.parametrize(
    ("accounts", "kills", "seconds"), [(60, 1, 0), pytest.param(1000, 3, 60, marks=pytest.mark.slow)]
)
def test_all_that_was_answered_is_there_and_nothing_twice(
    accounts: int, kills: int, seconds: int, tmp_path: Path
) -> None:
    storm = Storm(accounts)
    until = time.monotonic() + seconds
    for _ in range(kills):
        with served(tmp_path) as (url, process):
            storm.rage(url, process, accounts // (kills + 1))
        assert storm.left, "it was killed in the middle"
        with closing(sqlite3.connect(tmp_path / "imports.db")) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            kept = {number for (number,) in database.execute("SELECT number FROM import")}
        assert storm.created.keys() <= kept
    with served(tmp_path) as (url, _):
        storm.rage(url)
        while time.monotonic() < until:
            storm.left = [f"A-{number}" for number in range(accounts)]  # what is there is not scheduled again
            storm.rage(url)
        assert state_of(url) == Counter(f"A-{number}" for number in range(accounts))
    assert storm.left == []
    assert set(storm.created.values()) == {1}, "of two who send the same, one at most hears that it is scheduled"
    assert storm.answers.keys() == {200, 201, 400}
    assert "premigrate's own" not in (tmp_path / "told.txt").read_text("utf-8")


def test_a_full_disk_is_told_and_what_was_answered_stays(tmp_path: Path) -> None:
    def post(url: str, number: int) -> int:
        payload = {**ACCOUNT, "external_account_number": f"A-{number}"}
        return httpx.post(f"{url}{PROCESS}", json=payload, timeout=60).status_code

    with served(tmp_path) as (url, process):
        assert post(url, 0) == 201
        _, most = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        size = max(path.stat().st_size for path in tmp_path.iterdir())
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, most))
        answers = [post(url, number) for number in range(1, 9)]
        assert answers[-1] == 500
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (most, most))
        assert post(url, 9) == 201, "when there is room again it goes on"
        there = {f"A-{number}" for number, status in enumerate([201, *answers, 201][:10]) if status == 201}
        assert state_of(url).keys() == there
    told = (tmp_path / "told.txt").read_text("utf-8")
    assert "the database can't be used: " in told
    assert "premigrate's own" not in told


def test_a_clock_that_jumps_back_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    for year in (2030, 2020, 2040, 1970):
        monkeypatch.setattr(server, "utc_now", lambda year=year: datetime(year, 1, 1, tzinfo=UTC))
        with closing(Store(str(tmp_path / "imports.db"))) as store:
            standing = MockServer(validator_of("dk"), store, speed=1)
            standing.process({**ACCOUNT, "external_account_number": str(year)})
            seen.append(standing.state())
    # from one start to the next the moments of what happened are kept, not those when somebody asked
    moments = [datetime.fromisoformat(state["now"]).replace(second=0, microsecond=0) for state in seen]
    assert moments == sorted(moments)
    assert [moment.year for moment in moments] == [2030, 2030, 2040, 2040]
    assert [len(state["imports"]) for state in seen] == [1, 2, 3, 4]

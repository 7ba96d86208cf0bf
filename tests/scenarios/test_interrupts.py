"""An interrupted run leaves each report complete and marked as partial, or leaves no report."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

import premigrate.command.atomic_file
import premigrate.tenant.learn
from premigrate.cli import check as check_command
from premigrate.cli.group import commands
from premigrate.command import run as runs
from premigrate.command.atomic_file import AtomicBytesFile
from premigrate.command.sinks import StreamSink
from premigrate.describe.market import explanations_of
from tests.payloads import ROOT, good_account, put
from tests.recordings import account
from tests.scenarios.test_command import DAY
from tests.scenarios.test_streams import WITH_SIGNALS
from tests.scenarios.test_temporary import COMMAND, NAMED, running

INTERRUPTED = "interrupted: not all "
EXPLANATIONS = lru_cache(explanations_of)  # reads all rule files, for SARIF in every run
LEARN = lru_cache(premigrate.tenant.learn.learn_tenant)
NAMES = ["r.txt", "r.json", "r.ndjson", "r.csv", "r.xml", "r.sarif", "r.html", "github:r.github", "gitlab:r.gitlab"]
SPLIT = {".premigrate-split", "pass.ndjson", "fail.ndjson", "errors.ndjson", "unchecked.txt"}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(autouse=True)
def _interrupts_raise(cache: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Handle interrupts as a command on a terminal does, even if this process was started with SIGINT ignored."""
    monkeypatch.setenv("PREMIGRATE_CACHE_DIR", cache)
    monkeypatch.setattr(check_command, "explanations_of", EXPLANATIONS)
    monkeypatch.setattr(premigrate.tenant.learn, "learn_tenant", LEARN)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    bad = put(good_account("pt"), "customers.0.email", "x")
    file = tmp_path / "accounts.ndjson"
    file.write_text("".join(f"{json.dumps(each)}\n" for each in (bad, good_account("pt"), bad)), "utf-8")
    return file


class Signals:
    """Sends SIGINT ``times`` times at call number ``at`` of the wrapped functions; ``calls`` counts their calls."""

    def __init__(self, at: int = -1, times: int = 1) -> None:
        self.at, self.times, self.calls = at, times, 0

    def count(self) -> None:
        if self.calls == self.at:
            for _ in range(self.times):
                signal.raise_signal(signal.SIGINT)  # to this thread: libraries may have started other threads
        self.calls += 1

    def wrap(self, monkeypatch: pytest.MonkeyPatch, owner: object, *names: str) -> None:
        for name in names:
            real = getattr(owner, name)

            def wrapped(*arguments: object, real: Callable[..., object] = real, **more: object) -> object:
                self.count()
                return real(*arguments, **more)

            monkeypatch.setattr(owner, name, wrapped)


def check(out: Path, *inputs: Path | str) -> Result:
    out.mkdir()
    outputs = [
        f"{form}:{out / name}" if form else str(out / name)
        for form, _, name in (each.rpartition(":") for each in NAMES)
    ]
    options = [part for output in outputs for part in ("--output", output)]
    return CliRunner().invoke(
        commands, ["check", *DAY, "--format", "json", *options, "--split", str(out / "split"), *map(str, inputs)]
    )


def says_partial(file: Path) -> bool:
    """Return whether a report, which must be well-formed, is marked as partial."""
    text = file.read_text("utf-8-sig")
    if file.suffix == ".json":
        return json.loads(text)["summary"]["complete"] is False
    if file.suffix == ".ndjson":
        return "interrupted" in [json.loads(line)["level"] for line in text.splitlines()]
    if file.suffix == ".csv":
        rows = list(csv.reader(text.splitlines()))
        assert {len(row) for row in rows} == {len(rows[0])}
        return "interrupted" in {row[rows[0].index("level")] for row in rows}
    if file.suffix == ".xml":
        errors = ET.fromstring(text).iter("error")  # noqa: S314 - our own
        return any(INTERRUPTED in error.get("message", "") for error in errors)
    return _page_says_partial(file.suffix, text)


def _page_says_partial(suffix: str, text: str) -> bool:
    if suffix == ".gitlab":
        return "interrupted" in [issue["check_name"] for issue in json.loads(text)]
    if suffix == ".sarif":
        (invocation,) = json.loads(text)["runs"][0]["invocations"]
        messages = [notice["message"]["text"] for notice in invocation["toolExecutionNotifications"]]
        assert invocation["executionSuccessful"] is not bool(messages)
        return any(INTERRUPTED in each for each in messages)
    if suffix == ".html":
        assert text.rstrip().endswith("</html>")
        return INTERRUPTED in text.partition("<script")[0]
    assert " refused" in text
    return INTERRUPTED in text


def assert_complete(out: Path, result: Result, *, is_partial: bool | None) -> None:
    """Check that all reports are well-formed and agree on being partial, and that the split is complete or absent."""
    assert result.exit_code == 130, result.output
    assert "Traceback" not in result.output
    assert "Aborted" not in result.output
    partial_by_name = {file.name: says_partial(file) for file in out.iterdir() if file.is_file()}
    assert set(partial_by_name) == {name.rpartition(":")[2] for name in NAMES}
    (partial,) = set(partial_by_name.values())
    assert json.loads(result.stdout)["summary"]["complete"] is not partial
    assert is_partial is None or partial is is_partial
    assert {file.name for file in (out / "split").iterdir()} == (set() if partial else SPLIT)


@pytest.mark.parametrize("times", [1, 2])
def test_interrupt_while_writing_leaves_complete_reports(
    times: int, accounts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interrupt while a file is written or renamed; a second interrupt changes nothing."""
    writes = Signals()
    with monkeypatch.context() as patch:
        writes.wrap(patch, StreamSink, "put")
        writes.wrap(patch, AtomicBytesFile, "write", "prepare", "commit")
        assert check(tmp_path / "whole", accounts).exit_code == 1
    count = 12 if times == 1 else 4
    assert writes.calls > 60
    for at in sorted({round(n * (writes.calls - 1) / count) for n in range(1, count + 1)}):
        signals = Signals(at, times)
        with monkeypatch.context() as patch:
            signals.wrap(patch, StreamSink, "put")
            signals.wrap(patch, AtomicBytesFile, "write", "prepare", "commit")
            result = check(tmp_path / f"{at}", accounts)
        assert_complete(tmp_path / f"{at}", result, is_partial=None)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_interrupt_while_reading_or_checking_ends_the_run(
    jobs: str, accounts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signals = Signals(1)
    if jobs == "1":
        signals.wrap(monkeypatch, runs, "run_or_split")
    else:
        from premigrate.batch import worker_pool as processes

        signals.wrap(monkeypatch, processes, "read_message")
        monkeypatch.setattr("premigrate.batch.tasks._MAX_CHUNKS", 1)
    second = tmp_path / "second.ndjson"
    second.write_bytes(accounts.read_bytes())
    result = check(tmp_path / "out", "--jobs", jobs, accounts, second)
    assert_complete(tmp_path / "out", result, is_partial=True)
    assert json.loads(result.stdout)["summary"]["accounts"] == 3


def test_interrupt_before_the_run_leaves_no_reports(
    accounts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Signals(0).wrap(monkeypatch, runs, "ChunkChecker")
    result = check(tmp_path / "out", accounts)
    assert (result.exit_code, result.output) == (130, "")
    assert [file.name for file in (tmp_path / "out").rglob("*")] == ["split"]


def other_commands(folder: Path) -> Iterator[tuple[list[str], Path]]:
    bad = json.dumps(put(good_account("pt"), "customers.0.email", "x"))
    (folder / "bad.json").write_text(bad, "utf-8")
    answer = {"email": ["Wrong."]}
    recorded = [
        {"payload": account(number, customers__0__email="x"), "status": 400, "response": answer} for number in (1, 2)
    ]
    (folder / "recorded.ndjson").write_text("".join(f"{json.dumps(each)}\n" for each in recorded), "utf-8")
    yield ["baseline", "write", *DAY, "--baseline", str(folder / "b.toml"), str(folder / "bad.json")], folder / "b.toml"
    learn = ["tenant", "learn", str(ROOT / "tests" / "vectors" / "tenant.yml"), "--territory", "DK", *DAY]
    yield [*learn, "--output", str(folder / "o.toml"), "--report", str(folder / "r.txt")], folder / "o.toml"


@pytest.mark.parametrize(("index", "is_named"), [(0, False), (0, True), (1, True)])
def test_files_of_other_commands_are_complete_or_absent(
    index: int, is_named: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command, file = list(other_commands(tmp_path))[index]
    if is_named:
        monkeypatch.setattr(premigrate.command.atomic_file, "_open_unnamed", lambda _: None)
    writes = Signals()
    with monkeypatch.context() as patch:
        writes.wrap(patch, AtomicBytesFile, "write", "commit")
        assert CliRunner().invoke(commands, command).exit_code == 0
    complete = file.read_bytes()
    file.unlink()
    for at in sorted({0, 1, writes.calls - 1}):
        file.unlink(missing_ok=True)
        with monkeypatch.context() as patch:
            Signals(at).wrap(patch, AtomicBytesFile, "write", "commit")
            result = CliRunner().invoke(commands, command)
        assert (result.exit_code, "Aborted" in result.output) == (130, False)
        assert not file.exists() or file.read_bytes() == complete
        premigrate.command.atomic_file._remove_temporary_files()  # as at the end of the process
        assert not list(tmp_path.glob(".*.part"))


@pytest.mark.parametrize("form", ["text", "json"])
def test_interrupted_compare_prints_its_report(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from premigrate.compare import calls, run

    list(other_commands(tmp_path))
    overlay = tmp_path / "overlay.toml"
    command = ["compare", *DAY, "--format", form, str(tmp_path / "recorded.ndjson")]
    if form == "json":
        command += ["--write-overlay", str(overlay)]
    complete = CliRunner().invoke(commands, command)
    assert complete.exit_code == 1
    overlay.unlink(missing_ok=True)
    Signals(0).wrap(monkeypatch, run, "echo")
    interrupted = CliRunner().invoke(commands, command)
    assert (interrupted.exit_code, interrupted.stdout) == (130, complete.stdout)
    monkeypatch.undo()
    Signals(1).wrap(monkeypatch, calls, "compare_best_date")
    interrupted = CliRunner().invoke(commands, command)
    assert interrupted.exit_code == 130
    assert json.loads(interrupted.stdout)["interrupted"] if form == "json" else INTERRUPTED in interrupted.stdout
    assert not overlay.exists()


def test_interrupted_cohort_prints_clashes_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from premigrate.cohort import command as cohort

    file = tmp_path / "a.ndjson"
    file.write_text(f"{json.dumps(good_account('pt'))}\n" * 3, "utf-8")
    Signals(0).wrap(monkeypatch, cohort, "echo")
    interrupted = CliRunner().invoke(commands, ["cohort", str(file)])
    assert interrupted.exit_code == 130
    assert INTERRUPTED in interrupted.stdout
    monkeypatch.undo()
    Signals(0).wrap(monkeypatch, cohort, "echo")
    interrupted = CliRunner().invoke(commands, ["cohort", "--format", "ndjson", str(file)])
    assert (interrupted.exit_code, [bool(json.loads(line)) for line in interrupted.stdout.splitlines()]) == (
        130,
        [True],
    )


IMPORTING = """import os, signal, sys
class Count:
    left = int(sys.argv.pop(1))
    def find_spec(self, name, path=None, target=None):
        Count.left -= 1
        if Count.left == 0:
            os.kill(os.getpid(), signal.SIGINT)
from premigrate.cli.main import main
sys.meta_path.insert(0, Count())
main()
"""
"""Runs the command, with an interrupt at its n-th import."""


@pytest.mark.parametrize("at", [1, 2, 30, 60, 120])
def test_interrupt_during_start_up_is_silent(at: int) -> None:
    command = [sys.executable, "-c", WITH_SIGNALS, "-c", IMPORTING, str(at), "check", *DAY, "--output", os.devnull]
    completed = subprocess.run([*command, "examples", "--format", "sarif"], capture_output=True, check=False, cwd=ROOT)
    assert (completed.returncode, completed.stderr) == (130, b"")


def test_interrupt_while_waiting_for_standard_input(tmp_path: Path) -> None:
    report = tmp_path / "r.json"
    command = [sys.executable, "-c", WITH_SIGNALS, "-m", "premigrate", "check", *DAY, "--output", str(report), "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdin
        assert process.stdout
        wait_channel = Path(f"/proc/{process.pid}/wchan")
        deadline = time.monotonic() + 30
        while (
            "pipe" not in (wait_channel.read_text() if wait_channel.exists() else "")
            and time.monotonic() < deadline - 28
        ):
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
    assert not report.exists() or says_partial(report)


SIGNAL_AFTER_CALL = """import os, signal
real = os.{name}
def wrapped(*arguments, **more):
    result = real(*arguments, **more)
    os.kill(os.getpid(), signal.{signal_name})
    return result
os.{name} = wrapped
"""


@pytest.mark.skipif(sys.platform != "linux", reason="files without names")
@pytest.mark.parametrize("signal_name", ["SIGTERM", "SIGHUP", "SIGINT"])
@pytest.mark.parametrize(("script", "name"), [(COMMAND, "link"), (NAMED, "fchmod")])
def test_signal_while_replacing_a_file_leaves_a_complete_file(
    signal_name: str, script: str, name: str, tmp_path: Path
) -> None:
    """The signal arrives after the first step of replacing a file: the old or the new one is left, and no other."""
    report = tmp_path / "r.json"
    report.write_text('{"summary": {"complete": "old"}}', "utf-8")
    command = [
        sys.executable,
        "-c",
        WITH_SIGNALS,
        "-c",
        f"{SIGNAL_AFTER_CALL.format(name=name, signal_name=signal_name)}\n{script}",
    ]
    with running([*command, "check", *DAY, "--output", str(report), "examples/pt/good.json"]) as process:
        code = process.wait(60)
    assert code in {130, -getattr(signal, signal_name), 128 + getattr(signal, signal_name)}
    assert [file.name for file in tmp_path.iterdir()] == ["r.json"]
    assert json.loads(report.read_text("utf-8"))["summary"]["complete"] in {"old", True}


@pytest.mark.parametrize("redirections", ["2>&-", "<&- >&- 2>&-"])
def test_workers_start_with_closed_streams(redirections: str, accounts: Path, tmp_path: Path) -> None:
    report = tmp_path / "r.json"
    arguments = ["check", *DAY, "--jobs", "2", "--output", str(report), str(accounts)]
    line = f'{sys.executable} -m premigrate "$@" {redirections}'
    bash = shutil.which("bash") or "bash"
    completed = subprocess.run([bash, "-c", line, "bash", *arguments], stdout=subprocess.DEVNULL, check=False, cwd=ROOT)
    assert completed.returncode == 1
    summary = json.loads(report.read_text("utf-8"))["summary"]
    assert (summary["accounts"], summary["complete"]) == (3, True)

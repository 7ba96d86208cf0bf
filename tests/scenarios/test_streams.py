"""Output streams: closed pipes, interrupted runs, terminals, and report files."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import premigrate
from tests.batch import terminal
from tests.payloads import ROOT, good_account, put
from tests.scenarios.test_command import DAY

COMMAND = [sys.executable, "-m", "premigrate", "check", *DAY]
WITH_SIGNALS = (
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); "
    "hasattr(signal, 'SIGHUP') and signal.signal(signal.SIGHUP, signal.SIG_DFL); "
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)
"""Runs Python again with the default handlers of SIGINT and SIGHUP, which background jobs and nohup ignore."""


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A folder of 300 accounts that are refused."""
    folder = tmp_path / "many"
    folder.mkdir()
    text = json.dumps(put(good_account("pt"), "customers.0.email", "x"))
    for number in range(300):
        (folder / f"{number:04}.json").write_text(text, "utf-8")
    return folder


def test_closed_pipe_is_no_error(many: Path) -> None:
    report = many.parent / "report.ndjson"
    command = [*COMMAND, "--show-all", "--output", str(report), str(many)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read().decode()
        code = process.wait()
    assert (code, errors) == (1, "")
    assert len(report.read_text("utf-8").splitlines()) == 300, "the file is complete"


def test_closed_pipe_ends_a_run_without_other_outputs(many: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "--show-all", str(many)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read().decode() == ""
        assert process.wait() == 1


def test_interrupted_run_leaves_a_report_marked_as_partial(many: Path) -> None:
    report = many.parent / "report.json"
    pipe = many.parent / "slow.json"
    os.mkfifo(pipe)  # reading it blocks, so the run does not end
    command = [*COMMAND, "--format", "csv", "--output", str(report), str(many / "0001.json"), str(pipe), str(many)]
    command[1:1] = ["-c", WITH_SIGNALS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline() == b"file,line,column,index,account,level,code,attr,detail,rule,expected\n"
        assert b"0001.json" in process.stdout.readline()
        assert not report.exists(), "a file has its name only when it is complete"
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert b"Traceback" not in process.stderr.read()
    data = json.loads(report.read_text("utf-8"))
    assert (len(data["accounts"]), data["summary"]["complete"]) == (1, False)
    assert sorted(path.name for path in many.parent.iterdir()) == ["many", "report.json", "slow.json"]


def test_colours_only_on_terminals_that_support_them() -> None:
    bad = "examples/pt/bad.json"
    assert "\x1b[31merror\x1b[0m: " in terminal(*COMMAND, bad)
    assert "\x1b" not in terminal(*COMMAND, bad, NO_COLOR="1")
    assert "\x1b" not in terminal(*COMMAND, bad, TERM="dumb")


def unpainted(shown: str) -> list[str]:
    """Return the lines of a terminal without colours, and without what a progress line was before it was erased."""
    return [re.sub(r"\x1b\[\d*m", "", line).split("\r")[-1] for line in shown.replace("\r\n", "\n").split("\n")]


@pytest.mark.parametrize("width", [64, 80, 120])
def test_text_is_as_wide_as_the_terminal(width: int) -> None:
    lines = unpainted(terminal(*COMMAND, "examples/dk/bad.json", COLUMNS=str(width)))
    assert all(len(line) <= width for line in lines if " " in line.strip()), lines
    assert max(map(len, lines)) > width - 20, "the width is used"
    piped = subprocess.run([*COMMAND, "examples/dk/bad.json"], capture_output=True, text=True, check=False, cwd=ROOT)
    assert " ".join(" ".join(lines).split()) == " ".join(piped.stdout.split())


def test_text_in_a_pipe_or_a_file_is_not_wrapped(tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    command = [*COMMAND, "--output", str(report), "examples/dk/bad.json"]
    piped = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, env={**os.environ, "COLUMNS": "30"}
    )
    assert "with + and its country code unless it is a DK number, such as +4587654321\n" in piped.stdout
    assert report.read_text("utf-8") == piped.stdout
    terminal(*command, COLUMNS="30")
    assert report.read_text("utf-8") == piped.stdout


def test_statistics_are_as_wide_as_the_terminal() -> None:
    lines = unpainted(terminal(*COMMAND, "--statistics", "examples/dk", COLUMNS="70"))
    assert lines[0] == "1  error balance_mismatch_on_ledger_balance at"
    assert max(map(len, lines)) <= 70
    header, *_ = unpainted(terminal(*COMMAND, "--statistics", "examples/dk", COLUMNS="200"))
    assert header.split()[0] == "count"


def test_progress_is_shown_on_a_terminal_and_erased(many: Path) -> None:
    script = "import premigrate.command.progress as p; p._FIRST = p._EVERY = 0.0; "
    script += "from premigrate.cli.main import main; main()"
    shown = terminal(sys.executable, "-c", script, "check", *DAY, str(many))
    assert re.search(r"\r299 accounts checked, 299 refused, [\d,]+ a second, 0:0\d left \.\.\.", shown)
    last = shown.rindex("left ...")
    assert shown[last + len("left ...") :].startswith("\r "), "the line is overwritten"
    command = [sys.executable, "-c", script, "check", *DAY, str(many)]
    completed = subprocess.run(command, capture_output=True, text=True, check=False)
    assert completed.stderr == ""


def test_written_files_are_named_on_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(good_account("pt")), "utf-8")
    outputs = ["--output", f"{tmp_path}/r.html", "--output", f"junit:{tmp_path}/r.x", "--output", f"{tmp_path}/r.sarif"]
    command = [*COMMAND, *outputs, "--split", f"{tmp_path}/split", str(tmp_path / "a.json")]
    lines = unpainted(terminal(*command, COLUMNS="500"))
    written = [line.removeprefix(f"written: {tmp_path}/") for line in lines if line.startswith("written: ")]
    split = [f"split/{name}" for name in ("pass.ndjson", "fail.ndjson", "unchecked.txt", "errors.ndjson")]
    assert written == ["r.html", "r.x", "r.sarif", *split]
    assert all((tmp_path / name).is_file() for name in written)
    assert lines.index(f"written: {tmp_path}/r.html") > lines.index(
        f"as of 2026-01-31, premigrate {premigrate.__version__}"
    )
    assert "written" not in terminal(*command, "--quiet")
    assert subprocess.run(command, capture_output=True, text=True, check=True).stderr == ""


def test_file_that_failed_is_not_named_as_written(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(good_account("pt")), "utf-8")
    (tmp_path / "r.csv").mkdir()
    shown = terminal(*COMMAND, "--output", f"{tmp_path}/r.csv", str(tmp_path / "a.json"))
    assert "cannot be written" in shown
    assert "written: " not in shown.replace("cannot be written: ", "")


def test_windows_line_endings_and_encodings(tmp_path: Path) -> None:
    account = put(good_account("pt"), "customers.0.email", "x\u00e9")
    text = json.dumps(account, indent=2, ensure_ascii=False).replace("\n", "\r\n")
    file = tmp_path / "\u00fcber.json"
    file.write_bytes(text.encode())
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    completed = subprocess.run(
        [*COMMAND, "--show-values", str(file)], capture_output=True, check=False, env=environment
    )
    lines = completed.stdout.decode("utf-8").split("\n")
    assert not [line for line in lines if line.endswith("\r")]
    number = next(n for n, line in enumerate(text.split("\r\n"), 1) if "x\u00e9" in line)
    assert lines[0].startswith(f"{file}:{number}:16: error: ")
    assert [line for line in lines if line.endswith('| "email": "x\u00e9"')]
    (tmp_path / "utf16.json").write_bytes(text.encode("utf-16"))
    completed = subprocess.run([*COMMAND, str(tmp_path / "utf16.json")], capture_output=True, check=False)
    assert completed.returncode == 4
    assert b"this is UTF-16 text; save it as UTF-8" in completed.stderr


def test_file_that_cannot_be_replaced_is_reported(tmp_path: Path) -> None:
    (tmp_path / "report.csv").mkdir()
    command = [*COMMAND, "--output", str(tmp_path / "report.csv"), "examples/pt/good.json"]
    completed = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert completed.returncode == 2
    assert "report.csv: cannot be written: Is a directory" in completed.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["report.csv"]

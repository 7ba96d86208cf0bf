"""The command in a process of its own, as its entry point starts it; and that tests which call it instead may do so."""

import gc
import json
import os
import signal
import sys
from pathlib import Path

import pytest

from tests.command import invoke, run_process
from tests.payloads import ROOT, good_account
from tests.scenarios.test_command import DAY

LINES = {
    "help": ["--help"],
    "check": ["check", *DAY, "examples/pt/bad.json"],
    "few findings": ["check", *DAY, "--max-errors", "1", "examples/dk/bad.json"],
    "standard input": ["check", *DAY, "-"],
    "wrong use": ["check", "--jobs", "many"],
    "wrong market": ["schema", "--market", "xx"],
    "wrong overlay": ["check", "--market", "pt", "--overlay", "pyproject.toml", "examples/pt/good.json"],
    "nothing to read": ["compare", "none.har"],
    "schema": ["schema", "--market", "pt"],
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_process_does_what_a_call_does(line: list[str]) -> None:
    text = json.dumps(good_account("dk")).encode()
    done = run_process(*line, stdin=text)
    assert invoke(*line, stdin=text) == done
    assert done.out + done.err


def state() -> list[object]:
    """All that a call of the command may change of a process."""
    handlers = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    streams = [sys.stdin, sys.stdout, sys.stderr]
    collector = [gc.get_threshold(), gc.get_freeze_count(), gc.isenabled()]
    opened = sorted(each.name for each in Path("/proc/self/fd").glob("*"))
    return [handlers, streams, collector, opened, sys.argv, dict(os.environ), Path.cwd(), sys.getrecursionlimit()]


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4])
def test_a_call_leaves_the_process_as_it_was(code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("premigrate.command.atomic_file._open_unnamed", lambda _: None)  # then signals are handled
    line = {
        0: ["check", *DAY, "--output", "x.csv", f"{ROOT}/examples/pt/good.json"],
        1: ["check", *DAY, "--output", "x.csv", f"{ROOT}/examples/pt/bad.json", "-"],
        2: ["check"],
        3: ["check", "--overlay", "none.toml", "--market", "pt", "x"],
        4: ["check", "none.json"],
    }[code]
    text = json.dumps(good_account("dk")).encode()
    before = state()
    done = invoke(*line, stdin=text * 100_000 if code == 4 else text, cwd=tmp_path, NO_COLOR="1")
    assert (done.code, state()) == (code, before)

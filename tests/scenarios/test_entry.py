"""Calling the command in this process, as most tests do, equals running it in a child process."""

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

COMMANDS = {
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


@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_call_gives_the_result_of_a_process(arguments: list[str]) -> None:
    payload = json.dumps(good_account("dk")).encode()
    result = run_process(*arguments, stdin=payload)
    assert invoke(*arguments, stdin=payload) == result
    assert result.out + result.err


def state() -> list[object]:
    """Return the state of the process that a call of the command may change."""
    handlers = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    streams = [sys.stdin, sys.stdout, sys.stderr]
    collector = [gc.get_threshold(), gc.get_freeze_count(), gc.isenabled()]
    descriptors = sorted(each.name for each in Path("/proc/self/fd").glob("*"))
    return [handlers, streams, collector, descriptors, sys.argv, dict(os.environ), Path.cwd(), sys.getrecursionlimit()]


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4])
def test_call_restores_the_process(code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("premigrate.command.atomic_file._open_unnamed", lambda _: None)  # so that signals are handled
    arguments = {
        0: ["check", *DAY, "--output", "x.csv", f"{ROOT}/examples/pt/good.json"],
        1: ["check", *DAY, "--output", "x.csv", f"{ROOT}/examples/pt/bad.json", "-"],
        2: ["check"],
        3: ["check", "--overlay", "none.toml", "--market", "pt", "x"],
        4: ["check", "none.json"],
    }[code]
    payload = json.dumps(good_account("dk")).encode()
    before = state()
    result = invoke(*arguments, stdin=payload * 100_000 if code == 4 else payload, cwd=tmp_path, NO_COLOR="1")
    assert (result.code, state()) == (code, before)

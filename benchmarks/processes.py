"""Runs commands and measures their wall time, CPU time and peak memory."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


class ProcessRun(NamedTuple):
    """The cost of a command: wall seconds, CPU seconds of all its processes, peak MB of its largest process."""

    wall: float
    cpu: float
    peak: float


def run(command: Sequence[str], *, codes: Sequence[int] = (0,), cache: Path | None = None) -> ProcessRun:
    """Run a command and discard its output; ``cache`` is the folder for compiled rules (None: not cached).

    Raises:
        RuntimeError: the exit code is not one of ``codes``.

    """
    started = time.perf_counter()
    env = {**os.environ, "PREMIGRATE_CACHE_DIR": str(cache or "")}
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)  # noqa: S603
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = code = os.waitstatus_to_exitcode(status)
    if code not in codes:
        raise RuntimeError(f"{' '.join(command)} ended with {code}")
    return ProcessRun(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def write_accounts(path: Path, count: int, *options: str) -> None:
    """Write accounts to a file in a child process, because the peak of a child is at least the size of its parent."""
    run([sys.executable, "-m", "benchmarks.accounts", str(path), f"--count={count}", *options])


CHECK_OPTIONS: dict[str, Sequence[str]] = {
    "premigrate check": (),
    "premigrate check --jobs 2": ("--jobs", "2"),
    "premigrate check --format ndjson": ("--format", "ndjson"),
}
"""The options to check an NDJSON file: none, with two processes, and with all findings as output."""


def check_command(path: Path, options: Sequence[str]) -> list[str]:
    """Return the command that checks the accounts of a file."""
    return [str(BIN / "premigrate"), "check", "--as-of", "2026-01-31", *options, str(path)]


def accepts_ndjson() -> bool:
    """Return whether the command accepts NDJSON files: it does if it has the option ``--jobs``."""
    completed = subprocess.run([str(BIN / "premigrate"), "check", "--help"], check=True, capture_output=True, text=True)  # noqa: S603
    return "--jobs" in completed.stdout

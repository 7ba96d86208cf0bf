"""Runs a command to its end and tells what it took: time, CPU time and memory."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


class Run(NamedTuple):
    """What a command took: seconds on the clock, seconds of CPU of all its processes, MB of its largest process."""

    wall: float
    cpu: float
    peak: float


def run(command: Sequence[str], *, codes: Sequence[int] = (0,), cache: Path | None = None) -> Run:
    """Run a command; its output goes nowhere. Compiled rules are kept in the folder ``cache``, or not at all.

    Raises:
        RuntimeError: it ended with another code than those that are given.

    """
    started = time.perf_counter()
    env = {**os.environ, "PREMIGRATE_CACHE_DIR": str(cache or "")}
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)  # noqa: S603
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = code = os.waitstatus_to_exitcode(status)
    if code not in codes:
        raise RuntimeError(f"{' '.join(command)} ended with {code}")
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def make_lines(path: Path, count: int, *options: str) -> None:
    """Write accounts into a file, in a process of its own: a child's peak is never less than its parent's size."""
    said = [str(path), f"--count={count}", *options]
    run([sys.executable, "-m", "benchmarks.accounts", *said])


WAYS: dict[str, Sequence[str]] = {
    "premigrate check": (),
    "premigrate check --jobs 2": ("--jobs", "2"),
    "premigrate check --format ndjson": ("--format", "ndjson"),
}
"""How the command checks a file of lines: by itself, with two processes, and telling everything it finds."""


def check_command(path: Path, options: Sequence[str]) -> list[str]:
    """Write the command that checks the accounts of a file."""
    return [str(BIN / "premigrate"), "check", "--as-of", "2026-01-31", *options, str(path)]


def reads_lines() -> bool:
    """Tell whether the command takes a file of lines: it does since it takes ``--jobs``."""
    told = subprocess.run([str(BIN / "premigrate"), "check", "--help"], check=True, capture_output=True, text=True)  # noqa: S603
    return "--jobs" in told.stdout

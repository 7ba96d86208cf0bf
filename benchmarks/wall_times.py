"""Measures the wall time of commands, alternately, so that load on the machine affects all of them."""

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from benchmarks.processes import ROOT
from benchmarks.tables import Target, format_number, target_cells

HEAD = ("contender", "milliseconds", "lowest-highest", "ratio", "at least", "goal", "result")


class Command(NamedTuple):
    """A command line, and premigrate's cache folder: empty disables the cache, None is a new folder for each run."""

    line: Sequence[str]
    cache: str | None = ""


def milliseconds(command: Command) -> float:
    """Return the wall time of a command in milliseconds; Python may cache bytecode, as it does by default."""
    with tempfile.TemporaryDirectory() as folder:
        cache = folder if command.cache is None else command.cache
        env = {**os.environ, "PREMIGRATE_CACHE_DIR": cache, "PYTHONDONTWRITEBYTECODE": ""}
        started = time.perf_counter()
        subprocess.run(command.line, check=True, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)  # noqa: S603
        return (time.perf_counter() - started) * 1e3


def measure_alternately(commands: Mapping[str, Command], rounds: int) -> dict[str, list[float]]:
    """Return the times of alternate runs of all commands; a first run, which fills caches, does not count."""
    turns = [{name: milliseconds(command) for name, command in commands.items()} for _ in range(rounds + 1)]
    return {name: [turn[name] for turn in turns[1:]] for name in commands}


def row(
    name: str,
    times: Sequence[float],
    rival: str = "",
    rivals_times: Sequence[float] = (),
    target: Target | None = None,
) -> tuple[str, ...]:
    """Return a table row: the times of a command, how many times as long a rival takes, and the target."""
    median = statistics.median(times)
    ratio = statistics.median(rivals_times) / median if rivals_times else 0
    comparison = f"{rival}: {format_number(ratio)} x" if rivals_times else ""
    return name, format_number(median), f"{min(times):.0f}-{max(times):.0f}", comparison, *target_cells(target, ratio)

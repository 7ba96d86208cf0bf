"""Turns commands into the time from their start to their end: in turns, so that a slow moment is slow for all."""

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from benchmarks.processes import ROOT
from benchmarks.tables import Target, figure, target_cells

HEAD = ("contender", "milliseconds", "lowest-highest", "ratio", "at least", "goal", "says")


class Command(NamedTuple):
    """A command line, and the folder of premigrate's cache: empty switches it off, None is a new one each time."""

    line: Sequence[str]
    cache: str | None = ""


def milliseconds(command: Command) -> float:
    """Run a command once; Python keeps the bytecode of modules, as it does for everybody whose tools let it."""
    with tempfile.TemporaryDirectory() as folder:
        cache = folder if command.cache is None else command.cache
        env = {**os.environ, "PREMIGRATE_CACHE_DIR": cache, "PYTHONDONTWRITEBYTECODE": ""}
        started = time.perf_counter()
        subprocess.run(command.line, check=True, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)  # noqa: S603
        return (time.perf_counter() - started) * 1e3


def in_turns(commands: Mapping[str, Command], rounds: int) -> dict[str, list[float]]:
    """Run all commands in turns; the first turn fills the caches and does not count."""
    turns = [{name: milliseconds(command) for name, command in commands.items()} for _ in range(rounds + 1)]
    return {name: [turn[name] for turn in turns[1:]] for name in commands}


def row(
    name: str,
    times: Sequence[float],
    rival: str = "",
    rivals_times: Sequence[float] = (),
    target: Target | None = None,
) -> tuple[str, ...]:
    """Set a command beside a rival: how many times as long that takes, and what that should be."""
    median = statistics.median(times)
    ratio = statistics.median(rivals_times) / median if rivals_times else 0
    said = f"{rival}: {figure(ratio)} x" if rivals_times else ""
    return name, figure(median), f"{min(times):.0f}-{max(times):.0f}", said, *target_cells(target, ratio)

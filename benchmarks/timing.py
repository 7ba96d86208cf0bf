"""Measures contenders alternately, in an order shuffled each round, in several fresh processes.

The garbage collector stays enabled. All objects that exist before the first round are frozen, so that the libraries of
one contender do not slow down garbage collection for the others.
"""

import gc
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, TypeAlias

from benchmarks.options import Effort

ROOT = Path(__file__).parents[1]

Contenders: TypeAlias = Mapping[str, Callable[[], object]]


class Times(NamedTuple):
    """The median of a contender in each process, in microseconds."""

    medians: Sequence[float]

    @property
    def median(self) -> float:
        """The median of the processes."""
        return statistics.median(self.medians)

    @property
    def spread(self) -> str:
        """The lowest and the highest median of a process."""
        return f"{min(self.medians):.1f}-{max(self.medians):.1f}"

    def per_item(self, count: int) -> "Times":
        """Return the times per item for ``count`` items."""
        return Times([median / count for median in self.medians])

    def ratio_to(self, other: "Times") -> float:
        """Return the median ratio to another contender, process by process."""
        pairs = zip(self.medians, other.medians, strict=True)
        return statistics.median(mine / theirs for mine, theirs in pairs)


def measure_in_processes(module: str, arguments: Iterable[str], effort: Effort) -> dict[str, Times]:
    """Measure the CPU times of what the function ``contenders`` of a module returns for the arguments."""
    command_arguments = [module, json.dumps(effort), *arguments]
    runs = [_run(command_arguments) for _ in range(effort.processes)]
    return {name: Times([run[name] for run in runs]) for name in runs[0]}


def _run(arguments: Sequence[str]) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.timing", *arguments]
    completed = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE)  # noqa: S603
    found: dict[str, float] = json.loads(completed.stdout)
    return found


def measure(contenders: Contenders, effort: Effort) -> dict[str, float]:
    """Measure contenders in this process; return the median round of each, in microseconds."""
    repeats = {name: _repeats(task, effort.seconds) for name, task in contenders.items()}
    rounds: dict[str, list[float]] = {name: [] for name in contenders}
    gc.collect()
    gc.freeze()
    for _ in range(effort.rounds):
        order = list(contenders)
        random.shuffle(order)
        for name in order:
            gc.collect()  # garbage of the previous contender
            rounds[name].append(_seconds(contenders[name], repeats[name]) / repeats[name] * 1e6)
    return {name: statistics.median(each) for name, each in rounds.items()}


def _repeats(task: Callable[[], object], seconds: float) -> int:
    """Return how often a task runs in some seconds; the first run, which fills caches, does not count."""
    task()
    one = min(_seconds(task, 1) for _ in range(3))
    return max(1, int(seconds / max(one, 1e-7)))


def _seconds(task: Callable[[], object], repeats: int) -> float:
    turns = range(repeats)
    started = time.process_time()
    for _ in turns:
        task()
    return time.process_time() - started


def main() -> None:
    """Measure in a child process: print the median of each contender as JSON."""
    module, effort, *arguments = sys.argv[1:]
    contenders: Contenders = import_module(module).contenders(*arguments)
    print(json.dumps(measure(contenders, Effort(*json.loads(effort)))))


if __name__ == "__main__":
    main()

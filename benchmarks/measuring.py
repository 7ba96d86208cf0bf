"""Turns contenders into times: in turns, in an order shuffled each round, in several fresh processes.

The garbage collector runs, as it does for everybody. What was made before the first round is frozen, so that one
contender's libraries don't weigh on the collections of the others.
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

ROOT = Path(__file__).parents[1]

Contenders: TypeAlias = Mapping[str, Callable[[], object]]


class Effort(NamedTuple):
    """How long to measure: ``rounds`` in each of several processes, in which each contender runs for some seconds."""

    processes: int
    rounds: int
    seconds: float


FULL, QUICK, LEAST = Effort(5, 15, 0.005), Effort(2, 5, 0.002), Effort(1, 1, 0.0)
EFFORTS = {"full": FULL, "quick": QUICK, "least": LEAST}


class Times(NamedTuple):
    """The median of a contender in each process, in microseconds."""

    medians: Sequence[float]

    @property
    def median(self) -> float:
        return statistics.median(self.medians)

    @property
    def spread(self) -> str:
        """Lowest and highest median of a process."""
        return f"{min(self.medians):.1f}-{max(self.medians):.1f}"

    def over(self, other: "Times") -> float:
        """How many times as long as another that ran in the same processes."""
        pairs = zip(self.medians, other.medians, strict=True)
        return statistics.median(mine / theirs for mine, theirs in pairs)


def side_by_side(module: str, arguments: Iterable[str], effort: Effort) -> dict[str, Times]:
    """Measure what ``contenders(*arguments)`` of a module gives, CPU time of whole processes' own."""
    said = [module, json.dumps(effort), *arguments]
    runs = [_run(said) for _ in range(effort.processes)]
    return {name: Times([run[name] for run in runs]) for name in runs[0]}


def _run(said: Sequence[str]) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.measuring", *said]
    told = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE)  # noqa: S603
    found: dict[str, float] = json.loads(told.stdout)
    return found


def measure(contenders: Contenders, effort: Effort) -> dict[str, float]:
    """Measure contenders in this process; the median round of each, in microseconds."""
    repeats = {name: _repeats(task, effort.seconds) for name, task in contenders.items()}
    rounds: dict[str, list[float]] = {name: [] for name in contenders}
    gc.collect()
    gc.freeze()
    for _ in range(effort.rounds):
        order = list(contenders)
        random.shuffle(order)
        for name in order:
            gc.collect()  # nobody pays for what another left behind
            rounds[name].append(_seconds(contenders[name], repeats[name]) / repeats[name] * 1e6)
    return {name: statistics.median(each) for name, each in rounds.items()}


def _repeats(task: Callable[[], object], seconds: float) -> int:
    """Tell how often a task runs in some seconds; the first run fills what is filled once."""
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
    """Be one of the processes: print the median of each contender as JSON."""
    module, effort, *arguments = sys.argv[1:]
    contenders: Contenders = import_module(module).contenders(*arguments)
    print(json.dumps(measure(contenders, Effort(*json.loads(effort)))))


if __name__ == "__main__":
    main()

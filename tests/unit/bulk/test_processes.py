"""Workers give their results in the order of the tasks, whoever is first; what goes wrong in one is raised here."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from premigrate.bulk.processes import run_tasks
from premigrate.errors import BadArgument, WorkerLost


def make_slow_square() -> Callable[[int], int]:
    def square(number: int) -> int:
        time.sleep(0.02 * (number % 3))
        return number * number

    return square


def make_naughty() -> Callable[[str], object]:
    def obey(word: str) -> object:
        if word == "refuse":
            raise BadArgument("no")
        if word == "fail":
            return {"": 0}["a value that nobody may see"]
        if word == "exit":
            os._exit(7)
        if word == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        return "x" * 3_000_000 if word == "big" else os.write(sys.stdout.fileno(), b"printed") * 0

    return obey


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_order(jobs: int) -> None:
    assert list(run_tasks(range(20), make_slow_square, jobs)) == [number * number for number in range(20)]


def test_few_tasks_are_taken_at_a_time() -> None:
    taken = 0

    def tasks() -> Iterator[int]:
        nonlocal taken
        for number in range(100):
            taken += 1
            yield number

    results = run_tasks(tasks(), make_slow_square, 2)
    next(results)
    assert taken <= 6
    results.close()


@pytest.mark.parametrize(
    ("word", "kind", "message"),
    [
        ("refuse", BadArgument, "^no$"),
        (
            "fail",
            WorkerLost,
            r"a mistake of premigrate's own in a worker process \(KeyError in test_processes.py, line",
        ),
        ("exit", WorkerLost, "a worker process ended with code 7 before it was done"),
        ("die", WorkerLost, r"a worker process was killed \(SIGKILL\) before it was done"),
    ],
)
def test_what_goes_wrong(word: str, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message) as caught:
        list(run_tasks(["big", word, *["big"] * 5], make_naughty, 2))
    assert "nobody may see" not in str(caught.value)


def test_big_results_and_what_a_task_prints_are_in_nobodys_way() -> None:
    results: list[Any] = list(run_tasks(["big", "printed"] * 6, make_naughty, 2))
    assert [bool(each) for each in results] == [True, False] * 6

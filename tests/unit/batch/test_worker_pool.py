"""Workers return results in the order of the tasks; when a worker ends, a new process repeats its task."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from premigrate.batch import worker_pool
from premigrate.batch.worker_pool import run_tasks
from premigrate.exceptions import BadArgument, WorkerLost


def make_slow_square() -> Callable[[int], int]:
    def square(number: int) -> int:
        time.sleep(0.02 * (number % 3))
        return number * number

    return square


def make_fragile_reader() -> Callable[[list[str]], list[str]]:
    """Make a task that kills its process on some words, and on a file name only the first time."""

    def read(words: list[str]) -> list[str]:
        for word in words:
            if word == "starve":
                raise MemoryError
            if word == "die" or (word.startswith("/") and not Path(word).exists()):
                Path(word).touch() if word.startswith("/") else None
                os.kill(os.getpid(), signal.SIGKILL)
        return words

    return read


def make_failing_worker() -> Callable[[str], object]:
    def follow(word: str) -> object:
        if word == "refuse":
            raise BadArgument("no")
        if word == "fail":
            return {"": 0}["a value that nobody may see"]
        if word == "exit":
            os._exit(7)
        if word == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if word == "secret":
            return lambda: "a value that nobody may see, for it can't be sent"
        return "x" * 3_000_000 if word == "big" else os.write(sys.stdout.fileno(), b"printed") * 0

    return follow


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_results_keep_the_order_of_tasks(jobs: int) -> None:
    assert list(run_tasks(range(20), make_slow_square, jobs)) == [number * number for number in range(20)]


def test_tasks_are_consumed_lazily() -> None:
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
            r"internal error in a worker process \(KeyError in test_worker_pool.py, line",
        ),
        (
            "exit",
            WorkerLost,
            "a worker process ended with exit code 7, possibly because memory ran out; the run is incomplete",
        ),
        (
            "secret",
            WorkerLost,
            "a worker process ended with exit code 1, possibly because memory ran out; the run is incomplete",
        ),
        ("die", WorkerLost, r"a worker process was killed \(SIGKILL\), possibly because memory ran out"),
    ],
)
def test_worker_failures_raise(word: str, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message) as caught:
        list(run_tasks(["big", word, *["big"] * 5], make_failing_worker, 2))
    assert "nobody may see" not in str(caught.value)


def test_large_results_and_printing_tasks() -> None:
    results: list[Any] = list(run_tasks(["big", "printed"] * 6, make_failing_worker, 2))
    assert [bool(each) for each in results] == [True, False] * 6


def split_in_half(words: list[str], reason: str) -> list[list[str]]:
    middle = len(words) // 2
    return [words[:middle], words[middle:]] if middle else [[f"not {words[0]}: {reason}"]]


def test_task_of_a_lost_worker_is_repeated(tmp_path: Path) -> None:
    reports: list[str] = []
    tasks = [["a"], ["b"], [str(tmp_path / "once")], *([str(number)] for number in range(6))]
    assert list(run_tasks(tasks, make_fragile_reader, 2, report=reports.append)) == tasks
    assert reports == [
        "a worker process was killed (SIGKILL), possibly because memory ran out; another process repeats its work"
    ]


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("die", "a worker process was killed (SIGKILL), possibly because memory ran out"),
        ("starve", "a worker process ran out of memory"),
    ],
)
def test_task_that_kills_workers_is_reported_and_others_finish(word: str, reason: str) -> None:
    tasks = [["a", "b"], ["c"], ["d", word], ["e"], ["f"], ["g"]]
    found = [each for part in run_tasks(tasks, make_fragile_reader, 2, split_in_half) for each in part]
    assert found == ["a", "b", "c", "d", f"not {word}: {reason}", "e", "f", "g"]


def test_workers_are_not_replaced_forever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_pool, "_MAX_FAILURES_IN_A_ROW", 3)
    with pytest.raises(WorkerLost, match=r"killed \(SIGKILL\), possibly .*; the run is incomplete"):
        list(run_tasks([["die"]], make_fragile_reader, 1, lambda task, _: [task]))


def test_tasks_finish_with_the_workers_that_could_start(monkeypatch: pytest.MonkeyPatch) -> None:
    available, popen = 1, subprocess.Popen

    def limited_popen(*arguments: Any, **options: Any) -> "subprocess.Popen[bytes]":
        nonlocal available
        available -= 1
        if available < 0:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        return popen(*arguments, **options)

    monkeypatch.setattr(subprocess, "Popen", limited_popen)
    tasks = [[str(number)] for number in range(9)]
    assert list(run_tasks(tasks, make_fragile_reader, 3)) == tasks
    with pytest.raises(WorkerLost, match=r"cannot start a worker process .Resource .*; run with --jobs 1"):
        list(run_tasks(tasks, make_fragile_reader, 3))
    available = 1
    with pytest.raises(WorkerLost, match=r"SIGKILL.*, and another one cannot be started .Resource"):
        list(run_tasks([["die"]], make_fragile_reader, 1))

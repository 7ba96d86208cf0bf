"""Workers give their results in the order of the tasks; if one ends, a new process repeats its task."""

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

from premigrate.batch import worker_pool as processes
from premigrate.batch.worker_pool import run_tasks
from premigrate.exceptions import BadArgument, WorkerLost


def make_slow_square() -> Callable[[int], int]:
    def square(number: int) -> int:
        time.sleep(0.02 * (number % 3))
        return number * number

    return square


def make_mortal() -> Callable[[list[str]], list[str]]:
    """Make what ends its process over some words, over a file name only the first time."""

    def read(words: list[str]) -> list[str]:
        for word in words:
            if word == "starve":
                raise MemoryError
            if word == "die" or (word.startswith("/") and not Path(word).exists()):
                Path(word).touch() if word.startswith("/") else None
                os.kill(os.getpid(), signal.SIGKILL)
        return words

    return read


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
        if word == "secret":
            return lambda: "a value that nobody may see, for it can't be sent"
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
            r"a mistake of premigrate's own in a worker process \(KeyError in test_worker_pool.py, line",
        ),
        ("exit", WorkerLost, "a worker process ended with code 7 before it was done"),
        ("secret", WorkerLost, "a worker process ended with code 1 before it was done"),
        ("die", WorkerLost, r"a worker process was killed \(SIGKILL\) before it was done"),
    ],
)
def test_what_goes_wrong(word: str, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message) as caught:
        list(run_tasks(["big", word, *["big"] * 5], make_naughty, 2))
    assert "nobody may see" not in str(caught.value)


def test_big_results_and_what_a_task_prints_do_no_harm() -> None:
    results: list[Any] = list(run_tasks(["big", "printed"] * 6, make_naughty, 2))
    assert [bool(each) for each in results] == [True, False] * 6


def halves(words: list[str], why: str) -> list[list[str]]:
    half = len(words) // 2
    return [words[:half], words[half:]] if half else [[f"not {words[0]}: {why}"]]


def test_what_a_lost_worker_had_is_done_by_another(tmp_path: Path) -> None:
    told: list[str] = []
    tasks = [["a"], ["b"], [str(tmp_path / "once")], *([str(number)] for number in range(6))]
    assert list(run_tasks(tasks, make_mortal, 2, report=told.append)) == tasks
    assert told == [
        "a worker process was killed (SIGKILL), perhaps because memory ran out; another process takes over its work"
    ]


@pytest.mark.parametrize(
    ("word", "how"),
    [
        ("die", "a worker process was killed (SIGKILL) over it"),
        ("starve", "a worker process ran out of memory over it"),
    ],
)
def test_over_what_workers_end_is_told_and_all_else_is_done(word: str, how: str) -> None:
    tasks = [["a", "b"], ["c"], ["d", word], ["e"], ["f"], ["g"]]
    found = [each for part in run_tasks(tasks, make_mortal, 2, halves) for each in part]
    assert found == ["a", "b", "c", "d", f"not {word}: {how}", "e", "f", "g"]


def test_workers_that_always_end_are_not_replaced_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_MAX_FAILURES_IN_A_ROW", 3)
    with pytest.raises(WorkerLost, match=r"killed \(SIGKILL\) before it was done, perhaps .*; the run is not complete"):
        list(run_tasks([["die"]], make_mortal, 1, lambda task, _: [task]))


def test_where_the_system_has_no_room_for_more_those_there_are_do(monkeypatch: pytest.MonkeyPatch) -> None:
    room, start = 1, subprocess.Popen

    def refuse(*arguments: Any, **options: Any) -> "subprocess.Popen[bytes]":
        nonlocal room
        room -= 1
        if room < 0:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        return start(*arguments, **options)

    monkeypatch.setattr(subprocess, "Popen", refuse)
    tasks = [[str(number)] for number in range(9)]
    assert list(run_tasks(tasks, make_mortal, 3)) == tasks
    with pytest.raises(WorkerLost, match=r"no worker process can be started .Resource .*; --jobs 1"):
        list(run_tasks(tasks, make_mortal, 3))
    room = 1
    with pytest.raises(WorkerLost, match=r"SIGKILL.*, and no other can be started .Resource"):
        list(run_tasks([["die"]], make_mortal, 1))

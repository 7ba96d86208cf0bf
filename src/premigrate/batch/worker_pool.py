"""Runs tasks in worker processes, several at a time, and yields their results in the order of the tasks.

A worker is a separate Python process that reads tasks from its standard input, so it does not import the caller's
``__main__``. `concurrent.futures` is not used because it does, does not report how a worker ended, and leaves workers
behind if the caller is killed.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from typing import TYPE_CHECKING, Any

from premigrate.batch.worker import EXIT_OUT_OF_MEMORY, TaskFailure, read_message, write_message
from premigrate.exceptions import WorkerLost

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    Make = Callable[[], Callable[[Any], Any]]
    Split = Callable[[Any, str], list[Any]]
    Report = Callable[[str], object]

_START = "import sys; sys.path[:] = {path!r}; from premigrate.batch.worker import run_worker; run_worker()"
_TASKS_PER_WORKER = 2
"""Number of tasks that a worker has at a time: the current one and the next."""

_MAX_FAILURES_IN_A_ROW = 30
"""Number of processes that may end in succession without a result before the run is given up."""


class _Ended(Exception):
    """A worker ended before it returned a result; the message describes how."""


class _Worker:
    """A worker process. ``tasks`` are the tasks without a result yet. Raises OSError if it cannot be started."""

    def __init__(self, make_function: Make) -> None:
        self._make = make_function
        self.tasks: deque[Any] = deque()
        self._start()

    def send(self, task: object) -> None:
        self.tasks.append(task)
        self._write(task)

    def receive(self) -> Any:  # noqa: ANN401 - the result of a task
        """Wait for the result of the first task."""
        try:
            result = pickle.loads(read_message(self._results))  # noqa: S301 - from a worker process
        except EOFError:
            raise _Ended(self._exit_description()) from None
        self.tasks.popleft()
        if isinstance(result, TaskFailure):
            raise result.error
        return result

    def restart(self) -> list[Any]:
        """Start a new process, and return the tasks that the old one had."""
        lost = list(self.tasks)
        self.tasks.clear()
        self.stop()
        self._start()
        return lost

    def stop(self) -> None:
        self._process.kill()  # it has no state that could be lost
        for pipe in (self._tasks, self._results):
            with contextlib.suppress(OSError):
                pipe.close()
        self._process.wait()

    def _start(self) -> None:
        command = [sys.executable, "-c", _START.format(path=[os.path.abspath(path) for path in sys.path])]  # noqa: PTH100
        # interrupts from the terminal do not reach a process in another session
        self._process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        assert self._process.stdin  # noqa: S101 - for type checkers
        assert self._process.stdout  # noqa: S101
        self._tasks, self._results = self._process.stdin, self._process.stdout
        self._write(self._make)

    def _write(self, message: object) -> None:
        with contextlib.suppress(OSError):  # the process has ended, which `receive` reports
            write_message(self._tasks, message)

    def _exit_description(self) -> str:
        code = self._process.wait()
        if code == EXIT_OUT_OF_MEMORY:
            return "a worker process ran out of memory"
        how = f"was killed ({signal.Signals(-code).name})" if code < 0 else f"ended with exit code {code}"
        return f"a worker process {how}, possibly because memory ran out"


class _Pool:
    """Workers, and the order in which their results are to be received."""

    def __init__(self, make_function: Make, jobs: int, split: Split, report: Report) -> None:
        self._make, self._jobs, self._split, self._report = make_function, jobs, split, report
        self._workers: list[_Worker] = []
        self._order: deque[_Worker] = deque()

    def is_full(self) -> bool:
        return len(self._order) >= _TASKS_PER_WORKER * self._jobs

    def is_empty(self) -> bool:
        return not self._order

    def send(self, task: object) -> None:
        """Send a task to a new worker, or to the one with the fewest tasks."""
        if len(self._workers) < self._jobs:
            self._add_worker()
        worker = min(self._workers, key=lambda each: len(each.tasks))
        worker.send(task)
        self._order.append(worker)

    def receive(self) -> list[Any]:
        """Return the result of the first task, or the results of its parts."""
        worker = self._order.popleft()
        try:
            return [worker.receive()]
        except _Ended as ended:
            return self._repeat(worker, str(ended))

    def stop(self) -> None:
        for worker in self._workers:
            worker.stop()

    def _add_worker(self) -> None:
        """Start a worker. If the system cannot start another process, continue with the existing workers."""
        try:
            self._workers.append(_Worker(self._make))
        except OSError as error:
            if not self._workers:
                raise WorkerLost(f"cannot start a worker process ({error.strerror}); run with --jobs 1") from None
            self._jobs = len(self._workers)

    def _repeat(self, worker: _Worker, how: str) -> list[Any]:
        """Repeat the first task of a worker that ended, alone in a new process; if that ends too, split the task."""
        self._report(f"{how}; another process repeats its work")
        task, *later = self._restart(worker, how)
        left, results = [task], []
        is_new, in_a_row = True, 1
        while left:
            worker.send(left[0])
            try:
                results.append(worker.receive())
                del left[0]
                is_new, in_a_row = False, 0
            except _Ended as ended:
                how = str(ended)
                in_a_row += 1
                if is_new:  # the process ran no earlier task that could have used up its memory
                    left[:1] = parts = self._split(left[0], how)
                    if not parts or in_a_row > _MAX_FAILURES_IN_A_ROW:
                        raise WorkerLost(f"{how}; the run is incomplete") from None
                self._restart(worker, how)
                is_new = True
        for task in later:
            worker.send(task)
        return results

    def _restart(self, worker: _Worker, how: str) -> list[Any]:
        try:
            return worker.restart()
        except OSError as error:
            reason = f"{how}, and another one cannot be started ({error.strerror}); the run is incomplete"
            raise WorkerLost(reason) from None


def run_tasks(
    tasks: Iterable[Any],
    make_function: Make,
    jobs: int,
    split: Split = lambda task, why: [],  # noqa: ARG005
    report: Report = lambda message: None,  # noqa: ARG005
) -> Generator[Any]:
    """Yield the result of each task, in the order of the tasks; only a few tasks are in memory at a time.

    If a worker ends, a new process repeats its task.

    Args:
        tasks: the arguments of the function; they and the results must be picklable.
        make_function: called in a worker, returns the function from a task to its result; must be picklable.
        jobs: the maximum number of workers.
        split: returns the parts of a task during which a new process ended too; the second argument says how it ended.
        report: called with a message about each worker that ended.

    Raises:
        WorkerLost: a worker ended, and its task cannot be split any further; or no worker can be started.
        PremigrateError: a task raised it.

    """
    pool = _Pool(make_function, jobs, split, report)
    try:
        for task in tasks:
            if pool.is_full():
                yield from pool.receive()
            pool.send(task)
        while not pool.is_empty():
            yield from pool.receive()
    finally:
        pool.stop()

"""Has other processes turn tasks into results, several at a time, and gives the results in the order of the tasks.

A worker is a Python of its own that is told what to do through its standard input, so that nothing of the program it
works for is run again there. It ends when that program ends, however that comes.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

from premigrate.bulk.working import NO_MEMORY, Failure, read_thing, write_thing
from premigrate.errors import WorkerLost

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    Lose = Callable[[Any, str], list[Any]]
    Tell = Callable[[str], object]

_START = "import sys; sys.path[:] = {path!r}; from premigrate.bulk.working import work; work()"
_AHEAD = 2
"""Tasks that a worker is given at once: one to work at, and one to go on with."""

_MOST_IN_A_ROW = 30
"""Workers that may end one after the other without any result between them: then no other will fare better."""


class _Gone(Exception):
    """A worker ended before it was done; the message says how."""


class _Job(NamedTuple):
    """A task, the worker that has it, and whether one before ended over it."""

    task: Any
    slot: int
    is_retried: bool = False


class _Worker:
    """A process that works. A job over which one ended is alone in it: else nobody knew over which it ends."""

    def __init__(self, make: Callable[[], Callable[[Any], Any]]) -> None:
        command = [sys.executable, "-c", _START.format(path=[os.path.abspath(path) for path in sys.path])]  # noqa: PTH100
        # a session of its own: an interrupt at the terminal is for the process that this one works for
        self._process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        assert self._process.stdin  # noqa: S101 - for readers of types
        assert self._process.stdout  # noqa: S101
        self._tasks, self._results = self._process.stdin, self._process.stdout
        self.is_new = True
        self._waiting, self._is_alone = 0, False
        self._jobs: deque[_Job] = deque()
        self._send(make)

    def is_busy(self) -> bool:
        return self._waiting + len(self._jobs) >= _AHEAD

    def take(self, job: _Job) -> None:
        """Do a job when it is time."""
        self._jobs.append(job)
        self._feed()

    def receive(self) -> Any:  # noqa: ANN401 - whatever the task gives
        try:
            result = read_thing(self._results)
        except EOFError:
            raise _Gone(self._how()) from None
        self.is_new = False
        self._waiting -= 1
        self._feed()
        if isinstance(result, Failure):
            raise result.error
        return result

    def stop(self) -> None:
        self._process.kill()  # it holds nothing that could be lost
        for pipe in (self._tasks, self._results):
            with contextlib.suppress(OSError):
                pipe.close()
        self._process.wait()

    def _feed(self) -> None:
        while self._jobs and not (self._waiting and (self._is_alone or self._jobs[0].is_retried)):
            job = self._jobs.popleft()
            self._is_alone = job.is_retried
            self._waiting += 1
            self._send(job.task)

    def _send(self, thing: object) -> None:
        """Send something; if it has ended, who waits for the result will see that."""
        with contextlib.suppress(OSError):
            write_thing(self._tasks, thing)

    def _how(self) -> str:
        code = self._process.wait()
        if code == NO_MEMORY:
            return "a worker process ran out of memory"
        how = f"was killed ({signal.Signals(-code).name})" if code < 0 else f"ended with code {code}"
        return f"a worker process {how}"


class _Crew:
    """Workers, and the jobs that they were sent, in the order in which the results are wanted."""

    def __init__(self, make: Callable[[], Callable[[Any], Any]], jobs: int, lose: Lose, tell: Tell) -> None:
        self._make, self._jobs, self._lose, self._tell = make, jobs, lose, tell
        self._workers: list[_Worker] = []
        self.order: deque[_Job] = deque()
        self._sent = self._in_a_row = 0

    def is_busy(self) -> bool:
        """Whether the worker that is next has enough to do."""
        slot = self._sent % self._jobs
        return slot < len(self._workers) and self._workers[slot].is_busy()

    def send(self, task: object) -> None:
        """Send a task to the worker that is next."""
        if len(self._workers) < self._jobs:
            self._hire()
        job = _Job(task, self._sent % self._jobs)
        self._sent += 1
        self.order.append(job)
        self._workers[job.slot].take(job)

    def receive(self) -> Any:  # noqa: ANN401
        """Give the result that is next."""
        while True:
            job = self.order.popleft()
            try:
                result = self._workers[job.slot].receive()
            except _Gone as gone:
                self._replace(job, str(gone))
                continue
            self._in_a_row = 0
            return result

    def stop(self) -> None:
        for worker in self._workers:
            worker.stop()

    def _hire(self) -> None:
        """Start one worker more; if the system has no room for it, those there are do."""
        try:
            self._workers.append(_Worker(self._make))
        except OSError as error:
            if not self._workers:
                raise WorkerLost(f"no worker process can be started ({error.strerror}); --jobs 1 needs none") from None
            self._jobs = len(self._workers)

    def _replace(self, job: _Job, how: str) -> None:
        """Have another worker do what one had when it ended: the first of it once more, then in parts."""
        self._in_a_row += 1
        worker = self._workers[job.slot]
        is_at_fault = job.is_retried and worker.is_new  # nothing but this can have taken its memory
        again = self._lose(job.task, f"{how} over it") if is_at_fault else [job.task]
        if not again or self._in_a_row > _MOST_IN_A_ROW:
            raise WorkerLost(f"{how} before it was done, perhaps for want of memory; the run is not complete")
        if not job.is_retried:
            self._tell(f"{how}, perhaps because memory ran out; another process takes over its work")
        worker.stop()
        try:
            worker = self._workers[job.slot] = _Worker(self._make)
        except OSError as error:
            raise WorkerLost(
                f"{how}, and no other can be started ({error.strerror}); the run is not complete"
            ) from None
        self.order.extendleft(_Job(task, job.slot, is_retried=True) for task in reversed(again))
        for each in self.order:
            if each.slot == job.slot:
                worker.take(each)


def run_tasks(
    tasks: Iterable[Any],
    make: Callable[[], Callable[[Any], Any]],
    jobs: int,
    lose: Lose = lambda task, why: [],  # noqa: ARG005
    tell: Tell = lambda message: None,  # noqa: ARG005
) -> Generator[Any]:
    """Give the result of each task, in the order of the tasks; only a few of them are held at a time.

    A task that a worker had when it ended is given to another.

    Args:
        tasks: what there is to do; anything that can be pickled, as the results.
        make: makes, in a worker, the function that turns a task into its result.
        jobs: how many workers there are.
        lose: gives what is to be done instead of a task over which a new worker ended; it is told how.
        tell: takes a message about each worker that ended.

    Raises:
        WorkerLost: workers ended before they were done, and nothing is left to be done instead.
        PremigrateError: a task raised it.

    """
    crew = _Crew(make, jobs, lose, tell)
    try:
        for task in tasks:
            while crew.is_busy():
                yield crew.receive()
            crew.send(task)
        while crew.order:
            yield crew.receive()
    finally:
        crew.stop()

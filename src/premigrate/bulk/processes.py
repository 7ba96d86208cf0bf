"""Has other processes turn tasks into results, several at a time, and gives the results in the order of the tasks.

A worker is a Python of its own that is told what to do through its standard input, so that nothing of the program it
works for is run again there. It ends when that program ends, however that comes.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import struct
import subprocess
import sys
from collections import deque
from typing import IO, TYPE_CHECKING, Any

from premigrate.bulk.chunks import size_of
from premigrate.errors import PremigrateError, WorkerLost
from premigrate.source.packed import BLOCK

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from premigrate.bulk.chunks import Chunk

_START = "import sys; sys.path[:] = {path!r}; from premigrate.bulk.processes import work; work()"
_AHEAD = 2
"""Tasks that a worker is given at once: one to work at, and one to go on with."""

_TASK, _CHUNKS = BLOCK, 200
"""Bytes that are sent at once at least, if there are as many; and chunks that are sent at most."""

_HEAD = struct.Struct("<Q")


class _Failure:
    """An exception on its way to the process that is to raise it."""

    def __init__(self, error: PremigrateError) -> None:
        self.error = error


class _Worker:
    def __init__(self, make: Callable[[], Callable[[Any], Any]]) -> None:
        command = [sys.executable, "-c", _START.format(path=[os.path.abspath(path) for path in sys.path])]  # noqa: PTH100
        # a session of its own: an interrupt at the terminal is for the process that this one works for
        self._process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        assert self._process.stdin  # noqa: S101 - for readers of types
        assert self._process.stdout  # noqa: S101
        self._tasks, self._results = self._process.stdin, self._process.stdout
        self.waiting = 0
        self.send(make)

    def send(self, thing: object) -> None:
        try:
            _write(self._tasks, thing)
        except (BrokenPipeError, OSError):
            raise self._lost() from None

    def receive(self) -> Any:  # noqa: ANN401 - whatever the task gives
        try:
            result = _read(self._results)
        except EOFError:
            raise self._lost() from None
        self.waiting -= 1
        if isinstance(result, _Failure):
            raise result.error
        return result

    def stop(self) -> None:
        self._process.kill()  # it holds nothing that could be lost
        for pipe in (self._tasks, self._results):
            with contextlib.suppress(OSError):
                pipe.close()
        self._process.wait()

    def _lost(self) -> WorkerLost:
        code = self._process.wait()
        how = f"was killed ({signal.Signals(-code).name})" if code < 0 else f"ended with code {code}"
        return WorkerLost(
            f"a worker process {how} before it was done, perhaps for want of memory; the run is not complete"
        )


def run_tasks(tasks: Iterable[Any], make: Callable[[], Callable[[Any], Any]], jobs: int) -> Generator[Any]:
    """Give the result of each task, in the order of the tasks; only a few of them are held at a time.

    Args:
        tasks: what there is to do; anything that can be pickled, as the results.
        make: makes, in a worker, the function that turns a task into its result.
        jobs: how many workers there are.

    Raises:
        WorkerLost: a worker ended before it was done.
        PremigrateError: a task raised it.

    """
    workers: list[_Worker] = []
    order: deque[_Worker] = deque()
    try:
        for number, task in enumerate(tasks):
            if number < jobs:
                workers.append(_Worker(make))
            worker = workers[number % jobs]
            while worker.waiting >= _AHEAD:
                yield order.popleft().receive()
            worker.send(task)
            worker.waiting += 1
            order.append(worker)
        while order:
            yield order.popleft().receive()
    finally:
        for worker in workers:
            worker.stop()


def tasks_of(chunks: Iterable[Chunk]) -> Generator[list[Chunk]]:
    """Put together what is sent at once: a big chunk, or many small ones."""
    held: list[Chunk] = []
    size = 0
    for chunk in chunks:
        held.append(chunk)
        size += size_of(chunk)
        if size >= _TASK or len(held) >= _CHUNKS:
            yield held
            held, size = [], 0
    if held:
        yield held


def work() -> None:
    """Be a worker: read how to make the function, then tasks, and write results, until there is no more to read."""
    from queue import SimpleQueue
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who is interrupted is the process that this one works for
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    tasks: SimpleQueue[Any] = SimpleQueue()
    results: SimpleQueue[Any] = SimpleQueue()

    def read_all() -> None:
        with contextlib.suppress(EOFError):
            while True:
                tasks.put(_read(source))
        os._exit(0)  # nobody waits for results any more

    def write_all() -> None:
        while True:
            _write(sink, results.get())

    for loop in (read_all, write_all):
        Thread(target=loop, daemon=True).start()
    perform = _perform(tasks.get())
    while True:
        results.put(perform(tasks.get()))


def _perform(make: Callable[[], Callable[[Any], Any]]) -> Callable[[Any], Any]:
    function: Callable[[Any], Any] | None = None

    def perform(task: Any) -> Any:  # noqa: ANN401
        nonlocal function
        try:
            function = function or make()
            return function(task)
        except PremigrateError as error:
            return _Failure(error)
        except Exception as error:  # noqa: BLE001 - people get a sentence, and no value of a payload
            return _Failure(WorkerLost(f"a mistake of premigrate's own in a worker process ({_where(error)})"))

    return perform


def _where(error: Exception) -> str:
    import traceback

    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {os.path.basename(place.filename)}, line {place.lineno}"  # noqa: PTH119


def _write(pipe: IO[bytes], thing: object) -> None:
    data = pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
    pipe.write(_HEAD.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def _read(pipe: IO[bytes]) -> Any:  # noqa: ANN401
    head = pipe.read(_HEAD.size)
    if len(head) < _HEAD.size:
        raise EOFError
    (size,) = _HEAD.unpack(head)
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return pickle.loads(data)  # noqa: S301 - from a process of our own

"""What a worker is: reads from its standard input how to do tasks, then tasks, and writes their results."""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
from typing import IO, TYPE_CHECKING, Any

from premigrate.errors import PremigrateError, WorkerLost

if TYPE_CHECKING:
    from collections.abc import Callable

NO_MEMORY = 71
"""The code with which a worker ends that has no memory left; another begins with an empty one."""

_HEAD = struct.Struct("<Q")


class Failure:
    """An exception on its way to the process that is to raise it."""

    def __init__(self, error: PremigrateError) -> None:
        self.error = error


def work() -> None:
    """Be a worker: read how to make the function, then tasks, and write results, until there is no more to read."""
    from queue import SimpleQueue
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who is interrupted is the process that this one works for
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # what is printed by mistake must not get between the results; the error stream may be closed
    os.dup2(2 if sys.stderr else os.open(os.devnull, os.O_WRONLY), 1)
    tasks: SimpleQueue[Any] = SimpleQueue()
    results: SimpleQueue[Any] = SimpleQueue()

    def read_all() -> None:
        while True:
            tasks.put(read_thing(source))

    def write_all() -> None:
        while True:
            write_thing(sink, results.get())

    for loop in (read_all, write_all):
        Thread(target=_until_it_ends, args=(loop,), daemon=True).start()
    perform = _perform(tasks.get())
    while True:
        results.put(perform(tasks.get()))


def _until_it_ends(loop: Callable[[], None]) -> None:
    """Let a thread work; with it the process ends, which otherwise would be waited for."""
    try:
        loop()
    except EOFError:
        os._exit(0)  # nobody waits for results any more
    except MemoryError:
        os._exit(NO_MEMORY)
    except BaseException:  # noqa: BLE001 - nothing of it is for anybody to see
        os._exit(1)


def _perform(make: Callable[[], Callable[[Any], Any]]) -> Callable[[Any], Any]:
    function: Callable[[Any], Any] | None = None

    def perform(task: Any) -> Any:  # noqa: ANN401
        nonlocal function
        try:
            function = function or make()
            return function(task)
        except PremigrateError as error:
            return Failure(error)
        except MemoryError:
            os._exit(NO_MEMORY)
        except Exception as error:  # noqa: BLE001 - people get a sentence, and no value of a payload
            return Failure(WorkerLost(f"a mistake of premigrate's own in a worker process ({_where(error)})"))

    return perform


def _where(error: Exception) -> str:
    import traceback

    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {os.path.basename(place.filename)}, line {place.lineno}"  # noqa: PTH119


def write_thing(pipe: IO[bytes], thing: object) -> None:
    """Write something that can be pickled."""
    data = pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
    pipe.write(_HEAD.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def read_thing(pipe: IO[bytes]) -> Any:  # noqa: ANN401
    """Read what was written so. Raises EOFError if the other end was closed."""
    head = pipe.read(_HEAD.size)
    if len(head) < _HEAD.size:
        raise EOFError
    (size,) = _HEAD.unpack(head)
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return pickle.loads(data)  # noqa: S301 - from a process of our own

"""Runs a worker process: reads from standard input how to do tasks, then tasks, and writes their results."""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
from typing import IO, TYPE_CHECKING, Any

from premigrate.exceptions import PremigrateError, WorkerLost

if TYPE_CHECKING:
    from collections.abc import Callable
    from queue import SimpleQueue

NO_MEMORY = 71
"""The exit code of a worker that has no memory left; the next process begins with an empty one."""

_MANY = 50_000
"""New objects before garbage is looked for, as in the command: the engine's objects stay."""

_HEAD = struct.Struct("<Q")


class Failure:
    """An exception on its way to the process that is to raise it."""

    def __init__(self, error: PremigrateError) -> None:
        self.error = error


def work() -> None:
    """Be a worker: read how to make the function, then tasks, and write results, until there is no more to read."""
    import gc
    from queue import SimpleQueue
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is for the process that has the workers
    gc.set_threshold(_MANY)
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # what is printed by mistake must not get between the results; the error stream may be closed
    os.dup2(2 if sys.stderr else os.open(os.devnull, os.O_WRONLY), 1)
    messages: SimpleQueue[bytes] = SimpleQueue()
    # a thread reads ahead, so that the other process never waits for this one to take a task
    Thread(target=_until_it_ends, args=(_read_all, source, messages), daemon=True).start()
    _until_it_ends(_perform_all, messages, sink)


def _until_it_ends(loop: Callable[..., None], *arguments: object) -> None:
    """Run a loop, and end the process when it ends, whatever the other thread does."""
    try:
        loop(*arguments)
    except EOFError:
        os._exit(0)  # the other process has ended
    except MemoryError:
        os._exit(NO_MEMORY)
    except BaseException:  # noqa: BLE001 - a traceback may hold values of a payload
        os._exit(1)


def _read_all(source: IO[bytes], messages: SimpleQueue[bytes]) -> None:
    while True:
        messages.put(read_message(source))


def _perform_all(messages: SimpleQueue[bytes], sink: IO[bytes]) -> None:
    make = pickle.loads(messages.get())  # noqa: S301 - from a process of our own
    function: Callable[[Any], Any] | None = None
    while True:
        task = pickle.loads(messages.get())  # noqa: S301
        try:
            function = function or make()
            result = function(task)
        except PremigrateError as error:
            result = Failure(error)
        except MemoryError:
            os._exit(NO_MEMORY)
        except Exception as error:  # noqa: BLE001 - its message may hold values of a payload
            result = Failure(WorkerLost(f"a mistake of premigrate's own in a worker process ({_where(error)})"))
        write_message(sink, result)


def _where(error: Exception) -> str:
    import traceback

    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {os.path.basename(place.filename)}, line {place.lineno}"  # noqa: PTH119


def write_message(pipe: IO[bytes], message: object) -> None:
    """Write an object that can be pickled."""
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    pipe.write(_HEAD.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def read_message(pipe: IO[bytes]) -> bytes:
    """Read the pickle of an object. Raises EOFError if the other end was closed."""
    head = pipe.read(_HEAD.size)
    if len(head) < _HEAD.size:
        raise EOFError
    (size,) = _HEAD.unpack(head)
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data

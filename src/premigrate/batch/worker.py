"""The worker process: reads a function, then tasks, from standard input; writes their results to standard output."""

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

EXIT_OUT_OF_MEMORY = 71
"""The exit code of a worker that ran out of memory."""

_GC_THRESHOLD = 50_000
"""GC threshold, as in the command: start-up allocates many long-lived objects."""

_HEAD = struct.Struct("<Q")


class TaskFailure:
    """The result of a task that failed: the exception, which the parent process raises."""

    def __init__(self, error: PremigrateError) -> None:
        self.error = error


def run_worker() -> None:
    """Run the worker: read the factory of the function, then tasks, and write their results, until the input ends."""
    import gc
    from queue import SimpleQueue
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent process handles interrupts
    gc.set_threshold(_GC_THRESHOLD)
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # redirect prints to standard error, which may be closed: they would corrupt the results
    os.dup2(2 if sys.stderr else os.open(os.devnull, os.O_WRONLY), 1)
    messages: SimpleQueue[bytes] = SimpleQueue()
    # a thread reads ahead, so that the parent process never blocks on sending a task
    Thread(target=_run_until_end, args=(_read_all, source, messages), daemon=True).start()
    _run_until_end(_run_tasks, messages, sink)


def _run_until_end(loop: Callable[..., None], *arguments: object) -> None:
    """Run a loop and end the process with it, whatever the other thread is doing."""
    try:
        loop(*arguments)
    except EOFError:
        os._exit(0)  # the parent process has ended
    except MemoryError:
        os._exit(EXIT_OUT_OF_MEMORY)
    except BaseException:  # noqa: BLE001 - a traceback may contain values of a payload
        os._exit(1)


def _read_all(source: IO[bytes], messages: SimpleQueue[bytes]) -> None:
    while True:
        messages.put(read_message(source))


def _run_tasks(messages: SimpleQueue[bytes], sink: IO[bytes]) -> None:
    factory = pickle.loads(messages.get())  # noqa: S301 - from the parent process
    function: Callable[[Any], Any] | None = None
    while True:
        task = pickle.loads(messages.get())  # noqa: S301
        try:
            function = function or factory()
            result = function(task)
        except PremigrateError as error:
            result = TaskFailure(error)
        except MemoryError:
            os._exit(EXIT_OUT_OF_MEMORY)
        except Exception as error:  # noqa: BLE001 - the message may contain values of a payload
            result = TaskFailure(WorkerLost(f"internal error in a worker process ({_location(error)})"))
        write_message(sink, result)


def _location(error: Exception) -> str:
    import traceback

    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {os.path.basename(place.filename)}, line {place.lineno}"  # noqa: PTH119


def write_message(pipe: IO[bytes], message: object) -> None:
    """Write a picklable object, with its length before it."""
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    pipe.write(_HEAD.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def read_message(pipe: IO[bytes]) -> bytes:
    """Read the pickle of one object. Raises EOFError if the other end is closed."""
    head = pipe.read(_HEAD.size)
    if len(head) < _HEAD.size:
        raise EOFError
    (size,) = _HEAD.unpack(head)
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data

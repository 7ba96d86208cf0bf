"""Runs the command: in this process, which is fast, or in a process of its own, where the process is what is tested."""

import gc
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from threading import Thread
from typing import NamedTuple
from unittest.mock import patch

from premigrate.cli.main import main
from tests.payloads import ROOT

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Done(NamedTuple):
    """What came of a command: its exit code, and what it wrote to standard output and to standard error."""

    code: int
    out: str
    err: str


def invoke(*arguments: str | Path, stdin: bytes = b"", cwd: Path = ROOT, **env: str) -> Done:
    """Run the command in this process, as its entry point does; all that it changes of the process is put back.

    Args:
        arguments: the command line, without the name of the command.
        stdin: what standard input holds.
        cwd: the current folder of the command.
        env: variables of the environment, added to those there are.

    """
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with (
        _process_as_it_was(),
        patch.dict(os.environ, env),
        chdir(cwd),
        _reading(stdin),
        redirect_stdout(out),
        redirect_stderr(err),
        patch.object(sys, "argv", ["premigrate", *map(str, arguments)]),
    ):
        code = _exit_code()
    return Done(code, _written(out), _written(err))


def run_process(*arguments: str | Path, stdin: bytes = b"", cwd: Path = ROOT, **env: str) -> Done:
    """Run the command in a process of its own. The arguments are those of `invoke`."""
    command = [sys.executable, "-m", "premigrate", *map(str, arguments)]
    done = subprocess.run(command, input=stdin, capture_output=True, check=False, cwd=cwd, env={**os.environ, **env})
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def unmeasured() -> dict[str, str]:
    """The environment without what has `make coverage` measure a process, which imports modules."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}


def _exit_code() -> int:
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)  # a text, which the interpreter would write to standard error, is a failure here
    return 0


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()


@contextmanager
def _process_as_it_was() -> Iterator[None]:
    """Put back the settings of the garbage collector, and the handlers of signals."""
    threshold, handlers = gc.get_threshold(), {each: signal.getsignal(each) for each in _SIGNALS}
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*threshold)
        for each, handler in handlers.items():
            signal.signal(each, handler)


@contextmanager
def _reading(content: bytes) -> Iterator[None]:
    """Make standard input a pipe that holds this content."""
    reading, writing = os.pipe()
    writer = Thread(target=_write, args=(writing, content))
    writer.start()
    try:
        with os.fdopen(reading, encoding="utf-8") as stream, patch.object(sys, "stdin", stream):
            yield
    finally:
        writer.join()


def _write(number: int, content: bytes) -> None:
    with suppress(BrokenPipeError), os.fdopen(number, "wb") as pipe:  # the command need not read all of it
        pipe.write(content)

"""Runs the command in this process, which is fast, or in a child process, for tests of the process itself."""

import gc
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple
from unittest.mock import patch

from premigrate.cli.main import main
from tests.payloads import ROOT

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class CommandResult(NamedTuple):
    """The result of a command: its exit code, standard output and standard error."""

    code: int
    out: str
    err: str


class TerminalResult(NamedTuple):
    """The result of a command in a terminal: its exit code, standard output, and both streams as they are shown."""

    code: int
    out: str
    shown: str


def invoke(*arguments: str | Path, stdin: bytes = b"", cwd: Path = ROOT, **env: str) -> CommandResult:
    """Run the command in this process, as its entry point does, and restore the state of the process.

    Args:
        arguments: the command line, without the name of the command.
        stdin: the content of standard input.
        cwd: the working directory of the command.
        env: environment variables to add.

    """
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with _called(arguments, stdin, cwd, env), redirect_stdout(out), redirect_stderr(err):
        code = _exit_code()
    return CommandResult(code, _text_of(out), _text_of(err))


def invoke_in_terminal(*arguments: str, cwd: Path, **env: str) -> TerminalResult:
    """Run the command in this process as `invoke` does, and keep the order of what it writes to both streams."""
    shown = bytearray()
    out, err = (io.TextIOWrapper(_Recorder(shown), encoding="utf-8", line_buffering=True) for _ in range(2))
    with _called(arguments, b"", cwd, env), redirect_stdout(out), redirect_stderr(err):
        code = _exit_code()
    return TerminalResult(code, _text_of(out), shown.decode())


class _Recorder(io.BytesIO):
    """A stream that also appends to bytes that it shares with another one."""

    def __init__(self, shared: bytearray) -> None:
        super().__init__()
        self._shared = shared

    def write(self, content: "ReadableBuffer", /) -> int:
        self._shared += content
        return super().write(content)


@contextmanager
def _called(arguments: Iterable[str | Path], stdin: bytes, cwd: Path, env: Mapping[str, str]) -> Iterator[None]:
    """Make this process one that was called with these arguments."""
    with (
        _restored_process(),
        patch.dict(os.environ, env),
        chdir(cwd),
        _standard_input(stdin),
        patch.object(sys, "argv", ["premigrate", *map(str, arguments)]),
    ):
        yield


def run_process(*arguments: str | Path, stdin: bytes = b"", cwd: Path = ROOT, **env: str) -> CommandResult:
    """Run the command in a child process. The arguments are those of `invoke`."""
    command = [sys.executable, "-m", "premigrate", *map(str, arguments)]
    completed = subprocess.run(
        command, input=stdin, capture_output=True, check=False, cwd=cwd, env={**os.environ, **env}
    )
    return CommandResult(completed.returncode, completed.stdout.decode(), completed.stderr.decode())


def unmeasured() -> dict[str, str]:
    """Return the environment without the variables that start coverage, which would import modules."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}


def _exit_code() -> int:
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)  # a text, which the interpreter would print, raises an error here
    return 0


def _text_of(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()


@contextmanager
def _restored_process() -> Iterator[None]:
    """Restore the settings of the garbage collector and the signal handlers."""
    threshold, handlers = gc.get_threshold(), {each: signal.getsignal(each) for each in _SIGNALS}
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*threshold)
        for each, handler in handlers.items():
            signal.signal(each, handler)


@contextmanager
def _standard_input(content: bytes) -> Iterator[None]:
    """Make standard input a pipe with this content."""
    read_fd, write_fd = os.pipe()
    writer = Thread(target=_write, args=(write_fd, content))
    writer.start()
    try:
        with os.fdopen(read_fd, encoding="utf-8") as stream, patch.object(sys, "stdin", stream):
            yield
    finally:
        writer.join()


def _write(write_fd: int, content: bytes) -> None:
    with suppress(BrokenPipeError), os.fdopen(write_fd, "wb") as pipe:  # the command need not read all of it
        pipe.write(content)

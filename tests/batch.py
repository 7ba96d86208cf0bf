"""Runs several commands in one child process, with captured output or on a pseudo-terminal.

In the child, a command that uses the network or starts a process fails, and so does the test.
"""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.command import CommandResult
from tests.payloads import ROOT

WATCH = """
import sys
touched, is_watched = [], True
def watch(event, args):
    if is_watched and event.startswith(%r):
        touched.append(event)
        raise RuntimeError(event)
sys.addaudithook(watch)
"""
"""Code that raises an error when a process uses the network or starts another process."""

EVENTS = (
    "socket.", "ssl.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.startfile",
    "urllib.", "http.", "ftplib.", "smtplib.", "webbrowser.", "pty.",
)  # fmt: skip

_SCRIPT = """
import contextlib, io, json, os, sys
from premigrate.cli.main import main
from premigrate.command import progress

progress._FIRST = float("inf")  # no progress line: it is rewritten in place

def capture(arguments):
    out, err = (io.TextIOWrapper(io.BytesIO()) for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(arguments)
        sys.stdout.flush(), sys.stderr.flush()
    return code, *(stream.buffer.getvalue().decode() for stream in (out, err))

def run(arguments):
    global is_watched
    is_watched = arguments[0] != "serve"
    sys.argv[1:] = arguments
    try:
        main()
    except SystemExit as end:
        return end.code or 0

commands_path, results_path = sys.argv[1:]
with open(commands_path) as file:
    commands = json.load(file)
if results_path:
    with open(results_path, "w") as file:
        json.dump([capture(each) for each in commands], file)
else:
    for each in commands:
        run(each)
if touched:
    print("touched:", *touched)
    sys.exit(1)
"""


def _command(commands: Sequence[Sequence[str | Path]], folder: Path, results_path: str) -> list[str]:
    commands_file = folder / "commands.batch"
    commands_file.write_text(json.dumps([[*map(str, each)] for each in commands]), "utf-8")
    return [sys.executable, "-c", WATCH % (EVENTS,) + _SCRIPT, str(commands_file), results_path]


def run_all(commands: Sequence[Sequence[str | Path]], folder: Path, **env: str) -> list[CommandResult]:
    """Return the exit code and the output of each command; ``folder`` is for temporary files."""
    results_file = folder / "results.batch"
    command = _command(commands, folder, str(results_file))
    completed = subprocess.run(command, capture_output=True, check=False, cwd=ROOT, env={**os.environ, **env})
    assert (completed.returncode, completed.stdout, completed.stderr) == (0, b"", b""), (
        completed.stdout + completed.stderr
    ).decode()
    return [CommandResult(*each) for each in json.loads(results_file.read_text("utf-8"))]


def show_all(commands: Sequence[Sequence[str | Path]], folder: Path, **env: str) -> str:
    """Return what all commands write to a terminal."""
    output = terminal(*_command(commands, folder, ""), **env)
    assert "touched:" not in output
    return output


def terminal(*command: str, **env: str) -> str:
    """Return what a command writes to a terminal."""
    parent_fd, child_fd = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", **env}
    with subprocess.Popen(
        command, stdin=child_fd, stdout=child_fd, stderr=child_fd, env=environment, cwd=ROOT
    ) as process:
        os.close(child_fd)
        output = b""
        while True:
            try:
                output += os.read(parent_fd, 65536)
            except OSError:
                break
        process.wait()
    os.close(parent_fd)
    return output.decode()

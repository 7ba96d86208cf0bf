"""Runs many commands one after the other in one process of their own, as a terminal or a program would see them.

There nothing can be sent, and nothing started: a command that tries fails, and so does the test.
"""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.command import Done
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
"""Stops whatever speaks to the network, or starts something that could."""

EVENTS = (
    "socket.", "ssl.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.startfile",
    "urllib.", "http.", "ftplib.", "smtplib.", "webbrowser.", "pty.",
)  # fmt: skip

_SCRIPT = """
import contextlib, io, json, os, sys
from premigrate.cli.main import main
from premigrate.command import progress

progress._FIRST = float("inf")  # it goes back to the start of its line

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

todo, told = sys.argv[1:]
with open(todo) as file:
    commands = json.load(file)
if told:
    with open(told, "w") as file:
        json.dump([capture(each) for each in commands], file)
else:
    for each in commands:
        run(each)
if touched:
    print("touched:", *touched)
    sys.exit(1)
"""


def _command(commands: Sequence[Sequence[str | Path]], folder: Path, told: str) -> list[str]:
    todo = folder / "todo.batch"
    todo.write_text(json.dumps([[*map(str, each)] for each in commands]), "utf-8")
    return [sys.executable, "-c", WATCH % (EVENTS,) + _SCRIPT, str(todo), told]


def run_all(commands: Sequence[Sequence[str | Path]], folder: Path, **env: str) -> list[Done]:
    """The code and the streams of each command. ``folder`` is one for files of our own."""
    told = folder / "told.batch"
    command = _command(commands, folder, str(told))
    done = subprocess.run(command, capture_output=True, check=False, cwd=ROOT, env={**os.environ, **env})
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b""), (done.stdout + done.stderr).decode()
    return [Done(*each) for each in json.loads(told.read_text("utf-8"))]


def show_all(commands: Sequence[Sequence[str | Path]], folder: Path, **env: str) -> str:
    """What a terminal is sent by all commands."""
    shown = terminal(*_command(commands, folder, ""), **env)
    assert "touched:" not in shown
    return shown


def terminal(*command: str, **env: str) -> str:
    """What a terminal is sent by a command."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", **env}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=ROOT) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 65536)
            except OSError:
                break
        process.wait()
    os.close(ours)
    return shown.decode()

"""Temporary files are private, and are gone when the process ends, however it ends."""

import contextlib
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from premigrate.command.atomic_file import AtomicBytesFile, _open_unnamed
from tests.payloads import ROOT, good_account, put
from tests.scenarios.test_command import DAY
from tests.scenarios.test_streams import WITH_SIGNALS

COMMAND = "from premigrate.cli.main import main; main()"
NAMED = f"import premigrate.command.atomic_file as writing; writing._open_unnamed = lambda folder: None; {COMMAND}"
"""Runs the command as on a system without unnamed files."""


def held_by(process: subprocess.Popen[bytes], folder: Path) -> list[os.stat_result]:
    """Return the stat results of the files below a folder that a process has open, named or unnamed."""
    results = []
    for entry in Path(f"/proc/{process.pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            if str(entry.readlink()).startswith(f"{folder}/"):
                results.append(entry.stat())
    return [state for state in results if stat.S_ISREG(state.st_mode)]


@contextlib.contextmanager
def running(command: list[str], **env: str) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, **env}, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()


def skip_without_unnamed(folder: Path) -> None:
    descriptor = _open_unnamed(folder)
    if descriptor is None:
        pytest.skip("this file system has no files without names")
    os.close(descriptor)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at the open files of a process")
@pytest.mark.parametrize(
    ("script", "signal_number", "code", "remaining"),
    [
        (COMMAND, signal.SIGKILL, -signal.SIGKILL, set()),
        (COMMAND, signal.SIGTERM, -signal.SIGTERM, set()),
        (NAMED, signal.SIGTERM, 143, set()),
        (NAMED, signal.SIGINT, 130, {"report.json", "report.html"}),
    ],
)
def test_temporary_files_are_private_and_removed(
    script: str, signal_number: int, code: int, remaining: set[str], tmp_path: Path
) -> None:
    if script == COMMAND:
        skip_without_unnamed(tmp_path)
    inputs, out, temporary = (tmp_path / name for name in ("in", "out", "temporary"))
    for folder in (inputs, out, temporary):
        folder.mkdir()
    (inputs / "1.json").write_text(json.dumps(put(good_account("pt"), "customers.0.email", "x")), "utf-8")
    os.mkfifo(inputs / "2.json")  # reading it blocks, so the run does not end
    outputs = [part for name in ("report.json", "report.html") for part in ("--output", str(out / name))]
    command = [sys.executable, "-c", WITH_SIGNALS, "-c", script, "check", *DAY, *outputs]
    command += ["--split", str(out), "--format", "ndjson", *map(str, sorted(inputs.iterdir()))]
    with running(command, TMPDIR=str(temporary), SQLITE_TMPDIR=str(temporary)) as process:
        assert process.stdout
        assert process.stdout.readline().startswith(b'{"file": ')
        held = held_by(process, out)
        assert len(held) == len([*outputs[1::2], "pass", "fail", "unchecked", "errors", "mark"])
        assert not [state for state in held if state.st_mode & 0o077], "only the owner may read incomplete files"
        assert len([*out.iterdir()]) == (0 if script == COMMAND else len(held))
        time.sleep(0.2)
        process.send_signal(signal_number)
        assert process.wait(60) == code
    assert {path.name for path in out.iterdir()} == remaining
    assert not [*temporary.iterdir()]


@pytest.mark.parametrize("is_named", [False, True])
def test_complete_file_has_the_default_permissions(
    is_named: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_named:
        monkeypatch.setattr("premigrate.command.atomic_file._open_unnamed", lambda _: None)
    before = os.umask(0o027)
    try:
        for text in (b"first", b"second"):
            file = AtomicBytesFile(str(tmp_path / "report"))
            (tmp_path / f".report.{os.getpid()}.part").touch()  # left by a killed process, where files have names
            file.write(text)
            file.commit()
            assert (tmp_path / "report").read_bytes() == text
            assert stat.S_IMODE((tmp_path / "report").stat().st_mode) == 0o640
    finally:
        os.umask(before)
    file.discard()
    assert (tmp_path / "report").read_bytes() == b"second"

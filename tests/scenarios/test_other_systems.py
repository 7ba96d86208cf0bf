"""The command works where the functions of Linux and POSIX are missing, as they are on macOS and Windows."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import unmeasured
from tests.payloads import ROOT

LINUX_ONLY = ("O_TMPFILE", "O_PATH")
POSIX_ONLY = (*LINUX_ONLY, "O_NOFOLLOW", "O_NONBLOCK", "fchmod", "fchown", "getuid", "geteuid", "mkfifo")
SIGNALS = ("SIGHUP", "pthread_sigmask")
SCRIPT = """
import os, signal, sys, zoneinfo  # imported before, because it reads the build of this platform
for module, names in ((os, {names!r}), (signal, {signals!r})):
    for name in names:
        delattr(module, name)
for name in {modules!r}:
    sys.modules[name] = None  # importing it raises ImportError
sys.platform = {platform!r}
from premigrate.cli.main import main
main()
"""
SYSTEMS = {
    "like macOS": {"names": LINUX_ONLY, "signals": (), "modules": (), "platform": "darwin"},
    "like Windows": {
        "names": POSIX_ONLY,
        "signals": SIGNALS,
        "platform": "another",
        "modules": ("fcntl", "grp", "pwd", "resource", "termios"),
    },
}


def run(script: str, *arguments: str | Path, cache: Path) -> tuple[int, bytes, bytes]:
    completed = subprocess.run(
        [sys.executable, "-c", script, "check", "--as-of", "2026-01-31", *map(str, arguments)],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**unmeasured(), "PREMIGRATE_CACHE_DIR": str(cache)},
    )
    return completed.returncode, completed.stdout, completed.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="removes functions of Linux")
@pytest.mark.parametrize("system", SYSTEMS)
def test_check_writes_the_same_reports(system: str, tmp_path: Path) -> None:
    script = SCRIPT.format(**SYSTEMS[system])
    plain = "from premigrate.cli.main import main; main()"
    expected = run(plain, "--output", tmp_path / "expected.json", "examples/dk", cache=tmp_path / "cache")
    assert (expected[0], expected[2]) == (1, b"")
    for state in ("empty", "filled"):
        output = tmp_path / f"{state}.json"
        assert run(script, "--output", output, "examples/dk", cache=tmp_path / "other") == expected, f"{state} cache"
        assert output.read_bytes() == (tmp_path / "expected.json").read_bytes()
    assert list((tmp_path / "other").iterdir()), "rules were cached"
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.skipif(sys.platform != "linux", reason="removes functions of Linux")
@pytest.mark.parametrize("system", SYSTEMS)
def test_fixes_are_written(system: str, tmp_path: Path) -> None:
    example = (ROOT / "examples" / "pt" / "bad.json").read_text("utf-8")
    (tmp_path / "bad.json").write_text(example, "utf-8")
    options = ("--fix", "--unsafe-fixes", tmp_path / "bad.json")
    code, _, err = run(SCRIPT.format(**SYSTEMS[system]), *options, cache=tmp_path / "cache")
    assert code == 1, err
    assert '"mobile":' in (tmp_path / "bad.json").read_text("utf-8")
    assert {path.name for path in tmp_path.iterdir()} == {"bad.json", "cache"}

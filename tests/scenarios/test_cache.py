"""The cache of compiled programs: it saves work and never changes the output of the command."""

import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from hashlib import blake2b
from pathlib import Path

import pytest

from premigrate.accounts import identity as accounts
from premigrate.ruleset import cache
from tests.command import CommandResult, invoke, run_process, unmeasured
from tests.payloads import ROOT

EXAMPLES = [f"examples/{market}/{kind}.json" for market in ("pt", "dk") for kind in ("good", "bad")]
CHECK = ["check", "--as-of", "2026-01-31"]
HEAVY = ["pydantic", "tomllib", "phonenumbers", "pycountry", "importlib.resources"]
HEAVY += ["premigrate.command.split_sink", "premigrate.ruleset.reference_files"]  # needed by few runs
IMPORTED = f"""
import sys
from premigrate.cli.main import main
try:
    main()
finally:
    print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)
"""


def imported(*arguments: str, cache_dir: Path | str) -> tuple[int, str]:
    """Return the exit code of a process, and which of the slow modules it imported."""
    env = {**unmeasured(), "PREMIGRATE_CACHE_DIR": str(cache_dir)}
    command = [sys.executable, "-c", IMPORTED, *arguments]
    completed = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=env)
    return completed.returncode, completed.stderr


def check(cache_dir: Path | str, *more: str) -> CommandResult:
    """Run the command in this process, without cached values in memory, as in a new process."""
    accounts.supplier_patterns.cache_clear()
    try:
        return invoke(*CHECK, *(more or EXAMPLES), PREMIGRATE_CACHE_DIR=str(cache_dir))
    finally:
        accounts.supplier_patterns.cache_clear()


@pytest.fixture(scope="module")
def expected() -> CommandResult:
    """The result with the cache switched off."""
    return check("")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, expected: CommandResult) -> Path:
    """The cache that a first run in a child process writes."""
    folder = tmp_path_factory.mktemp("first") / "cache"
    assert run_process(*CHECK, *EXAMPLES, PREMIGRATE_CACHE_DIR=str(folder)) == expected
    return folder


@pytest.fixture
def warm(tmp_path: Path, filled: Path) -> Path:
    """A copy of that cache, which a test may change."""
    return shutil.copytree(filled, tmp_path / "cache")


def cache_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.msgpack"))


def test_cache_is_filled_private_and_used(warm: Path, expected: CommandResult) -> None:
    assert [path.name.split("-")[0] for path in cache_files(warm)] == ["dk", "pt", "suppliers"]
    assert sorted(warm.iterdir()) == cache_files(warm), "nothing else is left behind"
    if os.name == "posix":
        assert warm.stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in cache_files(warm)} == {0o600}
    before = {path: path.stat().st_mtime_ns for path in cache_files(warm)}
    assert check(warm) == expected
    assert {path: path.stat().st_mtime_ns for path in cache_files(warm)} == before, "the second run writes nothing"


def test_partial_files_are_removed_by_the_next_write(warm: Path, expected: CommandResult) -> None:
    partial, foreign = warm / "pt-x7ab.msgpack.part", warm / "pt-notes.txt"
    for path in (partial, foreign):
        path.touch()
    next(path for path in cache_files(warm) if path.name.startswith("pt-")).unlink()
    assert check(warm) == expected
    assert (partial.exists(), foreign.exists(), len(cache_files(warm))) == (False, True, 3)


def test_cache_holds_no_payload_values(warm: Path) -> None:
    content = b"".join(path.read_bytes() for path in cache_files(warm))
    assert b"customers" in content
    for value in (b"Duarte", b"duarte@example.org", b"EXTERNAL-TEST001"):
        assert value not in content


@pytest.mark.parametrize("example", EXAMPLES[::2])
def test_warm_cache_avoids_slow_imports(warm: Path, example: str) -> None:
    assert imported(*CHECK, example, cache_dir=warm) == (0, "[]\n")


def test_disabled_cache_needs_slow_imports() -> None:
    assert "pydantic" in imported(*CHECK, EXAMPLES[0], cache_dir="")[1], "the test above can fail"


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_and_help_import_little(option: str) -> None:
    assert imported(option, cache_dir="") == (0, "[]\n")


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _write(path: Path, value: object) -> None:
    data = pickle.dumps(value)
    path.write_bytes(blake2b(data, digest_size=32).digest() + data)


def _replace_value(path: Path) -> None:
    _write(path, ["not", "a", "plan"])


class _Bomb:
    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return exec, ("raise KeyboardInterrupt",)


def _make_writable(path: Path) -> None:
    """A file that others may have written must not even be unpickled."""
    _write(path, _Bomb())
    path.chmod(0o666)


def _replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [_truncate, _flip_a_bit, _empty, _replace_value, _make_writable, _replace_by_folder])
def test_damaged_file_is_ignored(damage: Callable[[Path], None], warm: Path, expected: CommandResult) -> None:
    for path in cache_files(warm):
        damage(path)
    assert check(warm) == expected


def test_unusable_folder_is_ignored(tmp_path: Path, expected: CommandResult) -> None:
    (tmp_path / "file").write_text("")
    assert check(tmp_path / "file") == expected
    assert check(tmp_path / "file" / "below") == expected
    assert check("/proc/nowhere") == expected
    assert check("\0".replace("\0", "x" * 5000)) == expected, "a name that is too long for a file"


def test_folder_that_others_may_write_is_ignored(warm: Path, tmp_path: Path, expected: CommandResult) -> None:
    for path in cache_files(warm):
        _write(path, _Bomb())
    new = tmp_path / "new"
    new.mkdir()
    for folder in (warm, new):
        folder.chmod(0o777)
        assert check(folder) == expected
    assert list(new.iterdir()) == [], "nothing is written"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_read_only_folder_is_ignored(tmp_path: Path, expected: CommandResult) -> None:
    tmp_path.chmod(0o500)
    assert check(tmp_path / "cache") == expected


def test_cache_does_not_change_errors(warm: Path, tmp_path: Path) -> None:
    overlay = tmp_path / "overlay.toml"
    overlay.write_text('[market]\nextends = "pt"\n[disabled]\nno-such-rule = "Why not."\n', "utf-8")
    for more in (["--market", "xx"], ["--market", "PT"], ["--market", "../pt"], ["--overlay", str(overlay)]):
        assert check(warm, *more, EXAMPLES[0]) == check("", *more, EXAMPLES[0])
    assert len(cache_files(warm)) == 3


def test_overlay_applies_with_a_warm_cache(warm: Path, tmp_path: Path) -> None:
    overlay = tmp_path / "overlay.toml"
    overlay.write_text('[market]\nextends = "pt"\n[disabled]\nphone-number-valid = "Why not."\n', "utf-8")
    pt_bad = EXAMPLES[1]
    assert check(warm, "--overlay", str(overlay), pt_bad) == check("", "--overlay", str(overlay), pt_bad)
    assert check(warm, pt_bad) == check("", pt_bad)


def test_older_files_of_the_same_name_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREMIGRATE_CACHE_DIR", str(tmp_path))
    for fingerprint in ("one", "two"):
        monkeypatch.setattr(cache, "installation_fingerprint", partial(str, fingerprint))
        assert cache.get_or_build("aa", str, partial(str, f"made of {fingerprint}")) == f"made of {fingerprint}"
        assert cache.get_or_build("bb", str, partial(str, f"also of {fingerprint}")) == f"also of {fingerprint}"
        assert cache.get_or_build("aa", str, lambda: "made again") == f"made of {fingerprint}", "it is cached"
    assert [path.name for path in cache_files(tmp_path)] == ["aa-two.msgpack", "bb-two.msgpack"]


@pytest.mark.parametrize(
    ("env", "folder"),
    [
        ({"PREMIGRATE_CACHE_DIR": "/a", "XDG_CACHE_HOME": "/b", "HOME": "/c"}, "/a"),
        ({"PREMIGRATE_CACHE_DIR": "", "XDG_CACHE_HOME": "/b", "HOME": "/c"}, None),
        ({"XDG_CACHE_HOME": "/b", "HOME": "/c"}, "/b/premigrate"),
        ({"XDG_CACHE_HOME": "", "HOME": "/c"}, "/c/.cache/premigrate"),
        ({"XDG_CACHE_HOME": "not/absolute", "HOME": "/c"}, None),
    ],
)
@pytest.mark.skipif(os.name != "posix", reason="Windows has its own variable")
def test_location(env: dict[str, str], folder: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PREMIGRATE_CACHE_DIR", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert cache.cache_folder() == folder

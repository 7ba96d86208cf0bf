"""The cache of compiled plans: it saves work and never changes a byte of what the command says."""

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
from tests.command import Done, invoke, run_process, unmeasured
from tests.payloads import ROOT

EXAMPLES = [f"examples/{market}/{kind}.json" for market in ("pt", "dk") for kind in ("good", "bad")]
CHECK = ["check", "--as-of", "2026-01-31"]
HEAVY = ["pydantic", "tomllib", "phonenumbers", "pycountry", "importlib.resources"]
HEAVY += ["premigrate.command.split_sink", "premigrate.ruleset.reference_files"]  # what few runs need
IMPORTED = f"""
import sys
from premigrate.cli.main import main
try:
    main()
finally:
    print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)
"""


def imported(*arguments: str, cache_dir: Path | str) -> tuple[int, str]:
    """The exit code of a process, and which of what takes long to import it imported."""
    env = {**unmeasured(), "PREMIGRATE_CACHE_DIR": str(cache_dir)}
    command = [sys.executable, "-c", IMPORTED, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=env)
    return done.returncode, done.stderr


def check(cache_dir: Path | str, *more: str) -> Done:
    """Check in this process as in a new one, which remembers nothing of a cache that it read before."""
    accounts.supplier_patterns.cache_clear()
    try:
        return invoke(*CHECK, *(more or EXAMPLES), PREMIGRATE_CACHE_DIR=str(cache_dir))
    finally:
        accounts.supplier_patterns.cache_clear()


@pytest.fixture(scope="module")
def expected() -> Done:
    """What is said when the cache is switched off."""
    return check("")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, expected: Done) -> Path:
    """The cache that a first run leaves, in a process of its own."""
    folder = tmp_path_factory.mktemp("first") / "cache"
    assert run_process(*CHECK, *EXAMPLES, PREMIGRATE_CACHE_DIR=str(folder)) == expected
    return folder


@pytest.fixture
def warm(tmp_path: Path, filled: Path) -> Path:
    """Such a cache, to be changed at will."""
    return shutil.copytree(filled, tmp_path / "cache")


def plans(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.msgpack"))


def test_it_is_filled_and_private_and_used(warm: Path, expected: Done) -> None:
    assert [path.name.split("-")[0] for path in plans(warm)] == ["dk", "pt", "suppliers"]
    assert sorted(warm.iterdir()) == plans(warm), "nothing else is left behind"
    if os.name == "posix":
        assert warm.stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in plans(warm)} == {0o600}
    before = {path: path.stat().st_mtime_ns for path in plans(warm)}
    assert check(warm) == expected
    assert {path: path.stat().st_mtime_ns for path in plans(warm)} == before, "the second run writes nothing"


def test_what_a_killed_process_left_goes_with_the_next_writing(warm: Path, expected: Done) -> None:
    left, of_others = warm / "pt-x7ab.msgpack.part", warm / "pt-notes.txt"
    for path in (left, of_others):
        path.touch()
    next(path for path in plans(warm) if path.name.startswith("pt-")).unlink()
    assert check(warm) == expected
    assert (left.exists(), of_others.exists(), len(plans(warm))) == (False, True, 3)


def test_it_holds_rules_only(warm: Path) -> None:
    kept = b"".join(path.read_bytes() for path in plans(warm))
    assert b"customers" in kept
    for value in (b"Duarte", b"duarte@example.org", b"234254718", b"EXTERNAL-TEST001"):
        assert value not in kept


@pytest.mark.parametrize("example", EXAMPLES[::2])
def test_with_it_next_to_nothing_is_imported(warm: Path, example: str) -> None:
    assert imported(*CHECK, example, cache_dir=warm) == (0, "[]\n")


def test_without_it_much_is_imported() -> None:
    assert "pydantic" in imported(*CHECK, EXAMPLES[0], cache_dir="")[1], "the test above can tell"


@pytest.mark.parametrize("asked", ["--version", "--help"])
def test_who_asks_for_little_pays_little(asked: str) -> None:
    assert imported(asked, cache_dir="") == (0, "[]\n")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _change(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _write(path: Path, kept: object) -> None:
    data = pickle.dumps(kept)
    path.write_bytes(blake2b(data, digest_size=32).digest() + data)


def _put_another_thing(path: Path) -> None:
    _write(path, ["not", "a", "plan"])


class _Bomb:
    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return exec, ("raise KeyboardInterrupt",)


def _lend(path: Path) -> None:
    """What others may write, they may have written: it must not even be unpickled."""
    _write(path, _Bomb())
    path.chmod(0o666)


def _put_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("harm", [_cut, _change, _empty, _put_another_thing, _lend, _put_a_folder])
def test_a_file_that_is_wrong_counts_for_nothing(harm: Callable[[Path], None], warm: Path, expected: Done) -> None:
    for path in plans(warm):
        harm(path)
    assert check(warm) == expected


def test_a_folder_that_cannot_be_used_counts_for_nothing(tmp_path: Path, expected: Done) -> None:
    (tmp_path / "file").write_text("")
    assert check(tmp_path / "file") == expected
    assert check(tmp_path / "file" / "below") == expected
    assert check("/proc/nowhere") == expected
    assert check("\0".replace("\0", "x" * 5000)) == expected, "a name that no file can have"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_home_that_is_read_only_counts_for_nothing(tmp_path: Path, expected: Done) -> None:
    tmp_path.chmod(0o500)
    assert check(tmp_path / "cache") == expected


def test_mistakes_are_told_as_ever(warm: Path, tmp_path: Path) -> None:
    overlay = tmp_path / "overlay.toml"
    overlay.write_text('[market]\nextends = "pt"\n[off]\nno-such-rule = "Why not."\n', "utf-8")
    for more in (["--market", "xx"], ["--market", "PT"], ["--market", "../pt"], ["--overlay", str(overlay)]):
        assert check(warm, *more, EXAMPLES[0]) == check("", *more, EXAMPLES[0])
    assert len(plans(warm)) == 3


def test_an_overlay_is_never_lost_over_it(warm: Path, tmp_path: Path) -> None:
    overlay = tmp_path / "overlay.toml"
    overlay.write_text('[market]\nextends = "pt"\n[off]\nphone-number-valid = "Why not."\n', "utf-8")
    pt_bad = EXAMPLES[1]
    assert check(warm, "--overlay", str(overlay), pt_bad) == check("", "--overlay", str(overlay), pt_bad)
    assert check(warm, pt_bad) == check("", pt_bad)


def test_older_files_of_the_same_name_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREMIGRATE_CACHE_DIR", str(tmp_path))
    for mark in ("one", "two"):
        monkeypatch.setattr(cache, "installation_fingerprint", partial(str, mark))
        assert cache.get_or_build("aa", str, partial(str, f"made of {mark}")) == f"made of {mark}"
        assert cache.get_or_build("bb", str, partial(str, f"also of {mark}")) == f"also of {mark}"
        assert cache.get_or_build("aa", str, lambda: "made again") == f"made of {mark}", "it is kept"
    assert [path.name for path in plans(tmp_path)] == ["aa-two.msgpack", "bb-two.msgpack"]


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
def test_where_it_is(env: dict[str, str], folder: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PREMIGRATE_CACHE_DIR", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert cache.cache_folder() == folder

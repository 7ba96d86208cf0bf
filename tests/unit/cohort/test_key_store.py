"""The key store: the contents of its temporary file, who can open the file, and its removal."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from premigrate.cohort import key_store as module
from premigrate.cohort.clashes import Origin
from premigrate.cohort.key_store import KeyStore
from premigrate.cohort.program import CohortKey
from premigrate.exceptions import TemporaryFileError
from tests.payloads import ROOT

CANARY = "Kanarienvogel"
SMALL = 16  # kilobytes
needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc/self/fd to list open files")


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BATCH", 5)


def key(number: int, rule: str = "r", **more: Any) -> CohortKey:
    return CohortKey(rule, f'"{number}"', (), "a.0")._replace(**more)


def fill(store: KeyStore, count: int = 3000, **more: Any) -> None:
    for number in range(count):
        store.add(Origin("a.json", number), f"A-{number}", [key(number, **more)])


def open_files() -> list[Path]:
    """Return the temporary files of SQLite that this process has open, as paths that open them again."""
    entries = (entry for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink())
    return [entry for entry in entries if "etilqs_" in str(entry.readlink())]


@needs_proc
def test_file_is_unlinked_and_removed_on_close() -> None:
    with KeyStore(kilobytes=SMALL) as store:
        fill(store)
        opened = open_files()
        assert opened, "data beyond the memory limit goes to a file"
        assert sum(each.stat().st_size for each in opened) > 100_000
        assert all(each.stat().st_mode & 0o077 == 0 for each in opened)
        assert all(str(each.readlink()).endswith(" (deleted)") for each in opened)
        assert not list(store.clashing_groups())
    assert not open_files()


@needs_proc
def test_file_is_removed_after_an_interrupt() -> None:
    def fail() -> None:
        with KeyStore(kilobytes=SMALL) as store:
            fill(store)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert not open_files()


@needs_proc
def test_no_file_below_the_memory_limit() -> None:
    with KeyStore(kilobytes=10_000) as store:
        fill(store)
        assert not open_files()


@needs_proc
@pytest.mark.parametrize("show_values", [False, True])
def test_file_has_digests_of_personal_values(*, show_values: bool) -> None:
    same = (f'"{CANARY} same"', "")
    with KeyStore(kilobytes=SMALL, show_values=show_values) as store:
        fill(store, same=same, key=f'"n","{CANARY} key"', is_personal=True, masked='"n","***"')
        fill(store, rule="open", key='"Strelitzie"')
        store._flush()
        written = b"".join(each.read_bytes() for each in open_files())
        assert b"Strelitzie" in written, "values that are not personal are stored as they are"
        assert b"A-1234" in written
        assert f"{CANARY} same".encode() not in written
        assert (f"{CANARY} key".encode() in written) == show_values
        assert b"***" in written or show_values
        shown = {group.rule: group.key for group in store.clashing_groups()}
        assert shown == {"open": '"Strelitzie"'}, "the compared values of all people are equal"
        store.add(Origin("b.json"), "", [key(0, same=('"x"', ""), key=f'"n","{CANARY} key"', is_personal=True)])
        (group,) = [group for group in store.clashing_groups() if group.rule == "r"]
        assert len(group.places) == 3001
        assert group.differing == (0,)


def test_digests_differ_between_stores() -> None:
    with KeyStore(kilobytes=SMALL) as one, KeyStore(kilobytes=SMALL) as other:
        assert one._seal(b"x") == one._seal(b"x") != other._seal(b"x")


def test_full_disk_raises_temporary_file_error() -> None:
    script = (
        "import resource, signal\n"
        "from tests.unit.cohort.test_key_store import *\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))\n"
        "try:\n"
        "    with KeyStore(kilobytes=SMALL) as store: fill(store)\n"
        "except TemporaryFileError as error: print(error)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))\n"  # coverage writes to a file at exit
    )
    completed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT)
    assert "the temporary file cannot be written" in completed.stdout, completed.stderr
    assert issubclass(TemporaryFileError, OSError)


def test_unusual_text_round_trips() -> None:
    unusual = "a\0b\ud800\U0001f600"
    with KeyStore(kilobytes=SMALL) as store:
        for file in (unusual, "b"):
            store.add(Origin(file), unusual, [key(1, key=f'"{unusual}"', attr=f"x.{unusual}")])
        (group,) = store.clashing_groups()
    assert (group.key, [each.file for each in group.places]) == (f'"{unusual}"', [unusual, "b"])
    assert group.places[0].reference == unusual


def test_places_are_in_natural_order() -> None:
    with KeyStore(kilobytes=SMALL) as store:
        store.add(Origin("a", 10), "", [key(1)])
        store.add(Origin("a", 9), "", [key(1, attr=f"s.{n}.p") for n in (10, 9)])
        (group,) = store.clashing_groups()
    assert [(each.position, each.attr) for each in group.places] == [(9, "s.9.p"), (9, "s.10.p"), (10, "a.0")]


def test_keys_may_be_added_between_queries() -> None:
    with KeyStore(kilobytes=SMALL) as store:
        store.add(Origin("a"), "", [key(1)])
        assert not list(store.clashing_groups())
        store.add(Origin("b"), "", [key(1)])
        assert len(list(store.clashing_groups())) == 1
        store.add(Origin("c"), "", [key(1)])
        assert [len(group.places) for group in store.clashing_groups()] == [3]

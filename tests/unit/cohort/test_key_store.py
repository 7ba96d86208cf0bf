"""A gathering: what is in its file, who can open that, and what is left of it."""

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
FEW = 16  # kilobytes
needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="looks at the open files of the process")


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BATCH", 5)


def key(number: int, rule: str = "r", **more: Any) -> CohortKey:
    return CohortKey(rule, f'"{number}"', (), "a.0")._replace(**more)


def fill(gathering: KeyStore, count: int = 3000, **more: Any) -> None:
    for number in range(count):
        gathering.add(Origin("a.json", number), f"A-{number}", [key(number, **more)])


def open_files() -> list[Path]:
    """The files of SQLite that this process has open, named or not, as paths that open them again."""
    entries = (entry for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink())
    return [entry for entry in entries if "etilqs_" in str(entry.readlink())]


@needs_proc
def test_the_file_has_no_name_and_is_gone_when_it_is_closed() -> None:
    with KeyStore(kilobytes=FEW) as gathering:
        fill(gathering)
        held = open_files()
        assert held, "it is beyond the bound, so there is a file"
        assert sum(each.stat().st_size for each in held) > 100_000
        assert all(each.stat().st_mode & 0o077 == 0 for each in held)
        assert all(str(each.readlink()).endswith(" (deleted)") for each in held)
        assert not list(gathering.clashing_groups())
    assert not open_files()


@needs_proc
def test_it_is_gone_after_an_interrupt() -> None:
    def fail() -> None:
        with KeyStore(kilobytes=FEW) as gathering:
            fill(gathering)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert not open_files()


@needs_proc
def test_below_the_bound_there_is_no_file() -> None:
    with KeyStore(kilobytes=10_000) as gathering:
        fill(gathering)
        assert not open_files()


@needs_proc
@pytest.mark.parametrize("show_values", [False, True])
def test_the_file_has_digests_of_personal_values(*, show_values: bool) -> None:
    same = (f'"{CANARY} same"', "")
    with KeyStore(kilobytes=FEW, show_values=show_values) as gathering:
        fill(gathering, same=same, key=f'"n","{CANARY} key"', is_personal=True, masked='"n","***"')
        fill(gathering, rule="open", key='"Strelitzie"')
        gathering._flush()
        written = b"".join(each.read_bytes() for each in open_files())
        assert b"Strelitzie" in written, "this looks at what is written"
        assert b"A-1234" in written
        assert f"{CANARY} same".encode() not in written
        assert (f"{CANARY} key".encode() in written) == show_values
        assert b"***" in written or show_values
        shown = {group.rule: group.key for group in gathering.clashing_groups()}
        assert shown == {"open": '"Strelitzie"'}, "the people are told alike"
        gathering.add(Origin("b.json"), "", [key(0, same=('"x"', ""), key=f'"n","{CANARY} key"', is_personal=True)])
        (group,) = [group for group in gathering.clashing_groups() if group.rule == "r"]
        assert len(group.places) == 3001
        assert group.differing == (0,)


def test_digests_are_others_in_another_gathering() -> None:
    with KeyStore(kilobytes=FEW) as one, KeyStore(kilobytes=FEW) as other:
        assert one._seal(b"x") == one._seal(b"x") != other._seal(b"x")


def test_no_room_is_said_in_our_words() -> None:
    script = (
        "import resource, signal\n"
        "from tests.unit.cohort.test_key_store import *\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))\n"
        "try:\n"
        "    with KeyStore(kilobytes=FEW) as gathering: fill(gathering)\n"
        "except TemporaryFileError as error: print(error)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))\n"  # what measures the process writes, too
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT)
    assert "the temporary file can't be written" in done.stdout, done.stderr
    assert issubclass(TemporaryFileError, OSError)


def test_texts_of_any_letters_come_back() -> None:
    odd = "a\0b\ud800\U0001f600"
    with KeyStore(kilobytes=FEW) as gathering:
        for file in (odd, "b"):
            gathering.add(Origin(file), odd, [key(1, key=f'"{odd}"', attr=f"x.{odd}")])
        (group,) = gathering.clashing_groups()
    assert (group.key, [each.file for each in group.places]) == (f'"{odd}"', [odd, "b"])
    assert group.places[0].reference == odd


def test_places_are_in_the_order_of_people() -> None:
    with KeyStore(kilobytes=FEW) as gathering:
        gathering.add(Origin("a", 10), "", [key(1)])
        gathering.add(Origin("a", 9), "", [key(1, attr=f"s.{n}.p") for n in (10, 9)])
        (group,) = gathering.clashing_groups()
    assert [(each.position, each.attr) for each in group.places] == [(9, "s.9.p"), (9, "s.10.p"), (10, "a.0")]


def test_what_comes_later_is_seen_by_the_next_who_asks() -> None:
    with KeyStore(kilobytes=FEW) as gathering:
        gathering.add(Origin("a"), "", [key(1)])
        assert not list(gathering.clashing_groups())
        gathering.add(Origin("b"), "", [key(1)])
        assert len(list(gathering.clashing_groups())) == 1
        gathering.add(Origin("c"), "", [key(1)])
        assert [len(group.places) for group in gathering.clashing_groups()] == [3]

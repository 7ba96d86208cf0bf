"""Stored imports are found again, and files that are no such database are refused with a reason."""

import os
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from premigrate import BadArgument, LatestError
from premigrate.engine.import_key import ImportKey
from premigrate.mock_server.import_progress import ScheduledImport
from premigrate.mock_server.store import Store, _explain

START = datetime(2026, 1, 31, 12, tzinfo=UTC)
ONE = ScheduledImport(ImportKey("NORLYS", "1"), START, START, ("PENDING", "ERRORED"), LatestError("c", "ø\n"))


@pytest.mark.parametrize("name", [None, "a.db", "what?mode=ro#x.db"])
def test_saved_values_are_found(name: str | None, tmp_path: Path) -> None:
    path = None if name is None else str(tmp_path / name)
    store = Store(path)
    assert store.find_import(ONE.key) is None
    store.save_import(ONE)
    later = ONE._replace(statuses=("PENDING",), error=None)
    other = later._replace(key=ImportKey("NORLYS", "\ud800'; DROP TABLE import"))
    store.save_import(other)
    assert (store.find_import(ONE.key), store.find_import(other.key) is None) == (ONE, False)
    store.save_import(later)
    store.set_setting("clock", "x")
    store.add_failure("{}", 2)
    if path is not None:
        store.close()
        store = Store(path)
    assert (store.find_import(ONE.key), len(store.imports()), store.get_setting("clock")) == (later, 2, "x")
    (kept,) = store.failures()
    store.count_failure(kept)
    (kept,) = store.failures()
    assert kept.remaining == 1
    store.count_failure(kept)
    store.clear("import")
    assert (store.failures(), store.imports()) == ([], [])
    store.close()


def test_failed_transaction_is_rolled_back() -> None:
    store = Store()

    def begin_and_fail() -> None:
        with store.transaction():
            store.save_import(ONE)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        begin_and_fail()
    assert store.find_import(ONE.key) is None
    store.close()


def create_database(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


MISTAKES: dict[str, Callable[[Path], object]] = {
    "not a SQLite database": lambda path: path.write_text("a letter to somebody, that is long enough" * 30, "utf-8"),
    "not a SQLite database;": lambda path: path.write_bytes(b"\n"),
    "not a SQLite database; choose": lambda path: path.write_text("a note", "utf-8"),
    "the database of another program": lambda path: create_database(path, "CREATE TABLE letter (text)"),
    "the database of another program;": lambda path: create_database(path, "PRAGMA application_id = 7"),
    "the database of another program; choose": lambda path: create_database(path, "PRAGMA user_version = 3"),
    "written by a newer version of premigrate": lambda path: create_database(
        path, "PRAGMA application_id = 0x706d6773", "PRAGMA user_version = 99", "CREATE TABLE import (text)"
    ),
    "written by a newer version of premigrate;": lambda path: create_database(
        path, "PRAGMA application_id = 0x706d6773", "PRAGMA user_version = 99"
    ),
    "written by an older version of premigrate": lambda path: create_database(
        path, "PRAGMA application_id = 0x706d6773", "PRAGMA user_version = 1", "CREATE TABLE import (course)"
    ),
    "this is a folder": lambda path: path.mkdir(),
    "this is a device or a pipe": lambda path: path.symlink_to(os.devnull),
}


@pytest.mark.parametrize("message", MISTAKES)
def test_other_files_are_refused_and_left_alone(message: str, tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    MISTAKES[message](path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(BadArgument, match=f"other.db: {message}"):
        Store(str(path))
    assert not path.is_file() or path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["other.db"]


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(BadArgument, match="the folder does not exist"):
        Store(str(tmp_path / "none" / "a.db"))


def test_missing_permission_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    Store(str(path)).close()
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)  # read-only, because root may write to any file
    with pytest.raises(sqlite3.OperationalError) as caught:
        connection.execute("CREATE TABLE another (text)")
    connection.close()
    assert "check the permissions" in _explain(caught.value, str(path))


def test_locked_database_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.db"
    Store(str(path)).close()
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    connect: Any = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **kwargs: connect(*args, **kwargs, timeout=0.01))
    with pytest.raises(BadArgument, match="another process uses the database"):
        Store(str(path))
    holder.close()

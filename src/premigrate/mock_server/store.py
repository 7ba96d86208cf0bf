"""Stores imports and scripted failures in SQLite, so that they survive a crash of the process."""

import json
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from premigrate.engine.import_key import ImportKey
from premigrate.exceptions import BadArgument
from premigrate.mock_server.import_progress import ScheduledImport
from premigrate.results import LatestError

_APPLICATION_ID = 0x70_6D_67_73  # "pmgs"
_SCHEMA_VERSION = 3
_TABLES = """
CREATE TABLE import (
    supplier TEXT NOT NULL, number TEXT NOT NULL, created_at TEXT NOT NULL, scheduled_at TEXT NOT NULL,
    lifecycle TEXT NOT NULL, error TEXT, account_number TEXT, PRIMARY KEY (supplier, number)
) WITHOUT ROWID;
CREATE TABLE failure (id INTEGER PRIMARY KEY, said TEXT NOT NULL, remaining INTEGER);
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_COLUMNS = "supplier, number, created_at, scheduled_at, lifecycle, error, account_number"


class StoredFailure(NamedTuple):
    """A stored failure: its ``definition`` as JSON, and how many more requests it matches (None for all)."""

    id: int
    definition: str
    remaining: int | None


class Store:
    """The state of a mock server, in a file or in memory. Thread-safe: one transaction runs at a time.

    Raises:
        BadArgument: the file cannot be opened or written, or is another database.

    """

    def __init__(self, path: str | None = None) -> None:
        self._name = path or "memory"
        self._lock = threading.RLock()
        if path:
            _check_file(path)
        try:
            self._connection = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
            try:
                self._open()
            except BaseException:
                self._connection.close()
                raise
        except sqlite3.Error as error:
            raise BadArgument(f"{self._name}: {_explain(error, path)}") from None

    def _open(self) -> None:
        with self.transaction():
            (application,) = self._one("PRAGMA application_id")
            (version,) = self._one("PRAGMA user_version")
            (tables,) = self._one("SELECT count(*) FROM sqlite_master")
            is_new = not (application or version or tables)
            if application != _APPLICATION_ID and not is_new:
                raise BadArgument(f"{self._name}: the database of another program; choose another file for --database")
            if version != _SCHEMA_VERSION and not is_new:
                other = "a newer" if version > _SCHEMA_VERSION else "an older"
                raise BadArgument(
                    f"{self._name}: written by {other} version of premigrate; use that version, or choose another file"
                )
            if is_new:
                for statement in _TABLES.split(";"):
                    self._connection.execute(statement)
                self._connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
                self._connection.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run the ``with`` block as one transaction; nested transactions are not allowed."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # SQLite rolls back itself on some errors
                    self._connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._connection.close()

    def find_import(self, key: ImportKey) -> ScheduledImport | None:
        """Return the import with a key, or None."""
        found = self._all(f"SELECT {_COLUMNS} FROM import WHERE supplier = ? AND number = ?", *map(_escape, key))  # noqa: S608
        return _scheduled(found[0]) if found else None

    def imports(self) -> list[ScheduledImport]:
        """Return all imports in the order in which they were created."""
        return [_scheduled(row) for row in self._all(f"SELECT {_COLUMNS} FROM import ORDER BY created_at, number")]  # noqa: S608

    def save_import(self, scheduled: ScheduledImport, *, replace: bool = True) -> None:
        """Store an import; one with the same key is replaced, or kept."""
        key, created_at, scheduled_at, lifecycle, error, account_number = scheduled
        times, error_json = (created_at.isoformat(), scheduled_at.isoformat()), json.dumps(error) if error else None
        row = (*map(_escape, key), *times, json.dumps(lifecycle), error_json, account_number)
        how = "REPLACE" if replace else "IGNORE"
        self._execute(f"INSERT OR {how} INTO import ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", *row)  # noqa: S608

    def failures(self) -> list[StoredFailure]:
        """Return the remaining failures in the order in which they were added."""
        return [StoredFailure(*row) for row in self._all("SELECT id, said, remaining FROM failure ORDER BY id")]

    def add_failure(self, definition: str, times: int | None) -> None:
        """Add a failure: its definition as JSON, and how many requests it matches (None for all)."""
        self._execute("INSERT INTO failure (said, remaining) VALUES (?, ?)", definition, times)

    def count_failure(self, kept: StoredFailure) -> None:
        """Count a request that a failure matched; after the last the failure is deleted."""
        if kept.remaining == 1:
            self._execute("DELETE FROM failure WHERE id = ?", kept.id)
        elif kept.remaining is not None:
            self._execute("UPDATE failure SET remaining = remaining - 1 WHERE id = ?", kept.id)

    def get_setting(self, name: str) -> str | None:
        """Return a stored setting, or None."""
        found = self._all("SELECT value FROM fact WHERE name = ?", name)
        return str(found[0][0]) if found else None

    def set_setting(self, name: str, value: str) -> None:
        """Store a setting."""
        self._execute("INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)", name, value)

    def clear(self, *tables: str) -> None:
        """Delete all rows of the tables ``import`` or ``failure``."""
        for table in tables:
            self._execute(f"DELETE FROM {table}")  # noqa: S608 - the names are constants

    def _execute(self, statement: str, *values: object) -> None:
        with self._lock:
            self._connection.execute(statement, values)

    def _all(self, statement: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def _one(self, statement: str) -> tuple[int]:
        ((value,),) = self._all(statement)
        return (int(value),)


def _escape(text: str) -> str:
    """Escape lone surrogates, which UTF-8 cannot encode; the path of a request never contains any."""
    return text.encode("utf-8", "backslashreplace").decode()


def _scheduled(row: tuple) -> ScheduledImport:  # type: ignore[type-arg]
    supplier, number, created_at, scheduled_at, lifecycle, error, account_number = row
    created, scheduled = (datetime.fromisoformat(text).astimezone(UTC) for text in (created_at, scheduled_at))
    latest_error = LatestError(*json.loads(error)) if error else None
    statuses = tuple(json.loads(lifecycle))
    return ScheduledImport(ImportKey(supplier, number), created, scheduled, statuses, latest_error, account_number)


_NOT_SQLITE = "not a SQLite database; choose another file for --database"
_NO_RIGHTS = "the database cannot be written; check the permissions of the file and its folder"
_REASONS = {
    sqlite3.SQLITE_NOTADB: _NOT_SQLITE,
    sqlite3.SQLITE_CORRUPT: "a damaged SQLite database; choose another file for --database",
    sqlite3.SQLITE_READONLY: _NO_RIGHTS,
    sqlite3.SQLITE_CANTOPEN: _NO_RIGHTS,
    sqlite3.SQLITE_PERM: _NO_RIGHTS,
    sqlite3.SQLITE_BUSY: "another process uses the database; stop that process, or choose another file for --database",
}


def _check_file(path: str) -> None:
    """Raise BadArgument for files that SQLite would open, but that are not databases."""
    try:
        status = Path(path).stat()
    except OSError:  # the file is new, or SQLite cannot open it either
        return
    if stat.S_ISREG(status.st_mode) and status.st_size == 1:  # for SQLite, such a file is an empty database
        raise BadArgument(f"{path}: {_NOT_SQLITE}")
    if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
        raise BadArgument(f"{path}: this is a device or a pipe; choose a file for --database")


def _explain(error: sqlite3.Error, path: str | None) -> str:
    """Return what is wrong with a database file, and what to do."""
    if path and Path(path).is_dir():
        return "this is a folder; choose a file for --database"
    if path and not Path(path).parent.is_dir():
        return "the folder does not exist; create it first"
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the primary result code; higher bits extend it
    return _REASONS.get(code, f"the database cannot be used: {error}")

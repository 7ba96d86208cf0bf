"""Keeps imports and scripted failures in SQLite, so that what was answered holds after any end of the process."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from premigrate.engine.import_key import ImportKey
from premigrate.exceptions import BadArgument
from premigrate.mock_server.import_progress import Scheduled
from premigrate.results import LatestError

_OURS = 0x70_6D_67_73  # "pmgs"
_VERSION = 1
_TABLES = """
CREATE TABLE import (
    supplier TEXT NOT NULL, number TEXT NOT NULL, created_at TEXT NOT NULL, scheduled_at TEXT NOT NULL,
    course TEXT NOT NULL, error TEXT, PRIMARY KEY (supplier, number)
) WITHOUT ROWID;
CREATE TABLE failure (id INTEGER PRIMARY KEY, said TEXT NOT NULL, remaining INTEGER);
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_COLUMNS = "supplier, number, created_at, scheduled_at, course, error"


class KeptFailure(NamedTuple):
    """A scripted failure as it was said, and how many requests it still meets; None is all."""

    id: int
    said: str
    remaining: int | None


class Store:
    """The state of a stand-in, in a file or in memory. Threads may share it: one transaction runs at a time.

    Raises:
        BadArgument: the file can't be opened or written, or holds something else.

    """

    def __init__(self, path: str | None = None) -> None:
        self._name = path or "memory"
        self._lock = threading.RLock()
        try:
            self._connection = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
            try:
                self._begin()
            except BaseException:
                self._connection.close()
                raise
        except sqlite3.Error as error:
            raise BadArgument(f"{self._name}: {_explain(error, path)}") from None

    def _begin(self) -> None:
        with self.transaction():
            (application,) = self._one("PRAGMA application_id")
            (version,) = self._one("PRAGMA user_version")
            (tables,) = self._one("SELECT count(*) FROM sqlite_master")
            if application != _OURS and (application or tables):
                raise BadArgument(f"{self._name}: a database of something else; name a file of its own for --database")
            if version > _VERSION:
                raise BadArgument(f"{self._name}: written by a newer premigrate; use that, or name another file")
            if not tables:
                for statement in _TABLES.split(";"):
                    self._connection.execute(statement)
                self._connection.execute(f"PRAGMA application_id = {_OURS}")
                self._connection.execute(f"PRAGMA user_version = {_VERSION}")
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Let all that is done within happen together, or not at all."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # some errors end it themselves
                    self._connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._connection.close()

    def find(self, key: ImportKey) -> Scheduled | None:
        """Find an import."""
        found = self._all(f"SELECT {_COLUMNS} FROM import WHERE supplier = ? AND number = ?", *map(_safe, key))  # noqa: S608
        return _scheduled(found[0]) if found else None

    def imports(self) -> list[Scheduled]:
        """List all imports, the first scheduled first."""
        return [_scheduled(row) for row in self._all(f"SELECT {_COLUMNS} FROM import ORDER BY created_at, number")]  # noqa: S608

    def put(self, scheduled: Scheduled) -> None:
        """Keep an import, instead of the one with the same key if there is one."""
        key, created_at, scheduled_at, course, error = scheduled
        told = json.dumps(error) if error else None
        row = (*map(_safe, key), created_at.isoformat(), scheduled_at.isoformat(), json.dumps(course), told)
        self._do(f"INSERT OR REPLACE INTO import ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", *row)  # noqa: S608

    def failures(self) -> list[KeptFailure]:
        """List the failures that are not over, the first said first."""
        return [KeptFailure(*row) for row in self._all("SELECT id, said, remaining FROM failure ORDER BY id")]

    def add_failure(self, said: str, times: int | None) -> None:
        """Keep a failure."""
        self._do("INSERT INTO failure (said, remaining) VALUES (?, ?)", said, times)

    def use_failure(self, kept: KeptFailure) -> None:
        """Count a request that a failure met; after the last it is over."""
        if kept.remaining == 1:
            self._do("DELETE FROM failure WHERE id = ?", kept.id)
        elif kept.remaining is not None:
            self._do("UPDATE failure SET remaining = remaining - 1 WHERE id = ?", kept.id)

    def fact(self, name: str) -> str | None:
        """Find something that is kept under a name."""
        found = self._all("SELECT value FROM fact WHERE name = ?", name)
        return str(found[0][0]) if found else None

    def put_fact(self, name: str, value: str) -> None:
        """Keep something under a name."""
        self._do("INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)", name, value)

    def clear(self, *tables: str) -> None:
        """Forget all ``import`` or ``failure`` rows."""
        for table in tables:
            self._do(f"DELETE FROM {table}")  # noqa: S608 - names of ours

    def _do(self, statement: str, *values: object) -> None:
        with self._lock:
            self._connection.execute(statement, values)

    def _all(self, statement: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def _one(self, statement: str) -> tuple[int]:
        ((value,),) = self._all(statement)
        return (int(value),)


def _safe(text: str) -> str:
    """Write what UTF-8 can't (halves of surrogate pairs) as escapes, which a path of a request never has."""
    return text.encode("utf-8", "backslashreplace").decode()


def _scheduled(row: tuple) -> Scheduled:  # type: ignore[type-arg]
    supplier, number, created_at, scheduled_at, course, error = row
    created, scheduled = (datetime.fromisoformat(text).astimezone(UTC) for text in (created_at, scheduled_at))
    told = LatestError(*json.loads(error)) if error else None
    return Scheduled(ImportKey(supplier, number), created, scheduled, tuple(json.loads(course)), told)


_NO_RIGHTS = "the database can't be written; look at the rights of the file and its folder"
_REASONS = {
    sqlite3.SQLITE_NOTADB: "no SQLite database; name another file for --database",
    sqlite3.SQLITE_CORRUPT: "a broken SQLite database; name another file for --database",
    sqlite3.SQLITE_READONLY: _NO_RIGHTS,
    sqlite3.SQLITE_CANTOPEN: _NO_RIGHTS,
    sqlite3.SQLITE_PERM: _NO_RIGHTS,
    sqlite3.SQLITE_BUSY: "another process holds the database; end that, or name another file for --database",
}


def _explain(error: sqlite3.Error, path: str | None) -> str:
    """Say what is wrong with a database file, and what to do."""
    if path and Path(path).is_dir():
        return "a folder; name a file for --database"
    if path and not Path(path).parent.is_dir():
        return "there is no such folder; make it first"
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest of it tells kinds of a kind
    return _REASONS.get(code, f"the database can't be used: {error}")

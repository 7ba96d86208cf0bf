"""Compares the findings of a run with those of an earlier one, which are read from its JSON report.

The earlier findings are kept as digests of 64 bits in a temporary database of SQLite: memory does not grow with their
number, and the database holds nothing of a payload.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any
from weakref import finalize

import msgspec

from premigrate.exceptions import BadArgument, TemporaryFileError
from premigrate.report.comparison import Comparison, KindChange
from premigrate.report.findings import FindingKind, Level, kind_to_count, pattern_of
from premigrate.report.run import AccountReport, escape

_CREATE = """
PRAGMA temp_store = FILE;
PRAGMA journal_mode = OFF;
PRAGMA cache_size = -8000;
CREATE TABLE account (id INTEGER PRIMARY KEY, is_checked INTEGER NOT NULL DEFAULT 0);
CREATE TABLE finding (id INTEGER PRIMARY KEY, account INTEGER NOT NULL, kind INTEGER NOT NULL, count INTEGER NOT NULL);
BEGIN;
"""
_INSERT_ACCOUNT = "INSERT OR IGNORE INTO account (id) VALUES (?)"
_INSERT_FINDING = "INSERT INTO finding VALUES (?, ?, ?, 1) ON CONFLICT (id) DO UPDATE SET count = count + 1"
_CHECK_ACCOUNT = "UPDATE account SET is_checked = 1 WHERE id = ?"
_TAKE_FINDING = "UPDATE finding SET count = count - 1 WHERE id = ? AND count > 0"
_REST = """
SELECT kind, is_checked, SUM(count) FROM finding JOIN account ON account.id = finding.account
WHERE count > 0 GROUP BY kind, is_checked
"""


class _Finding(msgspec.Struct):
    level: Level
    code: str
    attr: str


class _Account(msgspec.Struct):
    file: str
    index: int
    account: str
    supplier: str
    findings: list[_Finding]


class _Head(msgspec.Struct):
    premigrate: str
    as_of: str
    accounts: list[Any]


class _Summary(msgspec.Struct):
    complete: bool


class _Tail(msgspec.Struct):
    summary: _Summary


class EarlierReport:
    """The findings of an earlier run.

    ``is_complete`` is False if that run was interrupted.

    Args:
        path: a report in the format json.

    Raises:
        BadArgument: the report cannot be read, or is not one.
        TemporaryFileError: the temporary database cannot be written.

    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._kinds: dict[FindingKind, int] = {}
        self._new: dict[FindingKind, int] = {}
        self._left: dict[FindingKind, int] = {}
        self._database = sqlite3.connect("", isolation_level=None)
        finalize(self, self._database.close)
        self.is_complete = True
        with _temporary_file():
            self._database.executescript(_CREATE)
            try:
                self._read()
            except OSError as error:
                raise BadArgument(f"--since {path}: cannot be read: {error.strerror}") from None
            except ValueError:  # also that of msgspec, and of bytes that are not UTF-8
                raise BadArgument(
                    f"--since {path}: not a JSON report of premigrate; write one with --output json:FILE"
                ) from None

    def compare(self, account: AccountReport) -> AccountReport:
        """Return an account whose findings say whether they are new, and count them."""
        owner = _account_key(account.file, account.index, account.supplier, account.account_number)
        findings = []
        with _temporary_file():
            self._database.execute(_CHECK_ACCOUNT, (_digest(owner),))
            for finding in account.findings:
                key = _digest((*owner, finding.code, finding.attr))
                is_new = self._database.execute(_TAKE_FINDING, (key,)).rowcount == 0
                counts = self._new if is_new else self._left
                kind = kind_to_count(finding.kind, counts)
                counts[kind] = counts.get(kind, 0) + 1
                findings.append(finding._replace(is_new=is_new))
        return account.with_findings(tuple(findings))

    def result(self) -> Comparison:
        """Return the counts, once all accounts were compared."""
        names = list(self._kinds)
        gone: dict[FindingKind, int] = {}
        not_checked = 0
        with _temporary_file():
            for kind, is_checked, count in self._database.execute(_REST):
                if is_checked:
                    gone[names[kind]] = count
                else:
                    not_checked += count
        every = dict.fromkeys((*self._new, *gone, *self._left))
        kinds = {kind: KindChange(self._new.get(kind, 0), gone.get(kind, 0), self._left.get(kind, 0)) for kind in every}
        new, gone_in_all, left = (sum(counts.values()) for counts in (self._new, gone, self._left))
        return Comparison(escape(self._path), self._as_of, new, gone_in_all, left, not_checked, kinds)

    def _read(self) -> None:
        """Read the report, which has each account on a line of its own. Raises OSError and ValueError."""
        with Path(self._path).open(encoding="utf-8") as lines:
            head = msgspec.convert(json.loads(f"{next(lines, '')}]}}"), _Head)
            self._as_of = head.as_of
            for line in lines:
                if line.startswith("]"):
                    tail = msgspec.convert(json.loads(line.replace("], ", "{", 1)), _Tail)
                    self.is_complete = tail.summary.complete
                    return
                self._add(msgspec.convert(json.loads(line.rstrip().removesuffix(",")), _Account))
        raise ValueError("the report has no end")

    def _add(self, account: _Account) -> None:
        if not account.findings:
            return
        owner = _account_key(account.file, account.index, account.supplier, account.account)
        owner_id = _digest(owner)
        self._database.execute(_INSERT_ACCOUNT, (owner_id,))
        self._database.executemany(_INSERT_FINDING, self._rows(owner, owner_id, account.findings))

    def _rows(self, owner: tuple[str, ...], owner_id: int, findings: Iterable[_Finding]) -> Iterator[tuple[int, ...]]:
        for finding in findings:
            kind = kind_to_count((finding.level, finding.code, pattern_of(finding.attr)), self._kinds)
            number = self._kinds.setdefault(kind, len(self._kinds))
            yield _digest((*owner, finding.code, finding.attr)), owner_id, number


def _account_key(file: str, index: int, supplier: str, number: str) -> tuple[str, ...]:
    """Return what identifies an account in both runs: its supplier and number, or its place if it has no number."""
    return ("number", supplier, number) if number else ("place", file, str(index))


def _digest(parts: tuple[str, ...]) -> int:
    text = "\0".join(parts)
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), signed=True)


@contextmanager
def _temporary_file() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise TemporaryFileError(
            f"the temporary file cannot be written: {error}; set TMPDIR to use another folder"
        ) from None

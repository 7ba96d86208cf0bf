"""Collects the keys of accounts in any number and order, and finds those that clash, within a bound on memory.

What is beyond the bound goes to a file that SQLite makes for itself: it takes away the file's name as soon as it is
open, so that nobody else can open it, and the system frees it however this process ends. Personal values are never in
it, but their digests, under a key that is made anew for each gathering and is in memory only. Two values have the
same digest of 256 bits less often than a memory cell fails; all else is compared as it is.
"""

import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from types import TracebackType
from typing import Self

from premigrate.cohort.clashes import Origin
from premigrate.cohort.groups import ABSENT, DIGEST, Group, make_group, to_bytes
from premigrate.cohort.program import CohortKey
from premigrate.cohort.sql import FIND, FORGET, INSERT_ACCOUNT, INSERT_KEY, INSERT_RULE, MARK, TABLES
from premigrate.exceptions import OutOfRoom

_BATCH = 2000  # rows that wait to be written together


class Gathering:
    """Keys of accounts. It belongs to one thread of one process; other processes send it what they find.

    Each method may raise `OutOfRoom`.

    Args:
        kilobytes: about how much memory it may take; beyond that it uses a temporary file.
        show_values: keep personal keys as they are, to be shown; then they are in the temporary file too.

    """

    def __init__(self, *, kilobytes: int, show_values: bool = False) -> None:
        self._show_values = show_values
        self._secret = secrets.token_bytes(DIGEST)
        self._rules: dict[str, int] = {}
        self._accounts: list[tuple[int, bytes, int, int, bytes]] = []
        self._keys: list[tuple[object, ...]] = []
        self._last = 0
        self._store = sqlite3.connect("", isolation_level=None)
        half = kilobytes // 2 + 1  # in one half pages are kept, in the other they are sorted
        with self._room():
            self._store.executescript(TABLES.format(cache=half))
            self._store.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Forget everything, and give back memory and file."""
        self._accounts, self._keys = [], []
        self._store.close()

    def add(self, origin: Origin, reference: str, keys: Iterable[CohortKey]) -> None:
        """Take in the keys of one account; an account that comes again counts once.

        Args:
            origin: where it is from.
            reference: its account number.
            keys: what `cohort_keys` found.

        """
        self._last += 1
        found = [self._row(key) for key in keys]
        if not found:
            return
        file, position, line = origin
        self._accounts.append((self._last, to_bytes(file), position, line, to_bytes(reference)))
        self._keys += found
        if len(self._keys) >= _BATCH:
            self._flush()

    def groups(self) -> Iterator[Group]:
        """Yield what clashes, in the order of first places, by name of file and position; of one place by rule id.

        The order does not depend on that in which accounts came. All holders of one key are in memory together.
        """
        self._flush()
        with self._room():
            self._store.execute(FORGET)
            self._store.execute(MARK)
            for _, rows in groupby(self._store.execute(FIND), key=itemgetter(0)):
                group = make_group([row[1:] for row in rows])
                if group:
                    yield group

    @contextmanager
    def _room(self) -> Iterator[None]:
        """Say in our own words that there is no room on disk."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise OutOfRoom(f"the temporary file can't be written: {error}; TMPDIR names another folder") from None

    def _row(self, key: CohortKey) -> tuple[object, ...]:
        rule = self._rules.get(key.rule)
        if rule is None:
            rule = self._rules[key.rule] = len(self._rules)
            self._store.execute(INSERT_RULE, (rule, key.rule))
        value, shown = to_bytes(key.key), None
        if key.personal and not self._show_values:
            value, shown = self._seal(value), to_bytes(key.masked)
        same = b"".join([self._seal(to_bytes(each)) if each else ABSENT for each in key.same]) if key.same else None
        return rule, value, self._last, to_bytes(key.attr), same, shown, key.listed

    def _seal(self, value: bytes) -> bytes:
        return blake2b(value, key=self._secret, digest_size=DIGEST).digest()

    def _flush(self) -> None:
        """Write what waits; an interrupt in between loses some of it, and leaves nothing to be written twice."""
        accounts, keys = self._accounts, self._keys
        self._accounts, self._keys = [], []
        with self._room():
            self._store.executemany(INSERT_ACCOUNT, accounts)
            self._store.executemany(INSERT_KEY, keys)

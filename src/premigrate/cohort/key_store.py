"""Stores the keys of any number of accounts within a memory limit, and finds those that clash.

Data beyond the limit goes to a temporary file of SQLite, which unlinks it as soon as it is open: no other process can
open it by name, and the system frees it however this process ends. Values that must be the same, and personal keys
unless they are to be shown, are stored only as keyed digests of 256 bits, whose collisions are negligible. The key of
the digests is generated for each store and never leaves memory. All other keys are compared as they are.
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
from premigrate.cohort.groups import ABSENT_DIGEST, DIGEST_SIZE, KeyGroup, build_group, encode_text
from premigrate.cohort.program import CohortKey
from premigrate.cohort.sql import (
    CLEAR_CLASHES,
    CREATE_TABLES,
    INSERT_ACCOUNT,
    INSERT_KEY,
    INSERT_RULE,
    MARK_CLASHES,
    SELECT_CLASHES,
)
from premigrate.exceptions import TemporaryFileError

_BATCH = 2000  # rows per bulk insert


class KeyStore:
    """The keys of accounts. For use in one thread; other processes send it the keys that they extract.

    Its methods raise `TemporaryFileError` if the temporary file cannot be written.

    Args:
        kilobytes: the approximate memory limit; data beyond it goes to a temporary file.
        show_values: store personal keys as they are, to show them; the temporary file then contains them, too.

    """

    def __init__(self, *, kilobytes: int, show_values: bool = False) -> None:
        self._show_values = show_values
        self._secret = secrets.token_bytes(DIGEST_SIZE)
        self._rules: dict[str, int] = {}
        self._accounts: list[tuple[int, bytes, int, int, bytes]] = []
        self._keys: list[tuple[object, ...]] = []
        self._last = 0
        self._store = sqlite3.connect("", isolation_level=None)
        half = kilobytes // 2 + 1  # one half for the page cache, one for sorting
        with self._out_of_room():
            self._store.executescript(CREATE_TABLES.format(cache=half))
            self._store.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Discard all keys; free the memory and the temporary file."""
        self._accounts, self._keys = [], []
        self._store.close()

    def add(self, origin: Origin, reference: str, keys: Iterable[CohortKey]) -> None:
        """Add the keys of one account; an account that is added again counts once.

        Args:
            origin: where the account comes from.
            reference: its account number.
            keys: the result of `extract_keys`.

        """
        self._last += 1
        found = [self._row(key) for key in keys]
        if not found:
            return
        file, position, line = origin
        self._accounts.append((self._last, encode_text(file), position, line, encode_text(reference)))
        self._keys += found
        if len(self._keys) >= _BATCH:
            self._flush()

    def clashing_groups(self) -> Iterator[KeyGroup]:
        """Yield the keys that clash, ordered by their first place (file name, then position), then by rule id.

        The order does not depend on the order of the accounts. All places of one key are in memory at the same time.
        """
        self._flush()
        with self._out_of_room():
            self._store.execute(CLEAR_CLASHES)
            self._store.execute(MARK_CLASHES)
            for _, rows in groupby(self._store.execute(SELECT_CLASHES), key=itemgetter(0)):
                group = build_group([row[1:] for row in rows])
                if group:
                    yield group

    @contextmanager
    def _out_of_room(self) -> Iterator[None]:
        """Raise `TemporaryFileError` if SQLite cannot write its file."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise TemporaryFileError(
                f"the temporary file cannot be written: {error}; set TMPDIR to use another folder"
            ) from None

    def _row(self, key: CohortKey) -> tuple[object, ...]:
        rule = self._rules.get(key.rule)
        if rule is None:
            rule = self._rules[key.rule] = len(self._rules)
            self._store.execute(INSERT_RULE, (rule, key.rule))
        value, shown = encode_text(key.key), None
        if key.is_personal and not self._show_values:
            value, shown = self._seal(value), encode_text(key.masked)
        same = (
            b"".join([self._seal(encode_text(each)) if each else ABSENT_DIGEST for each in key.same])
            if key.same
            else None
        )
        return rule, value, self._last, encode_text(key.attr), same, shown, key.is_listed

    def _seal(self, value: bytes) -> bytes:
        return blake2b(value, key=self._secret, digest_size=DIGEST_SIZE).digest()

    def _flush(self) -> None:
        """Insert the pending rows. An interrupt may lose some of them, but none is ever inserted twice."""
        accounts, keys = self._accounts, self._keys
        self._accounts, self._keys = [], []
        with self._out_of_room():
            self._store.executemany(INSERT_ACCOUNT, accounts)
            self._store.executemany(INSERT_KEY, keys)

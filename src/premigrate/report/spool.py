"""Keeps texts that are to be written later: in memory while they are few, then in a temporary file without a name."""

from codecs import getincrementaldecoder
from collections.abc import Iterator
from typing import IO
from weakref import finalize

_MOST_HELD = 1 << 20  # bytes
_BLOCK = 1 << 16
_ERRORS = "surrogatepass"


class Spool:
    """Texts one behind the other. Where there is no room for a file, all of them stay in memory: nothing is lost."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._written = 0
        self._held = bytearray()
        self._most_held: float = _MOST_HELD

    def add(self, text: str) -> tuple[int, int]:
        """Keep a text; gives where it begins and ends."""
        start = self._written + len(self._held)
        self._held += text.encode("utf-8", _ERRORS)
        if len(self._held) > self._most_held:
            self._write()
        return start, self._written + len(self._held)

    def read(self, start: int, end: int) -> Iterator[str]:
        """Give what is kept between two places, in pieces."""
        decoder = getincrementaldecoder("utf-8")(_ERRORS)
        while start < end:
            if start < self._written and self._file:
                self._file.seek(start)
                block = self._file.read(min(_BLOCK, end - start, self._written - start))
            else:
                block = bytes(self._held[start - self._written : end - self._written][:_BLOCK])
            start += len(block)
            yield decoder.decode(block)

    def _write(self) -> None:
        from tempfile import TemporaryFile  # only large runs need it

        try:
            if self._file is None:
                self._file = TemporaryFile()  # noqa: SIM115 - it lives as long as the spool
                finalize(self, self._file.close)
            self._file.seek(self._written)
            self._file.write(self._held)
            self._file.flush()
        except OSError:
            self._most_held = float("inf")
            return
        self._written += len(self._held)
        self._held.clear()


class Kept:
    """A row of texts in a spool, which others may share."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._spans: list[tuple[int, int]] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def append(self, text: str) -> None:
        """Keep one more text."""
        self._count += 1
        start, end = self._spool.add(text)
        if self._spans and self._spans[-1][1] == start:
            start = self._spans.pop()[0]
        self._spans.append((start, end))

    def pieces(self) -> Iterator[str]:
        """Give all texts one behind the other, in pieces of any length."""
        for start, end in self._spans:
            yield from self._spool.read(start, end)

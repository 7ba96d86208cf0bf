"""Keeps texts to be written later: in memory while they are small, then in an unnamed temporary file."""

from codecs import getincrementaldecoder
from collections.abc import Iterator
from typing import IO
from weakref import finalize

_MAX_BUFFER = 1 << 20  # bytes
_BLOCK = 1 << 16
_ERRORS = "surrogatepass"


class Spool:
    """Concatenated texts. If the temporary file cannot be written, further texts stay in memory: nothing is lost."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._written = 0
        self._buffer = bytearray()
        self._max_buffer: float = _MAX_BUFFER

    def add(self, text: str) -> tuple[int, int]:
        """Add a text; return its start and end, in bytes."""
        start = self._written + len(self._buffer)
        self._buffer += text.encode("utf-8", _ERRORS)
        if len(self._buffer) > self._max_buffer:
            self._flush()
        return start, self._written + len(self._buffer)

    def read(self, start: int, end: int) -> Iterator[str]:
        """Yield the text between two offsets, in pieces."""
        decoder = getincrementaldecoder("utf-8")(_ERRORS)
        while start < end:
            if start < self._written and self._file:
                self._file.seek(start)
                block = self._file.read(min(_BLOCK, end - start, self._written - start))
            else:
                block = bytes(self._buffer[start - self._written : end - self._written][:_BLOCK])
            start += len(block)
            yield decoder.decode(block)

    def _flush(self) -> None:
        from tempfile import TemporaryFile  # only large runs need it

        try:
            if self._file is None:
                self._file = TemporaryFile()  # noqa: SIM115 - it lives as long as the spool
                finalize(self, self._file.close)
            self._file.seek(self._written)
            self._file.write(self._buffer)
            self._file.flush()
        except OSError:
            self._max_buffer = float("inf")
            return
        self._written += len(self._buffer)
        self._buffer.clear()


class SpooledTexts:
    """A sequence of texts in a spool, which may be shared."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._spans: list[tuple[int, int]] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def append(self, text: str) -> None:
        """Add a text."""
        self._count += 1
        start, end = self._spool.add(text)
        if self._spans and self._spans[-1][1] == start:
            start = self._spans.pop()[0]
        self._spans.append((start, end))

    def read(self) -> Iterator[str]:
        """Yield the concatenated texts, in pieces of any length."""
        for start, end in self._spans:
            yield from self._spool.read(start, end)

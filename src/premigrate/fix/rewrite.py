"""Writes a fixed text over its file, or to a stream: compressed as it was, and only if something changed."""

from __future__ import annotations

import os
from itertools import chain
from typing import TYPE_CHECKING, Protocol

from premigrate.command.atomic_file import AtomicBytesFile
from premigrate.documents.compression import Compressor, decompress
from premigrate.exceptions import BadArgument
from premigrate.fix.fixed_parts import open_input, read_blocks

if TYPE_CHECKING:
    from typing import BinaryIO

    from premigrate.batch.inputs import Source
    from premigrate.fix.fixed_parts import FixedPart


class Target(Protocol):
    """Receives the bytes of a fixed file."""

    def write(self, data: bytes, /) -> object:
        """Write data."""


class Rewriter:
    """Writes the parts of a fixed text. The target is opened at the first change; what is before it is read again.

    ``is_committed`` is whether the file was replaced, or the text is complete in ``target``.
    """

    def __init__(self, source: Source, target: Target | None = None) -> None:
        self._source, self._target = source, target
        self._file: AtomicBytesFile | None = None
        self._compressor: Compressor | None = None
        self._size = 0
        self.is_committed = False

    def add(self, part: FixedPart) -> None:
        """Take the next part. Raises BadArgument if the file cannot be written, OSError if it cannot be read."""
        if self._compressor is None and part.new != part.old:
            self._open()
        if self._compressor is not None:
            self._write(self._compressor.compress(part.new))
        self._size += len(part.old)

    def commit(self) -> None:
        """Replace the file, if something has changed. Raises BadArgument."""
        if self._compressor is not None:
            self._write(self._compressor.end())
            if self._file:
                self._file.commit()
            self.is_committed = True

    def discard(self) -> None:
        """Remove what was written, unless it is committed."""
        if self._file and not self.is_committed:
            self._file.discard()

    def _write(self, data: bytes) -> None:
        if self._target is not None:
            self._target.write(data)

    def _open(self) -> None:
        """Open the target, and copy the text before the first change."""
        with open_input(self._source) as file:
            if self._target is None:
                self._target = self._file = AtomicBytesFile(self._source.path, _state(self._source.path, file))
            blocks = read_blocks(file)
            head = next(blocks, b"")
            self._compressor = Compressor(head)
            left = self._size
            for block in decompress(chain([head], blocks)):
                if not left:
                    break
                self._write(self._compressor.compress(block[:left]))
                left -= len(block[:left])


def _state(path: str, file: BinaryIO) -> os.stat_result:
    """Return the permissions and the owner of a file. Raises BadArgument if it must not be written."""
    if not os.access(path, os.W_OK):
        raise BadArgument(f"{path}: cannot be written: permission denied")
    return os.fstat(file.fileno())

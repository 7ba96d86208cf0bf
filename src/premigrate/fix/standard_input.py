"""Keeps standard input in an unnamed temporary file, so that it can be read again, and writes the fixed text."""

from __future__ import annotations

import os
import shutil
import sys
from io import BufferedReader, RawIOBase
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, BinaryIO

from premigrate.exceptions import BadArgument

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class FixedInput:
    """Standard input and its fixed text. ``is_fixed`` says whether the text in ``target`` is complete.

    Standard input is replaced by a temporary file with the same content.

    Raises:
        BadArgument: the temporary file cannot be written.

    """

    def __init__(self) -> None:
        self.target = TemporaryFile()  # noqa: SIM115 - `close` closes it
        self.is_fixed = False
        self._original = TemporaryFile()  # noqa: SIM115
        try:
            with open(sys.stdin.fileno(), "rb", closefd=False) as stdin:
                shutil.copyfileobj(stdin, self._original)
            self._original.flush()
        except OSError as error:
            self.close()
            raise BadArgument(f"standard input: cannot be copied to a temporary file: {error.strerror}") from None
        os.dup2(self._original.fileno(), sys.stdin.fileno())

    def end(self, *, is_written: bool) -> None:
        """Write the text to standard output if ``is_written``, and make it standard input for the check.

        Raises:
            BadArgument: standard output cannot be written.

        """
        if is_written:
            kept = self.target if self.is_fixed else self._original
            kept.flush()
            kept.seek(0)
            try:
                shutil.copyfileobj(kept, sys.stdout.buffer)
                sys.stdout.buffer.flush()
            except OSError as error:
                raise BadArgument(f"standard output: cannot be written: {error.strerror}") from None
            os.dup2(kept.fileno(), sys.stdin.fileno())
        os.lseek(sys.stdin.fileno(), 0, os.SEEK_SET)

    def close(self) -> None:
        """Close the temporary files. Standard input stays open."""
        self.target.close()
        self._original.close()


def open_kept_input() -> BinaryIO:
    """Open standard input at its beginning, once it is kept in a file. Closing it does not close standard input."""
    return BufferedReader(_KeptInput())


class _KeptInput(RawIOBase):
    """Reads standard input at its own position: all other readers of the file share the system's position."""

    def __init__(self) -> None:
        self._at = 0

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return sys.stdin.fileno()

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        os.lseek(self.fileno(), self._at, os.SEEK_SET)
        data = os.read(self.fileno(), len(view))
        view[: len(data)] = data
        self._at += len(data)
        return len(data)

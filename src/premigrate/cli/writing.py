"""Writes files that have their name only when they are complete."""

import contextlib
import os
from pathlib import Path
from typing import TextIO

from premigrate.errors import BadArgument


class Part:
    """A file that is being written, in UTF-8, under another name beside its own.

    Raises:
        BadArgument: the file can't be written; then nothing of it is left.

    """

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._part = self._path.with_name(f".{self._path.name}.{os.getpid()}.part")
        try:
            self._file: TextIO = self._part.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")
        except OSError as error:
            raise BadArgument(f"{self._path}: can't be written: {error.strerror}") from None

    def write(self, text: str) -> None:
        """Write on."""
        try:
            self._file.write(text)
        except OSError as error:
            self._fail(error)

    def finish(self) -> None:
        """Close the file and give it its name."""
        try:
            self._file.close()
            self._part.replace(self._path)
        except OSError as error:
            self._fail(error)

    def discard(self) -> None:
        """Take back what was written."""
        with contextlib.suppress(OSError):
            self._file.close()
        with contextlib.suppress(OSError):
            self._part.unlink(missing_ok=True)

    def _fail(self, error: OSError) -> None:
        self.discard()
        raise BadArgument(f"{self._path}: can't be written: {error.strerror}") from None

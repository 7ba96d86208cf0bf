"""Writes files that have their name only when they are complete."""

import contextlib
import os
from pathlib import Path

from premigrate.errors import BadArgument


class BytesPart:
    """A file that is being written under another name beside its own.

    Raises:
        BadArgument: the file can't be written; then nothing of it is left.

    """

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._part = self._path.with_name(f".{self._path.name}.{os.getpid()}.part")
        try:
            self._file = self._part.open("wb")
        except OSError as error:
            raise BadArgument(f"{self._path}: can't be written: {error.strerror}") from None

    def write(self, data: bytes) -> None:
        """Write on."""
        try:
            self._file.write(data)
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


class Part(BytesPart):
    """A text in UTF-8 that is being written; what UTF-8 has no way to write is written as an escape."""

    def write_text(self, text: str) -> None:
        """Write on."""
        self.write(text.encode("utf-8", "backslashreplace"))

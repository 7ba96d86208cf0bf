"""Writes files that have their name only when they are complete."""

import contextlib
import errno
import os
import stat
from itertools import count
from pathlib import Path

from premigrate.errors import BadArgument

_NUMBERS = count(1)
_SHOWN = 40  # characters of a name that the name of its part begins with: a file system limits names


class BytesPart:
    """A file that is being written under another name beside its own; what is no file, as a pipe, is written straight.

    Raises:
        BadArgument: the file can't be written; then nothing of it is left.

    """

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        try:
            self._whole = _whole_file(path)
            self._part = self._whole and self._whole.with_name(
                f".{self._whole.name[:_SHOWN]}.{os.getpid()}.{next(_NUMBERS)}.part"
            )
            self._file = (self._part or self._path).open("wb")
        except OSError as error:
            raise BadArgument(f"{self._path}: can't be written: {error.strerror}") from None

    def write(self, data: bytes) -> None:
        """Write on."""
        try:
            self._file.write(data)
        except OSError as error:
            self._fail(error)

    def complete(self) -> None:
        """Close the file: all of it is on disk, but for its name."""
        try:
            self._file.close()
        except OSError as error:
            self._fail(error)

    def finish(self) -> None:
        """Close the file and give it its name."""
        self.complete()
        try:
            if self._part and self._whole:
                self._part.replace(self._whole)
        except OSError as error:
            self._fail(error)

    def discard(self) -> None:
        """Take back what was written."""
        with contextlib.suppress(OSError):
            self._file.close()
        with contextlib.suppress(OSError):
            if self._part:
                self._part.unlink(missing_ok=True)

    def _fail(self, error: OSError) -> None:
        self.discard()
        raise BadArgument(f"{self._path}: can't be written: {error.strerror}") from None


class Part(BytesPart):
    """A text in UTF-8 that is being written; what UTF-8 has no way to write is written as an escape."""

    def write_text(self, text: str) -> None:
        """Write on."""
        self.write(text.encode("utf-8", "backslashreplace"))


def _whole_file(path: str) -> Path | None:
    """Find the file that a path means, through links; None if a device or a pipe is there, which has no other name."""
    with contextlib.suppress(FileNotFoundError):
        mode = os.stat(path).st_mode  # noqa: PTH116 - a circle of links is told
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not stat.S_ISREG(mode):
            return None
    return Path(os.path.realpath(path))

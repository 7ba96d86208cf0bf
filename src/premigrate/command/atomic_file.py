"""Writes files that have their name only when they are complete, and that nobody else can read before."""

import atexit
import contextlib
import errno
import os
import stat
import sys
from collections.abc import Iterable
from functools import partial
from itertools import count
from pathlib import Path
from typing import NoReturn

from premigrate.command.interrupts import signals_held
from premigrate.exceptions import BadArgument

_NUMBERS = count(1)
_SHOWN = 40  # characters of a name that the name of its part begins with: a file system limits names
_PRIVATE = 0o600
_NAMED: set[Path] = set()
"""Parts that stand under another name until they are complete; what is left of them goes when the process ends."""


@atexit.register
def _remove_parts() -> None:
    for part in _NAMED:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


class BytesPart:
    """A file that is being written: without a name, so that it is gone with the process, however that ends.

    The folder it is in is made, with those above it, if it is not there. Where the system has no files without a name,
    it stands under another name beside its own. What is no file, as a pipe, is written straight.

    Raises:
        BadArgument: the file can't be written; then nothing of it is left.

    """

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._part: Path | None = None
        self._is_named = True
        try:
            self._whole = _whole_file(path)
            if self._whole is None:
                self._file = self._path.open("wb")
                return
            self._whole.parent.mkdir(parents=True, exist_ok=True)
            self._part = self._whole.with_name(f".{self._whole.name[:_SHOWN]}.{os.getpid()}.{next(_NUMBERS)}.part")
            unnamed = _open_unnamed(self._whole.parent)
            self._is_named = unnamed is None
            if self._is_named:
                _NAMED.add(self._part)
            self._file = os.fdopen(_open_named(self._part) if unnamed is None else unnamed, "wb")
        except OSError as error:
            raise BadArgument(f"{self._path}: can't be written: {error.strerror}") from None

    def write(self, data: bytes) -> None:
        """Write on."""
        try:
            self._file.write(data)
        except OSError as error:
            self._fail(error)

    def complete(self) -> None:
        """Write out what is held back: all of it is on disk, with the rights of any new file, but for its name."""
        try:
            self._file.flush()
            if self._part and hasattr(os, "fchmod"):
                os.fchmod(self._file.fileno(), 0o666 & ~_masked())
        except OSError as error:
            self._fail(error)

    def finish(self) -> None:
        """Close the file and give it its name; a signal that ends the process waits until that is done."""
        self.complete()
        try:
            with signals_held():
                is_done = not self._is_named and self._give_name()
                self._file.close()
                if self._part and self._whole and not is_done:
                    self._part.replace(self._whole)
                    _NAMED.discard(self._part)
        except OSError as error:
            self._fail(error)

    def discard(self) -> None:
        """Take back what was written."""
        with contextlib.suppress(OSError):
            self._file.close()
        with contextlib.suppress(OSError):
            if self._part:
                self._part.unlink(missing_ok=True)
                _NAMED.discard(self._part)

    def _give_name(self) -> bool:
        """Give the file its name, which tells True; or, if that is taken, another for a moment."""
        assert self._whole  # noqa: S101 - what has no name is a file
        assert self._part  # noqa: S101
        folder = os.open(self._whole.parent, os.O_PATH)
        try:
            # only if told the folder, the system looks where the link leads
            give = partial(os.link, _link_to(self._file.fileno()), dst_dir_fd=folder)
            try:
                give(self._whole.name)
            except FileExistsError:
                self._part.unlink(missing_ok=True)  # of a process that was killed and had the same number
                give(self._part.name)
                return False
        finally:
            os.close(folder)
        return True

    def _fail(self, error: OSError) -> NoReturn:
        self.discard()
        raise BadArgument(f"{self._path}: can't be written: {error.strerror}") from None


class Part(BytesPart):
    """A text in UTF-8 that is being written; what UTF-8 has no way to write is written as an escape."""

    def write_text(self, text: str) -> None:
        """Write on."""
        self.write(text.encode("utf-8", "backslashreplace"))


def write_file(path: str, pieces: Iterable[str]) -> None:
    """Write a whole file of text, or nothing: also if it is interrupted.

    Raises:
        BadArgument: the file can't be written.

    """
    part = Part(path)
    try:
        for piece in pieces:
            part.write_text(piece)
        part.finish()
    except BaseException:
        part.discard()
        raise


def _whole_file(path: str) -> Path | None:
    """Find the file that a path means, through links; None if a device or a pipe is there, which has no other name."""
    with contextlib.suppress(FileNotFoundError):
        mode = os.stat(path).st_mode  # noqa: PTH116 - a circle of links is told
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not stat.S_ISREG(mode):
            return None
    return Path(os.path.realpath(path))


def _open_unnamed(folder: Path) -> int | None:
    """Open a file without a name for writing; None if there are none here, or no way to give it one."""
    if sys.platform != "linux":
        return None
    try:
        opened = os.open(folder, os.O_WRONLY | os.O_TMPFILE, _PRIVATE)
    except OSError:
        return None
    if os.path.exists(_link_to(opened)):  # noqa: PTH110 - of no folder that anybody names
        return opened
    os.close(opened)
    return None


def _link_to(opened: int) -> str:
    return f"/proc/self/fd/{opened}"


def _open_named(path: Path) -> int:
    """Open a file for writing that is taken back also if the process is told to end. Raises OSError."""
    import signal

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _end)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), _PRIVATE)


def _end(number: int, _: object) -> NoReturn:
    """End as a process does that is told to, after all that is written was taken back."""
    sys.exit(128 + number)


def _masked() -> int:
    """Tell the rights that this user takes from new files."""
    mask = os.umask(0)
    os.umask(mask)
    return mask

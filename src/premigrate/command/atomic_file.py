"""Writes files that appear under their name only when complete; until then no other user can read them."""

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

from premigrate.command.interrupts import blocked_signals
from premigrate.exceptions import BadArgument

_NUMBERS = count(1)
_MAX_STEM = 40  # characters of the name that a temporary name starts with: file systems limit the length of names
_PRIVATE = 0o600
_TEMPORARY: set[Path] = set()
"""Temporary files that have a name; those that are left are removed when the process ends."""


@atexit.register
def _remove_temporary_files() -> None:
    for part in _TEMPORARY:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


class AtomicBytesFile:
    """A binary file that appears under its path only when it is complete.

    Until then it has no name (``O_TMPFILE``), so it disappears with the process, however that ends. Where the system or
    the file system has no unnamed files, it has a temporary name in the same folder. Missing parent folders are
    created. A device or a pipe is written directly. ``like`` is the state of a file whose permissions, owner and group
    it gets as far as possible; by default, it gets those of a new file.

    Raises:
        BadArgument: the file cannot be written; nothing of it is left.

    """

    def __init__(self, path: str, like: os.stat_result | None = None) -> None:
        self._path, self._like = Path(path), like
        self._temporary: Path | None = None
        self._is_named = True
        try:
            self._resolved = _resolve_file(path)
            if self._resolved is None:
                self._file = self._path.open("wb")
                return
            self._resolved.parent.mkdir(parents=True, exist_ok=True)
            self._temporary = self._resolved.with_name(
                f".{self._resolved.name[:_MAX_STEM]}.{os.getpid()}.{next(_NUMBERS)}.part"
            )
            unnamed = _open_unnamed(self._resolved.parent)
            self._is_named = unnamed is None
            if self._is_named:
                _TEMPORARY.add(self._temporary)
            self._file = os.fdopen(_open_named(self._temporary) if unnamed is None else unnamed, "wb")
        except OSError as error:
            raise BadArgument(f"{self._path}: cannot be written: {error.strerror}") from None

    def write(self, data: bytes) -> None:
        """Append data."""
        try:
            self._file.write(data)
        except OSError as error:
            self._fail(error)

    def prepare(self) -> None:
        """Flush the data and set the permissions: only the name is missing now."""
        try:
            self._file.flush()
            if self._temporary and hasattr(os, "fchown"):
                os.fchmod(self._file.fileno(), self._permissions())
        except OSError as error:
            self._fail(error)

    def commit(self) -> None:
        """Close the file and give it its name; signals that end the process are blocked meanwhile."""
        self.prepare()
        try:
            with blocked_signals():
                is_done = not self._is_named and self._give_name()
                self._file.close()
                if self._temporary and self._resolved and not is_done:
                    self._temporary.replace(self._resolved)
                    _TEMPORARY.discard(self._temporary)
        except OSError as error:
            self._fail(error)

    def discard(self) -> None:
        """Close the file and remove what was written."""
        with contextlib.suppress(OSError):
            self._file.close()
        with contextlib.suppress(OSError):
            if self._temporary:
                self._temporary.unlink(missing_ok=True)
                _TEMPORARY.discard(self._temporary)

    def _permissions(self) -> int:
        if self._like is None:
            return 0o666 & ~_umask()
        mode = stat.S_IMODE(self._like.st_mode)
        return mode if _give_owner(self._file.fileno(), self._like) else mode & ~stat.S_IRWXG

    def _give_name(self) -> bool:
        """Link the file to its name and return True; if the name is taken, link it to the temporary name instead."""
        assert self._resolved  # noqa: S101 - only regular files are unnamed
        assert self._temporary  # noqa: S101
        folder = os.open(self._resolved.parent, os.O_PATH)
        try:
            # with dst_dir_fd, os.link calls linkat(), which follows the link in /proc
            give = partial(os.link, _link_to(self._file.fileno()), dst_dir_fd=folder)
            try:
                give(self._resolved.name)
            except FileExistsError:
                self._temporary.unlink(missing_ok=True)  # left by a killed process that had the same id
                give(self._temporary.name)
                return False
        finally:
            os.close(folder)
        return True

    def _fail(self, error: OSError) -> NoReturn:
        self.discard()
        raise BadArgument(f"{self._path}: cannot be written: {error.strerror}") from None


class AtomicFile(AtomicBytesFile):
    """A text file in UTF-8; lone surrogates, which UTF-8 cannot encode, are written as escapes."""

    def write_text(self, text: str) -> None:
        """Append text."""
        self.write(text.encode("utf-8", "backslashreplace"))


def write_file(path: str, pieces: Iterable[str]) -> None:
    """Write a whole text file; if that fails or is interrupted, write nothing.

    Raises:
        BadArgument: the file cannot be written.

    """
    part = AtomicFile(path)
    try:
        for piece in pieces:
            part.write_text(piece)
        part.commit()
    except BaseException:
        part.discard()
        raise


def _resolve_file(path: str) -> Path | None:
    """Return the path of a file with all links resolved; None for a device or a pipe, which cannot be replaced."""
    with contextlib.suppress(FileNotFoundError):
        mode = os.stat(path).st_mode  # noqa: PTH116 - raises OSError for a loop of links
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not stat.S_ISREG(mode):
            return None
    return Path(os.path.realpath(path))


def _open_unnamed(folder: Path) -> int | None:
    """Open an unnamed file for writing; None if that is not supported here, or if it could not be named later."""
    if sys.platform != "linux":
        return None
    try:
        opened = os.open(folder, os.O_WRONLY | os.O_TMPFILE, _PRIVATE)
    except OSError:
        return None
    if os.path.exists(_link_to(opened)):  # noqa: PTH110 - not a path that a user names
        return opened
    os.close(opened)
    return None


def _link_to(opened: int) -> str:
    return f"/proc/self/fd/{opened}"


def _open_named(path: Path) -> int:
    """Open a file for writing that is also removed if a signal ends the process. Raises OSError."""
    import signal

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _exit_on_signal)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), _PRIVATE)


def _give_owner(opened: int, like: os.stat_result) -> bool:
    """Give a file the owner and group of another, or its group; return False if it has another group now."""
    state = os.fstat(opened)
    if (state.st_uid, state.st_gid) == (like.st_uid, like.st_gid):
        return True
    for owner in (like.st_uid, -1):
        with contextlib.suppress(OSError):
            os.fchown(opened, owner, like.st_gid)
            return True
    return False


def _exit_on_signal(number: int, _: object) -> NoReturn:
    """Exit with the code of a process that a signal ended, after the exit handlers ran."""
    sys.exit(128 + number)


def _umask() -> int:
    """Return the umask of this process."""
    mask = os.umask(0)
    os.umask(mask)
    return mask

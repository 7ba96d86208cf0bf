"""Turns the paths of a command line into inputs that can be opened: files, the files below folders, standard input."""

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, NamedTuple

STDIN, STDIN_NAME = "-", "standard input"
_PACKED = (".gz", ".zst")
_TEXTS = (".json", ".yaml", ".yml", ".ndjson", ".jsonl")
TABLES = (".parquet",)
ENDINGS = (*_TEXTS, *(text + packed for text in _TEXTS for packed in _PACKED), *TABLES)


CHANGED = "changed while it was read, so this is neither what it was nor what it is; check it again"
_NO_FILE = "a pipe or a device, which is read only if it is named itself"


class Source(NamedTuple):
    """An input: its name in reports, and its path. ``is_found``: it was found in a folder; or not, for ``failure``."""

    name: str
    path: str
    is_found: bool = False
    failure: OSError | None = None

    def open(self) -> BinaryIO:
        """Open it for reading. Raises OSError."""
        if self.failure:
            raise self.failure
        if self.is_found and not stat.S_ISREG(os.stat(self.path).st_mode):  # noqa: PTH116 - as below
            raise OSError(errno.EINVAL, _NO_FILE)  # whoever opens a pipe waits for somebody to write
        if self.path == STDIN:
            return open(sys.stdin.fileno(), "rb", buffering=0, closefd=False)
        return open(self.path, "rb", buffering=0)  # noqa: PTH123


def find_sources(
    paths: Iterable[str], stdin_name: str = STDIN_NAME, endings: tuple[str, ...] = ENDINGS
) -> Iterator[Source]:
    """Find what is at these paths; of a folder all files below that may hold payloads, by name."""
    for path in paths:
        if path == STDIN:
            yield Source(stdin_name, STDIN)
        elif os.path.isdir(path):  # noqa: PTH112 - pathlib is slow to import, here and below
            yield from _payload_files(path, endings)
        else:
            yield _source(path)


def bytes_of(paths: Iterable[str]) -> int:
    """Tell how many bytes there are to read; 0 if nobody knows."""
    total = 0
    for source in find_sources(paths):
        try:
            total += os.stat(source.path).st_size  # noqa: PTH116
        except OSError:
            if source.path == STDIN:
                return 0
    return total


def watch(file: BinaryIO) -> Callable[[], bool]:
    """Remember what a file is like; what is given tells whether it has changed since."""
    before = _state(file)
    return lambda: _state(file) != before


def _state(file: BinaryIO) -> tuple[int, int] | None:
    state = os.fstat(file.fileno())
    return (state.st_size, state.st_mtime_ns) if stat.S_ISREG(state.st_mode) else None


def _payload_files(root: str, endings: tuple[str, ...]) -> Iterator[Source]:
    """Find the files below a folder; links to folders are not followed, so that no circle is walked for ever."""
    failures: list[OSError] = []
    for folder, folders, files in os.walk(root, onerror=failures.append):
        yield from _unread(failures)
        folders.sort()
        for name in sorted(files):
            if name.lower().endswith(endings):
                yield _source(os.path.join(folder, name), is_found=True)  # noqa: PTH118
    yield from _unread(failures)


def _unread(failures: list[OSError]) -> Iterator[Source]:
    """Give the folders that could not be listed, and forget them."""
    for failure in failures:
        yield Source(_as_utf8(_name_of(str(failure.filename))), str(failure.filename), failure=failure)
    failures.clear()


def _source(path: str, *, is_found: bool = False) -> Source:
    return Source(_as_utf8(_name_of(path)), path, is_found)


def _as_utf8(name: str) -> str:
    """Read a name as UTF-8 if it is, whatever the locale takes it for: a report names a file in one way everywhere."""
    if name.isascii():
        return name
    try:
        return os.fsencode(name).decode("utf-8")
    except UnicodeError:
        return name


def _name_of(path: str) -> str:
    """Write a path as pathlib does, which drops what says nothing: ``./a//b`` is ``a/b``."""
    if path == os.path.normpath(path):
        return path
    from pathlib import Path

    return str(Path(path))

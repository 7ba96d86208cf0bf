"""Turns the paths of a command line into inputs that can be opened: files, the files below folders, standard input."""

import os
import sys
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

STDIN, STDIN_NAME = "-", "standard input"
_PACKED = (".gz", ".zst")
_TEXTS = (".json", ".yaml", ".yml", ".ndjson", ".jsonl")
TABLES = (".parquet",)
ENDINGS = (*_TEXTS, *(text + packed for text in _TEXTS for packed in _PACKED), *TABLES)


class Source(NamedTuple):
    """An input: its name in reports, and its path."""

    name: str
    path: str

    def open(self) -> BinaryIO:
        """Open it for reading. Raises OSError."""
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
            yield from map(_source, _payload_files(path, endings))
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


def _payload_files(root: str, endings: tuple[str, ...]) -> Iterator[str]:
    """Find the files below a folder; links to folders are not followed, so that no circle is walked for ever."""
    for folder, folders, files in os.walk(root):
        folders.sort()
        yield from (os.path.join(folder, name) for name in sorted(files) if name.lower().endswith(endings))  # noqa: PTH118


def _source(path: str) -> Source:
    return Source(_as_utf8(_name_of(path)), path)


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

"""Finds the inputs for the paths of a command line: files, the files below folders, and standard input."""

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, NamedTuple

from premigrate.batch.display_paths import DisplayPaths, display_paths_from
from premigrate.batch.file_identity import FileSet, file_id, id_of_stat, output_stream_ids, stream_id

STDIN, STDIN_NAME = "-", "standard input"
_PACKED = (".gz", ".zst")
_TEXTS = (".json", ".yaml", ".yml", ".ndjson", ".jsonl")
TABLE_SUFFIXES = (".parquet",)
PAYLOAD_SUFFIXES = (*_TEXTS, *(text + packed for text in _TEXTS for packed in _PACKED), *TABLE_SUFFIXES)


CHANGED_MESSAGE = "changed while it was read, so the results may be wrong; check it again"
_NO_FILE = "a pipe or a device; pass its own path to read it"


SPLIT_MARKER = ".premigrate-split"
"""The file that marks a folder as written by ``check --split``."""
_SPLIT_FOLDER = "skipped: premigrate check --split wrote this folder; pass its path to check its files"
_OWN_STREAM = "skipped: this run writes to this file"


class Source(NamedTuple):
    """An input: its name in reports, and its path.

    ``is_discovered`` is true if it was found in a folder, not named on the command line. ``failure`` is the error that
    prevented listing a folder. ``skip_reason`` is the reason for which the input is not read; empty if it is read.
    """

    name: str
    path: str
    is_discovered: bool = False
    failure: OSError | None = None
    skip_reason: str = ""

    def open(self) -> BinaryIO:
        """Open the input for reading, unbuffered. Raises OSError."""
        if self.failure:
            raise self.failure
        if self.is_discovered and not stat.S_ISREG(os.stat(self.path).st_mode):  # noqa: PTH116 - as below
            raise OSError(errno.EINVAL, _NO_FILE)  # opening a pipe would block until it has a writer
        if self.path == STDIN:
            return open(sys.stdin.fileno(), "rb", buffering=0, closefd=False)
        return open(self.path, "rb", buffering=0)  # noqa: PTH123


def find_sources(
    paths: Iterable[str],
    stdin_name: str = STDIN_NAME,
    suffixes: tuple[str, ...] = PAYLOAD_SUFFIXES,
    display_paths: DisplayPaths | None = None,
) -> Iterator[Source]:
    """Find the inputs at paths: files, and in folders all files with certain suffixes, at any depth, sorted by name.

    A file is found once, however many paths lead to it. The files that this run writes to, and folders written by
    ``check --split``, are skipped unless they are named.

    Args:
        paths: files and folders; ``-`` is standard input.
        stdin_name: the name of standard input in reports.
        suffixes: the suffixes of files to find in folders.
        display_paths: the display paths; by default, those of the current folder.

    """
    paths = list(paths)
    display_paths = display_paths or display_paths_from()
    search = _Search(paths, suffixes, display_paths)
    for path in paths:
        if path == STDIN:
            name = stdin_name if stdin_name == STDIN_NAME else display_paths.display(stdin_name)
            yield from search.standard_input(name)
        elif os.path.isdir(path):  # noqa: PTH112 - pathlib is slow to import, here and below
            yield from search.below(path)
        else:
            yield from search.named(path)


def total_size(paths: Iterable[str]) -> int:
    """Return the total size of the inputs in bytes; 0 if it is unknown because standard input is one of them."""
    total = 0
    for source in find_sources(paths):
        if source.path == STDIN:
            return 0
        with contextlib.suppress(OSError):  # the run reports it
            total += 0 if source.skip_reason else os.stat(source.path).st_size  # noqa: PTH116
    return total


def watch_for_changes(file: BinaryIO) -> Callable[[], bool]:
    """Record the size and modification time of a file; return a function that returns whether they have changed."""
    before = _state(file)
    return lambda: _state(file) != before


def _state(file: BinaryIO) -> tuple[int, int] | None:
    state = os.fstat(file.fileno())
    return (state.st_size, state.st_mtime_ns) if stat.S_ISREG(state.st_mode) else None


class _Search:
    """A search for inputs that records the files it has found."""

    def __init__(self, paths: list[str], suffixes: tuple[str, ...], display_paths: DisplayPaths) -> None:
        self._endings, self._shown = suffixes, display_paths
        self._named = {found for path in paths if path != STDIN and (found := file_id(path))}
        self._streams = output_stream_ids()
        self._found = FileSet()
        self._has_stdin = False

    def standard_input(self, name: str) -> Iterator[Source]:
        """Find standard input, which may be redirected from a file that is also named."""
        file = stream_id(sys.stdin)
        if not self._has_stdin and (file is None or self._found.add(file)):
            self._has_stdin = True
            yield Source(name, STDIN)

    def named(self, path: str) -> Iterator[Source]:
        """Find the input at a path that is not a folder."""
        file = file_id(path)
        if file is None or self._found.add(file):
            yield Source(_as_utf8(self._shown.display(path)), path)

    def below(self, root: str) -> Iterator[Source]:
        """Find the files below a folder. Links to folders are not followed, which could be an endless loop."""
        failures: list[OSError] = []
        for folder, folders, files in os.walk(root, onerror=failures.append):
            yield from self._unlisted(failures)
            if SPLIT_MARKER in files and folder != root:
                folders.clear()
                yield Source(self._name_of_folder(folder), folder, skip_reason=_SPLIT_FOLDER)
                continue
            folders.sort()
            name_in = self._shown.display_names_in(folder)
            for name in sorted(files):
                if name.lower().endswith(self._endings):
                    yield from self._in_folder(os.path.join(folder, name), _as_utf8(name_in(name)))  # noqa: PTH118
        yield from self._unlisted(failures)

    def _in_folder(self, path: str, name: str) -> Iterator[Source]:
        try:
            file = id_of_stat(os.stat(path))  # noqa: PTH116
        except OSError:
            file = None
        if file is None:  # opening the file raises the error to report
            yield Source(name, path, is_discovered=True)
        elif file in self._named:
            if self._found.add(file):
                yield Source(name, path)
        elif self._found.add(file):
            yield Source(name, path, is_discovered=True, skip_reason=_OWN_STREAM if file in self._streams else "")

    def _unlisted(self, failures: list[OSError]) -> Iterator[Source]:
        """Yield the folders that could not be listed, and clear the list."""
        for failure in failures:
            path = str(failure.filename)
            yield Source(self._name_of_folder(path), path, failure=failure)
        failures.clear()

    def _name_of_folder(self, path: str) -> str:
        return _as_utf8(self._shown.display(path))


def _as_utf8(name: str) -> str:
    """Decode a name as UTF-8 if possible, whatever the locale, so that reports are the same on all machines."""
    if name.isascii():
        return name
    try:
        return os.fsencode(name).decode("utf-8")
    except UnicodeError:
        return name

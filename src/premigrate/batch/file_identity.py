"""Identifies files by device and inode, so that a file is recognised under all of its paths."""

import os
import stat
import sys
from typing import TextIO, TypeAlias

from premigrate.batch.display_paths import resolve_path

FileId: TypeAlias = tuple[int, int]
"""Device and inode of a regular file."""


def file_id(path: str) -> FileId | None:
    """Return the id of the regular file at a path, following links; None if there is none."""
    try:
        return id_of_stat(os.stat(path))
    except (OSError, ValueError):
        return None


def id_of_stat(state: os.stat_result) -> FileId | None:
    """Return the id of a file by its stat result; None if it is not a regular file."""
    return (state.st_dev, state.st_ino) if stat.S_ISREG(state.st_mode) else None


def stream_id(stream: TextIO | None) -> FileId | None:
    """Return the id of the regular file that a stream is redirected to or from; None if there is none."""
    try:
        return id_of_stat(os.fstat(stream.fileno())) if stream else None
    except (OSError, ValueError):  # closed, or replaced by an object without a file descriptor
        return None


def output_stream_ids() -> set[FileId]:
    """Return the ids of the files that standard output and standard error are redirected to."""
    return {found for stream in (sys.stdout, sys.stderr) if (found := stream_id(stream))}


def target_id(path: str) -> tuple[object, ...]:
    """Return an id of the file at a path, also if it does not exist yet: then by its folder and name."""
    found = file_id(path)
    if found:
        return found
    real = resolve_path(path)
    folder, name = os.path.split(real)
    try:
        state = os.stat(folder)
    except (OSError, ValueError):
        return (real,)
    return state.st_dev, state.st_ino, name


class FileSet:
    """A compact set of file ids; there may be millions."""

    def __init__(self) -> None:
        self._by_device: dict[int, set[int]] = {}

    def add(self, file: FileId) -> bool:
        """Add a file and return whether it is new."""
        device, inode = file
        inodes = self._by_device.setdefault(device, set())
        before = len(inodes)
        inodes.add(inode)
        return len(inodes) > before

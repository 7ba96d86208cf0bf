"""Identifies files by device and inode, so that one file is the same file under all of its paths."""

import os
import stat
import sys
from typing import TextIO, TypeAlias

from premigrate.batch.display_paths import resolve

FileId: TypeAlias = tuple[int, int]
"""Device and inode of a regular file."""


def file_id(path: str) -> FileId | None:
    """Identify the regular file at a path, through links; None if there is none."""
    try:
        return id_of(os.stat(path))
    except (OSError, ValueError):
        return None


def id_of(state: os.stat_result) -> FileId | None:
    """Identify a file by its state; None if it is no regular file."""
    return (state.st_dev, state.st_ino) if stat.S_ISREG(state.st_mode) else None


def stream_id(stream: TextIO | None) -> FileId | None:
    """Identify the regular file that a standard stream is redirected to or from; None if it isn't."""
    try:
        return id_of(os.fstat(stream.fileno())) if stream else None
    except (OSError, ValueError):  # replaced by an object without a descriptor, or closed
        return None


def own_streams() -> set[FileId]:
    """Identify the files that standard output and standard error are redirected to."""
    return {found for stream in (sys.stdout, sys.stderr) if (found := stream_id(stream))}


def target_id(path: str) -> tuple[object, ...]:
    """Identify the file that is at a path, or that would be there once it is written."""
    found = file_id(path)
    if found:
        return found
    real = resolve(path)
    folder, name = os.path.split(real)
    try:
        state = os.stat(folder)
    except (OSError, ValueError):
        return (real,)
    return state.st_dev, state.st_ino, name


class FileSet:
    """A set of files: as small as possible, for there may be millions."""

    def __init__(self) -> None:
        self._by_device: dict[int, set[int]] = {}

    def add(self, file: FileId) -> bool:
        """Add a file; False if it was there already."""
        device, inode = file
        inodes = self._by_device.setdefault(device, set())
        before = len(inodes)
        inodes.add(inode)
        return len(inodes) > before

"""Matches files against the path patterns of a configuration, by their paths with and without links resolved.

Patterns are matched name by name, without backtracking: the time depends on the lengths of pattern and path only.
"""

import os
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from glob import escape, has_magic
from typing import NamedTuple

from premigrate.batch.display_paths import DisplayPaths, resolve_path

_ANY_FOLDERS = "**"


class PathPatterns(NamedTuple):
    """Path patterns, each as the names of an absolute path; ``display_paths`` says how the paths of files are shown.

    In a name, ``*``, ``?`` and ``[...]`` match characters; the name ``**`` matches any number of folders. A pattern
    that matches a folder matches everything below it.
    """

    patterns: tuple[tuple[str, ...], ...]
    display_paths: DisplayPaths

    def match(self, file: str) -> bool:
        """Return whether a pattern matches a file, given its shown path."""
        return _match(self, file)


def parse_path_patterns(globs: Iterable[str], shown: DisplayPaths) -> PathPatterns:
    """Parse patterns, which are relative to the folder of the configuration."""
    return PathPatterns(tuple(_names_of(glob, shown.base) for glob in globs), shown)


def _names_of(glob: str, base: str) -> tuple[str, ...]:
    """Split a pattern into names; those before the first special character are a path, and are resolved."""
    drive, path = os.path.splitdrive(glob)
    start = drive + os.sep if os.path.isabs(glob) else base
    names = [name for name in path.replace(os.sep, "/").split("/") if name not in {"", os.curdir}]
    plain = next((position for position, name in enumerate(names) if has_magic(name)), len(names))
    folder = resolve_path(os.path.join(start, *names[:plain]))
    found = [escape(name) for name in _split(folder)]
    for name in names[plain:]:
        if name != os.pardir:
            found.append(name)
        elif found:
            found.pop()
    return tuple(found)


@lru_cache(maxsize=1024)
def _match(patterns: PathPatterns, file: str) -> bool:
    path = patterns.display_paths.absolute_path(file)
    paths = [_split(each) for each in {path, resolve_path(path)}]
    return any(_is_under(names, pattern) for pattern in patterns.patterns for names in paths)


def _is_under(names: Sequence[str], pattern: Sequence[str]) -> bool:
    """Return whether a pattern matches a path or a folder above it, following all possible matches at once."""
    positions = _with_skips({0}, pattern)
    for name in names:
        if len(pattern) in positions:
            return True
        stay = {position for position in positions if pattern[position] == _ANY_FOLDERS}
        go_on = {position + 1 for position in positions if fnmatchcase(name, pattern[position])}
        positions = _with_skips(stay | go_on, pattern)
    return len(pattern) in positions


def _with_skips(positions: set[int], pattern: Sequence[str]) -> set[int]:
    """Add the positions after each ``**``, which may match no folder, except at the end of the pattern."""
    found = set(positions)
    for position in range(len(pattern) - 1):
        if position in found and pattern[position] == _ANY_FOLDERS:
            found.add(position + 1)
    return found


def _split(path: str) -> list[str]:
    return [name for name in path.split(os.sep) if name]

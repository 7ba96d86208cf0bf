"""Matches files with the patterns of paths that a configuration has, wherever links lead and however paths are written.

A pattern is matched name by name, so that the time grows with its length and that of a path, whatever both hold.
"""

import os
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from glob import escape, has_magic
from typing import NamedTuple

from premigrate.batch.display_paths import ShownPaths, resolve

_ANY_FOLDERS = "**"


class PathPatterns(NamedTuple):
    """Patterns, each as the names of an absolute path; and how the paths of files are shown that they are matched with.

    In a name ``*``, ``?`` and ``[...]`` stand for characters; the name ``**`` stands for any number of folders. A
    pattern that matches a folder matches all that is below it.
    """

    patterns: tuple[tuple[str, ...], ...]
    shown: ShownPaths

    def match(self, file: str) -> bool:
        """Whether a pattern matches a file that is shown like this."""
        return _match(self, file)


def path_patterns(globs: Iterable[str], shown: ShownPaths) -> PathPatterns:
    """Read patterns, which start from the folder of the configuration."""
    return PathPatterns(tuple(_names_of(glob, shown.base) for glob in globs), shown)


def _names_of(glob: str, base: str) -> tuple[str, ...]:
    """Split a pattern into names; what stands before the first special character is a path, and resolved."""
    drive, path = os.path.splitdrive(glob)
    start = drive + os.sep if os.path.isabs(glob) else base
    names = [name for name in path.replace(os.sep, "/").split("/") if name not in {"", os.curdir}]
    plain = next((place for place, name in enumerate(names) if has_magic(name)), len(names))
    folder = resolve(os.path.join(start, *names[:plain]))
    found = [escape(name) for name in _split(folder)]
    for name in names[plain:]:
        if name != os.pardir:
            found.append(name)
        elif found:
            found.pop()
    return tuple(found)


@lru_cache(maxsize=1024)
def _match(patterns: PathPatterns, file: str) -> bool:
    path = patterns.shown.path_of(file)
    paths = [_split(each) for each in {path, resolve(path)}]
    return any(_is_under(names, pattern) for pattern in patterns.patterns for names in paths)


def _is_under(names: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether a pattern matches a path or a folder above it: all places of the pattern are kept where it may be."""
    places = _with_skipped({0}, pattern)
    for name in names:
        if len(pattern) in places:
            return True
        stay = {place for place in places if pattern[place] == _ANY_FOLDERS}
        go_on = {place + 1 for place in places if fnmatchcase(name, pattern[place])}
        places = _with_skipped(stay | go_on, pattern)
    return len(pattern) in places


def _with_skipped(places: set[int], pattern: Sequence[str]) -> set[int]:
    """Add the places behind each ``**``, which may stand for no folder; at the end of a pattern it stands for some."""
    found = set(places)
    for place in range(len(pattern) - 1):
        if place in found and pattern[place] == _ANY_FOLDERS:
            found.add(place + 1)
    return found


def _split(path: str) -> list[str]:
    return [name for name in path.split(os.sep) if name]

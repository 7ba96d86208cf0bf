"""Shows paths the same way however they were written: from the folder of the configuration, or the current folder."""

import os
from collections.abc import Callable
from functools import partial
from typing import NamedTuple


class ShownPaths(NamedTuple):
    """The folders that shown paths start from, both resolved.

    ``base`` is the folder of the configuration file, ``here`` the current folder; without a configuration they are
    the same. What lies below neither is shown as an absolute path.
    """

    base: str
    here: str

    def show(self, path: str) -> str:
        """Show the path of a file or folder. Folders are resolved, but a file that is a link keeps its name."""
        folder, name = os.path.split(path)
        if name in {"", os.curdir, os.pardir}:
            folder, name = os.path.split(resolve(path))
            if not name:
                return folder  # the root
        return self.names_in(folder)(name)

    def names_in(self, folder: str) -> Callable[[str], str]:
        """Return a function that shows the files of a folder, given their names."""
        real = resolve(folder or os.curdir)
        for start in (self.base, self.here):
            below = _below(real, start)
            if below is None:
                below = _spelled_below(folder, start)
            if below is not None:
                return partial(os.path.join, below) if start == self.base else partial(self._from_here, real, below)
        return partial(os.path.join, real)

    def path_of(self, shown: str) -> str:
        """Return the absolute path of what is shown like this."""
        from_base = os.path.join(self.base, shown)
        if self.base == self.here or os.path.lexists(from_base):
            return from_base
        return os.path.join(self.here, shown)

    def _from_here(self, real: str, below: str, name: str) -> str:
        """Show a file from the current folder, unless that would name another file below the configuration."""
        shown = os.path.join(below, name)
        is_ambiguous = os.path.lexists(os.path.join(self.base, shown))
        return os.path.join(real, name) if is_ambiguous else shown


def resolve(path: str) -> str:
    """Resolve all links in a path, as far as there is something; a path that can't be one stays as it is."""
    try:
        return os.path.realpath(path)
    except ValueError:  # a character that no path can have
        return path


def shown_from(folder: str = "") -> ShownPaths:
    """Show paths from the folder of a configuration; without one, from the current folder."""
    here = os.path.realpath(os.curdir)
    return ShownPaths(os.path.realpath(folder) if folder else here, here)


def _below(path: str, start: str) -> str | None:
    """Return the path from a folder to what is below it; both are resolved."""
    if path == start:
        return ""
    stem = start if start.endswith(os.sep) else start + os.sep
    return path[len(stem) :] if path.startswith(stem) else None


def _spelled_below(path: str, start: str) -> str | None:
    """Return the path from a folder to what is reached through it, by a link that leads out of it."""
    below = ""
    try:
        above = os.stat(start)
        left = _absolute(path)
        while not os.path.samestat(os.stat(left), above):
            left, name = os.path.split(left)
            if not name:
                return None
            below = os.path.join(name, below)
    except (OSError, ValueError):
        return None
    return below


def _absolute(path: str) -> str:
    """Make a path absolute; what stands before a ``..`` is resolved, for it may lead through a link."""
    names = os.path.join(os.getcwd(), path).replace("/", os.sep).split(os.sep)
    if os.pardir in names:
        last = len(names) - names[::-1].index(os.pardir)
        names = [os.path.realpath(os.sep.join(names[:last])), *names[last:]]
    return os.path.normpath(os.sep.join(names))

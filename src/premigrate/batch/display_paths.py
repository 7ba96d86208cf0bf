"""Displays paths relative to the folder of the configuration file or the current folder, however they were given."""

import os
from collections.abc import Callable
from functools import partial
from typing import NamedTuple


class DisplayPaths(NamedTuple):
    """The folders that displayed paths are relative to, both resolved.

    ``base`` is the folder of the configuration file, and ``cwd`` the current folder; without a configuration file they
    are the same. A path below neither is displayed as an absolute path.
    """

    base: str
    cwd: str

    def display(self, path: str) -> str:
        """Return the displayed path of a file or folder. Links are resolved, except for the last name of the path."""
        folder, name = os.path.split(path)
        if name in {"", os.curdir, os.pardir}:
            folder, name = os.path.split(resolve_path(path))
            if not name:
                return folder  # the root
        return self.display_names_in(folder)(name)

    def display_names_in(self, folder: str) -> Callable[[str], str]:
        """Return a function that maps the names of files in a folder to their displayed paths."""
        real = resolve_path(folder or os.curdir)
        for start in (self.base, self.cwd):
            below = _below(real, start)
            if below is None:
                below = _unresolved_below(folder, start)
            if below is not None:
                return partial(os.path.join, below) if start == self.base else partial(self._from_here, real, below)
        return partial(os.path.join, real)

    def absolute_path(self, shown: str) -> str:
        """Return the absolute path of a displayed path."""
        from_base = os.path.join(self.base, shown)
        if self.base == self.cwd or os.path.lexists(from_base):
            return from_base
        return os.path.join(self.cwd, shown)

    def from_cwd(self, shown: str) -> str:
        """Return a displayed path as a path relative to the current folder, with ``/`` between names."""
        if self.base == self.cwd and not os.path.isabs(shown):
            return shown.replace(os.sep, "/")
        try:
            return os.path.relpath(self.absolute_path(shown), self.cwd).replace(os.sep, "/")
        except ValueError:  # it is on another drive
            return shown.replace(os.sep, "/")

    def _from_here(self, real: str, below: str, name: str) -> str:
        """Return a path relative to the current folder, or absolute if it would also name a file below ``base``."""
        shown = os.path.join(below, name)
        is_ambiguous = os.path.lexists(os.path.join(self.base, shown))
        return os.path.join(real, name) if is_ambiguous else shown


def resolve_path(path: str) -> str:
    """Resolve all links in a path, as far as it exists; an invalid path is returned unchanged."""
    try:
        return os.path.realpath(path)
    except ValueError:  # such as an embedded null character
        return path


def display_paths_from(folder: str = "") -> DisplayPaths:
    """Return the display paths for the folder of a configuration file; without one, for the current folder."""
    here = os.path.realpath(os.curdir)
    return DisplayPaths(os.path.realpath(folder) if folder else here, here)


def _below(path: str, start: str) -> str | None:
    """Return a path relative to a folder, or None if it is not below it; both are resolved."""
    if path == start:
        return ""
    stem = start if start.endswith(os.sep) else start + os.sep
    return path[len(stem) :] if path.startswith(stem) else None


def _unresolved_below(path: str, start: str) -> str | None:
    """Return a path relative to a folder, or None, without resolving the links below that folder."""
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
    """Return a normalised absolute path. Links are resolved up to the last ``..``: it is relative to their target."""
    names = os.path.join(os.getcwd(), path).replace("/", os.sep).split(os.sep)
    if os.pardir in names:
        last = len(names) - names[::-1].index(os.pardir)
        names = [os.path.realpath(os.sep.join(names[:last])), *names[last:]]
    return os.path.normpath(os.sep.join(names))

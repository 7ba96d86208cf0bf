"""Turns all that a compiled plan depends on into one short text: the same text, the same plan."""

import os
import sys
from collections.abc import Iterator
from functools import cache

try:
    from _blake2 import blake2b  # hashlib loads OpenSSL first, which takes longer than all that is done here
except ImportError:
    from hashlib import blake2b

__all__ = ["blake2b", "rules_version", "stamp"]

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - see below

# pathlib, importlib.resources and importlib.metadata take longer to import than all the rest here takes to run.
_INSTALLED = ("phonenumbers-", "premigrate-", "pycountry-", "python_stdnum-")


@cache
def stamp() -> str | None:
    """Compute the stamp of this installation; None if premigrate and its libraries were not installed in the usual way.

    It holds the contents of all rule files, the state of our own modules, and the versions of Python, of premigrate
    and of the libraries, which stand in the names of the folders that installers leave beside them.
    """
    installed = _installed()
    if any(not any(found.startswith(name) for _, found in installed) for name in _INSTALLED):
        return None
    digest = blake2b(repr((sys.version, installed)).encode(), digest_size=16)
    for name, path in _files(PACKAGE, ".py"):
        state = os.stat(path)  # noqa: PTH116
        digest.update(repr((name, state.st_mtime_ns, state.st_size)).encode())
    digest.update(_read_rules())
    return digest.hexdigest()


def rules_version() -> str:
    """Name the set of rules that is installed: eight letters that change with any change to a rule file."""
    return blake2b(_read_rules(), digest_size=4).hexdigest()


def _read_rules() -> bytes:
    """Read all rule files, each behind its name and size."""
    files = _read_files(_rules()) if os.path.isdir(PACKAGE) else _read_packed()  # noqa: PTH112
    return b"".join(repr((name, len(content))).encode() + content for name, content in files)


def _read_files(root: str) -> Iterator[tuple[str, bytes]]:
    for name, path in _files(root, ".toml"):
        with open(path, "rb") as file:  # noqa: PTH123
            yield name, file.read()


def _read_packed() -> list[tuple[str, bytes]]:
    """Read the rule files of a package that runs from an archive, in the same order under the same names."""
    from premigrate.ruleset.files import rules_root

    found = []
    left = [("", rules_root())]
    while left:
        name, place = left.pop()
        if place.is_dir():
            left += [(f"{name}/{below.name}", below) for below in place.iterdir()]
        elif name.endswith(".toml"):
            found.append((name, place.read_bytes()))
    return sorted(found)


def _installed() -> list[tuple[str, str]]:
    """Find the folders of installed metadata wherever Python looks for modules, in its order."""
    found = []
    for folder in sys.path:
        if os.path.isdir(folder):  # noqa: PTH112
            names = (name for name in os.listdir(folder) if name.startswith(_INSTALLED))  # noqa: PTH208
            found += [(folder, name) for name in sorted(names) if name.endswith(".dist-info")]
    return found


def _rules() -> str:
    """Find the rule files where ``files.rules_root`` does."""
    packaged = os.path.join(PACKAGE, "rules")  # noqa: PTH118
    return packaged if os.path.isdir(packaged) else os.path.join(PACKAGE, "..", "..", "rules")  # noqa: PTH112, PTH118


def _files(root: str, suffix: str) -> list[tuple[str, str]]:
    """List the files below a folder in a fixed order, each with its name from there and its path."""
    paths = [
        os.path.join(folder, name)  # noqa: PTH118
        for folder, _, names in os.walk(root)
        for name in names
        if name.endswith(suffix)
    ]
    return sorted((path[len(root) :], path) for path in paths)

"""Computes a fingerprint of everything that a compiled program depends on."""

import os
import sys
from collections.abc import Iterator
from functools import cache

try:
    from _blake2 import blake2b  # faster to import than hashlib, which loads OpenSSL
except ImportError:
    from hashlib import blake2b

__all__ = ["PACKAGE_DIR", "blake2b", "installation_fingerprint", "rules_version"]

PACKAGE_DIR = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - see below

# This module avoids pathlib, importlib.resources and importlib.metadata because they are slow to import.
_INSTALLED = ("phonenumbers-", "premigrate-", "pycountry-", "python_stdnum-")
_NOT_COMPILED = "constraints"
"""The folder of rule files that only the catalogue needs; they are not read at each start."""


@cache
def installation_fingerprint() -> str | None:
    """Return the fingerprint of this installation; None if premigrate or a library it needs has no dist-info folder.

    It covers the contents of the rule files, the modification times and sizes of premigrate's modules, and the versions
    of Python, premigrate and the libraries, as given by the names of their dist-info folders.
    """
    installed = _installed()
    if any(not any(found.startswith(name) for _, found in installed) for name in _INSTALLED):
        return None
    digest = blake2b(repr((sys.version, installed)).encode(), digest_size=16)
    for name, path in _files(PACKAGE_DIR, ".py"):
        state = os.stat(path)  # noqa: PTH116
        digest.update(repr((name, state.st_mtime_ns, state.st_size)).encode())
    digest.update(_read_rules())
    return digest.hexdigest()


def rules_version() -> str:
    """Return the version of the installed rules: eight hexadecimal digits that change with the rule files."""
    return blake2b(_read_rules(), digest_size=4).hexdigest()


def _read_rules() -> bytes:
    """Return the contents of the rule files that programs depend on, each preceded by its name and size."""
    files = _read_files(_rules()) if os.path.isdir(PACKAGE_DIR) else _read_archived()  # noqa: PTH112
    return b"".join(repr((name, len(content))).encode() + content for name, content in files)


def _read_files(root: str) -> Iterator[tuple[str, bytes]]:
    for name, path in _files(root, ".toml"):
        if not name.startswith(_NOT_COMPILED, 1):
            with open(path, "rb") as file:  # noqa: PTH123
                yield name, file.read()


def _read_archived() -> list[tuple[str, bytes]]:
    """Read the rule files of a package in an archive, with the names and order that `_read_files` uses."""
    from premigrate.ruleset.rule_files import rules_root

    found = []
    pending = [("", rules_root())]
    while pending:
        name, path = pending.pop()
        if path.is_dir():
            pending += [(f"{name}/{child.name}", child) for child in path.iterdir()]
        elif name.endswith(".toml") and not name.startswith(_NOT_COMPILED, 1):
            found.append((name, path.read_bytes()))
    return sorted(found)


def _installed() -> list[tuple[str, str]]:
    """Return the dist-info folders of premigrate and its libraries as (parent, name), in the order of sys.path."""
    found = []
    for folder in sys.path:
        if os.path.isdir(folder):  # noqa: PTH112
            names = (name for name in os.listdir(folder) if name.startswith(_INSTALLED))  # noqa: PTH208
            found += [(folder, name) for name in sorted(names) if name.endswith(".dist-info")]
    return found


def _rules() -> str:
    """Return the folder of rule files, as ``files.rules_root`` does."""
    packaged = os.path.join(PACKAGE_DIR, "rules")  # noqa: PTH118
    return packaged if os.path.isdir(packaged) else os.path.join(PACKAGE_DIR, "..", "..", "rules")  # noqa: PTH112, PTH118


def _files(root: str, suffix: str) -> list[tuple[str, str]]:
    """Return the files below ``root`` that end in ``suffix`` as (path from root, path), sorted."""
    paths = [
        os.path.join(folder, name)  # noqa: PTH118
        for folder, _, names in os.walk(root)
        for name in names
        if name.endswith(suffix)
    ]
    return sorted((path[len(root) :], path) for path in paths)

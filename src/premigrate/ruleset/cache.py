"""Caches programs compiled from rule files on disk, until their sources change.

A failure of the cache is never an error: the rules are compiled again. It holds rules only, never payload data. Files
are decoded as data of the expected type, so nothing in a cache file can be executed.
"""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING, TypeVar

from premigrate.ruleset.fingerprint import blake2b, installation_fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable

_SUFFIX, _PARTIAL_SUFFIX = ".msgpack", ".msgpack.part"
_DIGEST_SIZE = 32
_WRITABLE_BY_OTHERS = 0o022
_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)

Cached = TypeVar("Cached")


def get_or_build(name: str, type_: type[Cached], build: Callable[[], Cached]) -> Cached:
    """Return the object cached under ``name``, or build it and cache it.

    Args:
        name: the cache key; lower-case ASCII letters and digits.
        type_: the type of the object; a file that holds another type is ignored.
        build: builds the object on a cache miss; its exceptions propagate, and nothing is cached then.

    """
    path = _path(name)
    if path is None:
        return build()
    found = _read(path, type_)
    if found is not None:
        return found
    built = build()
    _write(path, name, built)
    return built


def cache_folder() -> str | None:
    """Return the folder of the cache; None if there is none, for example if PREMIGRATE_CACHE_DIR is set but empty."""
    own = os.environ.get("PREMIGRATE_CACHE_DIR")
    if own is not None:
        return own or None
    shared = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME")
    base = shared or os.path.expanduser("~/.cache")  # noqa: PTH111 - pathlib is slow to import
    return os.path.join(base, "premigrate") if os.path.isabs(base) else None  # noqa: PTH117, PTH118


def _path(name: str) -> str | None:
    folder = cache_folder()
    if not folder or not (name.isascii() and name.isalnum() and name == name.lower()):
        return None
    try:
        mark = installation_fingerprint()
    except OSError:
        return None
    return os.path.join(folder, f"{name}-{mark}{_SUFFIX}") if mark else None  # noqa: PTH118


def _read(path: str, kind: type[Cached]) -> Cached | None:
    """Return the object in a file; None if the file is corrupt, or if another user could have written it."""
    from msgspec import MsgspecError, msgpack

    try:
        if not _is_ours(os.stat(os.path.dirname(path)), stat.S_ISDIR):  # noqa: PTH116, PTH120
            return None
        opened = os.open(path, _OPEN_FLAGS)
        with open(opened, "rb") as file:  # noqa: PTH123
            content = file.read() if _is_ours(os.fstat(opened), stat.S_ISREG) else b""
    except OSError:
        return None
    digest, data = content[:_DIGEST_SIZE], content[_DIGEST_SIZE:]
    if blake2b(data, digest_size=_DIGEST_SIZE).digest() != digest:
        return None
    try:
        return msgpack.decode(data, type=kind)
    except MsgspecError:
        return None


def _is_ours(state: os.stat_result, is_kind: Callable[[int], bool]) -> bool:
    """Return whether a path is of the expected kind, owned by this user and writable by no other."""
    if not is_kind(state.st_mode):
        return False
    return not hasattr(os, "getuid") or (state.st_uid == os.getuid() and not state.st_mode & _WRITABLE_BY_OTHERS)


def _write(path: str, name: str, built: object) -> None:
    """Write a file atomically, then remove older files and the partial files that killed processes left.

    A concurrent writer may lose its partial file; it then goes without a cache, like after any other failure.
    """
    from contextlib import suppress
    from tempfile import NamedTemporaryFile

    from msgspec import msgpack

    folder = os.path.dirname(path)  # noqa: PTH120
    with suppress(Exception):  # for example a read-only home or a full disk
        data = msgpack.encode(built)
        os.makedirs(folder, 0o700, exist_ok=True)  # noqa: PTH103
        if not _is_ours(os.stat(folder), stat.S_ISDIR):  # noqa: PTH116
            return
        # NamedTemporaryFile creates it with mode 0600
        with NamedTemporaryFile(dir=folder, prefix=f"{name}-", suffix=_PARTIAL_SUFFIX, delete=False) as file:
            try:
                file.write(blake2b(data, digest_size=_DIGEST_SIZE).digest() + data)
                file.close()
                os.replace(file.name, path)  # noqa: PTH105
            except BaseException:
                os.unlink(file.name)  # noqa: PTH108
                raise
        for other in os.listdir(folder):  # noqa: PTH208
            is_old = other.startswith(f"{name}-") and other.endswith((_SUFFIX, _PARTIAL_SUFFIX))
            if is_old and other != os.path.basename(path):  # noqa: PTH119
                os.unlink(os.path.join(folder, other))  # noqa: PTH108, PTH118

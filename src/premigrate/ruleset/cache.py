"""Keeps on disk, as data, what was compiled from rule files, and finds it again while its sources are the same.

Whatever goes wrong with the cache is as if there were none. It holds rules, never anything of a payload. What is read
is decoded as data of the expected type: nothing in a cache file can run.
"""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING, TypeVar

from premigrate.ruleset.fingerprint import blake2b, stamp

if TYPE_CHECKING:
    from collections.abc import Callable

_SUFFIX, _UNFINISHED = ".msgpack", ".msgpack.part"
_DIGEST_SIZE = 32
_OTHERS_MAY_WRITE = 0o022
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)

Kept = TypeVar("Kept")


def get_or_build(name: str, kind: type[Kept], build: Callable[[], Kept]) -> Kept:
    """Give what is kept under ``name``, or build it and keep it.

    Args:
        name: tells things that are kept apart; lower-case letters.
        kind: the type of what is kept; a file that holds anything else counts as none.
        build: builds it anew. Whatever it raises goes through, and nothing is kept.

    """
    path = _path(name)
    if path is None:
        return build()
    found = _read(path, kind)
    if found is not None:
        return found
    built = build()
    _write(path, name, built)
    return built


def cache_folder() -> str | None:
    """Tell the folder of the cache; None if PREMIGRATE_CACHE_DIR is set to nothing, which switches it off."""
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
        mark = stamp()
    except OSError:
        return None
    return os.path.join(folder, f"{name}-{mark}{_SUFFIX}") if mark else None  # noqa: PTH118


def _read(path: str, kind: type[Kept]) -> Kept | None:
    """Read a file; None unless it is whole, and a file of this user in a folder of this user."""
    from msgspec import MsgspecError, msgpack

    try:
        if not _is_ours(os.stat(os.path.dirname(path)), stat.S_ISDIR):  # noqa: PTH116, PTH120
            return None
        opened = os.open(path, _READ)
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
    """Whether something is of the expected kind, and only this user can have written it."""
    if not is_kind(state.st_mode):
        return False
    return not hasattr(os, "getuid") or (state.st_uid == os.getuid() and not state.st_mode & _OTHERS_MAY_WRITE)


def _write(path: str, name: str, built: object) -> None:
    """Write a file in one go, so that no other process ever reads half of one; then remove its predecessors.

    So are files that a process left that was killed. One that is still writing has no cache then, which is no harm.
    """
    from contextlib import suppress
    from tempfile import NamedTemporaryFile

    from msgspec import msgpack

    folder = os.path.dirname(path)  # noqa: PTH120
    with suppress(Exception):  # a home that can't be written to, a full disk: then there is no cache
        data = msgpack.encode(built)
        os.makedirs(folder, 0o700, exist_ok=True)  # noqa: PTH103
        if not _is_ours(os.stat(folder), stat.S_ISDIR):  # noqa: PTH116
            return
        # private from the start
        with NamedTemporaryFile(dir=folder, prefix=f"{name}-", suffix=_UNFINISHED, delete=False) as file:
            try:
                file.write(blake2b(data, digest_size=_DIGEST_SIZE).digest() + data)
                file.close()
                os.replace(file.name, path)  # noqa: PTH105
            except BaseException:
                os.unlink(file.name)  # noqa: PTH108
                raise
        for other in os.listdir(folder):  # noqa: PTH208
            is_old = other.startswith(f"{name}-") and other.endswith((_SUFFIX, _UNFINISHED))
            if is_old and other != os.path.basename(path):  # noqa: PTH119
                os.unlink(os.path.join(folder, other))  # noqa: PTH108, PTH118

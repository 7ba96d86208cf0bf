"""Keeps what was compiled from rule files on disk, and finds it again while all it was made from is the same.

Whatever goes wrong with the cache is as if there were none. It holds rules, never anything of a payload.
"""

import gc
import os
import pickle
import sys
from collections.abc import Callable
from typing import TypeVar

from premigrate.loading.stamp import blake2b, stamp

_SUFFIX, _UNFINISHED = ".plan", ".plan.part"
_DIGEST_SIZE = 32
_OTHERS_MAY_WRITE = 0o022

Kept = TypeVar("Kept")


def keep(
    name: str, kind: type[Kept], make: Callable[[], Kept], finish: Callable[[Kept], Kept] = lambda made: made
) -> Kept:
    """Give what is kept under ``name``, or make it and keep it.

    Args:
        name: tells things that are kept apart; lower-case letters.
        kind: what is kept; anything else that is found counts as nothing.
        make: makes it anew. Whatever it raises goes through, and nothing is kept.
        finish: does to what is to be kept all that need not be done again.

    """
    path = _path(name)
    if path is None:
        return make()
    found = _read(path)
    if isinstance(found, kind):
        return found
    made = finish(make())
    _write(path, name, made)
    return made


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


def _read(path: str) -> object:
    """Read a file; None unless it is whole, and nobody but this user can have written it: pickles run code."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            if not _is_ours(os.fstat(file.fileno())):
                return None
            content = file.read()
        digest, data = content[:_DIGEST_SIZE], content[_DIGEST_SIZE:]
        return _load(data) if blake2b(data, digest_size=_DIGEST_SIZE).digest() == digest else None
    except Exception:  # noqa: BLE001 - unpickling may raise anything, and none of it matters
        return None


def _load(data: bytes) -> object:
    """Unpickle, without looking for garbage in between: so many new objects would have it done many times."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        return pickle.loads(data)  # noqa: S301
    finally:
        if was_on:
            gc.enable()


def _is_ours(state: os.stat_result) -> bool:
    return not hasattr(os, "getuid") or (state.st_uid == os.getuid() and not state.st_mode & _OTHERS_MAY_WRITE)


def _write(path: str, name: str, made: object) -> None:
    """Write a file in one go, so that no other process ever reads half of one; then remove its predecessors.

    So are files that a process left that was killed. One that is still writing has no cache then, which is no harm.
    """
    from contextlib import suppress
    from tempfile import NamedTemporaryFile

    folder = os.path.dirname(path)  # noqa: PTH120
    with suppress(Exception):  # a home that can't be written to, a full disk: then there is no cache
        data = pickle.dumps(made, pickle.HIGHEST_PROTOCOL)
        os.makedirs(folder, 0o700, exist_ok=True)  # noqa: PTH103
        if not _is_ours(os.stat(folder)):  # noqa: PTH116
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

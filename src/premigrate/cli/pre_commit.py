"""Detects whether pre-commit passes only a part of the files: it splits lists that exceed the command line's limit."""

import os
import sys
from collections.abc import Sequence

from premigrate.optional_deps import is_pre_commit_hook

_LONGEST_PATH = 4096
_POSIX, _POSIX_LEAST, _WINDOWS = 1 << 17, 1 << 12, (1 << 15) - 2048  # where pre-commit splits

ONE_PART_ONLY = (
    "the reports may be incomplete: pre-commit splits a list of files this long into several runs, and each run "
    "overwrites the reports of the one before; use the hook premigrate-all, which runs once, to write reports"
)


def may_be_one_part(command: Sequence[str]) -> bool:
    """Return whether pre-commit may run the command again, for files that did not fit on this command line.

    Args:
        command: the program and its arguments, as in `sys.argv`.

    """
    return is_pre_commit_hook() and _size(" ".join(command)) > _limit() - _LONGEST_PATH


def _size(text: str) -> int:
    if sys.platform == "win32":
        return len(text.encode("utf-16le", "surrogatepass")) // 2
    return len(os.fsencode(text))


def _limit() -> int:
    if sys.platform == "win32":
        return _WINDOWS
    environment = sum(len(key) + len(value) + 10 for key, value in os.environb.items())
    return max(min(os.sysconf("SC_ARG_MAX") - 2048 - environment, _POSIX), _POSIX_LEAST)

"""Runs the commands that a release needs."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

_NOTHING: Mapping[str, str] = MappingProxyType({})


class ReleaseError(Exception):
    """The release cannot be made; the message says why and what to do."""


def run(*command: str | Path, cwd: Path, env: Mapping[str, str] = _NOTHING, codes: tuple[int, ...] = (0,)) -> str:
    """Run a command and return what it prints.

    Args:
        command: the program and its arguments.
        cwd: the working directory.
        env: environment variables to add.
        codes: the exit codes that count as success.

    Raises:
        ReleaseError: the command ended with another exit code.

    """
    words = [*map(str, command)]
    completed = subprocess.run(
        words,
        cwd=cwd,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if completed.returncode not in codes:
        raise ReleaseError(f"`{' '.join(words)}` ended with exit code {completed.returncode}:\n{completed.stdout}")
    return completed.stdout

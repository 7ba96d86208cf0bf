"""Turns the paths of a command line into named contents, one at a time; what can't be read is told, not raised."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Input:
    """A named content, or the reason why there is none."""

    name: str
    content: bytes = b""
    failure: str = ""


def read_inputs(paths: tuple[str, ...]) -> Iterator[Input]:
    """Read files, folders (all ``*.json`` below, in order of their names) and standard input."""
    for path in paths:
        if path == STDIN:
            yield Input("standard input", sys.stdin.buffer.read())
        elif Path(path).is_dir():
            yield from map(_read_file, _json_files(Path(path)))
        else:
            yield _read_file(Path(path))


def _json_files(folder: Path) -> Iterator[Path]:
    """Find the files below a folder; links to folders are not followed, so that no circle is walked for ever."""
    for parent, folders, files in os.walk(folder):
        folders.sort()
        yield from (Path(parent, name) for name in sorted(files) if name.lower().endswith(".json"))


def _read_file(path: Path) -> Input:
    try:
        return Input(str(path), path.read_bytes())
    except OSError as error:
        return Input(str(path), failure=error.strerror or "can't be read")

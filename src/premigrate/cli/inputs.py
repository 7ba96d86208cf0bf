"""Turns the paths of a command line into named contents, one at a time; what can't be read is told, not raised."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from premigrate.errors import BadPayloadText
from premigrate.source import Document, read_json, read_yaml

STDIN = "-"
_YAML = (".yaml", ".yml")
_ENDINGS = (".json", *_YAML)


@dataclass(frozen=True, slots=True)
class Input:
    """A named content, or the reason why there is none."""

    name: str
    content: bytes = b""
    failure: str = ""

    def read(self) -> Document:
        """Parse the content, as YAML if the name says so, else as JSON.

        Raises:
            BadPayloadText: there is no content, or it can't be parsed, or no account is in it.

        """
        if self.failure:
            raise BadPayloadText(self.failure)
        document = read_yaml(self.content) if self.name.lower().endswith(_YAML) else read_json(self.content)
        if document.data == []:
            raise BadPayloadText("an empty array holds no account")
        return document


def read_inputs(paths: tuple[str, ...], stdin_name: str = "standard input") -> Iterator[Input]:
    """Read files, folders (all ``*.json``, ``*.yaml`` and ``*.yml`` below, by name) and standard input."""
    for path in paths:
        if path == STDIN:
            yield Input(stdin_name, sys.stdin.buffer.read())
        elif Path(path).is_dir():
            yield from map(_read_file, _payload_files(Path(path)))
        else:
            yield _read_file(Path(path))


def _payload_files(folder: Path) -> Iterator[Path]:
    """Find the files below a folder; links to folders are not followed, so that no circle is walked for ever."""
    for parent, folders, files in os.walk(folder):
        folders.sort()
        yield from (Path(parent, name) for name in sorted(files) if name.lower().endswith(_ENDINGS))


def _read_file(path: Path) -> Input:
    try:
        return Input(str(path), path.read_bytes())
    except OSError as error:
        return Input(str(path), failure=error.strerror or "can't be read")

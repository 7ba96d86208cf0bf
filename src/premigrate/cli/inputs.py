"""Turns the paths of a command line into named contents, one at a time; what can't be read is told, not raised."""

import os
import sys
from collections.abc import Iterator
from typing import NamedTuple

from premigrate.errors import BadPayloadText
from premigrate.source import Document, read_json

STDIN, STDIN_NAME = "-", "standard input"
_YAML = (".yaml", ".yml")
_ENDINGS = (".json", *_YAML)


class Input(NamedTuple):
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
        document = _read_yaml(self.content) if self.name.lower().endswith(_YAML) else read_json(self.content)
        if document.data == []:
            raise BadPayloadText("an empty array holds no account")
        return document


def read_inputs(paths: tuple[str, ...], stdin_name: str = STDIN_NAME) -> Iterator[Input]:
    """Read files, folders (all ``*.json``, ``*.yaml`` and ``*.yml`` below, by name) and standard input."""
    for path in paths:
        if path == STDIN:
            yield Input(stdin_name, sys.stdin.buffer.read())
        elif os.path.isdir(path):  # noqa: PTH112 - pathlib is slow to import, here and below
            yield from map(_read_file, _payload_files(path))
        else:
            yield _read_file(path)


def _read_yaml(content: bytes) -> Document:
    from premigrate.source import read_yaml

    return read_yaml(content)


def _payload_files(root: str) -> Iterator[str]:
    """Find the files below a folder; links to folders are not followed, so that no circle is walked for ever."""
    for folder, folders, files in os.walk(root):
        folders.sort()
        yield from (os.path.join(folder, name) for name in sorted(files) if name.lower().endswith(_ENDINGS))  # noqa: PTH118


def _read_file(path: str) -> Input:
    name = _name_of(path)
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return Input(name, file.read())
    except OSError as error:
        return Input(name, failure=error.strerror or "can't be read")


def _name_of(path: str) -> str:
    """Write a path as pathlib does, which drops what says nothing: ``./a//b`` is ``a/b``."""
    if path == os.path.normpath(path):
        return path
    from pathlib import Path

    return str(Path(path))

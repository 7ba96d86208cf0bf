"""Defines chunks: pieces of inputs, each small enough to be sent to another process."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from premigrate.documents.ndjson import Lines
from premigrate.exceptions import BadPayloadText


class Lined(NamedTuple):
    """Lines of a file that has an account on each."""

    file: str
    lines: Lines


class Piece(NamedTuple):
    """The text of one account in JSON, and where it begins; ``line`` and ``column`` are 0 if the file has none."""

    text: bytes
    line: int
    column: int


class Pieces(NamedTuple):
    """Accounts of a file. ``first`` is the position of the first; ``many`` is 1 if the file holds no other, else 0."""

    file: str
    pieces: tuple[Piece, ...]
    first: int = 0
    many: int = 0


class Yaml(NamedTuple):
    """A whole file in YAML, which can only be parsed as a whole."""

    file: str
    text: bytes


class Broken(NamedTuple):
    """A file, or a part of one, that can't be read; ``text`` is its content, if that is known."""

    file: str
    error: BadPayloadText
    text: bytes = b""


class Skipped(NamedTuple):
    """A file or folder that is not read, and why."""

    file: str
    reason: str


Chunk: TypeAlias = Lined | Pieces | Yaml | Broken | Skipped


def size_of(chunk: Chunk) -> int:
    """Estimate the size of a chunk in bytes."""
    match chunk:
        case Lined(lines=lines):
            return sum(map(len, lines.texts))
        case Pieces(pieces=pieces):
            return sum(len(piece.text) for piece in pieces)
        case Yaml(text=text):
            return len(text)
        case _:
            return 0

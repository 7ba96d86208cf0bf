"""Chunks: parts of inputs that are small enough to be sent to a worker process."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from premigrate.documents.ndjson import Lines
from premigrate.exceptions import BadPayloadText


class Lined(NamedTuple):
    """Lines of a file with one account on each line."""

    file: str
    lines: Lines


class Piece(NamedTuple):
    """The JSON text of one account and its position; ``line`` and ``column`` are 0 if the file has no lines."""

    text: bytes
    line: int
    column: int


class Pieces(NamedTuple):
    """Accounts of a file.

    ``first`` is the position of the first one in the file. ``many`` is 1 if it is the only account of the file, else 0.
    """

    file: str
    pieces: tuple[Piece, ...]
    first: int = 0
    many: int = 0


class Yaml(NamedTuple):
    """A whole YAML file, because YAML can't be split without parsing it."""

    file: str
    text: bytes


class Broken(NamedTuple):
    """A file, or a part of one, that can't be read; ``text`` is its content if it is known."""

    file: str
    error: BadPayloadText
    text: bytes = b""


class Skipped(NamedTuple):
    """A file or folder that is skipped, with the reason."""

    file: str
    reason: str


Chunk: TypeAlias = Lined | Pieces | Yaml | Broken | Skipped


def size_of(chunk: Chunk) -> int:
    """Return the size of the texts of a chunk in bytes; 0 if it has nothing to validate."""
    match chunk:
        case Lined(lines=lines):
            return sum(map(len, lines.texts))
        case Pieces(pieces=pieces):
            return sum(len(piece.text) for piece in pieces)
        case Yaml(text=text):
            return len(text)
        case _:
            return 0

"""Chunks: parts of inputs that are small enough to be sent to a worker process."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from premigrate.documents.ndjson import LineRun
from premigrate.exceptions import BadPayloadText


class LineChunk(NamedTuple):
    """Lines of a file with one account on each line."""

    file: str
    lines: LineRun


class Piece(NamedTuple):
    """The JSON text of one account and its position; ``line`` and ``column`` are 0 if the file has no lines."""

    text: bytes
    line: int
    column: int


class ElementChunk(NamedTuple):
    """Accounts of a file.

    ``first_position`` is the position of the first one in the file. ``account_count`` is 1 if it is the only account of
    the file, else 0.
    """

    file: str
    elements: tuple[Piece, ...]
    first_position: int = 0
    account_count: int = 0


class YamlChunk(NamedTuple):
    """A whole YAML file, because YAML cannot be split without parsing it."""

    file: str
    text: bytes


class FailedChunk(NamedTuple):
    """A file, or a part of one, that cannot be read; ``text`` is its content if it is known."""

    file: str
    error: BadPayloadText
    text: bytes = b""


class SkippedChunk(NamedTuple):
    """A file or folder that is skipped, with the reason."""

    file: str
    reason: str


Chunk: TypeAlias = LineChunk | ElementChunk | YamlChunk | FailedChunk | SkippedChunk


def chunk_size(chunk: Chunk) -> int:
    """Return the size of the texts of a chunk in bytes; 0 if it has nothing to validate."""
    match chunk:
        case LineChunk(lines=lines):
            return sum(map(len, lines.texts))
        case ElementChunk(elements=pieces):
            return sum(len(piece.text) for piece in pieces)
        case YamlChunk(text=text):
            return len(text)
        case _:
            return 0

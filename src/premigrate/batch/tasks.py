"""Puts chunks together into tasks, and splits a task that there was not enough memory for."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from premigrate.batch.chunks import Broken, Chunk, Lined, Pieces, Skipped, Yaml, size_of
from premigrate.documents.compression import BLOCK
from premigrate.exceptions import BadPayloadText

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

_TASK, _CHUNKS = BLOCK, 200
"""Bytes of a task at least, unless it is the last one; and chunks of a task at most."""

T = TypeVar("T")


def tasks_of(chunks: Iterable[Chunk]) -> Generator[list[Chunk]]:
    """Put chunks together into tasks: a big chunk, or many small ones."""
    held: list[Chunk] = []
    size = 0
    for chunk in chunks:
        held.append(chunk)
        size += size_of(chunk)
        if size >= _TASK or len(held) >= _CHUNKS:
            yield held
            held, size = [], 0
    if held:
        yield held


def smaller_tasks(task: list[Chunk], why: str) -> list[list[Chunk]]:
    """Split a task into halves; a single account becomes a chunk that says why it is not checked.

    Such a chunk can't be split: the list is empty.
    """
    if len(task) > 1:
        return [task[: len(task) // 2], task[len(task) // 2 :]]
    (chunk,) = task
    match chunk:
        case Lined(file, lines) if len(lines.texts) > 1:
            return [[Lined(file, half)] for half in lines.halves()]
        case Pieces(file, pieces, first) if len(pieces) > 1:
            half = len(pieces) // 2
            return [[Pieces(file, pieces[:half], first)], [Pieces(file, pieces[half:], first + half)]]
        case Broken() | Skipped():
            return []
        case _:
            return [[_not_checked(chunk, f"not checked: {why}")]]


def _not_checked(chunk: Lined | Pieces | Yaml, why: str) -> Broken:
    """Make the chunk that says why the only account of a chunk is not checked."""
    match chunk:
        case Lined(file, lines):
            return Broken(file, BadPayloadText(why, lines.line, 1), lines.texts[0])
        case Pieces(file, pieces, first, many):
            text, line, column = pieces[0]
            which = "" if line or many == 1 else f"account {first}: "
            return Broken(file, BadPayloadText(f"{which}{why}", line, column), text)
        case Yaml(file, text):
            return Broken(file, BadPayloadText(why), text)


def perform_patiently(perform: Callable[[list[Chunk]], T], task: list[Chunk]) -> Iterator[T]:
    """Do a task; if there is not enough memory for it, do it in parts.

    Raises:
        MemoryError: there is not even enough memory for a chunk that says so.

    """
    left = [task]
    while left:
        task = left.pop(0)
        try:
            result = perform(task)
        except MemoryError:
            smaller = smaller_tasks(task, "there is not enough memory")
            if not smaller:
                raise
            left = [*smaller, *left]
            continue
        yield result

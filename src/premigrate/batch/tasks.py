"""Groups chunks into tasks, and splits tasks for which there is not enough memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from premigrate.batch.chunks import Broken, Chunk, Lined, Pieces, Skipped, Yaml, size_of
from premigrate.documents.compression import BLOCK
from premigrate.exceptions import BadPayloadText

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

_TASK, _CHUNKS = BLOCK, 200
"""Minimum size of a task in bytes (unless it has the maximum of chunks, or is the last one), and maximum of chunks."""

T = TypeVar("T")


def tasks_of(chunks: Iterable[Chunk]) -> Generator[list[Chunk]]:
    """Group chunks into tasks: one large chunk, or many small ones."""
    pending: list[Chunk] = []
    size = 0
    for chunk in chunks:
        pending.append(chunk)
        size += size_of(chunk)
        if size >= _TASK or len(pending) >= _CHUNKS:
            yield pending
            pending, size = [], 0
    if pending:
        yield pending


def smaller_tasks(task: list[Chunk], why: str) -> list[list[Chunk]]:
    """Split a task into halves. A single account becomes a `Broken` chunk with the reason ``why``.

    The list is empty for a task that can't be reduced any further: a single `Broken` or `Skipped` chunk.
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
    """Return the chunk that reports why the only account of a chunk is not validated."""
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
    """Run a task; if there is not enough memory, split it and run the parts.

    Raises:
        MemoryError: there is not enough memory even to report a chunk as not checked.

    """
    remaining = [task]
    while remaining:
        task = remaining.pop(0)
        try:
            result = perform(task)
        except MemoryError:
            smaller = smaller_tasks(task, "there is not enough memory")
            if not smaller:
                raise
            remaining = [*smaller, *remaining]
            continue
        yield result

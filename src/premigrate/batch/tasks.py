"""Groups chunks into tasks, and splits tasks for which there is not enough memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from premigrate.batch.chunks import Chunk, ElementChunk, FailedChunk, LineChunk, SkippedChunk, YamlChunk, chunk_size
from premigrate.documents.compression import BLOCK_SIZE
from premigrate.exceptions import BadPayloadText

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

_MIN_TASK_SIZE, _MAX_CHUNKS = BLOCK_SIZE, 200
"""Minimum size of a task in bytes (unless it has the maximum of chunks, or is the last one), and maximum of chunks."""

T = TypeVar("T")


def group_into_tasks(chunks: Iterable[Chunk]) -> Generator[list[Chunk]]:
    """Group chunks into tasks: one large chunk, or many small ones."""
    pending: list[Chunk] = []
    size = 0
    for chunk in chunks:
        pending.append(chunk)
        size += chunk_size(chunk)
        if size >= _MIN_TASK_SIZE or len(pending) >= _MAX_CHUNKS:
            yield pending
            pending, size = [], 0
    if pending:
        yield pending


def split_task(task: list[Chunk], why: str) -> list[list[Chunk]]:
    """Split a task into halves. A single account becomes a `FailedChunk` chunk with the reason ``why``.

    The list is empty for a task that cannot be reduced any further: a single `FailedChunk` or `SkippedChunk` chunk.
    """
    if len(task) > 1:
        return [task[: len(task) // 2], task[len(task) // 2 :]]
    (chunk,) = task
    match chunk:
        case LineChunk(file, lines) if len(lines.texts) > 1:
            return [[LineChunk(file, half)] for half in lines.split_in_half()]
        case ElementChunk(file, pieces, first) if len(pieces) > 1:
            half = len(pieces) // 2
            return [[ElementChunk(file, pieces[:half], first)], [ElementChunk(file, pieces[half:], first + half)]]
        case FailedChunk() | SkippedChunk():
            return []
        case _:
            return [[_not_checked(chunk, f"not checked: {why}")]]


def _not_checked(chunk: LineChunk | ElementChunk | YamlChunk, why: str) -> FailedChunk:
    """Return the chunk that reports why the only account of a chunk is not validated."""
    match chunk:
        case LineChunk(file, lines):
            return FailedChunk(file, BadPayloadText(why, lines.first_line, 1), lines.texts[0])
        case ElementChunk(file, pieces, first, account_count):
            text, line, column = pieces[0]
            which = "" if line or account_count == 1 else f"account {first}: "
            return FailedChunk(file, BadPayloadText(f"{which}{why}", line, column), text)
        case YamlChunk(file, text):
            return FailedChunk(file, BadPayloadText(why), text)


def run_or_split(perform: Callable[[list[Chunk]], T], task: list[Chunk]) -> Iterator[T]:
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
            smaller = split_task(task, "there is not enough memory")
            if not smaller:
                raise
            remaining = [*smaller, *remaining]
            continue
        yield result

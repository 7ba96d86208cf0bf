"""Puts chunks together into tasks, and takes a task apart that there was not enough memory for."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from premigrate.bulk.chunks import Broken, Chunk, Lined, Pieces, Skipped, Yaml, size_of
from premigrate.errors import BadPayloadText
from premigrate.source.packed import BLOCK

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

_TASK, _CHUNKS = BLOCK, 200
"""Bytes that are sent at once at least, if there are as many; and chunks that are sent at most."""

T = TypeVar("T")


def tasks_of(chunks: Iterable[Chunk]) -> Generator[list[Chunk]]:
    """Put together what is sent at once: a big chunk, or many small ones."""
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
    """Take a task apart that could not be done: into two halves; of a single account, say why it was not checked.

    What says so is nothing that could be taken apart; then there are none.
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
            return [[_given_up(chunk, f"not checked: {why}")]]


def _given_up(chunk: Lined | Pieces | Yaml, why: str) -> Broken:
    """Say of the only account of a chunk why it was not checked."""
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
    """Do a task; or, if the memory is not enough, all of it that it is enough for.

    Raises:
        MemoryError: it is not even enough to say so.

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

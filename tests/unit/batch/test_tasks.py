"""What there is not enough memory for is taken apart until a single account is left, and all others are checked."""

from collections.abc import Iterator

import pytest

from premigrate.batch.chunks import Chunk, ElementChunk, FailedChunk, LineChunk, Piece, YamlChunk
from premigrate.batch.load_accounts import LoadedAccount, ReadFailure, load_chunk
from premigrate.batch.tasks import run_or_split, split_task
from premigrate.documents.ndjson import LineRun
from premigrate.exceptions import BadPayloadText

TEXTS = [b"{}", b"", b'{"a": 1}', b" ", b"[]", b'{"b": 2}', b"{}"]
LINED = LineChunk("x.ndjson", LineRun(TEXTS, 11, 5))
PIECES = ElementChunk("x.json", tuple(Piece(b"{}", 0, 0) for _ in range(5)), 7)
TASK: list[Chunk] = [LINED, FailedChunk("y.json", BadPayloadText("why")), PIECES, YamlChunk("z.yaml", b"a: 1")]


def leaves(task: list[Chunk]) -> Iterator[list[Chunk]]:
    """Take a task apart to the end."""
    smaller = split_task(task, "why")
    if len(smaller) == 1 or not smaller:
        yield task
    for each in smaller if len(smaller) > 1 else ():
        yield from leaves(each)


def opened(chunks: list[Chunk]) -> list[tuple[str, int, int, bytes]]:
    found = [each for chunk in chunks for each in load_chunk(chunk)]
    return [(each.file, each.position, each.line, each.text) for each in found if isinstance(each, LoadedAccount)]


def test_parts_hold_the_same_accounts_at_the_same_places() -> None:
    parts = list(leaves(TASK))
    assert all(len(part) == 1 for part in parts)
    assert opened([chunk for part in parts for chunk in part]) == opened(TASK)


def test_a_single_account_is_told_where_it_is() -> None:
    told = [split_task(part, "why")[0] for part in leaves(TASK) if opened(part)]
    found = [
        (each.file, each.error.line, str(each.error), each.text) for (each,) in told if isinstance(each, FailedChunk)
    ]
    lined = [("x.ndjson", line, "not checked: why", TEXTS[line - 11]) for line in (11, 13, 15, 16, 17)]
    pieces = [("x.json", 0, f"account {position}: not checked: why", b"{}") for position in range(7, 12)]
    assert found == [*lined, *pieces, ("z.yaml", 0, "not checked: why", b"a: 1")]


def test_what_has_no_account_is_not_taken_apart() -> None:
    assert split_task([FailedChunk("x", BadPayloadText("why"))], "why") == []


def test_all_is_done_that_there_is_memory_for() -> None:
    tried = 0

    def perform(task: list[Chunk]) -> list[str]:
        nonlocal tried
        tried += 1
        if any(b"b" in text for *_, text in opened(task)):
            raise MemoryError
        seen = [each for chunk in task for each in load_chunk(chunk)]
        return [f"{each.file}:{each.message}" if isinstance(each, ReadFailure) else "fine" for each in seen]

    found = [each for part in run_or_split(perform, TASK) for each in part]
    missed = "x.ndjson:not checked: there is not enough memory"
    assert found == ["fine", "fine", "fine", missed, "fine", "y.json:why", *["fine"] * 6]
    assert tried < 15


def test_not_even_enough_to_say_so() -> None:
    def perform(_: list[Chunk]) -> None:
        raise MemoryError

    with pytest.raises(MemoryError):
        list(run_or_split(perform, TASK))

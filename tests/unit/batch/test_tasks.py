"""A task that exceeds the memory is split down to single accounts; all others are checked."""

from collections.abc import Iterator

import pytest

from premigrate.batch.chunks import Chunk, ElementChunk, FailedChunk, LineChunk, Piece, YamlChunk
from premigrate.batch.load_accounts import LoadedAccount, ReadFailure, load_chunk
from premigrate.batch.tasks import run_or_split, split_task
from premigrate.documents.ndjson import LineRun
from premigrate.exceptions import BadPayloadText

TEXTS = [b"{}", b"", b'{"a": 1}', b" ", b"[]", b'{"b": 2}', b"{}"]
LINE_CHUNK = LineChunk("x.ndjson", LineRun(TEXTS, 11, 5))
ELEMENT_CHUNK = ElementChunk("x.json", tuple(Piece(b"{}", 0, 0) for _ in range(5)), 7)
TASK: list[Chunk] = [
    LINE_CHUNK,
    FailedChunk("y.json", BadPayloadText("why")),
    ELEMENT_CHUNK,
    YamlChunk("z.yaml", b"a: 1"),
]


def leaves(task: list[Chunk]) -> Iterator[list[Chunk]]:
    """Split a task until no part can be split further."""
    parts = split_task(task, "why")
    if len(parts) == 1 or not parts:
        yield task
    for each in parts if len(parts) > 1 else ():
        yield from leaves(each)


def loaded_accounts(chunks: list[Chunk]) -> list[tuple[str, int, int, bytes]]:
    found = [each for chunk in chunks for each in load_chunk(chunk)]
    return [(each.file, each.position, each.line, each.text) for each in found if isinstance(each, LoadedAccount)]


def test_split_tasks_keep_accounts_and_positions() -> None:
    parts = list(leaves(TASK))
    assert all(len(part) == 1 for part in parts)
    assert loaded_accounts([chunk for part in parts for chunk in part]) == loaded_accounts(TASK)


def test_single_account_is_reported_with_its_position() -> None:
    failed = [split_task(part, "why")[0] for part in leaves(TASK) if loaded_accounts(part)]
    found = [
        (each.file, each.error.line, str(each.error), each.text) for (each,) in failed if isinstance(each, FailedChunk)
    ]
    from_lines = [("x.ndjson", line, "not checked: why", TEXTS[line - 11]) for line in (11, 13, 15, 16, 17)]
    from_elements = [("x.json", 0, f"account {position}: not checked: why", b"{}") for position in range(7, 12)]
    assert found == [*from_lines, *from_elements, ("z.yaml", 0, "not checked: why", b"a: 1")]


def test_task_without_accounts_is_not_split() -> None:
    assert split_task([FailedChunk("x", BadPayloadText("why"))], "why") == []


def test_accounts_that_fit_in_memory_are_checked() -> None:
    calls = 0

    def perform(task: list[Chunk]) -> list[str]:
        nonlocal calls
        calls += 1
        if any(b"b" in text for *_, text in loaded_accounts(task)):
            raise MemoryError
        seen = [each for chunk in task for each in load_chunk(chunk)]
        return [f"{each.file}:{each.message}" if isinstance(each, ReadFailure) else "fine" for each in seen]

    found = [each for part in run_or_split(perform, TASK) for each in part]
    failure = "x.ndjson:not checked: there is not enough memory"
    assert found == ["fine", "fine", "fine", failure, "fine", "y.json:why", *["fine"] * 6]
    assert calls < 15


def test_memory_error_while_reporting_is_raised() -> None:
    def perform(_: list[Chunk]) -> None:
        raise MemoryError

    with pytest.raises(MemoryError):
        list(run_or_split(perform, TASK))

"""Lines are split at any block size, with the line number and position of each."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.documents.ndjson import LineRun, read_lines
from premigrate.exceptions import BadPayloadText

LINES = st.lists(st.sampled_from([b"", b"a", b"{}", b" ", b"\t\r", b"x" * 30, b"y\r"]), max_size=30)


def blocks_of(content: bytes, sizes: list[int]) -> Iterator[bytes]:
    at = 0
    for size in sizes:
        yield content[at : at + size]
        at += size
    yield content[at:]


def records(blocks: Iterator[bytes], size: int) -> list[tuple[bytes, int, int]]:
    found: list[tuple[bytes, int, int]] = []
    for each in read_lines(blocks, size):
        assert isinstance(each, LineRun)
        found += each.records()
    return found


@given(LINES, st.lists(st.integers(1, 40), max_size=20), st.integers(1, 60), st.booleans())
def test_lines_keep_their_number_and_position(
    lines: list[bytes], sizes: list[int], size: int, has_final_newline: bool
) -> None:
    content = b"\n".join(lines) + (b"\n" if has_final_newline else b"")
    expected = [(text, number) for number, text in enumerate(content.split(b"\n"), 1) if text.strip()]
    found = records(blocks_of(content, sizes), size)
    assert found == [(text, number, position) for position, (text, number) in enumerate(expected)]


@pytest.mark.parametrize("block", [1, 7, 64, 1000])
def test_overlong_line_is_reported_and_skipped(block: int) -> None:
    content = b"a\n" + b"b" * 200 + b"\nc\n\nd"
    blocks = (content[at : at + block] for at in range(0, len(content), block))
    found = list(read_lines(blocks, 1, 100))
    errors = [each for each in found if isinstance(each, BadPayloadText)]
    lines = [record for each in found if isinstance(each, LineRun) for record in each.records()]
    if block == 1000:  # the whole line is in memory already
        assert (errors, [text for text, _, _ in lines]) == ([], [b"a", b"b" * 200, b"c", b"d"])
        return
    assert [(error.line, str(error)) for error in errors] == [
        (2, "this line is longer than 0 MiB, the limit for an account; it is skipped")
    ]
    assert lines == [(b"a", 1, 0), (b"c", 3, 2), (b"d", 5, 3)]


def test_overlong_line_is_not_kept_in_memory() -> None:
    block_count = 0

    def endless() -> Iterator[bytes]:
        nonlocal block_count
        for _ in range(5000):
            block_count += 1
            yield b"x" * 1000

    assert [type(each) for each in read_lines(endless(), 1000, 10_000)] == [BadPayloadText]
    assert block_count == 5000, "the input is read to its end"

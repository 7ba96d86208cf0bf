"""Splits a text with one account on each line (NDJSON, JSON Lines) into runs of whole lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from premigrate.documents.compression import BLOCK_SIZE
from premigrate.exceptions import BadPayloadText

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_ACCOUNT_SIZE = 16 << 20
"""Maximum size of one account in bytes, to bound memory. Real accounts are much smaller."""


class LineRun(NamedTuple):
    """Whole lines without line ends, the number of the first line, and the position of the first account."""

    texts: list[bytes]
    first_line: int
    first_position: int

    def records(self) -> Iterator[tuple[bytes, int, int]]:
        """Yield the text, line number and position of each account; blank lines are skipped."""
        position = self.first_position
        for line, text in enumerate(self.texts, self.first_line):
            if text and not text.isspace():
                yield text, line, position
                position += 1

    def split_in_half(self) -> tuple[LineRun, LineRun]:
        """Split the lines into two halves."""
        half = len(self.texts) // 2
        first, second = self.texts[:half], self.texts[half:]
        return LineRun(first, self.first_line, self.first_position), LineRun(
            second, self.first_line + half, self.first_position + _count(first)
        )


def read_lines(
    blocks: Iterable[bytes], size: int = BLOCK_SIZE, max_size: int = MAX_ACCOUNT_SIZE
) -> Iterator[LineRun | BadPayloadText]:
    """Split blocks at line ends into runs of about ``size`` bytes; a line over ``max_size`` bytes yields an error."""
    line, position = 1, 0
    pending = b""
    is_skipping = False
    for block in blocks:
        if is_skipping:
            _, end, block = block.partition(b"\n")  # noqa: PLW2901 - drops the rest of a line that is too long
            if not end:
                continue
            is_skipping = False
            line += 1
        pending += block
        if len(pending) < size:
            continue
        end_of_last = pending.rfind(b"\n")
        if end_of_last >= 0:
            texts = pending[:end_of_last].split(b"\n")
            pending = pending[end_of_last + 1 :]
            yield LineRun(texts, line, position)
            line, position = line + len(texts), position + _count(texts)
        if len(pending) > max_size:
            yield BadPayloadText(too_long_message("line", max_size), line, 1)
            pending, is_skipping = b"", True
            position += 1
    if pending:
        yield LineRun(pending.removesuffix(b"\n").split(b"\n"), line, position)


def too_long_message(what: str, max_size: int) -> str:
    """Return the message for a text that is longer than an account can be."""
    return f"this {what} is longer than {max_size >> 20} MiB, the limit for an account; it is skipped"


def _count(texts: list[bytes]) -> int:
    """Count the accounts: the lines that are not blank."""
    return len(texts) - texts.count(b"") - sum(map(bytes.isspace, texts))

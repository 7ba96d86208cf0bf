"""Splits a text with one account on each line (NDJSON, JSON Lines) into runs of whole lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from premigrate.documents.compression import BLOCK
from premigrate.exceptions import BadPayloadText

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONGEST = 16 << 20
"""Maximum size of one account in bytes, to bound memory. Real accounts are much smaller."""


class Lines(NamedTuple):
    """Whole lines without line ends, the number of the first line, and the position of the first account."""

    texts: list[bytes]
    line: int
    position: int

    def records(self) -> Iterator[tuple[bytes, int, int]]:
        """Yield the text, line number and position of each account; blank lines are skipped."""
        position = self.position
        for line, text in enumerate(self.texts, self.line):
            if text and not text.isspace():
                yield text, line, position
                position += 1

    def halves(self) -> tuple[Lines, Lines]:
        """Split the lines into two halves."""
        half = len(self.texts) // 2
        first, second = self.texts[:half], self.texts[half:]
        return Lines(first, self.line, self.position), Lines(second, self.line + half, self.position + _count(first))


def read_lines(blocks: Iterable[bytes], size: int = BLOCK, longest: int = LONGEST) -> Iterator[Lines | BadPayloadText]:
    """Split blocks at line ends into runs of about ``size`` bytes; a line over ``longest`` bytes yields an error."""
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
            yield Lines(texts, line, position)
            line, position = line + len(texts), position + _count(texts)
        if len(pending) > longest:
            yield BadPayloadText(too_long("line", longest), line, 1)
            pending, is_skipping = b"", True
            position += 1
    if pending:
        yield Lines(pending.removesuffix(b"\n").split(b"\n"), line, position)


def too_long(what: str, longest: int) -> str:
    """Return the message for a text that is longer than an account can be."""
    return f"this {what} is longer than {longest >> 20} MiB, which no account is; it is skipped"


def _count(texts: list[bytes]) -> int:
    """Count the accounts: the lines that are not blank."""
    return len(texts) - texts.count(b"") - sum(map(bytes.isspace, texts))

"""Cuts the blocks of a text with an account on each line (NDJSON, JSON Lines) into runs of whole lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from premigrate.documents.compression import BLOCK
from premigrate.exceptions import BadPayloadText

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONGEST = 16 << 20
"""Bytes of one account. None is that long, and whatever holds more of it at once takes too much memory."""


class Lines(NamedTuple):
    """Whole lines without their ends: the number of the first, and the position of the first account in them."""

    texts: list[bytes]
    line: int
    position: int

    def records(self) -> Iterator[tuple[bytes, int, int]]:
        """Tell the text, line and position of each account; lines with nothing on them are none."""
        position = self.position
        for line, text in enumerate(self.texts, self.line):
            if text and not text.isspace():
                yield text, line, position
                position += 1

    def halves(self) -> tuple[Lines, Lines]:
        """Cut it in two."""
        half = len(self.texts) // 2
        first, second = self.texts[:half], self.texts[half:]
        return Lines(first, self.line, self.position), Lines(second, self.line + half, self.position + _count(first))


def read_lines(blocks: Iterable[bytes], size: int = BLOCK, longest: int = LONGEST) -> Iterator[Lines | BadPayloadText]:
    """Cut blocks at ends of lines, into runs of about ``size`` bytes; a line that is too long is told and skipped."""
    line, position = 1, 0
    held = b""
    is_skipping = False
    for block in blocks:
        if is_skipping:
            _, end, block = block.partition(b"\n")  # noqa: PLW2901 - the rest of a line that is too long
            if not end:
                continue
            is_skipping = False
            line += 1
        held += block
        if len(held) < size:
            continue
        end_of_last = held.rfind(b"\n")
        if end_of_last >= 0:
            texts = held[:end_of_last].split(b"\n")
            held = held[end_of_last + 1 :]
            yield Lines(texts, line, position)
            line, position = line + len(texts), position + _count(texts)
        if len(held) > longest:
            yield BadPayloadText(too_long("line", longest), line, 1)
            held, is_skipping = b"", True
            position += 1
    if held:
        yield Lines(held.removesuffix(b"\n").split(b"\n"), line, position)


def too_long(what: str, longest: int) -> str:
    """Say that something is longer than an account can be."""
    return f"this {what} is longer than {longest >> 20} MiB, which no account is; it is skipped"


def _count(texts: list[bytes]) -> int:
    """Count the accounts: the lines that something is on."""
    return len(texts) - texts.count(b"") - sum(map(bytes.isspace, texts))

"""Splits a text into the texts of its accounts and what is between them; joined, the parts are the text again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from premigrate.documents.array_elements import Element, read_elements
from premigrate.documents.ndjson import MAX_ACCOUNT_SIZE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from premigrate.documents.text_layout import TextLayout

_MAX_YAML_SIZE = 4 * MAX_ACCOUNT_SIZE


class TextPart(NamedTuple):
    """A part of a text. ``line`` and ``column`` are where an account begins, from 1; they are 0 for what is between."""

    text: bytes
    line: int = 0
    column: int = 0

    @property
    def is_account(self) -> bool:
        """Whether the part is the text of an account, or in YAML of all accounts."""
        return self.line > 0


def split_text(layout: TextLayout, blocks: Iterable[bytes]) -> Iterator[TextPart]:
    """Split a text without byte order mark. A text that is too long to be an account is a part between accounts."""
    if layout == "lines":
        return _split_lines(blocks)
    if layout == "array":
        return _split_array(blocks)
    return _whole(blocks, _MAX_YAML_SIZE if layout == "yaml" else MAX_ACCOUNT_SIZE)


def _split_lines(blocks: Iterable[bytes]) -> Iterator[TextPart]:
    number, pending = 1, b""
    is_skipping = False  # the rest of a line that is too long
    for block in blocks:
        *lines, pending = (pending + block).split(b"\n")
        for line in lines:
            yield from _line(line, number, is_account=not is_skipping)
            yield TextPart(b"\n")
            number, is_skipping = number + 1, False
        if len(pending) > MAX_ACCOUNT_SIZE:
            yield TextPart(pending)
            pending, is_skipping = b"", True
    yield from _line(pending, number, is_account=not is_skipping)


def _line(line: bytes, number: int, *, is_account: bool) -> Iterator[TextPart]:
    """Yield a line without its end; white space after an account is a part of its own."""
    text = line.rstrip() if is_account else b""
    if text:
        yield TextPart(text, number, 1)
    if len(text) < len(line):
        yield TextPart(line[len(text) :])


def _split_array(blocks: Iterable[bytes]) -> Iterator[TextPart]:
    kept = _KeptBlocks(blocks)
    for element in read_elements(kept):
        if isinstance(element, Element):
            yield TextPart(kept.pass_to(element.start))
            yield TextPart(kept.pass_to(element.start + len(element.text)), element.line, element.column)
    yield TextPart(kept.pass_to(None))
    for block in kept:
        yield TextPart(block)
        kept.pass_to(None)


def _whole(blocks: Iterable[bytes], max_size: int) -> Iterator[TextPart]:
    pending: list[bytes] = []
    size = 0
    for block in blocks:
        pending.append(block)
        size += len(block)
        if size > max_size:
            yield from map(TextPart, pending)
            pending.clear()
    if pending:
        text = b"".join(pending)
        yield TextPart(text, 1, 1) if size <= max_size else TextPart(text)


class _KeptBlocks:
    """Blocks that a reader reads, kept until they are passed."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = iter(blocks)
        self._kept = bytearray()
        self._passed = 0

    def __iter__(self) -> Iterator[bytes]:
        for block in self._blocks:
            self._kept += block
            yield block

    def pass_to(self, end: int | None) -> bytes:
        """Return what is kept up to an offset of the whole text, or all of it, and drop it."""
        size = len(self._kept) if end is None else end - self._passed
        text = bytes(self._kept[:size])
        del self._kept[:size]
        self._passed += size
        return text

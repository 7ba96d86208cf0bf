"""Reads an input part by part, and fixes the accounts in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from premigrate.batch.inputs import PAYLOAD_SUFFIXES, STDIN
from premigrate.batch.read_chunks import OpenedText, open_text
from premigrate.documents.compression import BLOCK_SIZE, decompress
from premigrate.documents.text_parts import TextPart, split_text
from premigrate.exceptions import BadPayloadText
from premigrate.fix.standard_input import open_kept_input
from premigrate.fix.text_fixer import FixedText, TextFixer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from premigrate.batch.inputs import Source
    from premigrate.documents.text_layout import TextLayout


class FixedPart(NamedTuple):
    """A part of a text before and after fixes; ``fixed`` is None for what is between accounts."""

    old: bytes
    new: bytes
    fixed: FixedText | None = None


def open_input(source: Source) -> BinaryIO:
    """Open an input at its beginning; standard input must be a file. Raises OSError."""
    return open_kept_input() if source.path == STDIN else source.open()


def open_source(source: Source, file: BinaryIO) -> OpenedText | None:
    """Open the text of an input; None if it has no accounts that could be fixed, as the check reports."""
    may_skip = not source.is_discovered and source.path != STDIN and not source.name.lower().endswith(PAYLOAD_SUFFIXES)
    opened = open_text(source.name, read_blocks(file), may_skip=may_skip, is_found=source.is_discovered)
    return opened if isinstance(opened, OpenedText) else None


def fix_parts(opened: OpenedText, make_fixer: Callable[[TextLayout], TextFixer]) -> Iterator[FixedPart]:
    """Yield the parts of a text, fixed. The old ones, joined, are the text; a byte order mark is a part of its own."""
    fixer, position = make_fixer(opened.layout), 0
    mark, before = opened.mark, list[TextPart]()  # what is before the first account
    for part in split_text(opened.layout, opened.blocks):
        if not part.is_account:
            if mark:
                before.append(part)
            else:
                yield FixedPart(part.text, part.text)
            continue
        fixed = fixer.fix(part, position, mark)
        new = fixed.text.removeprefix(mark)
        if mark:
            yield FixedPart(mark, fixed.text[: len(fixed.text) - len(new)])
            yield from (FixedPart(each.text, each.text) for each in before)
            mark, before = b"", []
        yield FixedPart(part.text, new, fixed)
        position += 1
    if mark:
        yield FixedPart(mark, mark)
        yield from (FixedPart(each.text, each.text) for each in before)


def is_complete(source: Source) -> bool:
    """Return whether an input can be read to its end. Raises OSError if it cannot be opened."""
    with open_input(source) as file:
        try:
            for _ in decompress(read_blocks(file)):
                pass
        except (BadPayloadText, OSError):
            return False
    return True


def read_blocks(file: BinaryIO) -> Iterator[bytes]:
    """Yield the blocks of a file. Raises OSError."""
    while block := file.read(BLOCK_SIZE):
        yield block

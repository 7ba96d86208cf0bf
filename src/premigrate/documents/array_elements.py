"""Splits a JSON array, read block by block, into the texts of its elements; the array can be of any length.

Only strings, braces and brackets are scanned. Whether an element is valid JSON is checked when it is parsed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from premigrate.documents.json_errors import COMMENT_ERROR, explain_after_end, explain_after_value, explain_at_value
from premigrate.documents.ndjson import MAX_ACCOUNT_SIZE
from premigrate.exceptions import BadPayloadText

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

_STRING = rb'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+(?:"|(?=\n))'  # a JSON string cannot contain a line feed


def _until(stops: bytes) -> re.Pattern[bytes]:
    """Return a pattern that matches up to the next of these bytes outside strings."""
    other = rb'[^"' + stops + rb"]*+"
    return re.compile(other + rb"(?:" + _STRING + other + rb")*+([" + stops + rb"])", re.DOTALL)


_BRACES, _BRACKETS, _END = _until(rb"{}"), _until(rb"\[\]"), _until(rb",\]")
_BULK_SIZE = 1 << 14  # bytes; a shorter buffer is not worth splitting in bulk
_LOOKAHEAD = 40  # bytes that identify what is at an offset, for error messages
_MAX_PREFIX = 200  # bytes kept of the line before an element, to compare indentations
_BLOCK_COMMENT = b"/*"
_SPACE = re.compile(rb"[ \t\r\n]*+")


_ENDLESS = (
    "this element of the array has no end, or is larger than {} MiB, because a brace or quote is missing; "
    "the rest of the text is not checked"
)


class Element(NamedTuple):
    """The text of one element and its position: line and column count from 1, the column in characters.

    ``start`` is its offset in the whole text, in bytes.
    """

    text: bytes
    line: int
    column: int
    start: int


class TextCursor:
    """A cursor over a text that is read block by block.

    ``buffer`` is the part in memory, and ``offset`` the offset in it; ``line`` and ``column`` are the same position in
    the whole text. ``line_prefix`` is the text before it on the same line. ``can_split_in_bulk`` is true until the
    elements of this buffer were split in bulk.
    """

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = iter(blocks)
        self.buffer = b""
        self.offset = self._dropped = 0
        self.line = self.column = 1
        self.line_prefix = b""
        self.can_split_in_bulk = True

    def read_more(self, least: int = 1) -> bool:
        """Read at least ``least`` more bytes if there are as many, and drop the passed ones; False at the end."""
        blocks = [self.buffer[self.offset :]]
        self._dropped += self.offset
        while least > 0 and (block := next(self._blocks, None)) is not None:
            blocks.append(block)
            least -= len(block)
        self.buffer = b"".join(blocks)
        self.offset = 0
        self.can_split_in_bulk = True
        return len(blocks) > 1

    @property
    def position(self) -> int:
        """The offset of the cursor in the whole text, in bytes."""
        return self._dropped + self.offset

    def advance_to(self, end: int) -> bytes:
        """Move the cursor to an offset of the buffer, and return the bytes it passes."""
        passed = self.buffer[self.offset : end]
        lines = passed.count(b"\n")
        last = passed[passed.rfind(b"\n") + 1 :] if lines else passed
        self.line_prefix = last[:_MAX_PREFIX] if lines else (self.line_prefix + last)[:_MAX_PREFIX]
        width = len(last.decode("utf-8", "replace"))
        self.line, self.column = self.line + lines, width + 1 if lines else self.column + width
        self.offset = end
        return passed

    def peek(self) -> bytes:
        """Skip white space and return the next byte; empty at the end of the text."""
        while True:
            space = _SPACE.match(self.buffer, self.offset)
            self.advance_to(space.end() if space else self.offset)
            if self.offset < len(self.buffer) or not self.read_more():
                return self.buffer[self.offset : self.offset + 1]

    def lookahead(self) -> str:
        """Return the next few characters."""
        while len(self.buffer) - self.offset < _LOOKAHEAD and self.read_more():
            pass
        return self.buffer[self.offset : self.offset + _LOOKAHEAD].decode("utf-8", "ignore")

    def error_here(self, message: str) -> BadPayloadText:
        """Return an error at the position of the cursor."""
        return BadPayloadText(f"not JSON: {message}", self.line, self.column)


def read_elements(blocks: Iterable[bytes], max_size: int = MAX_ACCOUNT_SIZE) -> Iterator[Element | BadPayloadText]:
    """Split an array into its elements.

    An error between two elements is yielded in its place, and reading continues after it where possible.
    """
    text = TextCursor(blocks)
    text.peek()
    text.advance_to(text.offset + 1)  # the opening bracket
    if text.peek() == b"]":
        yield BadPayloadText("the array is empty; it must contain at least one account")
    if (yield from split_elements(text, max_size)):
        error = _pass_end(text)
        yield from (error,) if error else ()


def split_elements(
    text: TextCursor, max_size: int = MAX_ACCOUNT_SIZE
) -> Generator[Element | BadPayloadText, None, bool]:
    """Yield the elements of an array whose opening bracket was passed; return False if one of them does not end."""
    while (first := text.peek()) not in {b"", b"]"}:
        if first in {b"/", b"#"}:
            yield text.error_here(COMMENT_ERROR)
            _pass_comment(text)
            continue
        if first in {b",", b"}", b":"}:
            yield text.error_here(explain_at_value(first.decode()))
            text.advance_to(text.offset + 1)
            continue
        is_one = not (first == b"{" and text.can_split_in_bulk and len(text.buffer) - text.offset >= _BULK_SIZE)
        start = text.offset
        for element in (_read_element(text, first, max_size),) if is_one else _read_buffered_elements(text):
            yield element
            if not isinstance(element, Element):
                return False
        if is_one or text.offset > start:
            error = _pass_comma(text)
            yield from (error,) if error else ()
    return True


def _read_element(text: TextCursor, first: bytes, max_size: int) -> Element | BadPayloadText:
    """Pass one element and return it, or an error if it does not end."""
    line, column, start = text.line, text.column, text.position
    element = _read_element_text(text, first, max_size)
    if not element:
        return BadPayloadText(_ENDLESS.format(max_size >> 20), line, column)
    return Element(element, line, column, start)


def _pass_comment(text: TextCursor) -> None:
    """Pass a comment. JSON has none, but the elements after it can still be checked."""
    while len(text.buffer) - text.offset < len(_BLOCK_COMMENT) and text.read_more():
        pass
    is_block = text.buffer.startswith(_BLOCK_COMMENT, text.offset)
    stop = b"*/" if is_block else b"\n"
    while (end := text.buffer.find(stop, text.offset)) < 0:
        text.advance_to(max(text.offset, len(text.buffer) - 1))  # the last byte may be the first one of the stop
        if not text.read_more():
            text.advance_to(len(text.buffer))
            return
    text.advance_to(end + len(stop))


def _pass_comma(text: TextCursor) -> BadPayloadText | None:
    """Pass the comma after an element, if any; return an error for a comment, or a missing or trailing comma."""
    after = text.peek()
    if after in {b"/", b"#"}:
        mistake = text.error_here(COMMENT_ERROR)
        _pass_comment(text)
        if text.peek() == b",":
            text.advance_to(text.offset + 1)
        return mistake
    if after == b",":
        text.advance_to(text.offset + 1)
        return text.error_here("a comma after the last element; delete it") if text.peek() == b"]" else None
    return None if after in {b"", b"]"} else text.error_here(explain_after_value(text.lookahead()))


def _pass_end(text: TextCursor) -> BadPayloadText | None:
    """Pass the closing bracket of the array; return an error if it is missing, or something follows it."""
    if not text.peek():
        return text.error_here("the text ends inside the array; it was cut short, or the closing ] is missing")
    text.advance_to(text.offset + 1)
    return (
        text.error_here(f"{explain_after_end(text.lookahead())}; the text after the array is not checked")
        if text.peek()
        else None
    )


def _read_element_text(text: TextCursor, first: bytes, max_size: int) -> bytes | None:
    """Pass the element at the cursor and return its text; None if its end is not found.

    Each search starts at the beginning of the element, so the buffer doubles each time to keep the total linear.
    """
    while (end := find_element_end(text.buffer, text.offset, first)) is None:
        size = len(text.buffer) - text.offset
        is_long = size > max_size
        if is_long or not text.read_more(min(size, max_size + 1 - size)):
            end = _guess_end(text, is_all=not is_long)
            if end is None:
                return None
            break
    return text.advance_to(end).rstrip(b" \t\r\n")


def _read_buffered_elements(text: TextCursor) -> Iterator[Element]:
    """Pass all elements that end in the buffer, in bulk; none if they cannot be parsed. This is many times as fast."""
    import msgspec

    text.can_split_in_bulk = False
    end = _last_end(text.buffer, text.offset)
    try:
        found = msgspec.json.decode(b"[%b]" % text.buffer[text.offset : end], type=list[msgspec.Raw])
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return
    for each in map(bytes, found):
        text.advance_to(text.buffer.index(each, text.offset))
        yield Element(each, text.line, text.column, text.position)
        text.advance_to(text.offset + len(each))


def _last_end(buffer: bytes, start: int) -> int:
    """Find the end of the last element in the buffer whose braces are balanced.

    Braces in strings can make it wrong; then the text before it cannot be parsed as a list of elements.
    """
    end, depth = len(buffer), buffer.count(b"{", start) - buffer.count(b"}", start)
    while (brace := buffer.rfind(b"}", start, end)) >= 0:
        depth -= buffer.count(b"{", brace, end)
        if not depth and brace + 1 < len(buffer):
            return brace + 1
        depth += 1
        end = brace
    return start


def _guess_end(text: TextCursor, *, is_all: bool) -> int | None:
    """Guess the end of a broken element that begins a line: before the next line with the same indentation.

    If there is none and the rest of the array is in the buffer (``is_all``), it is the array's end. The guess is right
    if each element is on a line of its own, or each level is indented.
    """
    if text.line_prefix.strip(b" \t"):
        return None
    end = text.buffer.find(b"\n" + text.line_prefix + b"{", text.offset)
    if end < 0 and is_all:
        end = text.buffer.rfind(b"]")
    return text.offset + len(text.buffer[text.offset : end].rstrip().removesuffix(b",")) if end > text.offset else None


def find_element_end(buffer: bytes, start: int, first: bytes) -> int | None:
    """Return the end of the element that begins at ``start`` with ``first``; None if it is not in the buffer."""
    if first not in b"{[":
        match = _END.match(buffer, start)
        return match.start(1) if match else None
    pattern, depth, at = (_BRACES if first == b"{" else _BRACKETS), 0, start
    while match := pattern.match(buffer, at):
        at = match.end()
        depth += 1 if match[1] == first else -1
        if not depth:
            return at
    return None

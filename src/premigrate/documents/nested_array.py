"""Finds a nested array in a JSON text and splits it into the texts of its elements; the array can be of any length.

The text before and after the array is skipped without parsing: only strings, braces and brackets are scanned.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from premigrate.documents.array_elements import Element, TextCursor, find_element_end, split_elements
from premigrate.documents.json_errors import (
    OBJECT_EXPECTED_ERROR,
    TRUNCATED_ERROR,
    explain_after_key,
    explain_after_value,
    explain_at_key,
    explain_at_value,
)
from premigrate.documents.ndjson import MAX_ACCOUNT_SIZE
from premigrate.exceptions import BadPayloadText

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_LITERAL = re.compile(rb"[-+.\w]+(?=[^-+.\w])")  # or a literal such as true; the lookahead shows that it is complete
_LITERAL_START = frozenset(b"-0123456789tfn")


def read_elements_at(
    keys: Sequence[str], blocks: Iterable[bytes], max_size: int = MAX_ACCOUNT_SIZE
) -> Iterator[Element | BadPayloadText]:
    """Split the array at a path of keys into its elements.

    If the text is a sequence of several objects, their elements follow one another. An error is yielded after the
    elements before it, and is the last item unless it is between two elements.

    Args:
        keys: the keys on the way from the top-level object to the array.
        blocks: the text.
        max_size: largest element, and largest value to skip, in bytes.

    """
    text = TextCursor(blocks)
    is_all = False
    try:
        while not is_all:
            for key in keys:
                _enter(text, key, max_size)
            _pass(text, b"[", f"{'.'.join(keys)} is not an array")
            if not (yield from split_elements(text, max_size)):
                return
            _pass(text, b"]", "expected the closing ] of the array")
            for _ in keys:
                _leave(text, max_size)
            is_all = not text.peek()
    except BadPayloadText as error:
        yield error


def _enter(text: TextCursor, key: str, max_size: int) -> None:
    """Pass an object up to the value of one of its keys."""
    _pass(text, b"{", OBJECT_EXPECTED_ERROR)
    while text.peek() == b'"':
        if _pass_key(text) == key:
            return
        _pass_value(text, max_size)
        if text.peek() != b",":
            _pass(text, b"}", explain_after_value(text.lookahead()))
            break
        _pass(text, b",", "")
    else:
        _pass(text, b"}", explain_at_key(text.lookahead()))
    raise text.error_here(f'the key "{key}" is missing')


def _leave(text: TextCursor, max_size: int) -> None:
    """Pass the rest of an object after the value of one of its keys."""
    while text.peek() == b",":
        _pass(text, b",", "")
        _pass_key(text)
        _pass_value(text, max_size)
    _pass(text, b"}", explain_after_value(text.lookahead()))


def _pass(text: TextCursor, expected: bytes, otherwise: str) -> None:
    """Pass one character; raises BadPayloadText if there is another one, or none."""
    found = text.peek()
    if found != expected:
        raise text.error_here(otherwise if found else TRUNCATED_ERROR)
    text.advance_to(text.offset + 1)


def _pass_key(text: TextCursor) -> str:
    if text.peek() not in {b'"', b""}:
        raise text.error_here(explain_at_key(text.lookahead()))
    while not (match := _STRING.match(text.buffer, text.offset)):
        if (size := len(text.buffer) - text.offset) > MAX_ACCOUNT_SIZE or not text.read_more(size):
            raise text.error_here(TRUNCATED_ERROR)
    try:
        key = json.loads(text.advance_to(match.end()))
    except ValueError:
        raise text.error_here("a key that is not a string; write it in double quotes") from None
    text.peek()
    _pass(text, b":", explain_after_key(text.lookahead()))
    return str(key)


def _pass_value(text: TextCursor, max_size: int) -> None:
    first = text.peek()
    while (end := _end_of_value(text, first)) is None:
        if first and first not in b'{["' and first[0] not in _LITERAL_START:
            raise text.error_here(explain_at_value(text.lookahead()))
        size = len(text.buffer) - text.offset
        if size > max_size:
            raise text.error_here(f"a value of more than {max_size >> 20} MiB before the array")
        if not text.read_more(size):  # the buffer doubles, because each search starts at the beginning
            raise text.error_here(TRUNCATED_ERROR)
    text.advance_to(end)


def _end_of_value(text: TextCursor, first: bytes) -> int | None:
    if first in {b"{", b"["}:
        return find_element_end(text.buffer, text.offset, first)
    match = (_STRING if first == b'"' else _LITERAL).match(text.buffer, text.offset)
    return match.end() if match else None

"""Finds a nested array in a JSON text and splits it into the texts of its elements; the array can be of any length.

The text before and after the array is skipped without parsing: only strings, braces and brackets are scanned.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from premigrate.documents.array_elements import Element, Text, cut_elements, end_of
from premigrate.documents.json_errors import CUT_SHORT, NO_OBJECT, after_key, after_value, at_key, at_value
from premigrate.documents.ndjson import LONGEST
from premigrate.exceptions import BadPayloadText

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_LITERAL = re.compile(rb"[-+.\w]+(?=[^-+.\w])")  # or a literal such as true; the lookahead shows that it is complete
_LITERAL_START = frozenset(b"-0123456789tfn")


def read_elements_at(
    keys: Sequence[str], blocks: Iterable[bytes], longest: int = LONGEST
) -> Iterator[Element | BadPayloadText]:
    """Split the array at a path of keys into its elements.

    If the text is a sequence of several objects, their elements follow one another. An error is yielded after the
    elements before it, and is the last item unless it is between two elements.

    Args:
        keys: the keys on the way from the top-level object to the array.
        blocks: the text.
        longest: largest element, and largest value to skip, in bytes.

    """
    text = Text(blocks)
    is_all = False
    try:
        while not is_all:
            for key in keys:
                _enter(text, key, longest)
            _pass(text, b"[", f"{'.'.join(keys)} is no array")
            if not (yield from cut_elements(text, longest)):
                return
            _pass(text, b"]", "the closing ] of the array must stand here")
            for _ in keys:
                _leave(text, longest)
            is_all = not text.peek()
    except BadPayloadText as error:
        yield error


def _enter(text: Text, key: str, longest: int) -> None:
    """Pass an object up to the value of one of its keys."""
    _pass(text, b"{", NO_OBJECT)
    while text.peek() == b'"':
        if _pass_key(text) == key:
            return
        _pass_value(text, longest)
        if text.peek() != b",":
            _pass(text, b"}", after_value(text.ahead()))
            break
        _pass(text, b",", "")
    else:
        _pass(text, b"}", at_key(text.ahead()))
    raise text.wrong(f'there is no "{key}" in it')


def _leave(text: Text, longest: int) -> None:
    """Pass the rest of an object after the value of one of its keys."""
    while text.peek() == b",":
        _pass(text, b",", "")
        _pass_key(text)
        _pass_value(text, longest)
    _pass(text, b"}", after_value(text.ahead()))


def _pass(text: Text, expected: bytes, otherwise: str) -> None:
    """Pass one character; raises BadPayloadText if there is another one, or none."""
    found = text.peek()
    if found != expected:
        raise text.wrong(otherwise if found else CUT_SHORT)
    text.pass_to(text.at + 1)


def _pass_key(text: Text) -> str:
    if text.peek() not in {b'"', b""}:
        raise text.wrong(at_key(text.ahead()))
    while not (match := _STRING.match(text.buffer, text.at)):
        if (size := len(text.buffer) - text.at) > LONGEST or not text.more(size):
            raise text.wrong(CUT_SHORT)
    try:
        key = json.loads(text.pass_to(match.end()))
    except ValueError:
        raise text.wrong("a key that is no string; write it in double quotes") from None
    text.peek()
    _pass(text, b":", after_key(text.ahead()))
    return str(key)


def _pass_value(text: Text, longest: int) -> None:
    first = text.peek()
    while (end := _end_of_value(text, first)) is None:
        if first and first not in b'{["' and first[0] not in _LITERAL_START:
            raise text.wrong(at_value(text.ahead()))
        size = len(text.buffer) - text.at
        if size > longest:
            raise text.wrong(f"a value of more than {longest >> 20} MiB before the array")
        if not text.more(size):  # the buffer doubles, because each search starts at the beginning
            raise text.wrong(CUT_SHORT)
    text.pass_to(end)


def _end_of_value(text: Text, first: bytes) -> int | None:
    if first in {b"{", b"["}:
        return end_of(text.buffer, text.at, first)
    match = (_STRING if first == b'"' else _LITERAL).match(text.buffer, text.at)
    return match.end() if match else None

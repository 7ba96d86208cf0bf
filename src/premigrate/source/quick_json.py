"""Turns the bytes of a JSON text into data as `read_json` does, but faster, wherever that is sure to be the same.

Or into objects of a type that is expected, which is faster still.

The fast parser refuses all that the exact one refuses, and some texts besides. What it takes it reads alike, but for
two things: it says nothing of a key that is given twice, and its limit of depth is another. Texts in which either
might be are left to the exact one.

Keys: each has a colon after it, and all other colons are in strings. The data, written as JSON again, have those of the
keys and of the strings that are left: fewer, if anything was lost. Only an escaped colon, which is then written
plainly, could make up for one that was lost. Depth: each step down opens a list, or takes a key.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from premigrate.source.document import Document
from premigrate.source.json_text import read_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_decode = msgspec.json.Decoder().decode
_encode_into = msgspec.json.Encoder().encode_into
_REFUSALS = (msgspec.MsgspecError, ValueError, OverflowError, RecursionError)
_ODD = re.compile(rb"\\u(?:0000|003|[dD])")
"""A letter that no text may hold (U+0000, half of a surrogate pair), or one that might be a colon."""
_INDENT = 10
"""Bytes before the first key of a text. If there are more, the key is not found, and the text is read as any other."""
_DEEP = 500
"""Levels. No parser says of a text with fewer that it is nested too deeply."""


def read_quickly(content: bytes) -> Document:
    """Parse JSON. The document has no text: whoever looks for a place in it reads it once more with `read_json`.

    Raises:
        BadPayloadText: as `read_json` does.

    """
    try:
        data = _decode(content)
        if _is_flat(content) and _has_all(data, content, bytearray()):
            return Document(data)
    except _REFUSALS:
        pass  # what is wrong, if anything is, the exact parser says
    return read_json(content)._replace(text="", tokens=None)


def expect(kind: Any, wrapped: Any, wrapper: str) -> Callable[[Sequence[bytes]], list[Any]]:  # noqa: ANN401
    """Make what parses JSON texts into objects of a type; it gives None for a text that holds anything else.

    The types must leave out what has its default when it is written as JSON. How deep the text is, is for whoever gave
    them: they say so themselves, apart from what may be anything. No text in the objects holds U+0000, or half of a
    surrogate pair: of what might, nothing is made.

    Args:
        kind: what is expected, bare.
        wrapped: an object with ``kind`` under one key.
        wrapper: that key.

    """
    decode, decode_wrapped = msgspec.json.Decoder(kind).decode, msgspec.json.Decoder(wrapped).decode
    key = f'"{wrapper}"'.encode()
    before = len(key) + _INDENT

    def read(content: bytes) -> Any:  # noqa: ANN401
        try:
            return decode_wrapped(content) if key in content[:before] else decode(content)
        except _REFUSALS:
            return None

    def read_all(contents: Sequence[bytes]) -> list[Any]:
        """Do one thing with all of them, and then the next: what stays in the processor's caches is fast."""
        made = list(map(read, contents))
        space = bytearray()
        for position, content in enumerate(contents):
            data = made[position]
            if data is not None:
                bare = getattr(data, wrapper) if type(data) is wrapped else data
                made[position] = bare if _has_all(data, content, space) else None
        return made

    return read_all


def _is_flat(content: bytes) -> bool:
    lists = content.count(b"[")
    return content.count(b":") + lists < _DEEP or content.count(b"{") + lists < _DEEP


def _has_all(data: object, content: bytes, space: bytearray) -> bool:
    """Whether no key is lost; ``space`` is where the data are written to, again and again."""
    if b"\\" in content and _ODD.search(content):
        return False
    _encode_into(data, space)
    return space.count(b":") == content.count(b":")

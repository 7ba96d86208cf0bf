"""Parses JSON with msgspec, faster than `read_json`, where the result is certain to be the same.

msgspec rejects every text that `read_json` rejects, and some others. It gives the same data for the texts it accepts,
except that it does not report duplicate keys and has another nesting limit. Texts that might have duplicate keys, or
are nested deeply, are parsed with `read_json` instead.

Duplicate keys are detected by counting colons: there is one after each key, and all others are in strings. If a key was
lost, the data encoded as JSON again have fewer colons than the text. Only an escaped colon, which is encoded without
the escape, could offset a lost one. The nesting depth is at most the number of colons and opening brackets, since each
level is a list or the value of a key.
"""

from __future__ import annotations

import re

import msgspec

from premigrate.documents.document import Document
from premigrate.documents.json_text import read_json

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode
_ERRORS = (msgspec.MsgspecError, ValueError, OverflowError, RecursionError)
_UNSAFE_ESCAPE = re.compile(rb"\\u(?:0000|003|[dD])")
"""Escapes of U+0000, of surrogates, and of U+0030 to U+003F, which include the colon."""
_SAFE_DEPTH = 500
"""Nesting levels that every parser accepts."""


def read_json_fast(content: bytes) -> Document:
    """Parse JSON. The document has no text; `attach_text` adds it to locate places.

    Raises:
        BadPayloadText: as `read_json` does.

    """
    try:
        data = _decode(content)
        if _is_shallow(content) and _has_all_keys(data, content):
            return Document(data)
    except _ERRORS:
        pass  # read_json reports the error, or accepts the text
    return read_json(content)._replace(text="", locate=None)


def _is_shallow(content: bytes) -> bool:
    lists = content.count(b"[")
    return content.count(b":") + lists < _SAFE_DEPTH or content.count(b"{") + lists < _SAFE_DEPTH


def _has_all_keys(data: object, content: bytes) -> bool:
    """Return whether the data have all keys of the text."""
    written = _encode(data)
    if written == content:
        return True
    if b"\\" in content and _UNSAFE_ESCAPE.search(content):
        return False
    return written.count(b":") == content.count(b":")

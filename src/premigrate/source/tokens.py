"""Takes a JSON text apart into tokens that know where they stand."""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple


class Token(NamedTuple):
    """A piece of a text: a bracket, or a scalar. ``start`` and ``end`` count characters; the end is not included.

    ``kind`` is ``{``, ``}``, ``[``, ``]`` or ``scalar``; ``text`` is what a scalar says if it is a key.
    """

    kind: str
    start: int
    end: int
    text: str = ""


_BRACKETS = frozenset("{}[]")
_PIECE = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]]|[^\s{}\[\]",:]+', re.DOTALL)


def json_tokens(text: str) -> Iterator[Token]:
    """Take a text apart that is known to be JSON."""
    for match in _PIECE.finditer(text):
        piece, (start, end) = match[0], match.span()
        if piece in _BRACKETS:
            yield Token(piece, start, end)
        elif piece[0] != '"' or len(piece) >= _LONG:
            yield Token("scalar", start, end, piece)
        else:
            yield Token("scalar", start, end, json.loads(piece) if "\\" in piece else piece[1:-1])


_LONG = 1 << 12
"""Characters. Of a longer text nobody asks what it says: no key is that long."""

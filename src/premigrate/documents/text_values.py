"""The values of a JSON or YAML text with their positions, and edits of the text."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class TextValue:
    """A value in a text, from ``start`` to ``end`` in characters.

    ``kind`` is ``{`` for an object, ``[`` for a list, and ``scalar`` for other values. ``is_block`` is true for an
    object or list of YAML without brackets. ``members`` are the values in it, in the order of the text; they are read
    only where they are needed.
    """

    __slots__ = ("end", "is_block", "kind", "members", "start")

    def __init__(self, kind: str, start: int, end: int, *, is_block: bool = False) -> None:
        self.kind, self.start, self.end, self.is_block = kind, start, end, is_block
        self.members: list[Member] = []


class Member(NamedTuple):
    """A value in an object or list, with its key or position. An item of a list has an empty key before it."""

    step: str | int
    key_start: int
    key_end: int
    value: TextValue


class TextEdit(NamedTuple):
    """The replacement of the characters from ``start`` to ``end`` by another text."""

    start: int
    end: int
    text: str


def apply_edits(text: str, edits: Iterable[TextEdit]) -> str:
    """Return the text with the edits, which must not overlap."""
    pieces: list[str] = []
    done = 0
    for start, end, new in sorted(edits, key=itemgetter(0, 1)):
        pieces += (text[done:start], new)
        done = end
    return "".join((*pieces, text[done:]))

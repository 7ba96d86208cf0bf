"""Maps places in the data of a text to positions in the text: line and column, and the text of a value."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from premigrate.results import Place

PlaceTree: TypeAlias = dict[str | int, Any]
"""A tree of places: each step maps to the tree of the steps after it."""


class Span(NamedTuple):
    """The position of a value: ``start`` to ``end`` in characters; ``key_start`` is where its key starts, or it itself.

    ``kind`` is ``{`` for an object, ``[`` for a list, and ``scalar`` for other values, in YAML as in JSON. The end of
    an object or list is not searched for: its ``end`` is one character after its start.
    """

    key_start: int
    start: int
    end: int
    kind: str


class LineRange(NamedTuple):
    """A span as lines and columns, which count from 1, in characters; the end column is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class LocatedValue:
    """A located value. ``children`` holds the located values in it, by their step."""

    __slots__ = ("children", "span")

    def __init__(self, span: Span) -> None:
        self.span = span
        self.children: dict[str | int, LocatedValue] = {}


def build_place_tree(places: Iterable[Place]) -> PlaceTree:
    """Build a tree of places."""
    wanted: PlaceTree = {}
    for place in places:
        branch = wanted
        for step in place:
            branch = branch.setdefault(step, {})
    return wanted


class SourceMap:
    """The positions of the places in one text. A place that does not exist has that of the nearest value around it.

    ``origin`` is the line and column in the file at which the text begins.
    """

    def __init__(self, text: str, found: LocatedValue | None, origin: tuple[int, int] = (1, 1)) -> None:
        self._text, self._found = text, found
        self._first, column = origin
        self._starts = [1 - column, *accumulate(len(line) + 1 for line in text.split("\n"))]

    def resolve(self, place: Place) -> tuple[Span, int]:
        """Return the span of a place, or of the nearest value around it, and how many steps of the place exist.

        Without a text, the number is -1, because not even the top-level value exists.
        """
        found = self._found
        if found is None:
            return Span(0, 0, 0, "scalar"), -1
        for count, step in enumerate(place):
            below = found.children.get(step)
            if below is None:
                return found.span, count
            found = below
        return found.span, len(place)

    def span(self, place: Place) -> Span:
        """Return the span of the value at a place, or of the nearest value around it."""
        return self.resolve(place)[0]

    def has(self, place: Place) -> bool:
        """Return whether the text has a value at exactly this place."""
        return self.resolve(place)[1] == len(place)

    def line_range(self, start: int, end: int) -> LineRange:
        """Convert a range of character offsets to lines and columns of the file."""
        starts, before = self._starts, self._first - 1
        line, last = bisect_right(starts, start), bisect_right(starts, max(start, end - 1))
        return LineRange(before + line, start - starts[line - 1] + 1, before + last, end - starts[last - 1] + 1)

    def text(self, start: int, end: int) -> str:
        """Return the text between two character offsets."""
        return self._text[start:end]

"""Tells where in a text the places of its data are: the line and column, and the piece of text that stands there."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from premigrate.results import Place

Wanted: TypeAlias = dict[str | int, Any]
"""The next steps of places, each with those behind it."""


class Span(NamedTuple):
    """Where a value stands: ``start`` to ``end`` in characters, and where its key begins (its own start without).

    ``kind`` is ``{``, ``[`` or ``scalar``, whatever the brackets of the text look like. Of an object or list only the
    beginning is known: its end is that of its first character.
    """

    key: int
    start: int
    end: int
    kind: str


class Spot(NamedTuple):
    """A span as people count: lines and columns from 1, in characters; the end column is not included."""

    line: int
    column: int
    end_line: int
    end_column: int


class Found:
    """A value that was found, and by their steps the values found below it."""

    __slots__ = ("below", "span")

    def __init__(self, span: Span) -> None:
        self.span = span
        self.below: dict[str | int, Found] = {}


def wanted_at(places: Iterable[Place]) -> Wanted:
    """Join places to a tree of steps."""
    wanted: Wanted = {}
    for place in places:
        branch = wanted
        for step in place:
            branch = branch.setdefault(step, {})
    return wanted


class Layout:
    """The places of one text. A place that is not there is shown at the nearest object or list around it.

    ``begins`` is the line and column of its file where the text begins.
    """

    def __init__(self, text: str, found: Found | None, begins: tuple[int, int] = (1, 1)) -> None:
        self._text, self._found = text, found
        self._first, column = begins
        self._starts = [1 - column, *accumulate(len(line) + 1 for line in text.split("\n"))]

    def reach(self, place: Place) -> tuple[Span, int]:
        """Find the value at a place, or the nearest thing around it; tell also how many steps of the place lead there.

        If there is no text, no step does, not even none: it is -1.
        """
        found = self._found
        if found is None:
            return Span(0, 0, 0, "scalar"), -1
        for count, step in enumerate(place):
            below = found.below.get(step)
            if below is None:
                return found.span, count
            found = below
        return found.span, len(place)

    def span(self, place: Place) -> Span:
        """Find the value at a place, or the nearest thing around it."""
        return self.reach(place)[0]

    def has(self, place: Place) -> bool:
        """Whether the text has a value at exactly this place."""
        return self.reach(place)[1] == len(place)

    def spot(self, start: int, end: int) -> Spot:
        """Count lines and columns."""
        starts, before = self._starts, self._first - 1
        line, last = bisect_right(starts, start), bisect_right(starts, max(start, end - 1))
        return Spot(before + line, start - starts[line - 1] + 1, before + last, end - starts[last - 1] + 1)

    def text(self, start: int, end: int) -> str:
        """Give the piece of text between two positions."""
        return self._text[start:end]

"""Tells where in a text the places of its data are: the line and column, and the piece of text that stands there."""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import Any, NamedTuple

from premigrate.errors import Place
from premigrate.source.tokens import Token

_Wanted = dict[str | int, Any]


class Span(NamedTuple):
    """Where a value stands: ``start`` to ``end`` in characters, and where its key begins (its own start without).

    ``kind`` is ``{``, ``[`` or ``scalar``, whatever the brackets of the text look like.
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


class Layout:
    """The places of one text. A place that is not there is shown at the nearest object or list around it."""

    def __init__(self, text: str, tokens: Iterable[Token], places: Iterable[Place]) -> None:
        self._text = text
        self._starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
        self._spans = _locate(tokens, places)

    def span(self, place: Place) -> Span:
        """Find the value at a place, or the nearest thing around it."""
        while place and place not in self._spans:
            place = place[:-1]
        return self._spans.get(place, Span(0, 0, 0, "scalar"))

    def has(self, place: Place) -> bool:
        """Whether the text has a value at exactly this place."""
        return place in self._spans

    def spot(self, start: int, end: int) -> Spot:
        """Count lines and columns."""
        line, last = bisect_right(self._starts, start), bisect_right(self._starts, max(start, end - 1))
        return Spot(line, start - self._starts[line - 1] + 1, last, end - self._starts[last - 1] + 1)

    def text(self, start: int, end: int) -> str:
        """Give the piece of text between two positions."""
        return self._text[start:end]


class _Frame:
    """An open object or list during the walk: which of its places are wanted, and where it began."""

    __slots__ = ("is_object", "key", "key_start", "place", "position", "span_key", "start", "wanted")

    def __init__(self, place: Place | None, wanted: _Wanted, start: int, span_key: int, *, is_object: bool) -> None:
        self.place, self.wanted, self.start, self.span_key, self.is_object = place, wanted, start, span_key, is_object
        self.key: str | None = None
        self.key_start = 0
        self.position = -1


def _locate(tokens: Iterable[Token], places: Iterable[Place]) -> dict[Place, Span]:
    """Walk through the tokens once, and note where the wanted places and all that is around them are.

    Of a key given twice the last value holds, so what was found below the first is forgotten.
    """
    wanted: _Wanted = {}
    for place in places:
        branch = wanted
        for step in place:
            branch = branch.setdefault(step, {})
    found = _Found()
    stack: list[_Frame] = []
    for token in tokens:
        top = stack[-1] if stack else None
        if token.kind in "}]":
            _close(stack.pop(), token, found)
        elif top and top.is_object and top.key is None:
            top.key, top.key_start = token.text, token.start
        else:
            here, branch, key_start = _enter(top, wanted, token, found)
            if token.kind != "scalar":
                stack.append(_Frame(here, branch, token.start, key_start, is_object=token.kind == "{"))
            elif here is not None:
                found.add(here, Span(key_start, token.start, token.end, "scalar"))
    return found.spans


class _Found:
    """The spans found so far, and what is below each place, so that it can be forgotten without a search."""

    def __init__(self) -> None:
        self.spans: dict[Place, Span] = {}
        self._below: dict[Place, list[Place]] = {}

    def add(self, place: Place, span: Span) -> None:
        """Note where a place is."""
        self.spans[place] = span
        if place:
            self._below.setdefault(place[:-1], []).append(place)

    def forget(self, place: Place) -> None:
        """Forget a place and all below it, if it was found."""
        left = [place] if place in self.spans else []
        while left:
            lost = left.pop()
            self.spans.pop(lost, None)
            left += self._below.pop(lost, ())


def _close(frame: _Frame, token: Token, found: _Found) -> None:
    if frame.place is not None:
        found.add(frame.place, Span(frame.span_key, frame.start, token.end, "{" if frame.is_object else "["))


def _enter(top: _Frame | None, wanted: _Wanted, token: Token, found: _Found) -> tuple[Place | None, _Wanted, int]:
    """Tell the place of the value that begins with a token (None if nobody wants it), and what is wanted below."""
    if top is None:
        return (), wanted, token.start
    step: str | int
    if top.is_object:
        step, key_start, top.key = top.key or "", top.key_start, None
    else:
        top.position += 1
        step, key_start = top.position, token.start
    if top.place is None or step not in top.wanted:
        return None, {}, key_start
    place = (*top.place, step)
    found.forget(place)
    return place, top.wanted[step], key_start

"""Locates values in a JSON text by their places; values off the paths to them are skipped as a whole."""

import json
import re
from collections.abc import Iterable

from premigrate.documents.source_map import LocatedValue, PlaceTree, Span, build_place_tree
from premigrate.results import Place

_raw_decode = json.JSONDecoder().raw_decode
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
KEY = re.compile(rf"[ \t\r\n,]*+({_STRING})[ \t\r\n]*+:[ \t\r\n]*+", re.DOTALL)
SEPARATORS = re.compile(r"[ \t\r\n,]*+")
_BRACKETS = re.compile(rf"{_STRING}|[{{}}\[\]]", re.DOTALL)


class _Open:
    """An object or list being searched: the wanted values in it, and in a list the index of the next value."""

    __slots__ = ("found", "is_object", "position", "wanted")

    def __init__(self, found: LocatedValue, wanted: PlaceTree) -> None:
        self.found, self.wanted = found, wanted
        self.is_object = found.span.kind == "{"
        self.position = 0


def locate_json(text: str, places: Iterable[Place], *, has_duplicate_keys: bool) -> LocatedValue:
    """Locate places in a text that is valid JSON. The last value of a duplicate key counts.

    ``has_duplicate_keys``: whether objects may have duplicate keys; if not, the search ends once all places are found.
    """
    start = match_end(SEPARATORS, text, 0)
    wanted = build_place_tree(places)
    top = found = LocatedValue(_span(text, start, start))
    stack: list[_Open] = []
    left = 0  # wanted steps in all open objects and lists that are not found yet
    while True:
        if wanted and found.span.kind != "scalar":
            stack.append(_Open(found, wanted))
            left += len(wanted)
            at = start + 1
        else:
            at = found.span.end if found.span.kind == "scalar" else value_end(text, start)
        step = None
        while stack and (left or has_duplicate_keys):
            step, key, start = _next_wanted(text, at, stack[-1])
            if step is not None:
                break
            at = start + 1
            left -= len(stack.pop().wanted)
        if step is None:
            return top
        around = stack[-1]
        wanted = around.wanted[step]
        if not has_duplicate_keys:
            del around.wanted[step]
            left -= 1
        around.found.children[step] = found = LocatedValue(_span(text, key, start))


def _next_wanted(text: str, at: int, around: _Open) -> tuple[str | int | None, int, int]:
    """Find the next wanted value: its key or index, and the start of its key and of itself; None at the end."""
    if around.is_object:
        while match := KEY.match(text, at):
            written = match[1]
            key = json.loads(written) if "\\" in written else written[1:-1]
            if key in around.wanted:
                return key, match.start(1), match.end()
            at = value_end(text, match.end())
    else:
        while text[at := match_end(SEPARATORS, text, at)] != "]":
            position = around.position
            around.position += 1
            if position in around.wanted:
                return position, at, at
            at = value_end(text, at)
    at = match_end(SEPARATORS, text, at)
    return None, at, at


def _span(text: str, key: int, start: int) -> Span:
    kind = text[start]
    return Span(key, start, start + 1, kind) if kind in "{[" else Span(key, start, value_end(text, start), "scalar")


def value_end(text: str, start: int) -> int:
    """Find the end of a value."""
    try:
        end: int = _raw_decode(text, start)[1]
    except RecursionError:  # nested so deeply that it could be parsed only with fewer callers
        depth = 0
        for match in _BRACKETS.finditer(text, start):
            depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(match[0], 0)
            if not depth:
                return match.end()
        raise
    return end


def match_end(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Return the end of a match at an offset; the offset itself if there is none."""
    match = pattern.match(text, at)
    return match.end() if match else at

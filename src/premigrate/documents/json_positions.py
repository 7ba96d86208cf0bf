"""Finds in a JSON text where the values at some places stand; what is beside the way to them is passed as a whole."""

import json
import re
from collections.abc import Iterable

from premigrate.documents.positions import Found, Span, Wanted, wanted_at
from premigrate.results import Place

_read = json.JSONDecoder().raw_decode
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_KEY = re.compile(rf"[ \t\r\n,]*+({_STRING})[ \t\r\n]*+:[ \t\r\n]*+", re.DOTALL)
_BETWEEN = re.compile(r"[ \t\r\n,]*+")
_BRACKETS = re.compile(rf"{_STRING}|[{{}}\[\]]", re.DOTALL)


class _Open:
    """An object or list on the way: what is wanted of it, and in a list the position of the next value."""

    __slots__ = ("found", "is_object", "position", "wanted")

    def __init__(self, found: Found, wanted: Wanted) -> None:
        self.found, self.wanted = found, wanted
        self.is_object = found.span.kind == "{"
        self.position = 0


def locate_json(text: str, places: Iterable[Place], *, has_repeats: bool) -> Found:
    """Find places in a text that is known to be JSON. Of a key given twice the last value counts.

    ``has_repeats``: an object may give a key twice; otherwise the search ends with the last place.
    """
    start = _after(_BETWEEN, text, 0)
    wanted = wanted_at(places)
    top = found = Found(_span(text, start, start))
    way: list[_Open] = []
    left = 0  # steps that are wanted and were not found, of all that is open
    while True:
        if wanted and found.span.kind != "scalar":
            way.append(_Open(found, wanted))
            left += len(wanted)
            at = start + 1
        else:
            at = found.span.end if found.span.kind == "scalar" else _end(text, start)
        step = None
        while way and (left or has_repeats):
            step, key, start = _next(text, at, way[-1])
            if step is not None:
                break
            at = start + 1
            left -= len(way.pop().wanted)
        if step is None:
            return top
        around = way[-1]
        wanted = around.wanted[step]
        if not has_repeats:
            del around.wanted[step]
            left -= 1
        around.found.below[step] = found = Found(_span(text, key, start))


def _next(text: str, at: int, around: _Open) -> tuple[str | int | None, int, int]:
    """Go to the next wanted value: its key or position, and where its key and itself begin; None at the end."""
    if around.is_object:
        while match := _KEY.match(text, at):
            written = match[1]
            key = json.loads(written) if "\\" in written else written[1:-1]
            if key in around.wanted:
                return key, match.start(1), match.end()
            at = _end(text, match.end())
    else:
        while text[at := _after(_BETWEEN, text, at)] != "]":
            position = around.position
            around.position += 1
            if position in around.wanted:
                return position, at, at
            at = _end(text, at)
    at = _after(_BETWEEN, text, at)
    return None, at, at


def _span(text: str, key: int, start: int) -> Span:
    kind = text[start]
    return Span(key, start, start + 1, kind) if kind in "{[" else Span(key, start, _end(text, start), "scalar")


def _end(text: str, start: int) -> int:
    """Find where a value ends."""
    try:
        end: int = _read(text, start)[1]
    except RecursionError:  # it is nested as deep as could be read with fewer callers
        depth = 0
        for match in _BRACKETS.finditer(text, start):
            depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(match[0], 0)
            if not depth:
                return match.end()
        raise
    return end


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at

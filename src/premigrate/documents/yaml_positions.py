"""Finds in a YAML text where the values at some places stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from premigrate.documents.positions import Found, Span, Wanted, wanted_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from premigrate.results import Place

_KINDS = {"MappingStartEvent": "{", "SequenceStartEvent": "[", "ScalarEvent": "scalar"}
_ENDS = {"MappingEndEvent", "SequenceEndEvent"}


class _Open:
    """An open mapping or sequence. ``found`` is None if it is not wanted; ``key`` is that of the value that follows."""

    __slots__ = ("found", "is_object", "key", "key_start", "position", "wanted")

    def __init__(self, found: Found | None, wanted: Wanted, *, is_object: bool) -> None:
        self.found, self.wanted, self.is_object = found, wanted, is_object
        self.key: str | None = None
        self.key_start = 0
        self.position = -1


def locate_yaml(events: Iterable[Any], places: Iterable[Place]) -> Found | None:
    """Find places in a text by the events of its parser. Of a key given twice the last value counts."""
    top = _Open(None, {0: wanted_at(places)}, is_object=False)
    top.found = Found(Span(0, 0, 0, "["))  # as if the text were the only item of a list
    way = [top]
    for event in events:
        name = type(event).__name__
        if name in _ENDS:
            way.pop()
        elif kind := _KINDS.get(name):
            around = way[-1]
            if around.is_object and around.key is None:
                around.key, around.key_start = event.value, event.start_mark.index
                continue
            found, wanted = _enter(around, event, kind)
            if kind != "scalar":
                way.append(_Open(found, wanted, is_object=kind == "{"))
    return top.found.below.get(0)


def _enter(around: _Open, event: Any, kind: str) -> tuple[Found | None, Wanted]:  # noqa: ANN401 - the library has no types
    """Note where the value of an event is, if it is wanted; give that, and what is wanted below."""
    start, end = event.start_mark.index, event.end_mark.index
    step: str | int
    if around.is_object:
        step, key_start, around.key = around.key or "", around.key_start, None
    else:
        around.position += 1
        step, key_start = around.position, start
    if around.found is None or step not in around.wanted:
        return None, {}
    found = Found(Span(key_start, start, end if kind == "scalar" else start + 1, kind))
    around.found.below[step] = found
    return found, around.wanted[step]

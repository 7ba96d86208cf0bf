"""Locates values in a YAML text by their places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from premigrate.documents.source_map import LocatedValue, PlaceTree, Span, build_place_tree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from premigrate.results import Place

_KINDS = {"MappingStartEvent": "{", "SequenceStartEvent": "[", "ScalarEvent": "scalar"}
_ENDS = {"MappingEndEvent", "SequenceEndEvent"}


class _Open:
    """An open mapping or sequence. ``found`` is None if it is not wanted; ``key`` is the key of the next value."""

    __slots__ = ("found", "is_object", "key", "key_start", "position", "wanted")

    def __init__(self, found: LocatedValue | None, wanted: PlaceTree, *, is_object: bool) -> None:
        self.found, self.wanted, self.is_object = found, wanted, is_object
        self.key: str | None = None
        self.key_start = 0
        self.position = -1


def locate_yaml(events: Iterable[Any], places: Iterable[Place]) -> LocatedValue | None:
    """Locate places in a text by its parser events. The last value of a duplicate key counts."""
    top = _Open(None, {0: build_place_tree(places)}, is_object=False)
    top.found = LocatedValue(Span(0, 0, 0, "["))  # treats the document as the only item of a list
    stack = [top]
    for event in events:
        name = type(event).__name__
        if name in _ENDS:
            stack.pop()
        elif kind := _KINDS.get(name):
            around = stack[-1]
            if around.is_object and around.key is None:
                around.key, around.key_start = event.value, event.start_mark.index
                continue
            found, wanted = _enter(around, event, kind)
            if kind != "scalar":
                stack.append(_Open(found, wanted, is_object=kind == "{"))
    return top.found.children.get(0)


def _enter(around: _Open, event: Any, kind: str) -> tuple[LocatedValue | None, PlaceTree]:  # noqa: ANN401 - the library has no types
    """Record the span of the value of an event if it is wanted; return it with the wanted places below it."""
    start, end = event.start_mark.index, event.end_mark.index
    step: str | int
    if around.is_object:
        step, key_start, around.key = around.key or "", around.key_start, None
    else:
        around.position += 1
        step, key_start = around.position, start
    if around.found is None or step not in around.wanted:
        return None, {}
    found = LocatedValue(Span(key_start, start, end if kind == "scalar" else start + 1, kind))
    around.found.children[step] = found
    return found, around.wanted[step]

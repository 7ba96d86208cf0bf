"""Reads the positions of all values in a YAML text."""

from __future__ import annotations

from typing import Any

from premigrate.documents.text_values import Member, TextValue
from premigrate.documents.yaml_text import parse_events

_KINDS = {"MappingStartEvent": "{", "SequenceStartEvent": "["}
_ENDS = {"MappingEndEvent", "SequenceEndEvent"}
_BLOCK_STYLES = {"|", ">"}


class _Open:
    """A mapping or sequence that is being read, and the key of its next value."""

    __slots__ = ("key", "value")

    def __init__(self, value: TextValue) -> None:
        self.value = value
        self.key: tuple[str, int, int] | None = None


def read_yaml_values(text: str) -> TextValue:
    """Read the values of a text that `read_yaml` accepts.

    A mapping or sequence without brackets ends with its last value, and a text in block style with its last character
    that is no white space.
    """
    document = _Open(TextValue("[", 0, 0, is_block=True))  # treats the document as the only item of a list
    stack = [document]
    for event in parse_events(text):
        name = type(event).__name__
        if name in _ENDS:
            _close(stack.pop().value, event)
        elif name in _KINDS or name == "ScalarEvent":
            around = stack[-1]
            if name == "ScalarEvent" and around.value.kind == "{" and around.key is None:
                around.key = event.value, event.start_mark.index, event.end_mark.index
                continue
            value = _value(text, event, _KINDS.get(name, "scalar"))
            _add(around, value)
            if name != "ScalarEvent":
                stack.append(_Open(value))
    return document.value.members[0].value


def _value(text: str, event: Any, kind: str) -> TextValue:  # noqa: ANN401 - the library has no types
    start, end = event.start_mark.index, event.end_mark.index
    if kind != "scalar":
        return TextValue(kind, start, end, is_block=not event.flow_style)
    if event.style in _BLOCK_STYLES:
        end = start + len(text[start:end].rstrip())
    return TextValue(kind, start, end)


def _add(around: _Open, value: TextValue) -> None:
    members = around.value.members
    if around.key is None:
        members.append(Member(len(members), value.start, value.start, value))
    else:
        members.append(Member(*around.key, value))
        around.key = None


def _close(value: TextValue, event: Any) -> None:  # noqa: ANN401
    if value.is_block:
        value.end = value.members[-1].value.end if value.members else value.start
    else:
        value.end = event.end_mark.index

"""Reads the positions of values in a JSON text: those on the way to wanted places, and the values beside them."""

import json

from premigrate.documents.json_positions import KEY, SEPARATORS, match_end, value_end
from premigrate.documents.source_map import PlaceTree
from premigrate.documents.text_values import Member, TextValue


def read_json_values(text: str, wanted: PlaceTree) -> TextValue:
    """Read the values of a text that is valid JSON, with all members of the objects and lists around wanted places."""
    top = _read_value(text, match_end(SEPARATORS, text, 0))
    stack = [(top, wanted)]
    while stack:
        value, tree = stack.pop()
        if not tree or value.kind == "scalar":
            continue
        value.members = _read_object(text, value) if value.kind == "{" else _read_list(text, value)
        stack += [(member.value, tree[member.step]) for member in value.members if member.step in tree]
    return top


def _read_value(text: str, start: int) -> TextValue:
    kind = text[start] if text[start] in "{[" else "scalar"
    return TextValue(kind, start, value_end(text, start))


def _read_object(text: str, value: TextValue) -> list[Member]:
    members = []
    at = value.start + 1
    while match := KEY.match(text, at):
        members.append(Member(json.loads(match[1]), *match.span(1), _read_value(text, match.end())))
        at = members[-1].value.end
    return members


def _read_list(text: str, value: TextValue) -> list[Member]:
    members: list[Member] = []
    at = match_end(SEPARATORS, text, value.start + 1)
    while text[at] != "]":
        members.append(Member(len(members), at, at, _read_value(text, at)))
        at = match_end(SEPARATORS, text, members[-1].value.end)
    return members

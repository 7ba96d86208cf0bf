"""Hides personal values in the text of accounts, by position; the number of lines stays the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from premigrate.documents.json_text import read_json
from premigrate.documents.json_values import read_json_values
from premigrate.documents.text_values import TextEdit, apply_edits
from premigrate.engine.findings import MASK, looks_like_name
from premigrate.report.findings import EMPTY_VALUES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from premigrate.documents.source_map import PlaceTree
    from premigrate.documents.text_values import Member, TextValue
    from premigrate.report.findings import FieldLookup
    from premigrate.results import Place

    Accounts = Sequence[tuple[Place, FieldLookup]]

_COMMENT = re.compile(r"#[^\r\n]*")
_REST = re.compile(r"[^\r\n]+")


class _Located(NamedTuple):
    place: Place
    member: Member | None
    value: TextValue


class MaskedPair(NamedTuple):
    """The texts of accounts before and after fixes, with personal values hidden."""

    old: str
    new: str


def mask_pair(old: str, new: str, accounts: Accounts, *, is_yaml: bool) -> MaskedPair:
    """Hide the personal values of two texts; those that differ are marked as old and new."""
    if not accounts:
        return MaskedPair(_REST.sub(MASK, old), _REST.sub(MASK, new))
    olds, news = (list(_locate(text, is_yaml=is_yaml)) for text in (old, new))
    spellings = {each.place: old[each.value.start : each.value.end] for each in olds if each.value.kind == "scalar"}
    changed = {
        each.place
        for each in news
        if each.place in spellings and new[each.value.start : each.value.end] != spellings[each.place]
    }
    return MaskedPair(
        _mask(old, olds, accounts, changed, " (old)", is_yaml=is_yaml),
        _mask(new, news, accounts, changed, " (new)", is_yaml=is_yaml),
    )


def _mask(  # noqa: PLR0913 - one text, and what is known of it
    text: str, located: list[_Located], accounts: Accounts, changed: Collection[Place], note: str, *, is_yaml: bool
) -> str:
    declared = _Declarations(accounts)
    edits: list[TextEdit] = []
    spans: list[tuple[int, int]] = []
    for place, member, value in located:
        if member and isinstance(member.step, str):
            spans.append((member.key_start, member.key_end))
            if not looks_like_name(member.step):
                edits.append(_hidden(text, *spans[-1], ""))
        if value.kind == "scalar":
            spans.append((value.start, value.end))
            if text[value.start : value.end] not in EMPTY_VALUES and declared.is_personal(place):
                edits.append(_hidden(text, *spans[-1], note if place in changed else ""))
    if is_yaml:
        edits += _comments(text, spans)
    return apply_edits(text, edits)


class _Declarations:
    """Looks up the declarations of values by their places in a text of several accounts."""

    def __init__(self, accounts: Accounts) -> None:
        self._by_start = dict(accounts)
        self._lengths = {len(start) for start in self._by_start}

    def is_personal(self, place: Place) -> bool:
        """Return whether a value is personal; what is outside of all accounts may be."""
        for length in self._lengths:
            declared = self._by_start.get(place[:length])
            if declared and len(place) >= length:
                return declared.is_personal(place[length:], is_scalar=True)
        return True


def _hidden(text: str, start: int, end: int, note: str) -> TextEdit:
    """Return the edit that hides a text, with the same quotes and as many line ends."""
    quote = text[start] if text[start] in {'"', "'"} else ""
    return TextEdit(start, end, f"{quote}{MASK}{note}{quote}" + "\n" * text.count("\n", start, end))


def _comments(text: str, spans: list[tuple[int, int]]) -> Iterator[TextEdit]:
    """Return the edits that hide the comments of YAML, which stand between values."""
    done = 0
    for start, end in (*sorted(spans), (len(text), len(text))):
        for match in _COMMENT.finditer(text, done, start):
            yield TextEdit(*match.span(), f"# {MASK}")
        done = max(done, end)


def _locate(text: str, *, is_yaml: bool) -> Iterator[_Located]:
    """Yield all values of a text with their places."""
    if is_yaml:
        from premigrate.documents.yaml_values import read_yaml_values

        top = read_yaml_values(text)
    else:
        top = read_json_values(text, _all_places(read_json(text).data))
    stack = [_Located((), None, top)]
    while stack:
        located = stack.pop()
        yield located
        stack += [_Located((*located.place, each.step), each, each.value) for each in located.value.members]


def _all_places(data: Any) -> PlaceTree:  # noqa: ANN401 - any JSON value
    """Return the tree of all places in data; a place without values below it is an object or list of its own."""
    top: PlaceTree = {}
    stack = [(data, top)]
    while stack:
        value, tree = stack.pop()
        steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for step, inner in steps:
            tree[step] = {}
            stack.append((inner, tree[step]))
    return top

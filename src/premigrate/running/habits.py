"""Turns accounts that were looked at into the shapes that accounts of their origin usually have.

An export writes the same keys into all its accounts. Where a key was never seen, or always, no code has to ask for it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from premigrate.plan.shapes import (
    Anything,
    Choice,
    Day,
    Items,
    Kind,
    Member,
    Nested,
    Number,
    Shape,
    Shapes,
    Text,
    may_be_null,
)
from premigrate.running.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Iterator


class Habits:
    """Counts the keys of objects, by the shape of the object."""

    def __init__(self) -> None:
        self._times: Counter[str] = Counter()
        self._given: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._blank: defaultdict[str, set[str]] = defaultdict(set)
        self._null: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def note(self, made: Any, raw: dict[str, Any]) -> None:  # noqa: ANN401
        """Count the keys of an object and of all that are in it; ``made`` is what the parser made of it."""
        name = type(made).__name__
        self._times[name] += 1
        for key, value in raw.items():
            if value == "":
                self._blank[name].add(key)
            if value is None:
                self._null[name][key] += 1
                continue
            self._given[name][key] += 1
            for inside, below in _objects(getattr(made, key, None), value):
                self.note(inside, below)

    def narrow(self, shapes: Shapes) -> Shapes:
        """Leave out the keys that were never seen, and demand those that always were."""
        return {name: self._narrow(name, shape) for name, shape in shapes.items()}

    def _narrow(self, name: str, shape: Shape) -> Shape:
        if shape.is_open:
            return shape  # it would pass over what is left out, and say nothing
        given, null, times = self._given[name], self._null[name], self._times[name]
        members = [
            member._replace(
                kind=self._kind(name, member),
                required=member.required or given[member.name] + null[member.name] == times,
                nullable=member.nullable and (member.name in null or isinstance(member.kind, Anything | Number)),
            )
            for member in shape.members
            if member.required or member.name in given or member.name in null
        ]
        return shape._replace(members=tuple(members))

    def _kind(self, name: str, member: Member) -> Kind:
        kind = member.kind
        return kind._replace(blank=member.name in self._blank[name]) if isinstance(kind, Text) and kind.blank else kind


def _objects(made: object, raw: object) -> Iterator[tuple[object, dict[str, Any]]]:
    """Pair what the parser made with what it made it of; only of objects."""
    pairs = zip(made, raw, strict=False) if isinstance(made, list) and isinstance(raw, list) else ((made, raw),)
    for inside, below in pairs:
        if type(below) is dict and not isinstance(inside, dict):
            yield inside, below


def unheard_of(shapes: Shapes, narrow: Shapes) -> frozenset[str]:
    """Name the keys that none of the narrow shapes has."""
    return _keys(shapes) - _keys(narrow)


def _keys(shapes: Shapes) -> frozenset[str]:
    return frozenset(member.name for shape in shapes.values() for member in shape.members)


def facts_of(shape: Shape, narrow: Shape, unheard: frozenset[str], *, is_typed: bool) -> Facts:
    """Tell what is certain of the variables of a function for an object of a shape, where it has a narrower one."""
    left = {member.name for member in narrow.members}
    there = {f"f_{member.name}": member.kind for member in narrow.members if member.required and not member.nullable}
    return Facts(
        {f"f_{member.name}": None for member in shape.members if member.name not in left} | {"is_typed": is_typed},
        frozenset(there),
        frozenset(name for name, kind in there.items() if _is_filled(kind)),
        {name: said for name, kind in there.items() if (said := _type(kind))},
        unheard,
        frozenset(f"f_{member.name}" for member in narrow.members if member.required or not may_be_null(member)),
        any(member.required for member in narrow.members),
    )


def _is_filled(kind: Kind) -> bool:
    if isinstance(kind, Text):
        return not kind.blank
    return isinstance(kind, Choice | Nested | Day) or (isinstance(kind, Items) and kind.least > 0)


def _type(kind: Kind) -> str:
    match kind:
        case Text() | Choice():
            return "str"
        case Items():
            return "list"
        case Number():
            return "float"
        case _:
            return ""

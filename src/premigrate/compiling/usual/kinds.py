"""Tells what kinds of values a path can lead to, so that written code asks no more of them than it must."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from premigrate.rulebook import Field, Rulebook

    Fields: TypeAlias = tuple[Mapping[str, Field], ...]
    """The tables of fields that an object may have: more than one, if a choice selects them."""

_NEVER_ZERO = frozenset({"string", "email", "date", "datetime", "choice", "object", "list"})
_NUMBERS = frozenset({"decimal", "integer", "boolean"})


class Kinds:
    """Knows the objects of one market."""

    def __init__(self, book: Rulebook) -> None:
        self._book = book

    def inside(self, fields: Fields, key: str) -> Fields:
        """Find the tables of the objects that stand at a key, or are the items of a list there."""
        names = {spec.object or spec.list or "" for table in fields if (spec := table.get(key))}
        return tuple(table for name in sorted(names) for table in self._tables(name))

    def at(self, fields: Fields, steps: Iterable[str]) -> frozenset[str]:
        """Tell the kinds of what stands at the end of a path: types of fields, ``object`` or ``list``."""
        found = frozenset({"object"})
        for step in steps:
            if step == "[]":
                found = frozenset(kind.removeprefix("list of ") for kind in found)
                continue
            found = frozenset(_kind(table[step]) if step in table else "json" for table in fields) or frozenset(
                {"json"}
            )
            fields = self.inside(fields, step)
        return frozenset("list" if kind.startswith("list of ") else kind for kind in found)

    def _tables(self, name: str) -> Fields:
        spec = self._book.objects.get(name)
        if spec is None:
            return ()
        return tuple({**spec.fields, **self._book.objects[variant].fields} for variant in spec.variants.values()) or (
            spec.fields,
        )


def _kind(spec: Field) -> str:
    if spec.list:
        return f"list of {spec.list if spec.list in _NEVER_ZERO | _NUMBERS | {'json'} else 'object'}"
    return "object" if spec.object else spec.type or "json"


def says_something(value: str, again: str, kinds: frozenset[str]) -> str:
    """Write the test of whether a value says something; ``again`` is how it is called the second time."""
    if kinds <= _NEVER_ZERO:
        return value
    if kinds <= _NUMBERS:
        return f"{value} is not None"
    return f"({value} or {again} == 0)"

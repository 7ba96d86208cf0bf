"""Looks up what the program declares for a place in a payload: whether it is personal, and its choices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from premigrate.engine.program import Field, Object, Program, chosen_object, objects_within
from premigrate.results import Place

_MOST_NEAREST = 3
_MAX_LENGTH = 64  # characters; a longer text is not compared: that is slow, and it is unlikely to be a misspelling
_CACHE_SIZE = 4096


class FieldInfo:
    """The declarations of the places of an account. Declared places are cached; their number is limited."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._personal: dict[Place, tuple[bool, bool]] = {}

    def is_personal(self, place: Place, *, is_scalar: bool = False) -> bool:
        """Return whether reports must mask the value at a place.

        True at and below a personal field, and at undeclared places. A scalar is also personal where an object or a
        list is declared, because it can hold a whole address.
        """
        pattern = tuple([0 if isinstance(step, int) else step for step in place])
        found = self._personal.get(pattern)
        if found is None:
            steps = list(self._follow(pattern))
            is_personal = any(not fields or any(field.personal for field in fields) for fields, _ in steps)
            last, is_item = steps[-1] if steps else ((), False)
            is_value = bool(last) and all(field.value is not None and (is_item or not field.is_list) for field in last)
            found = is_personal, is_personal or not is_value
            if last:
                self._personal[pattern] = found
        return found[is_scalar]

    def position(self, place: Place, value: Mapping[str, Any], key: str | int) -> int | None:
        """Return the position of a key among the declared fields of an object; None if it is not declared there.

        Args:
            place: the place of the object.
            value: the object, whose key selects the variant if it has variants.
            key: the key.

        """
        steps = list(self._follow(place))
        names = [field.object for field in steps[-1][0]] if steps else [self._program.root]
        candidates = [chosen_object(self._program.objects[name], value) for name in names if name]
        fields: tuple[Field, ...] = ()
        most = -1
        for candidate in candidates:  # several if variants declare the object differently
            if candidate is not None:
                known = sum(field.name in value for field in candidate.fields)
                if known > most:
                    fields, most = candidate.fields, known
        for position, field in enumerate(fields):
            if field.name == key:
                return position
        return None

    def _follow(self, place: Place) -> Iterator[tuple[Sequence[Field], bool]]:
        """Yield the fields at each step, and whether the step is an item of their lists.

        There are several fields if variants declare a field of this name differently, and none at undeclared places.
        """
        objects = self._objects(self._program.root)
        fields: list[Field] = []
        is_item = True
        for step in place:
            if isinstance(step, int) and not is_item:
                is_item = True
                yield fields, True
                continue
            fields = [field for node in objects for field in node.fields if field.name == step] if is_item else []
            if not fields:
                yield fields, False
                return
            is_item = not any(field.is_list for field in fields)
            names = dict.fromkeys([field.object for field in fields if field.object])
            objects = tuple([node for name in names for node in self._objects(name)])
            yield fields, is_item

    def _objects(self, name: str) -> tuple[Object, ...]:
        """Return the objects that a reference to this name can mean: the object, or the variants of a select."""
        return tuple(objects_within(self._program.objects[name]))


@lru_cache(_CACHE_SIZE)
def _nearest(text: str, known: frozenset[str], most: int) -> list[str]:
    from difflib import get_close_matches  # imported late: only few payloads need it

    return get_close_matches(text, sorted(known), most)


def nearest(text: str, known: frozenset[str]) -> str | None:
    """Return the known text that is most similar to another; None if there is none."""
    near = _nearest(text, known, 1) if len(text) <= _MAX_LENGTH else None
    return near[0] if near else None


def nearest_several(text: str, known: frozenset[str]) -> list[str]:
    """Return up to three known texts that are most similar to another, whatever their case; the best one first."""
    if len(text) > _MAX_LENGTH:
        return []
    by_upper = {each.upper(): each for each in sorted(known)}
    return [by_upper[each] for each in _nearest(text.strip().upper(), frozenset(by_upper), _MOST_NEAREST)]

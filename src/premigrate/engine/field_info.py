"""What the rules declare of a place in a payload: whether it is personal, and the choices there are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from premigrate.engine.program import Field, Object, Program
from premigrate.results import Place

_LONGEST = 64  # characters; a longer text is no misspelling, and comparing it would be slow
_MOST_KEPT = 4096


class FieldInfo:
    """What is declared of the places of an account. It remembers declared ones, of which there are only so many."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._personal: dict[Place, tuple[bool, bool]] = {}

    def is_personal(self, place: Place, *, is_scalar: bool = False) -> bool:
        """Whether a report may not show the value at a place.

        True at and below a personal field, and wherever nothing is declared: of an unknown key, nothing is known. A
        scalar is personal where an object or a list belongs, too: a whole address may be in one text.
        """
        kind = tuple([0 if isinstance(step, int) else step for step in place])
        found = self._personal.get(kind)
        if found is None:
            way = list(self._follow(kind))
            is_personal = any(field is None or field.personal for field, _ in way)
            last, is_item = way[-1] if way else (None, False)
            is_value = last is not None and last.value is not None and (is_item or not last.is_list)
            found = is_personal, is_personal or not is_value
            if last is not None:
                self._personal[kind] = found
        return found[is_scalar]

    def nearest_choice(self, place: Place, said: object) -> str | None:
        """Find the choice that is most like what was said; None if none is, or there is no list of them."""
        *_, (field, is_item) = [(None, False), *self._follow(place)]
        if field is None or field.value is None or (field.is_list and not is_item):
            return None
        if not isinstance(said, str) or len(said) > _LONGEST:
            return None
        by_letters = {choice.upper(): choice for choice in field.value.choices or ()}
        near = nearest(said.strip().upper(), frozenset(by_letters))
        return by_letters[near] if near else None

    def _follow(self, place: Place) -> Iterator[tuple[Field | None, bool]]:
        """Yield the field at each step, and whether an item of its list is meant; None where nothing is declared."""
        objects = self._objects(self._program.root)
        field: Field | None = None
        is_item = True
        for step in place:
            if isinstance(step, int) and field is not None and field.is_list and not is_item:
                is_item = True
                yield field, True
                continue
            fields = [each for node in objects for each in node.fields if each.name == step] if is_item else []
            if not fields:
                yield None, False
                return
            field = fields[0]
            is_item = not field.is_list
            objects = self._objects(field.object) if field.object else ()
            yield field, is_item

    def _objects(self, name: str) -> tuple[Object, ...]:
        """List the objects that may stand where an object of this name is declared."""
        node = self._program.objects[name]
        return (node,) if isinstance(node, Object) else tuple(node.variants.values())


@lru_cache(_MOST_KEPT)
def _nearest(text: str, known: frozenset[str]) -> str | None:
    from difflib import get_close_matches  # only odd payloads need it

    near = get_close_matches(text, sorted(known), 1)
    return near[0] if near else None


def nearest(text: str, known: frozenset[str]) -> str | None:
    """Find the known text that is most like another; None if none is."""
    return _nearest(text, known) if len(text) <= _LONGEST else None

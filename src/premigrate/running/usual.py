"""Reads a payload with the functions that were written for its plan, and by the plan wherever it is unusual."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from premigrate.errors import Advice
from premigrate.running.events import Site, attr_of
from premigrate.running.reading import Reader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from premigrate.errors import Place
    from premigrate.plan import Check, FieldNode, ListNode, ObjectNode, SelectNode
    from premigrate.plan.nodes import Told

    Linked = tuple[Any, ...] | None
    """A place as it is handed down: that of the value around (None at the top), then the steps from there."""


class UsualReader(Reader):
    """Is asked by the written functions about all that they don't know."""

    def value(self, field: FieldNode, raw: object, place: Linked) -> object:
        """Read the value of a field that is there."""
        return self._read_value(field, raw, (*_flat(place), field.name))

    def tell_of(self, field: FieldNode, place: Linked) -> None:
        """Note that a field is there of which there is something to tell."""
        if field.advice:
            self.events.append(_told(field.advice, field.name, place))

    def miss(self, field: FieldNode, place: Linked) -> object:
        """Note that a field is not there."""
        return self._miss(field, (*_flat(place), field.name))

    def item(self, node: ListNode, raw: object, place: Linked) -> object:
        """Read an item of a list."""
        return self._read_item(node, raw, _flat(place))

    def read_here(self, node: SelectNode, raw: object, place: Linked) -> object:
        """Read an object whose kind is not told as usual."""
        return self.read(node, raw, _flat(place))

    def rest(self, node: ObjectNode, raw: dict[Any, object], values: dict[str, object], place: Linked) -> None:
        """Read the keys of an object that it does not declare."""
        self._read_rest(node, raw, values, _flat(place))

    def ask(self, asked: Sequence[Check], checks: Sequence[Check], here: object, place: Linked, start: int) -> None:
        """Note that those of the checks that are asked have to look at a value."""
        self.events.append(Site(tuple(check for check in checks if check in asked), here, _flat(place), start))


@lru_cache(maxsize=4096)
def _told(advice: Told, name: str, place: Linked) -> Advice:
    """Make an advice of which all is known; accounts tend to have the same keys at the same places."""
    path = (*_flat(place), name)
    return Advice(advice.detail, advice.code, attr_of(path), advice.rule, path)


def _flat(place: Linked) -> Place:
    steps: Place = ()
    while place is not None:
        steps = place[1:] + steps
        place = place[0]
    return steps

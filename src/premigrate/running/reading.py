"""Reads a payload against a plan: the values as the platform reads them, and the events met on the way."""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from premigrate.errors import Advice, Error, Place
from premigrate.formats import Misread
from premigrate.plan import WRONG, FieldNode, LeafNode, ListNode, Node, ObjectNode, Plan, SelectNode
from premigrate.plan.nodes import Texts, Told
from premigrate.running.declared import Declared, nearest
from premigrate.running.events import FIELD_RULE, Event, Site, attr_of, fill_masked, own_advice

NON_FIELD = "non_field_errors"
_REQUIRED = Misread("required")
_MOST_LOOKED_UP = 1000
"""Unknown keys of an account that are compared with the known ones, which is slow; so many are no misspellings."""


_new: Any = tuple.__new__
"""Makes a named tuple from all its parts, in half the time."""


_attr_of_field = lru_cache(4096)(attr_of)
"""Writes the place of a field; there are not many, for the keys are those that are declared."""


class Reader:
    """Reads one payload; ``events`` fills in document order."""

    def __init__(self, plan: Plan, declared: Declared, today: date) -> None:
        self.events: list[Event] = []
        self.today = today
        self._plan, self._declared = plan, declared
        self._patience = _MOST_LOOKED_UP

    def read(self, node: Node, raw: object, place: Place) -> object:
        """Read one value that is there and not null."""
        match node:
            case LeafNode():
                return self._read_leaf(node, raw, place)
            case ListNode():
                return self._read_list(node, raw, place)
            case ObjectNode():
                return self._read_object(node, raw, place)
            case SelectNode():
                return self._read_selected(node, raw, place)

    def advise(self, code: str, place: Place, **params: object) -> None:
        """Note an advice of the engine's own, unless it is switched off."""
        if hint := own_advice(self._plan.advice_texts, code, place, **params):
            self.events.append(hint)

    def tell(self, advice: Told, place: Place) -> None:
        """Note an advice of which all but the place is known."""
        self.events.append(_new(Advice, (advice.detail, advice.code, attr_of(place), advice.rule, place, "")))

    def _fail(self, texts: Texts, misread: Misread, place: Place, attr: Place | None = None) -> None:
        code, params = misread
        detail, masked = texts[code], ""
        if "{" in detail:
            detail, masked = fill_masked(detail, self._declared.is_personal, place, **params)
        told_at = _attr_of_field(place if attr is None else attr)
        self.events.append(_new(Error, (detail, code, told_at, FIELD_RULE, place, "now", "", masked)))

    def _read_leaf(self, leaf: LeafNode, raw: object, place: Place) -> object:
        value = leaf.read(raw)
        if isinstance(value, Misread):
            self._fail(leaf.texts, value, place)
            return WRONG
        if leaf.advise:
            for code in leaf.advise(raw, value):
                self.advise(code, place)
        return value

    def _read_list(self, node: ListNode, raw: object, place: Place) -> object:
        if not isinstance(raw, list | tuple):
            self._fail(node.texts, Misread("not_a_list", {"input_type": _type_name(raw)}), place)
            return WRONG
        return [self._read_item(node, item, (*place, position)) for position, item in enumerate(raw)]

    def _read_item(self, node: ListNode, item: object, place: Place) -> object:
        if item is None:
            self._fail(node.texts, Misread("null"), place)
            return WRONG
        value = self.read(node.item, item, place)
        if isinstance(node.item, LeafNode) and value is not WRONG:
            return self._check_leaf(node.item, value, place)
        return value

    def refuse_object(self, node: ObjectNode | SelectNode, misread: Misread, place: Place) -> object:
        """Note that there is no object where one must be; the framework blames a key that stands for the whole."""
        self._fail(node.texts, misread, place, (*place, NON_FIELD))
        return WRONG

    def _read_object(self, node: ObjectNode, raw: object, place: Place) -> object:
        if not isinstance(raw, dict):
            return self.refuse_object(node, Misread("invalid", {"datatype": _type_name(raw)}), place)
        start = len(self.events)
        values: dict[str, object] = {}
        for field in node.fields:
            if field.name in raw:
                values[field.name] = self._read_field(field, raw[field.name], (*place, field.name))
            elif field.required:
                values[field.name] = self._miss(field, (*place, field.name))
        self._read_rest(node, raw, values, place)
        if node.rules:
            self.events.append(Site(node.rules, values, place, start))
        return values

    def _read_rest(self, node: ObjectNode, raw: dict[Any, object], values: dict[str, object], place: Place) -> None:
        if node.open:
            values |= {str(key): value for key, value in raw.items() if key not in node.known}
        else:
            self._advise_unknown(node, raw, place)

    def _read_selected(self, node: SelectNode, raw: object, place: Place) -> object:
        if not isinstance(raw, dict):
            return self.refuse_object(node, Misread("invalid", {"datatype": _type_name(raw)}), place)
        key, inside = node.key, (*place, node.key.name)
        chosen = self._read_field(key, raw[key.name], inside) if key.name in raw else self._miss(key, inside)
        if not isinstance(chosen, str):
            return WRONG
        return self._read_object(node.variants[chosen], raw, place)

    def _miss(self, field: FieldNode, place: Place) -> object:
        self._fail(field.node.texts, _REQUIRED, place)
        return WRONG

    def _read_field(self, field: FieldNode, raw: object, place: Place) -> object:
        if field.advice:
            self.tell(field.advice, place)
        return self._read_value(field, raw, place)

    def _read_value(self, field: FieldNode, raw: object, place: Place) -> object:
        if raw is None:
            if field.nullable:
                return None
            self._fail(field.node.texts, Misread("null"), place)
            return WRONG
        return self._check_field(field, raw, place)

    def _check_field(self, field: FieldNode, raw: object, place: Place) -> object:
        start = len(self.events)
        node = field.node
        value = self._read_leaf(node, raw, place) if type(node) is LeafNode else self.read(node, raw, place)
        if value is WRONG or value is None or value == "":
            return value
        if field.rules:
            self.events.append(Site(field.rules, value, place, start))
        if isinstance(field.node, LeafNode):
            return self._check_leaf(field.node, value, place)
        if isinstance(field.node, ListNode) and isinstance(value, list):
            self._check_length(field.node, value, place, start)
        return value

    def _check_length(self, node: ListNode, items: list[object], place: Place, start: int) -> None:
        """Count items as the framework does: only once all of them are right."""
        if len(items) < node.min_items and not any(isinstance(event, Error) for event in self.events[start:]):
            self._fail(node.texts, Misread("min_length", {"min_length": node.min_items}), place)

    def _check_leaf(self, leaf: LeafNode, value: object, place: Place) -> object:
        failures = [failure for check in leaf.checks if (failure := check(value))]
        for failure in failures:
            self._fail(leaf.texts, failure, place)
        return WRONG if failures else value

    def _advise_unknown(self, node: ObjectNode, raw: dict[object, object], place: Place) -> None:
        if raw.keys() <= node.known:
            return
        for key in sorted(map(str, raw.keys() - node.known)):
            near = nearest(key, node.known) if self._patience > 0 else None
            self._patience -= 1
            if near:
                self.advise("unknown_field_near", (*place, key), name=key, nearest=near)
            else:
                self.advise("unknown_field", (*place, key), name=key)


def _type_name(raw: object) -> str:
    """Name a type as the server sees it: an exact number here is a float there."""
    return "float" if isinstance(raw, Decimal) else type(raw).__name__

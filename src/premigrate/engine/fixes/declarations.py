"""Finds what the program declares for the place of a finding."""

from __future__ import annotations

from typing import Any, NamedTuple

from premigrate.engine.program import Field, Object, Program, Select, chosen_object
from premigrate.results import Place


class Declaration(NamedTuple):
    """The declaration of a place.

    Attributes:
        field: the field, or the list of which the value is an item; None if nothing is declared there.
        is_item: whether the value is an item of a list.
        selects: whether the value selects the variant of its object.
        keys: the declared keys of the object that contains the value.

    """

    field: Field | None = None
    is_item: bool = False
    selects: bool = False
    keys: frozenset[str] = frozenset()


def declaration_at(program: Program, account: Any, place: Place) -> Declaration:  # noqa: ANN401 - any JSON value
    """Return the declaration of a place in an account; an empty one for what is not declared."""
    name, value = program.root, account
    found = Declaration()
    for step in place:
        if isinstance(step, int):
            is_item = isinstance(value, list) and found.field is not None and found.field.is_list and not found.is_item
            found = found._replace(is_item=True, selects=False) if is_item else Declaration()
            name = name if is_item else ""
        else:
            is_object = isinstance(value, dict) and (found.field is None or not found.field.is_list or found.is_item)
            found = _declared_key(program.objects[name], value, step) if is_object and name else Declaration()
            name = found.field.object if found.field is not None else ""
        value = _inner(value, step)
    return found


def _declared_key(node: Object | Select, value: dict[str, Any], key: str) -> Declaration:
    chosen = chosen_object(node, value)
    selectors = {}
    while isinstance(node, Select):
        selectors[node.key.name] = node.key
        inner = value.get(node.key.name)
        variant = node.variants.get(inner) if isinstance(inner, str) else None
        if variant is None:
            break
        node = variant
    fields = {field.name: field for field in chosen.fields} if chosen is not None else {}
    return Declaration(fields.get(key) or selectors.get(key), selects=key in selectors, keys=frozenset(fields))


def _inner(value: Any, step: str | int) -> Any:  # noqa: ANN401
    """Return the value at a key or position; None if there is none."""
    if isinstance(step, str):
        return value.get(step) if isinstance(value, dict) else None
    return value[step] if isinstance(value, list) and 0 <= step < len(value) else None


def value_at(account: Any, place: Place) -> Any:  # noqa: ANN401
    """Return the value at a place; None if there is none."""
    for step in place:
        account = _inner(account, step)
    return account


def has_value(account: Any, place: Place) -> bool:  # noqa: ANN401
    """Return whether there is a value at a place, which can be null."""
    holder = value_at(account, place[:-1])
    step = place[-1] if place else ""
    if isinstance(step, str):
        return isinstance(holder, dict) and step in holder
    return isinstance(holder, list) and 0 <= step < len(holder)

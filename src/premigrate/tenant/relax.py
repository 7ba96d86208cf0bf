"""Relaxes the fields of an overlay where an example of the document breaks the document's own schema."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from premigrate.results import Error, Place
from premigrate.ruleset.model.fields import FieldSpec, ObjectSpec
from premigrate.ruleset.model.ruleset import Ruleset

Table = dict[str, Any]


class DeclaredField(NamedTuple):
    """A field that a payload contains, and the object that declares it; no ``field`` for one that selects a kind."""

    object_name: str
    key: str
    field: FieldSpec | None


def declared_fields(ruleset: Ruleset, payload: object) -> Iterator[DeclaredField]:
    """Yield the fields of a ruleset that a payload contains."""
    yield from _below(ruleset, ruleset.root, payload)


def field_at(ruleset: Ruleset, payload: object, place: Place) -> DeclaredField | None:
    """Return the field at a place of a payload; None if no object declares it."""
    name, here, owner = ruleset.root, payload, None
    for step in place:
        if isinstance(step, str):
            owner = _declared(ruleset, name, here, step)
            if owner is None:
                return None
            name = _object_in(owner)
        here = _inside(here, step)
    return owner


def relaxation_for(owner: DeclaredField, error: Error, value: object) -> Table:
    """Return the change to a field that permits the value of an example; empty if there is none.

    A key that is None is removed.
    """
    field = owner.field
    if field is None:
        return {"select_required": False} if error.code == "required" else {}
    if error.code == "invalid_choice":
        return _choice_relaxation(field, value)
    if error.code == "null":
        return {"nullable_items" if isinstance(error.path[-1], int) else "nullable": True}
    if error.code == "invalid":
        return {"patterns": None} if field.patterns else {}
    if error.code in {"max_length", "min_length"} and isinstance(value, list):
        return {error.code.replace("length", "items"): None}
    return _RELAXATIONS.get(error.code, {})


_RELAXATIONS: Mapping[str, Table] = {
    "required": {"required": False},
    "blank": {"blank": True},
    "max_length": {"max_length": None},
    "min_length": {"min_length": None},
    "min_value": {"min": None, "above": None},
    "max_value": {"max": None, "below": None},
    "max_digits": {"max_digits": None},
    "max_decimal_places": {"decimal_places": None},
    "max_whole_digits": {"max_digits": None},
}
"""The changes to fields that permit values with errors, by the code of the error."""


def _choice_relaxation(field: FieldSpec, value: object) -> Table:
    if value == "":
        return {"blank": True}
    is_text = isinstance(value, str) and (field.listed or field.choices)
    return {"choices": [*(field.choices or ()), value]} if is_text else {}


def relax_field(tables: Table, owner: DeclaredField, change: Mapping[str, Any], at: str) -> None:
    """Apply a change to a field, or add a choice to the list of its choices. ``at`` is the pointer of the example."""
    listed = owner.field.listed if owner.field else None
    if listed and "choices" in change:
        tables["list"][listed]["values"] += change["choices"]
    elif owner.field is None:
        _change_object(tables, owner, change, at)
    else:
        _change_field(tables, owner, change, at)


def value_at(payload: object, place: Place) -> object:
    """Return the value at a place of a payload; None if there is none."""
    for step in place:
        payload = _inside(payload, step)
    return payload


def _change_object(tables: Table, owner: DeclaredField, change: Mapping[str, Any], at: str) -> None:
    own = tables.get("object", {}).get(owner.object_name)
    if own is not None and "like" not in own:
        own |= change
        return
    table = tables.setdefault("change", {}).setdefault(owner.object_name, {})
    reasons = [table.pop("because", ""), f"An example shows it: {at}"]
    table |= {**change, "because": ". ".join(filter(None, dict.fromkeys(reasons)))}


def _change_field(tables: Table, owner: DeclaredField, change: Mapping[str, Any], at: str) -> None:
    own = tables.get("object", {}).get(owner.object_name)
    changed = tables.get("change", {}).get(owner.object_name, {}).get("fields", {})
    key = next((key for key, each in changed.items() if each.get("key") == owner.key), owner.key)
    if own is not None and key in own.get("fields", ()):
        _apply(own["fields"][key], change)
        return
    fields = tables.setdefault("change", {}).setdefault(owner.object_name, {}).setdefault("fields", {})
    field = fields.setdefault(key, {})
    reasons = [field.pop("because", ""), f"An example shows it: {at}"]
    _apply(field, change)
    field["because"] = ". ".join(filter(None, dict.fromkeys(reasons)))


def _apply(field: Table, change: Mapping[str, Any]) -> None:
    for key, value in change.items():
        if value is None:
            field.pop(key, None)
        else:
            field[key] = value


def _below(ruleset: Ruleset, name: str, value: object) -> Iterator[DeclaredField]:
    if isinstance(value, list):
        for item in value:
            yield from _below(ruleset, name, item)
    elif isinstance(value, Mapping) and name in ruleset.objects:
        for key, inner in value.items():
            if owner := _declared(ruleset, name, value, str(key)):
                yield owner
                yield from _below(ruleset, _object_in(owner), inner)


def _declared(ruleset: Ruleset, name: str, value: object, key: str) -> DeclaredField | None:
    """Return the field that an object, or the kind that its value selects, declares under a key."""
    spec: ObjectSpec | None = ruleset.objects.get(name)
    if spec is None:
        return None
    if key in spec.fields:
        return DeclaredField(name, key, spec.fields[key])
    if key == spec.select:
        return DeclaredField(name, key, None)
    chosen = value.get(spec.select, spec.select_default) if spec.select and isinstance(value, Mapping) else None
    kind = spec.variants.get(chosen) if isinstance(chosen, str) else None
    return _declared(ruleset, kind, value, key) if kind else None


def _object_in(owner: DeclaredField) -> str:
    return (owner.field.object or owner.field.list or "") if owner.field else ""


def _inside(value: object, step: str | int) -> object:
    if isinstance(value, Mapping):
        return value.get(step)
    return value[step] if isinstance(value, list) and isinstance(step, int) and step < len(value) else None

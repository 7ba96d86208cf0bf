"""Relaxes the fields of an overlay where an example of the document breaks the document's own schema."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from premigrate.results import Error, Place
from premigrate.ruleset.model.fields import FieldSpec, ObjectSpec
from premigrate.ruleset.model.ruleset import Ruleset

Table = dict[str, Any]


class DeclaredField(NamedTuple):
    """A field that a payload contains, and the object that declares it."""

    object_name: str
    key: str
    field: FieldSpec


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
            name = owner.field.object or owner.field.list or ""
        here = _inside(here, step)
    return owner


def relaxation_for(owner: DeclaredField, error: Error, value: object) -> Table:
    """Return the change to a field that permits the value of an example; empty if there is none."""
    field = owner.field
    match error.code:
        case "required":
            return {"required": False}
        case "null":
            return {"nullable": True}
        case "blank":
            return {"blank": True}
        case "invalid_choice" if isinstance(value, str) and not value:
            return {"blank": True}
        case "invalid_choice" if isinstance(value, str) and (field.listed or field.choices):
            return {"choices": [*(field.choices or ()), value]}
    return {}


def relax_field(tables: Table, owner: DeclaredField, change: Mapping[str, Any], at: str) -> None:
    """Apply a change to a field, or add a choice to the list of its choices. ``at`` is the pointer of the example."""
    listed = owner.field.listed
    if listed and "choices" in change:
        tables["list"][listed]["values"] += change["choices"]
    else:
        _change_field(tables, owner, change, at)


def value_at(payload: object, place: Place) -> object:
    """Return the value at a place of a payload; None if there is none."""
    for step in place:
        payload = _inside(payload, step)
    return payload


def _change_field(tables: Table, owner: DeclaredField, change: Mapping[str, Any], at: str) -> None:
    own = tables.get("object", {}).get(owner.object_name)
    if own is not None:
        own["fields"][owner.key] |= change
        return
    changes = tables.setdefault("change", {}).setdefault(owner.object_name, {}).setdefault("fields", {})
    field = changes.setdefault(owner.key, {})
    reasons = [field.pop("because", ""), f"An example shows it: {at}"]
    field |= {**change, "because": ". ".join(filter(None, dict.fromkeys(reasons)))}


def _below(ruleset: Ruleset, name: str, value: object) -> Iterator[DeclaredField]:
    if isinstance(value, list):
        for item in value:
            yield from _below(ruleset, name, item)
    elif isinstance(value, Mapping) and name in ruleset.objects:
        for key, inner in value.items():
            if owner := _declared(ruleset, name, value, str(key)):
                yield owner
                yield from _below(ruleset, owner.field.object or owner.field.list or "", inner)


def _declared(ruleset: Ruleset, name: str, value: object, key: str) -> DeclaredField | None:
    """Return the field that an object, or the variant that its value selects, declares under a key."""
    spec: ObjectSpec | None = ruleset.objects.get(name)
    if spec is None:
        return None
    if key in spec.fields:
        return DeclaredField(name, key, spec.fields[key])
    chosen = value.get(spec.select) if spec.select and isinstance(value, Mapping) else None
    variant = spec.variants.get(chosen) if isinstance(chosen, str) else None
    own = ruleset.objects[variant].fields if variant else {}
    return DeclaredField(variant, key, own[key]) if variant and key in own else None


def _inside(value: object, step: str | int) -> object:
    if isinstance(value, Mapping):
        return value.get(step)
    return value[step] if isinstance(value, list) and isinstance(step, int) and step < len(value) else None

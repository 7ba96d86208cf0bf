"""Prepares a ruleset for examples, which contain only the fields that their rule reads."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from premigrate.engine.program import Object, Program, Select, chosen_object, objects_within
from premigrate.ruleset.kinds import family, selecting_objects, variants_below
from premigrate.ruleset.model.fields import ObjectSpec
from premigrate.ruleset.model.ruleset import Ruleset


def relax_objects(objects: Mapping[str, ObjectSpec]) -> dict[str, ObjectSpec]:
    """Return the objects with no required fields and no minimum numbers of items."""
    return {
        name: spec.model_copy(
            update={
                "fields": {
                    key: field.model_copy(update={"required": None, "min_items": None, "max_items": None})
                    for key, field in spec.fields.items()
                }
            }
        )
        for name, spec in objects.items()
    }


def with_selectors(ruleset: Ruleset, name: str, value: Any) -> Any:  # noqa: ANN401 - any example
    """Return a value of an object in which the fields that select variants are filled in where they are missing."""
    if isinstance(value, list):
        return [with_selectors(ruleset, name, item) for item in value]
    if not isinstance(value, dict):
        return value
    completed = dict(value)
    for owner in selecting_objects(name, ruleset.objects):
        spec = ruleset.objects[owner]
        for selecting, variant in spec.variants.items():
            if name == variant or name in variants_below(variant, ruleset.objects):
                completed.setdefault(str(spec.select), selecting)
    _select_variants(ruleset, ruleset.objects[name], completed)
    for key, target in _nested_objects(ruleset, name).items():
        if key in completed:
            completed[key] = with_selectors(ruleset, target, completed[key])
    return completed


def _select_variants(ruleset: Ruleset, spec: ObjectSpec, value: dict[str, Any]) -> None:
    """Fill in the required fields that select the variant of an object: the variant that has most of its keys."""
    while spec.select:
        if spec.needs_select:
            sizes = {
                choice: len(value.keys() & {key for each in family(variant, ruleset.objects) for key in each.fields})
                for choice, variant in spec.variants.items()
            }
            value.setdefault(spec.select, max(sizes, key=lambda choice: sizes[choice]))
        chosen = value.get(spec.select, spec.select_default)
        variant = spec.variants.get(chosen) if isinstance(chosen, str) else None
        if variant is None:
            return
        spec = ruleset.objects[variant]


def _nested_objects(ruleset: Ruleset, name: str) -> dict[str, str]:
    """Return the names of the objects in the fields of an object and its variants, by field."""
    specs = family(name, ruleset.objects)
    fields = [(key, field.object or field.list) for spec in specs for key, field in spec.fields.items()]
    return {key: target for key, target in fields if target and target in ruleset.objects}


def expand_placeholders(value: Any, as_of: date) -> Any:  # noqa: ANN401 - any example
    """Replace the placeholders of rule files: ``<null>``, as TOML has no null, and ``<today>``."""
    if isinstance(value, dict):
        return {key: expand_placeholders(item, as_of) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [expand_placeholders(item, as_of) for item in value]
    return {"<null>": None, "<today>": as_of.isoformat()}.get(value, value) if isinstance(value, str) else value


def find_object(program: Program, name: str, value: Mapping[str, Any]) -> Object | None:
    """Return an object of a program, in the variant that a value has; None if no account has it."""
    for node in program.objects.values():
        for each in _nodes_within(node):
            if each.name == name:
                return chosen_object(each, value) or next(objects_within(each))
    return None


def _nodes_within(node: Object | Select) -> Iterator[Object | Select]:
    """Yield a node, and below it all variants."""
    yield node
    for variant in node.variants.values() if isinstance(node, Select) else ():
        yield from _nodes_within(variant)

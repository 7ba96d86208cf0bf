"""Prepares a ruleset for examples, which hold only what their rule reads."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from premigrate.engine.program import Object, Program
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
    for owner, spec in ruleset.objects.items():
        for selecting, variant in spec.variants.items():
            if name in {owner, variant}:
                completed.setdefault(str(spec.select), selecting)
    for key, target in _nested_objects(ruleset, name).items():
        if key in completed:
            completed[key] = with_selectors(ruleset, target, completed[key])
    return completed


def _nested_objects(ruleset: Ruleset, name: str) -> dict[str, str]:
    """Return the names of the objects in the fields of an object and its variants, by field."""
    specs = [ruleset.objects[each] for each in (name, *ruleset.objects[name].variants.values())]
    fields = [(key, field.object or field.list) for spec in specs for key, field in spec.fields.items()]
    return {key: target for key, target in fields if target and target in ruleset.objects}


def expand_placeholders(value: Any, as_of: date) -> Any:  # noqa: ANN401 - any example
    """Replace the placeholders of rule files: ``<null>``, as TOML has no null, and ``<today>``."""
    if isinstance(value, dict):
        return {key: expand_placeholders(item, as_of) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [expand_placeholders(item, as_of) for item in value]
    return {"<null>": None, "<today>": as_of.isoformat()}.get(value, value) if isinstance(value, str) else value


def find_object(program: Program, ruleset: Ruleset, name: str) -> Object | None:
    """Return an object of a program, or the first variant of one that has variants; None if no account has it."""
    first = {
        next(iter(spec.variants.values())) for each, spec in ruleset.objects.items() if each == name and spec.select
    }
    return next((node for node in _objects_of(program) if node.name == name or node.name in first), None)


def _objects_of(program: Program) -> Iterator[Object]:
    """Yield all objects of a program, with the variants of selected ones."""
    for node in program.objects.values():
        yield from (node,) if isinstance(node, Object) else node.variants.values()

"""Builds payloads from the examples of rules, and fills in what an example leaves out."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from premigrate.engine.program import Object, Program
from premigrate.ruleset.model.fields import FieldSpec
from premigrate.ruleset.model.ruleset import Ruleset

_SAMPLE_BY_TYPE: dict[str, Any] = {
    "string": "x",
    "email": "homer@example.org",
    "date": "2025-01-01",
    "datetime": "2025-01-01T00:00:00Z",
    "decimal": "0",
    "integer": 1,
    "boolean": False,
    "choice": "x",
    "json": "x",
    "object": {},
}


_MAX_ITEMS = 100


def expand_placeholders(value: Any, as_of: date) -> Any:  # noqa: ANN401 - any example
    """Replace the placeholders of rule files: ``<null>``, as TOML has no null, and ``<today>``."""
    if isinstance(value, dict):
        return {key: expand_placeholders(item, as_of) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [expand_placeholders(item, as_of) for item in value]
    return {"<null>": None, "<today>": as_of.isoformat()}.get(value, value) if isinstance(value, str) else value


def objects_of(program: Program) -> Iterator[Object]:
    """Yield all objects of a program, with the variants of selected ones."""
    for node in program.objects.values():
        yield from (node,) if isinstance(node, Object) else node.variants.values()


def find_object(program: Program, ruleset: Ruleset, name: str) -> Object | None:
    """Return an object of a program, or the first variant of one that has variants; None if no account has it."""
    first = {
        next(iter(spec.variants.values())) for each, spec in ruleset.objects.items() if each == name and spec.select
    }
    return next((node for node in objects_of(program) if node.name == name or node.name in first), None)


def sample_object(ruleset: Ruleset, name: str) -> dict[str, Any]:
    """Return the smallest object whose fields and formats are valid."""
    chosen: dict[str, Any] = {}
    owners = [name]
    for owner, spec in ruleset.objects.items():
        for value, variant in spec.variants.items():
            if spec.select not in chosen and name in {variant, owner}:
                chosen[str(spec.select)] = value
                owners = [owner, variant]
    required = {
        key: _sample_field(ruleset, f"{owner}.{key}", field)
        for owner in owners
        for key, field in ruleset.objects[owner].fields.items()
        if field.required
    }
    return {**chosen, **required}


def _sample_field(ruleset: Ruleset, place: str, field: FieldSpec) -> Any:  # noqa: ANN401
    if field.list:
        item = (
            sample_object(ruleset, field.list)
            if field.list in ruleset.objects
            else _sample_value(ruleset, place, field, field.list)
        )
        return [item] * min(field.min_items or 0, _MAX_ITEMS)
    return (
        sample_object(ruleset, field.object) if field.object else _sample_value(ruleset, place, field, field.type or "")
    )


def _sample_value(ruleset: Ruleset, place: str, field: FieldSpec, kind: str) -> Any:  # noqa: ANN401
    for rule in ruleset.rules:
        if rule.format and place in rule.places:
            good = ruleset.schemes[rule.format.is_].arguments_for(ruleset.territory).good
            if good:
                return good[0]
    if field.choices:
        return field.choices[0]
    if field.listed and ruleset.lists[field.listed].values:
        return next(ruleset.lists[field.listed].rows())[0]
    if kind == "integer":
        return max(field.min if field.min is not None else 1, min(1, field.max if field.max is not None else 1))
    return _SAMPLE_BY_TYPE[kind]


def nested_objects(fragment: dict[str, Any]) -> dict[str, Any]:
    """Return the nested objects of a fragment, and lists of them, without any values."""
    parts = {
        key: [nested_objects(each) for each in value if isinstance(each, dict)] if isinstance(value, list) else value
        for key, value in fragment.items()
    }
    return {
        key: nested_objects(value) if isinstance(value, dict) else value
        for key, value in parts.items()
        if isinstance(value, dict) or (isinstance(value, list) and value)
    }


def merge_fragment(ruleset: Ruleset, name: str, base: dict[str, Any], fragment: dict[str, Any]) -> dict[str, Any]:
    """Merge a fragment into an object; nested objects and list items are completed from samples."""
    spec = ruleset.objects[name]
    variants = [ruleset.objects[variant] for variant in spec.variants.values()]
    fields = {key: field for each in (spec, *variants) for key, field in each.fields.items()}
    merged = dict(base)
    for key, value in fragment.items():
        field = fields.get(key)
        if field and field.object and isinstance(value, dict):
            merged[key] = merge_fragment(ruleset, field.object, sample_object(ruleset, field.object), value)
        elif field and field.list and field.list in ruleset.objects and isinstance(value, list):
            merged[key] = [
                merge_fragment(ruleset, field.list, sample_object(ruleset, field.list), item)
                if isinstance(item, dict)
                else item
                for item in value
            ]
        else:
            merged[key] = value
    return merged

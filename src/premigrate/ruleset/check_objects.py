"""Checks object definitions: their names, the objects and lists they refer to, cycles and nesting depth."""

from premigrate.ruleset.merge import RulesetDraft
from premigrate.ruleset.model.fields import SCALAR_TYPES, FieldSpec, ObjectSpec
from premigrate.ruleset.path_resolver import PathResolver

_MAX_DEPTH = 30
"""Maximum nesting of objects; the platform's own objects have five levels."""


def check_objects(draft: RulesetDraft, resolver: PathResolver) -> None:
    """Report problems in the objects of a draft."""
    for name, spec in draft.objects.items():
        file = draft.sources[f"object {name}"]
        for key, field in spec.fields.items():
            _check_field(draft, name, key, field)
        for choice, variant in spec.variants.items():
            _check_variant(draft, name, spec, choice, variant)
        if name in SCALAR_TYPES:
            draft.report.add(file, f"[object.{name}]", f"{name} is a type of single values; choose another name")
        if resolver.contains_itself(name):
            draft.report.add(file, f"[object.{name}]", "contains itself; objects can't be nested without end")
    if not draft.report.problems:
        _check_depth(draft)


def _check_field(draft: RulesetDraft, name: str, key: str, field: FieldSpec) -> None:
    """Report an undefined object or reference list in a field."""
    changed = draft.sources.get(f"field {name}.{key}")
    file = changed or draft.sources[f"object {name}"]
    place = f"[change.{name}.fields] {key}" if changed else f"[object.{name}] {key}"
    if field.object in SCALAR_TYPES:
        draft.report.add(file, place, f"{field.object} is a type of single values; write type = {field.object!r}")
    part = field.object or (field.list if field.list not in SCALAR_TYPES else None)
    if part and part not in draft.objects and field.object not in SCALAR_TYPES:
        draft.report.add_unknown(file, place, "object", part, draft.objects)
    if field.listed and field.listed not in draft.lists:
        draft.report.add_unknown(file, place, "reference list", field.listed, draft.lists)


def _check_variant(draft: RulesetDraft, name: str, spec: ObjectSpec, choice: str, variant: str) -> None:
    """Report an undefined variant, one with variants of its own, and one that redefines the select field."""
    changed = draft.sources.get(f"variant {name}.{choice}")
    file = changed or draft.sources[f"object {name}"]
    place = f"[change.{name}.variants] {choice}" if changed else f"[object.{name}] variants.{choice}"
    other = draft.objects.get(variant)
    if other is None:
        draft.report.add_unknown(file, place, "object", variant, draft.objects)
    elif other.select:
        draft.report.add(file, place, f"{variant} has variants itself, which a variant can't have")
    elif spec.select in other.fields:
        draft.report.add(file, place, f"the field {spec.select} of {variant} follows from select; leave it out")


def _check_depth(draft: RulesetDraft) -> None:
    """Report objects that are nested deeper than `_MAX_DEPTH` levels."""
    level, depth = {draft.market.root or ""}, 0
    while level and depth <= _MAX_DEPTH:
        depth += 1
        specs = [draft.objects[name] for name in level]
        parts = {field.object or field.list for spec in specs for field in spec.fields.values()}
        parts |= {variant for spec in specs for variant in spec.variants.values()}
        level = {part for part in parts if part in draft.objects}
    if level:
        name = min(level)
        message = f"objects are nested more than {_MAX_DEPTH} deep"
        draft.report.add(draft.sources[f"object {name}"], f"[object.{name}]", message)

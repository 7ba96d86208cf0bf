"""Checks object definitions: their names, the objects and lists they refer to, cycles and nesting depth."""

from premigrate.ruleset.kinds import variants_below
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
            _check_variant(draft, name, choice, variant)
        _check_select(draft, name, spec)
        if name in SCALAR_TYPES:
            draft.report.add(file, f"[object.{name}]", f"{name} is a type of single values; choose another name")
        if resolver.contains_itself(name):
            draft.report.add(file, f"[object.{name}]", "contains itself; an object must not be nested in itself")
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


def _check_select(draft: RulesetDraft, name: str, spec: ObjectSpec) -> None:
    """Report a ``select`` that changes left without variants, and a wrong default."""
    changed = draft.sources.get(f"select {name}")
    file = changed or draft.sources[f"object {name}"]
    place = f"[change.{name}] select" if changed else f"[object.{name}] select"
    if spec.select and not spec.variants:
        draft.report.add(file, place, f"{name} has no variants; add them in [change.{name}.variants]")
    elif spec.select in spec.fields:
        draft.report.add(file, place, f"the field {spec.select} follows from select; leave it out")
    elif mistake := spec.select_mistake:
        draft.report.add(file, place, mistake)


def _check_variant(draft: RulesetDraft, name: str, choice: str, variant: str) -> None:
    """Report an undefined variant, and one that redefines the select field of an object around it."""
    changed = draft.sources.get(f"variant {name}.{choice}")
    file = changed or draft.sources[f"object {name}"]
    place = f"[change.{name}.variants] {choice}" if changed else f"[object.{name}] variants.{choice}"
    key = draft.objects[name].select
    if variant not in draft.objects:
        draft.report.add_unknown(file, place, "object", variant, draft.objects)
        return
    for each in (variant, *variants_below(variant, draft.objects)):
        other = draft.objects[each]
        if key in other.fields or (key == other.select and each != name):
            draft.report.add(file, place, f"the field {key} of {each} follows from select; leave it out")


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
        message = f"objects are nested more than {_MAX_DEPTH} levels deep"
        draft.report.add(draft.sources[f"object {name}"], f"[object.{name}]", message)

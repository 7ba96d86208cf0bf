"""Applies a market's changes to the objects that all markets share."""

from pydantic import ValidationError

from premigrate.ruleset.apply_renames import apply_renames
from premigrate.ruleset.copies import add_copied_places, resolve_copies
from premigrate.ruleset.merge import RulesetDraft
from premigrate.ruleset.model.fields import FieldChange, FieldSpec
from premigrate.ruleset.path_resolver import PathResolver


def apply_changes(draft: RulesetDraft) -> set[tuple[str, str]]:
    """Apply all changes in file order; return the dropped fields as (object, field) pairs."""
    copies = {name for name, spec in draft.objects.items() if spec.like}
    for file in dict.fromkeys(draft.files):
        resolve_copies(draft, file, copies)
        _apply_field_changes(draft, file)
        _apply_select_changes(draft, file)
        _apply_variant_changes(draft, file)
    for name in draft.attr_changes.keys() & draft.rules.keys():
        draft.rules[name] = draft.rules[name].model_copy(update={"attr": draft.attr_changes[name].attr})
    for name in draft.code_changes.keys() & draft.rules.keys():
        draft.rules[name] = draft.rules[name].model_copy(update={"code": draft.code_changes[name].code})
    add_copied_places(draft)
    resolver = PathResolver(draft.objects, draft.market.root or "")
    dropped = {(name, key) for name, key in draft.dropped_fields if not resolver.has_place(f"{name}.{key}")}
    apply_renames(draft)
    return dropped


def _apply_field_changes(draft: RulesetDraft, of_file: str) -> None:
    for file, object_name, written, change in draft.field_changes:
        if file != of_file:
            continue
        place = f"[change.{object_name}.fields] {written}"
        spec = draft.objects.get(object_name)
        key = written if spec and written in spec.fields else _old_key(draft, object_name, written)
        if spec is None:
            draft.report.add_unknown(file, place, "object", object_name, draft.objects)
        elif key not in spec.fields and not (change.type or change.object or change.list):
            draft.report.add_unknown(file, place, "field", key, spec.fields)
        else:
            try:
                fields = _changed_fields(dict(spec.fields), key, change)
            except ValidationError as error:
                reasons = "; ".join(details["msg"].removeprefix("Value error, ") for details in error.errors())
                draft.report.add(file, place, f"the changed field is invalid: {reasons}")
                continue
            draft.objects[object_name] = spec.model_copy(update={"fields": fields})
            draft.sources[f"field {object_name}.{key}"] = file
            (draft.dropped_fields.add if change.drop else draft.dropped_fields.discard)((object_name, key))
            if change.key and change.key != key:
                draft.new_keys[object_name, key] = change.key, file
            elif change.key or change.drop:
                draft.new_keys.pop((object_name, key), None)


def _old_key(draft: RulesetDraft, name: str, key: str) -> str:
    """Return the key in the objects of a field that an earlier change has given this key."""
    return next((old for (owner, old), (new, _) in draft.new_keys.items() if (owner, new) == (name, key)), key)


def _apply_select_changes(draft: RulesetDraft, of_file: str) -> None:
    for file, name, change in draft.select_changes:
        if file != of_file:
            continue
        spec = draft.objects.get(name)
        if spec is None:
            draft.report.add_unknown(file, f"[change.{name}] select", "object", name, draft.objects)
            continue
        fields = {key: field for key, field in spec.fields.items() if key != change.select}
        draft.objects[name] = spec.model_copy(update={**change.select_changes, "fields": fields})
        draft.sources[f"select {name}"] = file
        if spec.select and change.select and change.select != spec.select:
            draft.new_keys[name, spec.select] = change.select, file


def _apply_variant_changes(draft: RulesetDraft, of_file: str) -> None:
    for file, object_name, choice, change in draft.variant_changes:
        if file != of_file:
            continue
        place = f"[change.{object_name}.variants] {choice}"
        spec = draft.objects.get(object_name)
        if spec is None:
            draft.report.add_unknown(file, place, "object", object_name, draft.objects)
        elif not spec.select:
            draft.report.add(file, place, f"the object {object_name} has no variants; add select too")
        elif change.drop and choice not in spec.variants:
            draft.report.add_unknown(file, place, "variant", choice, spec.variants)
        else:
            variants = {key: value for key, value in spec.variants.items() if not (change.drop and key == choice)}
            variants |= {choice: change.object} if change.object else {}
            if variants:
                draft.objects[object_name] = spec.model_copy(update={"variants": variants})
                draft.sources[f"variant {object_name}.{choice}"] = file
            else:
                draft.report.add(file, place, "at least one variant must remain")


def _changed_fields(fields: dict[str, FieldSpec], key: str, change: FieldChange) -> dict[str, FieldSpec]:
    if change.drop:
        del fields[key]
    else:
        fields[key] = FieldSpec.model_validate(change.merged_with(fields.get(key)))
    return fields

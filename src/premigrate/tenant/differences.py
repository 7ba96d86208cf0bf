"""Writes the differences between the fields of a document and those of a ruleset as tables of an overlay."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from premigrate.ruleset.model.fields import FieldSpec
from premigrate.ruleset.model.ruleset import Ruleset
from premigrate.tenant.convert_schemas import LearnedField, union_fields
from premigrate.tenant.match_objects import ObjectMatch, ObjectMatcher

Table = dict[str, Any]

_LIMITS = ("max_length", "choices", "max_digits", "decimal_places", "min", "max", "min_items")
_TEXTS = {"string", "email", "choice"}
_FAMILIES = {kind: family for family in (_TEXTS, {"decimal", "integer"}, {"date", "datetime"}) for kind in family}
_PERSONAL_TYPES = {"string", "email", "json", "object"}
"""Types of fields that may hold personal data; new fields of these types are marked as personal."""


@dataclass(slots=True)
class OverlayDifferences:
    """Tables of an overlay, and counts of what they hold.

    ``changes``, ``objects`` and ``lists`` are the tables ``change``, ``object`` and ``list``. ``counts`` has the keys
    ``added``, ``dropped`` and ``changed`` (fields), and ``objects``. ``type_changes`` maps fields whose type changed,
    as object and key, to their pointer in the document: rules that read them can't hold.
    """

    changes: Table = field(default_factory=dict)
    objects: Table = field(default_factory=dict)
    lists: Table = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    type_changes: dict[tuple[str, str], str] = field(default_factory=dict)


def find_differences(
    ruleset: Ruleset, pairing: ObjectMatcher, example_fields: Collection[tuple[str, str]]
) -> OverlayDifferences:
    """Compare the objects of a document with those of a ruleset, and describe new ones.

    Args:
        ruleset: the ruleset.
        pairing: the objects of the document, by the names of the ruleset.
        example_fields: the fields, as object and key, that examples of the document contain; those are not dropped.

    """
    found = OverlayDifferences()
    hidden = {key for spec in ruleset.objects.values() for key, each in spec.fields.items() if each.personal}
    for name, pair in pairing.matches.items():
        if name in ruleset.objects:
            _compare_object(found, ruleset, pairing, name, hidden)
            _drop(found, ruleset, pairing, name, example_fields)
        else:
            found.objects[name] = _object_table(pairing, name, pair, hidden)
            found.counts["objects"] += 1
            found.counts["added"] += len(found.objects[name].get("fields", ()))
    return found


def _compare_object(
    found: OverlayDifferences, ruleset: Ruleset, pairing: ObjectMatcher, name: str, hidden: set[str]
) -> None:
    pair, spec, fields = pairing.matches[name], ruleset.objects[name], union_fields(pairing.matches[name].fields)
    changes: Table = {}
    for key, learned in fields.items():
        old, target = spec.fields.get(key), pairing.targets.get((name, key), "")
        if old is None:
            changes[key] = {**_field(learned, target, key in hidden), "because": f"The document has it: {learned.at}"}
            found.counts["added"] += 1
        elif learned.is_known and (change := _compare_field(found, old, learned, target)):
            changes[key] = {**change, "because": f"The document says so: {learned.at}"}
            found.counts["changed"] += 1
            if "replace" in change:
                _note_type_change(found, name, key, old, learned)
    variants = _compare_variants(spec.variants, pair) if spec.select and pair.select else {}
    table = {**({"variants": variants} if variants else {}), **({"fields": changes} if changes else {})}
    if table:
        found.changes[name] = table


def _drop(
    found: OverlayDifferences, ruleset: Ruleset, pairing: ObjectMatcher, name: str, shown: Collection[tuple[str, str]]
) -> None:
    """Drop the fields of an object that the document doesn't declare."""
    pair = pairing.matches[name]
    declared = {key for fields in pair.fields for key in fields}
    for key in ruleset.objects[name].fields if pair.is_complete and pair.fields else ():
        if key not in declared and (name, key) not in shown:
            changes = found.changes.setdefault(name, {}).setdefault("fields", {})
            changes[key] = {"drop": True, "because": f"The document has no such field: {pair.pointers[0]}"}
            found.counts["dropped"] += 1


def _compare_variants(known: Mapping[str, str], pair: ObjectMatch) -> Table:
    because = f"The document says so: {pair.pointers[0]}"
    added = {value: name for value, name in pair.variants.items() if known.get(value) != name}
    gone = [value for value in known if value not in pair.variants]
    return {
        **{value: {"object": name, "because": because} for value, name in added.items()},
        **{value: {"drop": True, "because": because} for value in gone},
    }


_UNCOMPARED = frozenset({"about", "aliases", "basis"})


def _compare_field(found: OverlayDifferences, old: FieldSpec, learned: LearnedField, target: str) -> Table:
    """Return the changes to a field; empty if it is the same."""
    new = _field(learned, target, is_hidden=False)
    new.pop("personal", None)
    ours = {
        key: value
        for key, value in old.model_dump(exclude_none=True).items()
        if key not in {"about", "aliases", "basis"}
    }
    kept = {"personal": True} if old.personal else {}
    if old.open and old.listed and new.get("choices"):
        _add_to_list(found, old.listed, learned, new.pop("choices"))
        new |= {"open": True, "listed": old.listed}
    elif old.open and _kind(new)[1] in {*_TEXTS, "json"} and not new.get("choices"):
        new = {key: value for key, value in new.items() if key not in {"type", "list", "max_length", "blank"}}
        new |= {_kind(ours)[0]: "choice", "open": True, **({"listed": old.listed} if old.listed else {})}
    elif _omits_content(old, learned):
        new = {key: value for key, value in new.items() if key not in {"type", "list"}} | dict([_kind(ours)])
    if _kind(new)[1] in _TEXTS and _kind(ours)[1] in _TEXTS and "blank" not in new and "choices" not in new:
        new |= {"blank": old.blank} if old.blank is not None else {}
    if _kind(new) != _kind(ours) or any(ours.get(key) and key not in new for key in (*_LIMITS, "open", "listed")):
        return {"replace": True, **new, **kept}
    return dict(_changed_keys(ours, new))


def _omits_content(old: FieldSpec, learned: LearnedField) -> bool:
    """Return whether the document declares a bare object or list whose content the ruleset declares."""
    if learned.object_at or bool(old.list) != learned.is_list:
        return False
    return (
        learned.kind in {"object", "json"}
        if old.list not in {*_KINDS, None}
        else bool(old.object and learned.kind == "object")
    )


def _changed_keys(ours: Table, new: Table) -> Table:
    """Return the keys of a field of the same type whose values differ."""
    changed: Table = {}
    for key in ("required", "nullable"):
        if bool(new.get(key)) != bool(ours.get(key)):
            changed[key] = bool(new.get(key))
    if "choices" in new and bool(new.get("blank")) != bool(ours.get("blank")):
        changed["blank"] = bool(new.get("blank"))
    elif new.get("blank") is False and (ours.get("blank") or not ours.get("required")):
        changed["blank"] = False
    for key in _LIMITS:
        value = new.get(key)
        differs = set(value) != set(ours.get(key, ())) if key == "choices" and value else value != ours.get(key)
        if value is not None and differs:
            changed[key] = value
    if bool(new.get("deprecated")) != bool(ours.get("deprecated")):
        changed["deprecated"] = new.get("deprecated", False)
    return changed


def _field(learned: LearnedField, target: str, is_hidden: bool) -> Table:  # noqa: FBT001 - private
    """Return the table of a field."""
    kind = target if learned.object_at else learned.kind
    word = "list" if learned.is_list else "object" if learned.object_at and target else "type"
    limits = {key: value for key, value in learned.constraints.items() if key not in {"nullable", "deprecated"}}
    flags = {key: learned.constraints[key] for key in ("nullable", "deprecated") if key in learned.constraints}
    required = {"required": True} if learned.required else {}
    is_personal = not target and (is_hidden or kind in _PERSONAL_TYPES)
    return {word: kind or "json", **required, **flags, **limits, **({"personal": True} if is_personal else {})}


def _object_table(pairing: ObjectMatcher, name: str, pair: ObjectMatch, hidden: set[str]) -> Table:
    """Return the table of an object that is not in the ruleset."""
    learned = pairing.new_objects[name]
    fields = {
        key: _field(each, pairing.targets.get((name, key), ""), key in hidden)
        for key, each in union_fields(pair.fields).items()
    }
    select = {"select": pair.select, "variants": pair.variants} if pair.select else {}
    about = learned.description[:200].strip() or "Told by the tenant's document only."
    metadata = {"about": about, "basis": "published", "source": f"The tenant's OpenAPI document: {pair.pointers[0]}"}
    return {**metadata, **select, **({"fields": fields} if fields else {})}


def _add_to_list(found: OverlayDifferences, name: str, learned: LearnedField, values: list[str]) -> None:
    known = found.lists.setdefault(name, {"source": f"The tenant's OpenAPI document: {learned.at}", "values": []})
    known["values"] += [value for value in values if value not in known["values"]]


def _note_type_change(found: OverlayDifferences, name: str, key: str, old: FieldSpec, learned: LearnedField) -> None:
    ours = old.list if old.list else old.type
    alike = ours == learned.kind or learned.kind in _FAMILIES.get(ours or "", ()) or bool(learned.object_at)
    if not alike or bool(old.list) != learned.is_list or bool(learned.object_at) != (ours not in _KINDS):
        found.type_changes[name, key] = learned.at


def _kind(table: Mapping[str, Any]) -> tuple[str, Any]:
    return next((word, table[word]) for word in ("type", "object", "list") if word in table)


_KINDS = {"string", "email", "date", "datetime", "decimal", "integer", "boolean", "choice", "json", "object"}

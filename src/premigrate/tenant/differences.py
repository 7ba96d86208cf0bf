"""Turns what differs between a document's fields and a rulebook's into the tables of an overlay."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from premigrate.ruleset.model.fields import Field
from premigrate.ruleset.model.ruleset import Rulebook
from premigrate.tenant.match_objects import Paired, Pairing
from premigrate.tenant.shapes import LearnedField, unite

Table = dict[str, Any]

_LIMITS = ("max_length", "choices", "max_digits", "decimal_places", "min", "max", "min_items")
_TEXTS = {"string", "email", "choice"}
_FAMILIES = {kind: family for family in (_TEXTS, {"decimal", "integer"}, {"date", "datetime"}) for kind in family}
_TELLING = {"string", "email", "json", "object"}
"""Types of fields that can tell of a person; what nobody knows of is hidden in reports."""


@dataclass(slots=True)
class Differences:
    """The tables of an overlay, and what is in them: ``counts`` by ``added``, ``dropped``, ``changed``, ``objects``.

    ``other_kind`` are the fields that rules can't look at as before, as object and key.
    """

    changes: Table = field(default_factory=dict)
    objects: Table = field(default_factory=dict)
    lists: Table = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    other_kind: dict[tuple[str, str], str] = field(default_factory=dict)


def find_differences(book: Rulebook, pairing: Pairing, shown: Collection[tuple[str, str]]) -> Differences:
    """Compare each object that stands on both sides, and write down those that are new.

    ``shown`` are the fields, as object and key, that examples of the document fill: those are never dropped.
    """
    found = Differences()
    hidden = {key for spec in book.objects.values() for key, each in spec.fields.items() if each.personal}
    for name, pair in pairing.pairs.items():
        if name in book.objects:
            _change(found, book, pairing, name, hidden)
            _drop(found, book, pairing, name, shown)
        else:
            found.objects[name] = _describe(pairing, name, pair, hidden)
            found.counts["objects"] += 1
            found.counts["added"] += len(found.objects[name].get("fields", ()))
    return found


def _change(found: Differences, book: Rulebook, pairing: Pairing, name: str, hidden: set[str]) -> None:
    pair, spec, fields = pairing.pairs[name], book.objects[name], unite(pairing.pairs[name].fields)
    changes: Table = {}
    for key, learned in fields.items():
        old, target = spec.fields.get(key), pairing.targets.get((name, key), "")
        if old is None:
            changes[key] = {**_written(learned, target, key in hidden), "because": f"The document has it: {learned.at}"}
            found.counts["added"] += 1
        elif learned.known and (change := _difference(found, old, learned, target)):
            changes[key] = {**change, "because": f"The document says so: {learned.at}"}
            found.counts["changed"] += 1
            if "anew" in change:
                _note_other_kind(found, name, key, old, learned)
    variants = _change_variants(spec.variants, pair) if spec.select and pair.select else {}
    table = {**({"variants": variants} if variants else {}), **({"fields": changes} if changes else {})}
    if table:
        found.changes[name] = table


def _drop(found: Differences, book: Rulebook, pairing: Pairing, name: str, shown: Collection[tuple[str, str]]) -> None:
    """Drop the fields of an object that the document doesn't have."""
    pair = pairing.pairs[name]
    told = {key for fields in pair.fields for key in fields}
    for key in book.objects[name].fields if pair.whole and pair.fields else ():
        if key not in told and (name, key) not in shown:
            changes = found.changes.setdefault(name, {}).setdefault("fields", {})
            changes[key] = {"drop": True, "because": f"The document has no such field: {pair.at[0]}"}
            found.counts["dropped"] += 1


def _change_variants(known: Mapping[str, str], pair: Paired) -> Table:
    because = f"The document says so: {pair.at[0]}"
    added = {value: name for value, name in pair.variants.items() if known.get(value) != name}
    gone = [value for value in known if value not in pair.variants]
    return {
        **{value: {"object": name, "because": because} for value, name in added.items()},
        **{value: {"drop": True, "because": because} for value in gone},
    }


def _difference(found: Differences, old: Field, learned: LearnedField, target: str) -> Table:
    """Tell what to change of a field; nothing if it is the same."""
    new = _written(learned, target, is_hidden=False)
    new.pop("personal", None)
    ours = {key: value for key, value in old.model_dump(exclude_none=True).items() if key not in {"note", "basis"}}
    kept = {"personal": True} if old.personal else {}
    if old.open and old.listed and new.get("choices"):
        _give_list(found, old.listed, learned, new.pop("choices"))
        new |= {"open": True, "listed": old.listed}
    elif old.open and _kind(new)[1] in {*_TEXTS, "json"} and not new.get("choices"):
        new = {key: value for key, value in new.items() if key not in {"type", "list", "max_length", "blank"}}
        new |= {_kind(ours)[0]: "choice", "open": True, **({"listed": old.listed} if old.listed else {})}
    elif _says_nothing_of_inside(old, learned):
        new = {key: value for key, value in new.items() if key not in {"type", "list"}} | dict([_kind(ours)])
    if _kind(new)[1] in _TEXTS and _kind(ours)[1] in _TEXTS and "blank" not in new and "choices" not in new:
        new |= {"blank": old.blank} if old.blank is not None else {}
    if _kind(new) != _kind(ours) or any(ours.get(key) and key not in new for key in (*_LIMITS, "open", "listed")):
        return {"anew": True, **new, **kept}
    return dict(_changed_keys(ours, new))


def _says_nothing_of_inside(old: Field, learned: LearnedField) -> bool:
    """Whether the document only says that there is an object, or a list, where the rules know what is inside."""
    if learned.part or bool(old.list) != learned.many:
        return False
    return (
        learned.kind in {"object", "json"}
        if old.list not in {*_KINDS, None}
        else bool(old.object and learned.kind == "object")
    )


def _changed_keys(ours: Table, new: Table) -> Table:
    """Tell which keys of a field of the same kind say something else."""
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


def _written(learned: LearnedField, target: str, is_hidden: bool) -> Table:  # noqa: FBT001 - said by name where it matters
    """Write a field anew."""
    kind = target if learned.part else learned.kind
    word = "list" if learned.many else "object" if learned.part and target else "type"
    limits = {key: value for key, value in learned.said.items() if key not in {"nullable", "deprecated"}}
    said = {key: learned.said[key] for key in ("nullable", "deprecated") if key in learned.said}
    required = {"required": True} if learned.required else {}
    telling = not target and (is_hidden or kind in _TELLING)
    return {word: kind or "json", **required, **said, **limits, **({"personal": True} if telling else {})}


def _describe(pairing: Pairing, name: str, pair: Paired, hidden: set[str]) -> Table:
    """Write down an object that the rules don't have."""
    learned = pairing.new[name]
    fields = {
        key: _written(each, pairing.targets.get((name, key), ""), key in hidden)
        for key, each in unite(pair.fields).items()
    }
    select = {"select": pair.select, "variants": pair.variants} if pair.select else {}
    about = learned.about[:200].strip() or "Told by the tenant's document only."
    papers = {"about": about, "basis": "published", "source": f"The tenant's OpenAPI document: {pair.at[0]}"}
    return {**papers, **select, **({"fields": fields} if fields else {})}


def _give_list(found: Differences, name: str, learned: LearnedField, values: list[str]) -> None:
    known = found.lists.setdefault(name, {"source": f"The tenant's OpenAPI document: {learned.at}", "values": []})
    known["values"] += [value for value in values if value not in known["values"]]


def _note_other_kind(found: Differences, name: str, key: str, old: Field, learned: LearnedField) -> None:
    ours = old.list if old.list else old.type
    alike = ours == learned.kind or learned.kind in _FAMILIES.get(ours or "", ()) or bool(learned.part)
    if not alike or bool(old.list) != learned.many or bool(learned.part) != (ours not in _KINDS):
        found.other_kind[name, key] = learned.at


def _kind(table: Mapping[str, Any]) -> tuple[str, Any]:
    return next((word, table[word]) for word in ("type", "object", "list") if word in table)


_KINDS = {"string", "email", "date", "datetime", "decimal", "integer", "boolean", "choice", "json", "object"}

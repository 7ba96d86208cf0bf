"""Writes fields of a document as tables of an overlay, alone or as changes of fields of a ruleset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from premigrate.ruleset.model.fields import SCALAR_TYPES

if TYPE_CHECKING:
    from premigrate.ruleset.model.fields import FieldSpec
    from premigrate.ruleset.model.ruleset import Ruleset
    from premigrate.tenant.document.learned import LearnedField
    from premigrate.tenant.match_objects import ObjectMatcher

Table = dict[str, Any]

_LIMITS = (
    "max_length", "min_length", "patterns", "choices", "max_digits", "decimal_places", "min", "above", "max", "below",
    "min_items", "max_items", "nullable_items",
)  # fmt: skip
_TEXTS = {"string", "email", "choice"}
_FAMILIES = {kind: family for family in (_TEXTS, {"decimal", "integer"}, {"date", "datetime"}) for kind in family}
_FREE = {"json", "object"}
_PERSONAL_TYPES = {"string", "email", "json", "object"}
"""Types of fields that may hold personal data; new fields of these types are marked as personal."""
_KEPT = {"about", "basis", "aliases"}
"""Keys of a field that a document says nothing about."""


class FieldTables:
    """Compares fields of a document with those of a ruleset."""

    def __init__(self, ruleset: Ruleset, matcher: ObjectMatcher) -> None:
        self._hidden = {key for spec in ruleset.objects.values() for key, each in spec.fields.items() if each.personal}
        self._choices: dict[str, list[str]] = {}
        self._sources: dict[str, str] = {}
        for old, learned in _known_fields(matcher):
            choices = learned.constraints.get("choices")
            if old.open and old.listed and choices and len(ruleset.lists[old.listed].columns) == 1:
                known = self._choices.setdefault(old.listed, [])
                known += [choice for choice in choices if choice not in known]
                self._sources.setdefault(old.listed, learned.at)

    def is_hidden(self, key: str) -> bool:
        """Return whether a field with this key holds personal data."""
        return key in self._hidden

    def lists(self) -> Table:
        """Return the reference lists that hold choices of fields, with all choices that the document gives."""
        return {
            name: {"source": f"The tenant's OpenAPI document: {self._sources[name]}", "values": values}
            for name, values in self._choices.items()
        }

    def full_table(self, old: FieldSpec, learned: LearnedField, target: str) -> Table:
        """Return the table of a field as a document declares it, with what the ruleset knows beyond that."""
        change = self.compare(old, learned, target)
        ours = {} if change.pop("replace", False) else old.model_dump(exclude_none=True)
        if {"type", "object", "list"} & change.keys():
            ours = {word: value for word, value in ours.items() if word not in {"type", "object", "list"}}
        known = {word: value for word, value in ours.items() if word not in {"basis", "aliases"}}
        about = {"about": old.about} if old.about else {}
        return {**known, **change, **about}

    def compare(self, old: FieldSpec, learned: LearnedField, target: str) -> Table:
        """Return the changes of a field; empty if it is the same."""
        new = field_table(learned, target, is_hidden=False)
        for key in ("personal", "about"):
            new.pop(key, None)
        ours = {word: value for word, value in old.model_dump(exclude_none=True).items() if word not in _KEPT}
        kept = {"personal": True} if old.personal else {}
        if old.open and old.listed and set(new.get("choices", ())) == set(self._choices.get(old.listed, ["-"])):
            del new["choices"]
            new |= {"open": True, "listed": old.listed, "blank": bool(new.get("blank"))}
        elif old.open and old.listed and new.get("open"):
            new["listed"] = old.listed
        if _kind(new)[1] in _TEXTS and _kind(ours)[1] in _TEXTS and "blank" not in new and "choices" not in new:
            new |= {"blank": old.blank} if old.blank is not None else {}
        if _kind(new) != _kind(ours) or any(
            ours.get(word) and word not in new for word in (*_LIMITS, "open", "listed")
        ):
            return {"replace": True, **new, **kept}
        return _changed_keys(ours, new)


def _known_fields(matcher: ObjectMatcher) -> Iterator[tuple[FieldSpec, LearnedField]]:
    """Yield the fields that both a ruleset and a document have; those of kinds may be in the object of the kinds."""
    owners = matcher.kind_owners()
    for name, match in matcher.matches.items():
        specs = [spec for each in (name, owners.get(name, "")) if (spec := matcher.spec_of(each))]
        for key, learned in match.fields.items():
            if old := next((spec.fields[key] for spec in specs if key in spec.fields), None):
                yield old, learned


def field_table(learned: LearnedField, target: str, *, is_hidden: bool) -> Table:
    """Return the table of a field; ``target`` is the name of the object in it, if any."""
    kind = target if learned.object_at else learned.kind
    word = "list" if learned.is_list else "object" if learned.object_at and target else "type"
    limits = {key: value for key, value in learned.constraints.items() if key not in {"nullable", "deprecated"}}
    flags = {key: learned.constraints[key] for key in ("nullable", "deprecated") if key in learned.constraints}
    required = {"required": True} if learned.required else {}
    about = {"about": learned.about} if learned.about.strip() else {}
    is_personal = not target and (is_hidden or kind in _PERSONAL_TYPES)
    return {word: kind or "json", **required, **flags, **limits, **({"personal": True} if is_personal else {}), **about}


def is_other_type(old: FieldSpec, learned: LearnedField) -> bool:
    """Return whether a field has another type in a document, so that rules about its value cannot hold.

    Paths may lead into values whose content is not declared, so those suit rules about an object.
    """
    ours = old.list or old.type or old.object or ""
    is_nested = ours not in SCALAR_TYPES
    if bool(old.list) != learned.is_list:
        return True
    if learned.object_at:
        return not is_nested and ours not in _FREE
    if is_nested or ours == "json":
        return is_nested and learned.kind not in _FREE
    return ours != learned.kind and learned.kind not in _FAMILIES.get(ours, ())


def _changed_keys(ours: Table, new: Table) -> Table:
    """Return the keys of a field of the same type whose values differ."""
    changed: Table = {}
    for key in ("required", "nullable"):
        if bool(new.get(key)) != bool(ours.get(key)):
            changed[key] = bool(new.get(key))
    if (blank := _changed_blank(ours, new)) is not None:
        changed["blank"] = blank
    for key in _LIMITS:
        value = new.get(key)
        if value is not None and not _is_same(key, value, ours.get(key)):
            changed[key] = value
    if bool(new.get("deprecated")) != bool(ours.get("deprecated")):
        changed["deprecated"] = new.get("deprecated", False)
    return changed


def _changed_blank(ours: Table, new: Table) -> bool | None:
    """Return whether a field accepts a blank text, if that is new; else None."""
    if "choices" in new:
        return bool(new.get("blank")) if bool(new.get("blank")) != bool(ours.get("blank")) else None
    if new.get("listed"):
        return new["blank"] if new.get("blank") is not None and new["blank"] != ours.get("blank") else None
    accepted = ours["blank"] if "blank" in ours else not ours.get("required")
    return False if new.get("blank") is False and accepted else None


def _is_same(key: str, value: object, ours: object) -> bool:
    if key in {"choices", "patterns"}:
        return set(_items(value)) == set(_items(ours))
    return value == ours


def _items(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _kind(table: Mapping[str, Any]) -> tuple[str, Any]:
    return next((word, table[word]) for word in ("type", "object", "list") if word in table)

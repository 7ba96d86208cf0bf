"""Matches the objects of a document with those of a ruleset by their position, and names new ones."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from premigrate.ruleset.model.fields import FieldSpec, ObjectSpec
from premigrate.ruleset.model.ruleset import Ruleset
from premigrate.tenant.convert_schemas import LearnedField, LearnedObject, union_fields
from premigrate.tenant.openapi_document import OpenApiDocument

_WORD_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]++")

Fields = Mapping[str, LearnedField]


@dataclass(slots=True)
class ObjectMatch:
    """The schemas of a document that match one object.

    ``pointers`` are the pointers of the schemas, and ``fields`` the fields of each. ``variants`` maps the values of the
    field ``select`` to names of objects. If the object is ``is_complete``, the schemas declare all its fields.
    """

    fields: list[Fields] = field(default_factory=list)
    pointers: list[str] = field(default_factory=list)
    select: str = ""
    variants: dict[str, str] = field(default_factory=dict)
    is_complete: bool = True


class ObjectMatcher:
    """Matches objects from the account down. ``matches`` holds the matches by the name of the object."""

    def __init__(self, ruleset: Ruleset, objects: Mapping[str, LearnedObject], document: OpenApiDocument) -> None:
        self.matches: dict[str, ObjectMatch] = {}
        self.new_objects: dict[str, LearnedObject] = {}
        """The objects that are not in the ruleset, by their generated names."""
        self.targets: dict[tuple[str, str], str] = {}
        """The name of the object in a field, by enclosing object and key; empty if the object would contain itself."""
        self._ruleset, self._objects, self._document = ruleset, objects, document
        self._names: dict[str, str] = {}
        self._seen: set[tuple[str, str]] = set()
        self._by_key = _objects_by_key(ruleset)

    def match(self, name: str, at: str) -> None:
        """Match an object with the schema at a pointer, and the objects below it."""
        if (name, at) in self._seen:
            return
        self._seen.add((name, at))
        learned, pair = self._objects[at], self.matches.setdefault(name, ObjectMatch())
        pair.pointers.append(at)
        pair.is_complete &= not learned.is_open
        spec = self._ruleset.objects.get(name)
        if learned.select and (spec is None or spec.select == learned.select):
            self._visit_variants(name, spec, learned)
        else:
            self._visit_plain(name, spec, learned)

    def _visit_plain(self, name: str, spec: ObjectSpec | None, learned: LearnedObject) -> None:
        pair, fields = self.matches[name], learned.fields
        if learned.select:
            self._document.add_note(learned.at, f"is of several kinds, the {name} of the rules is not; taken as one")
            fields = union_fields([self._objects[at].fields for at in learned.variants.values()])
        elif spec and spec.select:
            self._document.add_note(learned.at, f"is of one kind, the {name} of the rules of several; those stay")
            fields, pair.is_complete = {key: fields[key] for key in spec.fields if key in fields}, False
        pair.fields.append(fields)
        self._walk(name, fields, spec.fields if spec else {})

    def _visit_variants(self, name: str, spec: ObjectSpec | None, learned: LearnedObject) -> None:
        pair = self.matches[name]
        pair.select = learned.select
        known = spec.variants if spec else {}
        shared = spec.fields if spec else {}
        for value, at in learned.variants.items():
            variant = known.get(value) or pair.variants.get(value) or self._name(at, f"{name}_{value.lower()}")
            pair.variants[value] = variant
            if (variant, at) in self._seen:
                continue
            self._seen.add((variant, at))
            own = self.matches.setdefault(variant, ObjectMatch())
            own.pointers.append(at)
            fields = {key: each for key, each in self._objects[at].fields.items() if key != learned.select}
            pair.fields.append({key: each for key, each in fields.items() if key in shared})
            own.fields.append({key: each for key, each in fields.items() if key not in shared})
            declared = self._ruleset.objects[variant].fields if variant in self._ruleset.objects else {}
            self._walk(name, pair.fields[-1], shared)
            self._walk(variant, own.fields[-1], declared)

    def _walk(self, owner: str, fields: Fields, known: Mapping[str, FieldSpec]) -> None:
        for key, learned in fields.items():
            if learned.object_at:
                target = self._target(owner, key, learned, known.get(key))
                self.targets.setdefault((owner, key), target)
                if target and self.targets[owner, key]:
                    self.match(self.targets[owner, key], learned.object_at)

    def _target(self, owner: str, key: str, learned: LearnedField, ours: FieldSpec | None) -> str:
        """Return the object in a field: that of the ruleset, one that it has under this key elsewhere, or a new one."""
        named = (ours.object or ours.list or "") if ours else ""
        if named in self._ruleset.objects:
            return named
        if (owner, key) in self.targets:
            return self.targets[owner, key]
        alike = self._by_key.get(key, "")
        if alike and self._fits(alike, learned.object_at) and not self._contains(alike, owner):
            return alike
        name = self._name(learned.object_at, key)
        if self._contains(name, owner):
            self._document.add_note(learned.at, "is within itself; taken as anything from here on")
            return ""
        return name

    def _contains(self, name: str, wanted: str) -> bool:
        """Return whether an object is another or contains it, in the ruleset or in the matches so far."""
        left, seen = [name], {""}
        while left:
            here = left.pop()
            if here == wanted:
                return True
            if here in seen:
                continue
            seen.add(here)
            spec = self._ruleset.objects.get(here)
            if spec:
                left += [*spec.variants.values(), *(each.object or each.list or "" for each in spec.fields.values())]
            left += [target for (owner, _), target in self.targets.items() if owner == here]
            left += self.matches[here].variants.values() if here in self.matches else ()
        return False

    def _fits(self, name: str, at: str) -> bool:
        """Return whether an object of the ruleset declares most fields of a schema, and the same ``select``."""
        learned, spec = self._objects[at], self._ruleset.objects[name]
        if bool(learned.select) != bool(spec.select) or learned.select != (spec.select or ""):
            return False
        if learned.select:
            return bool(learned.variants.keys() & spec.variants.keys())
        return 2 * len(learned.fields.keys() & spec.fields.keys()) > len(learned.fields)

    def _name(self, at: str, key: str) -> str:
        if at not in self._names:
            wanted = _snake(self._objects[at].name) or _snake(key) or "object"
            taken = {*self._ruleset.objects, *self._names.values()}
            count = next(count for count in range(1, len(taken) + 2) if _numbered(wanted, count) not in taken)
            self._names[at] = _numbered(wanted, count)
            self.new_objects[self._names[at]] = self._objects[at]
        return self._names[at]


def _objects_by_key(ruleset: Ruleset) -> dict[str, str]:
    """Return the keys under which the ruleset always has the same object, with that object."""
    found: dict[str, set[str]] = {}
    for spec in ruleset.objects.values():
        for key, each in spec.fields.items():
            if (name := each.object or each.list) in ruleset.objects:
                found.setdefault(key, set()).add(str(name))
    return {key: next(iter(names)) for key, names in found.items() if len(names) == 1}


def _snake(name: str) -> str:
    """Convert a name to snake case, as the rule language requires."""
    words = _WORD_BOUNDARY.sub("_", name).lower()
    return _NOT_IN_NAMES.sub("_", words).strip("_").lstrip("0123456789_")


def _numbered(name: str, count: int) -> str:
    return name if count == 1 else f"{name}_{count}"

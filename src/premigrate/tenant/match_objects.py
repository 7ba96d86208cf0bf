"""Matches the objects of a document with those of a ruleset by their position."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from premigrate.ruleset.kinds import family
from premigrate.ruleset.model.fields import FieldSpec, ObjectSpec
from premigrate.ruleset.model.ruleset import Ruleset
from premigrate.tenant.document.learned import LearnedField, LearnedObject
from premigrate.tenant.document.object_signatures import ObjectSignatures
from premigrate.tenant.document.openapi_document import OpenApiDocument
from premigrate.tenant.document.unite_fields import differing_keys
from premigrate.tenant.find_renames import find_renames
from premigrate.tenant.name_objects import ObjectNames

Fields = Mapping[str, LearnedField]


@dataclass(slots=True)
class ObjectMatch:
    """The schema of a document that matches one object.

    Attributes:
        pointers: the pointers of the schema, and of others that say the same.
        fields: its fields by the key in the rules; without those of its kinds that differ.
        kinds: the names of the objects of its kinds, by the value of ``select.select``.
        select: the object of the document that has the kinds; None if there are none.
        keys: the keys in the document of fields that have another one in the rules.
        is_complete: whether the schema declares all fields.

    """

    pointers: list[str] = field(default_factory=list)
    fields: dict[str, LearnedField] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    select: LearnedObject | None = None
    keys: dict[str, str] = field(default_factory=dict)
    is_complete: bool = True


class ObjectMatcher:
    """Matches objects from the account down.

    ``matches`` holds the matches by the name of the object, in the ruleset or new. ``copies`` maps new objects that
    are like an object of the ruleset, which matches another schema already, to that object.
    """

    def __init__(self, ruleset: Ruleset, objects: Mapping[str, LearnedObject], document: OpenApiDocument) -> None:
        self.matches: dict[str, ObjectMatch] = {}
        self.targets: dict[tuple[str, str], str] = {}
        """The name of the object in a field, by enclosing object and key; empty if the object would contain itself."""
        self._ruleset, self._objects, self._document = ruleset, objects, document
        self._signatures = ObjectSignatures(objects)
        self.names = ObjectNames(ruleset, objects, self._signatures)
        self._by_key = _objects_by_key(ruleset)

    @property
    def copies(self) -> Mapping[str, str]:
        """The objects of the ruleset that new objects are like, by the name of the new one."""
        return self.names.copies

    def spec_of(self, name: str) -> ObjectSpec | None:
        """Return the object of the ruleset that an object is, or is like; None if there is none."""
        return self._ruleset.objects.get(self.copies.get(name, name))

    def kind_owners(self) -> dict[str, str]:
        """Return the names of the objects with kinds, by the name of the kind."""
        return {kind: name for name, match in self.matches.items() for kind in match.kinds.values()}

    def names_in_rules(self) -> dict[str, list[str]]:
        """Return, for each object, the names under which rules may know it.

        These are its own, that of the original of a copy, and that of the object whose kind it is.
        """
        owners = self.kind_owners()
        return {name: self._names_of(name, owners) for name in self.matches}

    def _names_of(self, name: str, owners: Mapping[str, str]) -> list[str]:
        names = [name]
        for each in names:
            further = (self.copies.get(each, ""), owners.get(each, ""))
            names += [other for other in further if other and other not in names]
        return names

    def match(self, wanted: str, at: str) -> str:
        """Match an object with the schema at a pointer, and the objects below it; return the name of the object.

        This is ``wanted``, unless that matches a schema with another content.
        """
        name = self._name_for(wanted, at)
        match = self.matches.setdefault(name, ObjectMatch())
        if at in match.pointers:
            return name
        match.pointers.append(at)
        learned, spec = self._objects[at], self.spec_of(name)
        match.is_complete &= not learned.is_open
        if learned.select and (spec is None or spec.select in {learned.select, None}):
            self._match_kinds(name, spec, learned)
        else:
            self._match_plain(name, spec, learned)
        return name

    def _name_for(self, wanted: str, at: str) -> str:
        """Return the name of the object for a schema: one that matches the same content, or a new copy."""
        if wanted not in self._ruleset.objects:
            return wanted
        alike = [wanted, *(copy for copy, original in self.copies.items() if original == wanted)]
        for name in alike:
            match = self.matches.get(name)
            if match is None or self._signatures.of(at) == self._signatures.of(match.pointers[0]):
                return name
        return self.names.copy(wanted, at)

    def _match_plain(self, name: str, spec: ObjectSpec | None, learned: LearnedObject) -> None:
        fields = dict(learned.fields)
        if learned.select:
            kinds = [self._objects[at].fields for at in self._signatures.innermost_kinds(learned.at)]
            loosened = ", ".join(differing_keys(kinds))
            self._document.add_note(
                learned.at,
                f"selects its kinds by {learned.select}, but {name} of the rules by {spec and spec.select}; "
                f"the fields of all kinds are accepted: {loosened}",
            )
            fields = self._signatures.all_fields(learned.at)
        elif spec and spec.select:
            self._document.add_note(learned.at, f"has no kinds, but {name} of the rules has; the rules are not changed")
            fields = self._match_without_kinds(name, spec, learned)
        self._set_fields(name, fields, dict(spec.fields) if spec else {})

    def _match_without_kinds(self, name: str, spec: ObjectSpec, learned: LearnedObject) -> dict[str, LearnedField]:
        """Match the kinds of an object with a schema that has none; return the fields for the object itself."""
        fields = {key: each for key, each in learned.fields.items() if key != spec.select}
        of_kinds: set[str] = set()
        for kind in dict.fromkeys(spec.variants.values()):
            known = self._ruleset.objects[kind].fields
            own = {key: each for key, each in fields.items() if key in known}
            of_kinds |= own.keys()
            match = self.matches.setdefault(kind, ObjectMatch())
            match.pointers.append(learned.at)
            match.is_complete = self.matches[name].is_complete
            self._set_fields(kind, own, dict(known))
        return {key: each for key, each in fields.items() if key not in of_kinds}

    def _match_kinds(
        self, name: str, spec: ObjectSpec | None, learned: LearnedObject, outer: frozenset[str] = frozenset()
    ) -> None:
        """Match an object with kinds. Fields that are the same in all kinds belong to the object itself.

        ``outer`` are the keys of fields that an object has whose kind this one is.
        """
        match = self.matches[name]
        match.select = match.select or learned
        parts = [self._objects[at] for at in self._signatures.innermost_kinds(learned.at)]
        match.is_complete &= not any(part.is_open for part in parts)
        taken = {*outer, learned.select}
        plain = [{key: each for key, each in part.fields.items() if key not in taken} for part in parts]
        varying = set(differing_keys([self._signatures.comparable(fields) for fields in plain]))
        in_kinds = {
            key for kind in (spec.variants.values() if spec else ()) for key in self._ruleset.objects[kind].fields
        }
        known = dict(spec.fields) if spec else {}
        shared = {key: each for key, each in plain[0].items() if key not in varying and key not in in_kinds}
        self._set_fields(name, shared, {key: each for key, each in known.items() if key not in varying})
        for value, at in learned.kinds.items():
            match.kinds[value] = self._match_kind(name, value, at, known, frozenset({*taken, *shared}))

    def _match_kind(self, owner: str, value: str, at: str, known: dict[str, FieldSpec], outer: frozenset[str]) -> str:
        """Match one kind of an object, without the fields ``outer`` that the object has; return its name."""
        spec, part = self.spec_of(owner), self._objects[at]
        wanted = spec.variants.get(value, "") if spec and spec.select else ""
        kind = self._name_for(wanted, at) if wanted else self.names.new(at, f"{owner}_{value.lower()}", owner)
        match = self.matches.setdefault(kind, ObjectMatch())
        if at in match.pointers:
            return kind
        match.pointers.append(at)
        match.is_complete &= not part.is_open
        own = self.spec_of(kind)
        if part.select:
            self._match_kinds(kind, own, part, outer)
            return kind
        fields = {name: each for name, each in part.fields.items() if name not in outer}
        self._set_fields(kind, fields, {**known, **(own.fields if own else {})})
        return kind

    def _set_fields(self, name: str, fields: dict[str, LearnedField], known: dict[str, FieldSpec]) -> None:
        """Record the fields of an object by their keys in the rules, and match the objects in them."""
        match = self.matches[name]
        match.keys = find_renames(self._document, fields, known, self._resembles)
        originals = {key: rule_key for rule_key, key in match.keys.items()}
        match.fields = {originals.get(key, key): each for key, each in fields.items()}
        for key, learned in match.fields.items():
            if learned.object_at:
                self.targets[name, key] = self._target(name, key, learned, known.get(key))

    def _target(self, owner: str, key: str, learned: LearnedField, ours: FieldSpec | None) -> str:
        """Match the object in a field: that of the ruleset, one that it has under this key elsewhere, or a new one."""
        wanted = (ours.object or ours.list or "") if ours else ""
        if wanted not in self._ruleset.objects:
            alike = self._by_key.get(key, "")
            wanted = alike if alike and self._overlap(alike, learned.object_at) > _HALF else ""
        if not wanted or self._contains(wanted, owner):
            wanted = self.names.new(learned.object_at, key)
            if self._contains(wanted, owner):
                self._document.add_note(learned.at, "is part of itself; any value is accepted from here on")
                return ""
        return self.match(wanted, learned.object_at)

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
            left += self._parts(here)
        return False

    def _parts(self, name: str) -> Iterator[str]:
        spec = self.spec_of(name)
        if spec:
            yield from spec.variants.values()
            yield from (each.object or each.list or "" for each in spec.fields.values())
        yield from (target for (owner, _), target in self.targets.items() if owner == name)
        yield from self.matches[name].kinds.values() if name in self.matches else ()

    def _overlap(self, name: str, at: str) -> float:
        """Return the share of the fields of a schema that an object of the ruleset has under their keys or aliases."""
        known, keys = self._known_keys(name, at)
        return known / keys if keys else 0

    def _resembles(self, name: str, at: str) -> float:
        """Return the same share, or 0 if it is not enough to recognize an object by it."""
        known, keys = self._known_keys(name, at)
        return known / keys if known >= _FEWEST_KNOWN else 0

    def _known_keys(self, name: str, at: str) -> tuple[int, int]:
        """Return how many fields of a schema an object of the ruleset has, and how many the schema has."""
        if name not in self._ruleset.objects:
            return 0, 0
        learned, specs = self._objects[at], family(name, self._ruleset.objects)
        known = [(key, *(each.aliases or ())) for spec in specs for key, each in spec.fields.items()]
        names = {*(spec.select for spec in specs), *(each for keys in known for each in keys)}
        keys = [key for key in self._signatures.all_fields(learned.at) if key != learned.select]
        return sum(key in names for key in keys), len(keys)


_HALF = 0.5
_FEWEST_KNOWN = 3
"""The number of fields that must be known for an object to be recognized by them."""


def _objects_by_key(ruleset: Ruleset) -> dict[str, str]:
    """Return the keys under which the ruleset always has the same object, with that object."""
    found: dict[str, set[str]] = {}
    for spec in ruleset.objects.values():
        for key, each in spec.fields.items():
            if (name := each.object or each.list) in ruleset.objects:
                found.setdefault(key, set()).add(str(name))
    return {key: next(iter(names)) for key, names in found.items() if len(names) == 1}

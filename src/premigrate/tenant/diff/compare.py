"""Compares two documents of an account import, object by object from the account down."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from premigrate.tenant.diff.fields import (
    compare_deprecation,
    compare_fields,
    compare_flags,
    compare_validations,
    definition_of,
    merge_keys,
)
from premigrate.tenant.diff.model import Change, ObjectChanges, ObjectPair, PlacedChange, effect_of
from premigrate.tenant.diff.renames import find_evident_renames
from premigrate.tenant.document.learned import LearnedField
from premigrate.tenant.document.object_signatures import ObjectSignatures

if TYPE_CHECKING:
    from premigrate.tenant.document.learned import LearnedObject, Validation
    from premigrate.tenant.overlay_tables import DocumentedAccount

_MAX_PLACES = 20
"""How many places of an object are listed, at most; the others are counted."""

Fields: TypeAlias = Mapping[str, LearnedField]


def compare_documents(
    old: DocumentedAccount, new: DocumentedAccount, synonyms: Collection[frozenset[str]] = ()
) -> tuple[ObjectChanges, ...]:
    """Return the changes of all objects, in document order.

    Objects with the same changes are listed once, with all their places. Changes that all kinds of an object have are
    changes of the object.

    Args:
        old: the account of the old document.
        new: the account of the new one.
        synonyms: groups of keys that the rules know for the same field.

    """
    comparison = _Comparison(old.objects, new.objects, synonyms)
    return tuple(comparison.list_changes(comparison.compare((old.root, new.root))))


class _Step(NamedTuple):
    """The way from an object to one in it: the kinds that have it, the key, and whether it is in a list."""

    kinds: tuple[str, ...]
    key: str
    is_list: bool


@dataclass(slots=True)
class _Node:
    """What changed in an object and below it. ``inner`` has the numbers of nodes."""

    changes: dict[Change, set[ObjectPair]] = field(default_factory=dict)
    inner: dict[_Step, int] = field(default_factory=dict)

    def add(self, change: Change, pairs: Collection[ObjectPair]) -> None:
        self.changes.setdefault(change, set()).update(pairs)


class _Comparison:
    """Compares pairs of objects, each once; those with the same changes have the same number."""

    def __init__(
        self,
        old: Mapping[str, LearnedObject],
        new: Mapping[str, LearnedObject],
        synonyms: Collection[frozenset[str]],
    ) -> None:
        self._old, self._new, self._synonyms = old, new, synonyms
        self._old_signatures, self._new_signatures = ObjectSignatures(old), ObjectSignatures(new)
        self._nodes = [_Node()]
        self._numbers: dict[object, int] = {((), ()): 0}
        self._known: dict[tuple[ObjectPair, frozenset[str]], int] = {}
        self._compared: dict[tuple[ObjectPair, frozenset[str]], _Node] = {}

    def compare(self, pair: ObjectPair, selecting: frozenset[str] = frozenset()) -> int:
        """Return the number of the node of two objects; 0 if they are the same.

        ``selecting`` are the keys of fields that select the objects as kinds; what those accept is compared elsewhere.
        """
        known = self._known.get((pair, selecting))
        if known is None:
            self._known[pair, selecting] = 0  # an object within itself
            node = self._compared[pair, selecting] = self._compare(pair, selecting)
            known = self._known[pair, selecting] = self._number(node)
        return known

    def _number(self, node: _Node) -> int:
        content = tuple(node.changes), tuple(node.inner.items())
        number = self._numbers.setdefault(content, len(self._nodes))
        if number == len(self._nodes):
            self._nodes.append(_Node({}, node.inner))
        for change, pairs in node.changes.items():
            self._nodes[number].add(change, pairs)
        return number

    def _compare(self, pair: ObjectPair, selecting: frozenset[str]) -> _Node:
        old, new, node = self._old[pair[0]], self._new[pair[1]], _Node()
        validations = old.validations, new.validations
        if old.select and old.select == new.select:
            self._add_kinds(node, pair, selecting)
        else:
            if old.select != new.select:
                key = new.select or old.select
                node.add(Change(key, "kinds selected by", old.select or None, new.select or None, "both"), [pair])
            old_fields, new_fields = self._old_signatures.all_fields(old.at), self._new_signatures.all_fields(new.at)
            self._add_fields(node, pair, old_fields, new_fields, selecting)
            validations = _all_validations(self._old, old), _all_validations(self._new, new)
        for change in compare_validations("", *validations):
            node.add(change, [pair])
        if old.is_open != new.is_open:
            node.add(Change("", "other keys", old.is_open, new.is_open, "neither"), [pair])
        return node

    def _add_fields(self, node: _Node, pair: ObjectPair, old: Fields, new: Fields, selecting: frozenset[str]) -> None:
        old = {key: _without_repeated(self._old, each) for key, each in old.items()}
        new = {key: _without_repeated(self._new, each) for key, each in new.items()}
        renames = find_evident_renames(old, new, self._synonyms, self._old_keys, self._new_keys)
        old_keys = {other: key for key, other in renames.items()}
        for key in merge_keys([key for key in old if key not in renames], new):
            before = old.get(old_keys.get(key, key))
            for change in self._changes(key, before, new.get(key), old_keys.get(key, ""), selecting):
                node.add(change, [pair])
            after = new.get(key)
            if before and after and before.object_at and after.object_at and before.is_list == after.is_list:
                self._add_inner(node, _Step((), key, after.is_list), (before.object_at, after.object_at))

    def _changes(
        self, key: str, old: LearnedField | None, new: LearnedField | None, old_key: str, selecting: frozenset[str]
    ) -> Iterator[Change]:
        if old is None or new is None:
            yield from self._one_sided(key, old, new)
            return
        if key in selecting:
            yield from compare_deprecation(key, old, new)
            yield from compare_validations(key, old.validations, new.validations)
            return
        if old_key:
            effect = effect_of(stricter=new.required, looser=old.required)
            yield Change(key, "renamed", old_key, key, effect, old_key=old_key)
        for change in compare_fields(key, old, new, self._old_keys, self._new_keys):
            yield change._replace(old_key=old_key)

    def _one_sided(self, key: str, old: LearnedField | None, new: LearnedField | None) -> Iterator[Change]:
        """Yield the change of a field that only one document has. The platform ignores keys that it does not know."""
        if new:
            effect = effect_of(stricter=new.required, looser=False)
            yield Change(key, "added", None, definition_of(new, self._new_keys), effect)
        elif old:
            effect = effect_of(stricter=False, looser=old.required)
            yield Change(key, "removed", definition_of(old, self._old_keys), None, effect)

    def _add_inner(self, node: _Node, step: _Step, pair: ObjectPair) -> None:
        if number := self.compare(pair):
            node.inner[step] = number

    def _add_kinds(self, node: _Node, pair: ObjectPair, selecting: frozenset[str]) -> None:
        """Add the changes of an object whose kinds the same field selects in both documents."""
        old, new = self._old[pair[0]], self._new[pair[1]]
        key = new.select
        for change in compare_flags(key, _selecting_field(old), _selecting_field(new)):
            node.add(change, [pair])
        if added := tuple(value for value in new.kinds if value not in old.kinds):
            node.add(Change(key, "kinds added", None, added, "looser"), [pair])
        if removed := tuple(value for value in old.kinds if value not in new.kinds):
            node.add(Change(key, "kinds removed", removed, None, "stricter"), [pair])
        kinds: dict[ObjectPair, list[str]] = {}
        for value in new.kinds:
            if value in old.kinds:
                kinds.setdefault((old.kinds[value], new.kinds[value]), []).append(value)
        self._lift(node, kinds, selecting | {key})

    def _lift(self, node: _Node, kinds: Mapping[ObjectPair, list[str]], selecting: frozenset[str]) -> None:
        """Add the changes of kinds to the object, labelled with the kinds unless all have them."""
        common = [value for values in kinds.values() for value in values]
        changed: dict[Change, list[str]] = {}
        inner: dict[tuple[_Step, int], list[str]] = {}
        pairs: dict[Change, set[ObjectPair]] = {}
        for pair, values in kinds.items():
            self.compare(pair, selecting)
            found = self._compared.get((pair, selecting), _Node())
            for change, origins in found.changes.items():
                changed.setdefault(change, []).extend(values)
                pairs.setdefault(change, set()).update(origins)
            for item in found.inner.items():
                inner.setdefault(item, []).extend(values)
        for change, values in changed.items():
            node.add(change._replace(kinds=(*_label(values, common), *change.kinds)), pairs[change])
        for (step, number), values in inner.items():
            node.inner[step._replace(kinds=(*_label(values, common), *step.kinds))] = number

    def list_changes(self, root: int) -> Iterator[ObjectChanges]:
        """Yield the changes of all objects below a node, in document order."""
        places: dict[int, list[str]] = {}
        self._find_places(root, "", places)
        counts = self._count_places(root)
        for number, found in places.items():
            by_kinds: dict[tuple[str, ...], list[PlacedChange]] = {}
            for change, pairs in self._nodes[number].changes.items():
                by_kinds.setdefault(change.kinds, []).append(PlacedChange(change, frozenset(pairs)))
            for kinds in sorted(by_kinds, key=len):
                labelled = tuple(_with_kinds(place, kinds) for place in found)
                yield ObjectChanges(labelled, counts[number] - len(found), tuple(by_kinds[kinds]))

    def _find_places(self, number: int, place: str, places: dict[int, list[str]]) -> None:
        found = places.setdefault(number, [])
        if len(found) < _MAX_PLACES:
            found.append(place)
            for step, inner in self._nodes[number].inner.items():
                self._find_places(inner, _below(place, step), places)

    def _count_places(self, root: int) -> dict[int, int]:
        """Return the number of places of each node; nodes have greater numbers than those in them."""
        counts = {root: 1}
        for number in range(root, 0, -1):
            for inner in self._nodes[number].inner.values() if number in counts else ():
                counts[inner] = counts.get(inner, 0) + counts[number]
        return counts

    def _old_keys(self, at: str) -> tuple[str, ...]:
        return tuple(self._old_signatures.all_fields(at))

    def _new_keys(self, at: str) -> tuple[str, ...]:
        return tuple(self._new_signatures.all_fields(at))


def _all_validations(objects: Mapping[str, LearnedObject], learned: LearnedObject) -> tuple[Validation, ...]:
    """Return the validations of an object and of its kinds."""
    kinds = (objects[at] for at in dict.fromkeys(learned.kinds.values()))
    return (*learned.validations, *(each for kind in kinds for each in _all_validations(objects, kind)))


def _without_repeated(objects: Mapping[str, LearnedObject], learned: LearnedField) -> LearnedField:
    """Return a field without the validations that are also those of the object in it."""
    of_object = objects[learned.object_at].validations if learned.object_at else ()
    if not of_object or not learned.validations:
        return learned
    return replace(learned, validations=tuple(each for each in learned.validations if each not in of_object))


def _selecting_field(learned: LearnedObject) -> LearnedField:
    """Return the field that selects the kinds of an object, without its choices, which are the kinds."""
    constraints = {"nullable": True} if learned.select_nullable else {}
    default = learned.select_default or None
    return LearnedField(
        learned.at, "choice", required=learned.select_required, constraints=constraints, default=default
    )


def _label(values: Collection[str], common: Collection[str]) -> tuple[str, ...]:
    """Return the label of kinds; empty if they are all."""
    return () if len(values) == len(common) else (", ".join(value for value in common if value in values),)


def _with_kinds(place: str, kinds: tuple[str, ...]) -> str:
    return " ".join(filter(None, (place, *(f"({each})" for each in kinds))))


def _below(place: str, step: _Step) -> str:
    return place_of_field(_with_kinds(place, step.kinds), step.key) + ("[]" if step.is_list else "")


def place_of_field(place: str, key: str) -> str:
    """Return the dotted path of a field of the object at a place, or of the object if the key is empty."""
    return ".".join(filter(None, (place, key)))

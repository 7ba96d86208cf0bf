"""Resolves paths of the rule language against the objects of a market."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Optional

from premigrate.ruleset.kinds import family, select_field, selecting_objects
from premigrate.ruleset.model.fields import FieldSpec, ObjectSpec
from premigrate.ruleset.problems import unknown_name_message


@dataclass(frozen=True, slots=True)
class PathType:
    """The type at the end of a path.

    ``name`` is that of an object or of a scalar type; with ``is_list``, it is the type of the items of a list.
    ``parent`` is the type of the enclosing object.
    """

    name: str
    is_list: bool = False
    parent: Optional["PathType"] = None


class PathError(Exception):
    """A path cannot be resolved, or its type does not suit the rule; the message explains why."""


_FREE_TYPES = frozenset({"json", "object"})
"""The types of values whose content is not declared, so that a path may lead to any key in it."""


class PathResolver:
    """Resolves paths that start at an object, at a field, or at the root object."""

    def __init__(self, objects: Mapping[str, ObjectSpec], root: str) -> None:
        self._objects, self._root = objects, root
        self._known: dict[str, dict[str, list[FieldSpec]]] = {}
        self.fields_read: set[tuple[str, str]] = set()
        """The fields on all paths resolved so far, as (object, key)."""

    def fields_of(self, name: str) -> dict[str, FieldSpec]:
        """Return the fields an object can have: its own, those of its variants, and those of its selecting object.

        If variants have different fields of a name, it is the one of the first variant, or the object's own.
        """
        return {key: fields[0] for key, fields in self._declared(name).items()}

    def _declared(self, name: str) -> dict[str, list[FieldSpec]]:
        """Return the fields an object can have by key: several if its variants have different ones."""
        if name not in self._known:
            above = [self._objects[other] for other in selecting_objects(name, self._objects)]
            within = family(name, self._objects)
            keys = {each.select: [select_field(each)] for each in (*above, *within) if each.select}
            self._known[name] = {**keys, **_fields_by_key(above), **_fields_by_key(within)}
        return self._known[name]

    def is_object(self, name: str) -> bool:
        """Return whether a name is that of an object."""
        return name in self._objects

    def resolve_place(self, on: str) -> PathType:
        """Return the type that a rule's ``on`` names: an object, or a field of one.

        Raises:
            PathError: there is no such object or field.

        """
        name, _, key = on.partition(".")
        if name not in self._objects:
            raise PathError(unknown_name_message("object", name, self._objects))
        return replace(self._step(PathType(name), key)[0], parent=None) if key else PathType(name)

    def resolve_places(self, on: str) -> tuple[PathType, ...]:
        """Return the types that a rule's ``on`` can name, of which there are several if variants differ.

        Raises:
            PathError: there is no such object or field.

        """
        name, _, key = on.partition(".")
        first = self.resolve_place(on)
        return _unique(replace(kind, parent=None) for kind in self._step(PathType(name), key)) if key else (first,)

    def has_place(self, on: str) -> bool:
        """Return whether the object or field that a rule's ``on`` names is defined."""
        name, _, key = on.partition(".")
        return name in self._objects and (not key or key in self.fields_of(name))

    def is_single_value(self, on: str) -> bool:
        """Return whether a rule's ``on`` names a field with a single value, and not an object or a list.

        Raises:
            PathError: there is no such object or field.

        """
        kind = self.resolve_place(on)
        return not kind.is_list and kind.name not in self._objects

    def resolve(self, start: PathType, path: str) -> PathType:
        """Return the type at the end of ``path``, where variants differ by the fields in `fields_of`.

        Raises:
            PathError: the path cannot be resolved.

        """
        return self._follow((start,), path, only_first=True)[0]

    def resolve_all(self, starts: Sequence[PathType], path: str) -> tuple[PathType, ...]:
        """Return the types that can be at the end of ``path``, of which there are several if variants differ.

        Raises:
            PathError: the path cannot be resolved from any of the starts, through any variant.

        """
        return self._follow(starts, path, only_first=False)

    def _follow(self, starts: Sequence[PathType], path: str, *, only_first: bool) -> tuple[PathType, ...]:
        found: list[PathType] = []
        errors: list[PathError] = []
        for start in starts:
            try:
                kind, steps = self.start_of(start, path)
                kinds: tuple[PathType, ...] = (kind,)
                for part in steps:
                    kinds = self.step_all(kinds, part, path, only_first=only_first)
                found += kinds
            except PathError as error:
                errors.append(error)
        if not found:
            raise errors[0]
        return _unique(found)

    def step_all(
        self, kinds: Sequence[PathType], part: str, path: str, *, only_first: bool = False
    ) -> tuple[PathType, ...]:
        """Return the types one step (``part`` of ``path``) further.

        Raises:
            PathError: the step is possible from none of the types.

        """
        name, bracket, _ = part.partition("[]")
        found: list[PathType] = []
        errors: list[PathError] = []
        for kind in kinds:
            try:
                stepped = self._step(kind, name) if name else (kind,)
            except PathError as error:
                errors.append(error)
                continue
            for each in stepped[:1] if only_first else stepped:
                try:
                    found.append(self._items(each, path) if bracket else each)
                except PathError as error:
                    errors.append(error)
        if not found:
            raise errors[0]
        return tuple(found)

    def start_of(self, start: PathType, path: str) -> tuple[PathType, list[str]]:
        """Return the type at which the steps of a path start, and these steps.

        Raises:
            PathError: the path leads out of the object that the rule is about.

        """
        if path == self._root or path.startswith(f"{self._root}."):
            start, path = PathType(self._root), path.removeprefix(self._root).lstrip(".")
        while path.startswith("up."):
            if start.parent is None:
                raise PathError(f"{path!r} leads out of the object that the rule is about")
            start, path = start.parent, path.removeprefix("up.")
        return start, path.split(".")

    def _items(self, kind: PathType, path: str) -> PathType:
        if not kind.is_list:
            raise PathError(f"{path!r} has [] after something that is not a list")
        return PathType(kind.name, parent=kind.parent)

    def _step(self, kind: PathType, name: str) -> tuple[PathType, ...]:
        if kind.is_list:
            raise PathError(f"{name!r} is inside a list; write [] after the list")
        if kind.name in _FREE_TYPES:
            return (PathType("json", parent=kind),)
        if kind.name not in self._objects:
            raise PathError(f"{name!r} cannot be in a {kind.name}, which has no fields")
        fields = self._declared(kind.name)
        if name not in fields:
            raise PathError(f"{unknown_name_message('field', name, fields)} (in {kind.name})")
        self.fields_read.add((kind.name, name))
        return tuple(
            PathType(field.object or field.list or field.type or "", is_list=bool(field.list), parent=kind)
            for field in fields[name]
        )

    def contains_itself(self, name: str) -> bool:
        """Return whether an object contains itself, directly or indirectly."""
        reached: set[str] = set()
        pending = self._parts(name)
        while pending:
            part = pending.pop()
            if part in self._objects and part not in reached:
                reached.add(part)
                pending += self._parts(part)
        return name in reached

    def _parts(self, name: str) -> list[str]:
        spec = self._objects[name]
        return [*spec.variants.values(), *(field.object or field.list or "" for field in spec.fields.values())]


def _unique(kinds: Iterable[PathType]) -> tuple[PathType, ...]:
    return tuple(dict.fromkeys(kinds))


def _fields_by_key(specs: Iterable[ObjectSpec]) -> dict[str, list[FieldSpec]]:
    found: dict[str, list[FieldSpec]] = {}
    for spec in specs:
        for key, field in spec.fields.items():
            known = found.setdefault(key, [])
            if field not in known:
                known.append(field)
    return found

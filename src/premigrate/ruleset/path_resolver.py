"""Resolves paths of the rule language against the objects of a market."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Optional

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
    """A path can't be resolved, or its type does not suit the rule; the message says why."""


_FREE_TYPES = frozenset({"json", "object"})
"""The types of values whose content is not declared, so that a path may lead to any key in it."""


class PathResolver:
    """Resolves paths that start at an object, at a field, or at the root object."""

    def __init__(self, objects: Mapping[str, ObjectSpec], root: str) -> None:
        self._objects, self._root = objects, root
        self.fields_read: set[tuple[str, str]] = set()
        """The fields on all paths resolved so far, as (object, key)."""

    def fields_of(self, name: str) -> dict[str, FieldSpec]:
        """Return the fields an object can have: its own, those of its variants, and those of its selecting object."""
        spec = self._objects[name]
        selects = [other for other in self._objects.values() if other is spec or name in other.variants.values()]
        variants = [self._objects[variant] for variant in spec.variants.values() if variant in self._objects]
        fields = {key: field for each in (*selects, *variants) for key, field in each.fields.items()}
        keys = {each.select: _select_field(each) for each in selects if each.select}
        return {**keys, **fields}

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
        return replace(self._step(PathType(name), key), parent=None) if key else PathType(name)

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
        """Return the type at the end of ``path``.

        Raises:
            PathError: the path can't be resolved.

        """
        if path == self._root or path.startswith(f"{self._root}."):
            start, path = PathType(self._root), path.removeprefix(self._root).lstrip(".")
        while path.startswith("up."):
            if start.parent is None:
                raise PathError(f"{path!r} leads out of what the rule looks at")
            start, path = start.parent, path.removeprefix("up.")
        kind = start
        for part in path.split("."):
            name, bracket, _ = part.partition("[]")
            kind = self._step(kind, name) if name else kind
            kind = self._items(kind, path) if bracket else kind
        return kind

    def _items(self, kind: PathType, path: str) -> PathType:
        if not kind.is_list:
            raise PathError(f"{path!r} has [] behind something that is no list")
        return PathType(kind.name, parent=kind.parent)

    def _step(self, kind: PathType, name: str) -> PathType:
        if kind.is_list:
            raise PathError(f"{name!r} is looked for in a list; write [] behind the list")
        if kind.name in _FREE_TYPES:
            return PathType("json", parent=kind)
        if kind.name not in self._objects:
            raise PathError(f"{name!r} is looked for in a {kind.name}, which has no fields")
        fields = self.fields_of(kind.name)
        if name not in fields:
            raise PathError(f"{unknown_name_message('field', name, fields)} (in {kind.name})")
        field = fields[name]
        self.fields_read.add((kind.name, name))
        return PathType(field.object or field.list or field.type or "", is_list=bool(field.list), parent=kind)

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


def _select_field(spec: ObjectSpec) -> FieldSpec:
    return FieldSpec(type="choice", required=True, choices=tuple(spec.variants), about=spec.select_about)

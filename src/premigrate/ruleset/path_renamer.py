"""Writes paths of rules with the keys that a market uses instead of those of the platform."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from premigrate.ruleset.kinds import selecting_objects, variants_below
from premigrate.ruleset.model.fields import ObjectSpec
from premigrate.ruleset.path_resolver import PathError, PathResolver, PathType

NewKeys = Mapping[tuple[str, str], str]
"""The new keys of fields, by (object, old key)."""


class AmbiguousKeyError(Exception):
    """Variants of an object have a field under different keys, so that one path cannot lead to both."""


class PathRenamer:
    """Renames keys in paths, examples and attrs. ``objects`` still have the old keys; new ones stay as they are."""

    def __init__(self, objects: Mapping[str, ObjectSpec], root: str, new_keys: NewKeys) -> None:
        self._objects, self._new_keys = objects, new_keys
        self._resolver = PathResolver(objects, root)
        self._below = {name: variants_below(name, objects) for name in objects}
        self._selecting = {name: selecting_objects(name, objects) for name in objects}

    def rename_place(self, on: str) -> tuple[str, ...]:
        """Return the places for ``on`` of a rule: several if variants have the field under different keys."""
        name, dot, key = on.partition(".")
        if not dot or name not in self._objects:
            return (on,)
        try:
            return (f"{name}.{self._new_key(name, key)}",)
        except AmbiguousKeyError:
            variants = (each for variant in self._variants(name) for each in self.rename_place(f"{variant}.{key}"))
            return tuple(dict.fromkeys(variants))

    def variants_of(self, place: str) -> tuple[str, ...]:
        """Return the variants of the object at a place; none if the place is a field."""
        return self._variants(place) if place in self._objects else ()

    def start(self, on: str) -> tuple[PathType, ...]:
        """Return the types at a place, whose key may be new.

        Raises:
            PathError: there is no such place.

        """
        name, dot, key = on.partition(".")
        is_field = dot and name in self._objects
        return self._resolver.resolve_places(f"{name}.{self._old_key(name, key)}" if is_field else on)

    def rename(self, starts: Sequence[PathType], path: str) -> tuple[tuple[PathType, ...], str]:
        """Return the types at the end of a path, and the path with the new keys.

        Raises:
            PathError: the path cannot be resolved.
            AmbiguousKeyError: it leads through variants that have different keys for the same field.

        """
        found: dict[str, tuple[PathType, ...]] = {}
        errors: list[PathError] = []
        for start in starts:
            try:
                kind, steps = self._resolver.start_of(start, path)
                kinds, written = self._rename_steps((kind,), steps, path)
                key = path.removesuffix(".".join(steps)) + written
                found[key] = (*found.get(key, ()), *kinds)
            except PathError as error:
                errors.append(error)
        if not found:
            raise errors[0]
        if len(found) > 1:
            raise AmbiguousKeyError(path)
        ((new, ends),) = found.items()
        return ends, new

    def _rename_steps(
        self, kinds: tuple[PathType, ...], steps: list[str], path: str
    ) -> tuple[tuple[PathType, ...], str]:
        written = []
        for step in steps:
            name = step.partition("[]")[0]
            brackets = step.removeprefix(name)
            keys: dict[str, tuple[PathType, ...]] = {}
            for kind in kinds:
                old = self._old_key(kind.name, name) if kind.name in self._objects else name
                new = self._new_key(kind.name, name) if kind.name in self._objects else name
                try:
                    keys[new] = (*keys.get(new, ()), *self._resolver.step_all((kind,), f"{old}{brackets}", path))
                except PathError:
                    continue
            if not keys:
                self._resolver.step_all(kinds, step, path)  # raises the error
            if len(keys) > 1:
                raise AmbiguousKeyError(path)
            ((new, kinds),) = keys.items()
            written.append(f"{new}{brackets}")
        return kinds, ".".join(written)

    def rename_attr(self, starts: Sequence[PathType], attr: str) -> str:
        """Return an attr with the new keys, as far as its steps lead through known objects."""
        kinds, written = tuple(starts), []
        steps = attr.split(".")
        while steps and kinds:
            try:
                if any(kind.is_list for kind in kinds):
                    kinds = self._resolver.step_all(kinds, "[]", attr)
                    if steps[0].isdigit():
                        written.append(steps.pop(0))
                        continue
                kinds, new = self._rename_steps(kinds, steps[:1], attr)
            except (PathError, AmbiguousKeyError):
                break
            written.append(new)
            steps.pop(0)
        return ".".join([*written, *steps])

    def rename_keys(self, starts: Sequence[PathType], value: Any) -> Any:  # noqa: ANN401 - any example
        """Return an example with the new keys."""
        if isinstance(value, list | tuple):
            return type(value)(self.rename_keys([_item(kind) for kind in starts], item) for item in value)
        names = [kind.name for kind in starts if kind.name in self._objects and not kind.is_list]
        if not isinstance(value, dict) or not names:
            return value
        return dict(self._renamed_items(names[0], value))

    def _renamed_items(self, name: str, value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        chosen = self._chosen(name, value)
        for key, item in value.items():
            declaring = next((each for each in chosen if self._declares(each, key)), name)
            try:
                kinds, new = self._rename_steps((PathType(declaring),), [key], key)
            except (PathError, AmbiguousKeyError):
                kinds, new = (), key
            yield new, self.rename_keys(kinds, item)

    def _chosen(self, name: str, value: dict[str, Any]) -> list[str]:
        """Return the variants that a value has, the innermost first, and its object."""
        chosen = [name]
        while (spec := self._objects[chosen[0]]).select:
            choice = value.get(spec.select, value.get(self._written_select(chosen[0]), spec.select_default))
            variant = spec.variants.get(choice) if isinstance(choice, str) else None
            if variant is None or variant not in self._objects or variant in chosen:
                break
            chosen.insert(0, variant)
        return chosen

    def _written_select(self, name: str) -> str:
        """Return the old name of the select field of an object, which examples may still have."""
        select = self._objects[name].select
        return next((old for (owner, old), new in self._new_keys.items() if (owner, new) == (name, select)), "")

    def _new_key(self, name: str, key: str) -> str:
        """Return the new key of a field of an object or of its variants.

        Raises:
            AmbiguousKeyError: it has different keys in variants.

        """
        for owners in ((name, *self._below[name]), self._selecting[name]):
            keys = {self._new_keys.get((owner, key), key) for owner in owners if self._declares(owner, key)}
            if len(keys) > 1:
                raise AmbiguousKeyError(key)
            if keys:
                return keys.pop()
        return key

    def _old_key(self, name: str, key: str) -> str:
        """Return the key that ``objects`` have for a field, which may be given by its new key."""
        owners = (name, *self._below[name], *self._selecting[name])
        if any(self._declares(owner, key) for owner in owners):
            select = next((self._new_keys[owner, key] for owner in owners if self._is_old_select(owner, key)), key)
            return key if any(key in self._objects[owner].fields for owner in owners) else select
        return next((old for (owner, old), new in self._new_keys.items() if owner in owners and new == key), key)

    def _declares(self, name: str, key: str) -> bool:
        spec = self._objects[name]
        return key in spec.fields or key == spec.select or self._is_old_select(name, key)

    def _is_old_select(self, name: str, key: str) -> bool:
        """Return whether a key is the former ``select`` of an object, whose field has the new one already."""
        return (name, key) in self._new_keys and self._new_keys[name, key] == self._objects[name].select

    def _variants(self, name: str) -> tuple[str, ...]:
        return tuple(each for each in dict.fromkeys(self._objects[name].variants.values()) if each in self._objects)


def _item(kind: PathType) -> PathType:
    return PathType(kind.name, parent=kind.parent)

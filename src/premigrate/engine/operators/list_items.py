"""The operators ``unique``, ``same`` and ``refers``, about items of lists in the payload."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, Final

from premigrate.engine import rule_data
from premigrate.engine.item_selector import ItemSelector
from premigrate.engine.operands import key_part
from premigrate.engine.operators.operator import Dependencies, Operator, Violation
from premigrate.engine.paths import Path, PlaceFrom
from premigrate.engine.phrases import MAX_LISTED, join_words, value_text
from premigrate.engine.steps import EACH
from premigrate.engine.values import INVALID, Scope, is_filled
from premigrate.results import Place

_NO_KEY: Final = object()


class Unique(Operator):
    """No two values are the same; every duplicate is a violation, except for the first occurrence."""

    __slots__ = ("_depth", "_key_names", "_keys", "_list_key", "_others", "_paths", "_selectors")

    def __init__(self, spec: rule_data.Unique, dependencies: Dependencies) -> None:
        self._paths = [dependencies.make_path(path) for path in spec.of]
        self._others = self._paths[1:]
        self._list_key = _list_key(spec.of)
        self._selectors = [ItemSelector(path, spec.where, dependencies.make_path, spec.key) for path in spec.of]
        self._keys = [dependencies.make_path(path) for path in spec.key]
        self._key_names = [path.key for path in self._keys] if all(path.key for path in self._keys) else []
        self._depth = spec.depth

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Return the violations."""
        if self._list_key:
            items = scope.current.get(self._list_key) if type(scope.current) is dict else None
            if type(items) is list and len(items) < 2:
                return ()
        values: list[Any] = self._paths[0].values(scope)
        for path in self._others:
            values = values + path.values(scope)
        if len(values) < 2:
            return ()
        return () if self._are_certainly_distinct(values) else self._duplicates(scope)

    def needs_two_items(self) -> bool:
        """Return whether only values of different items can be duplicates."""
        is_one_list = len(self._paths) == 1 and self._paths[0].steps.count(EACH) == 1
        return (is_one_list or self._depth > 0) and all(path.is_of_items for path in self._paths)

    def _are_certainly_distinct(self, values: list[Any]) -> bool:
        """Return whether the values are distinct, whichever of them ``where`` selects; False: unknown."""
        if self._keys and not self._key_names:
            return False
        keys: list[object] = values
        if self._key_names:
            keys = []
            for value in values:
                if type(value) is dict:
                    keys.append(tuple([value.get(name) or "" for name in self._key_names]))
        try:
            return len(set(keys)) == len(keys)
        except TypeError:  # a list or an object is not hashable
            return False

    def _duplicates(self, scope: Scope) -> list[Violation]:
        found: list[Violation] = []
        first_positions: dict[object, tuple[int, int]] = {}
        places: dict[int, list[Place]] = {}
        for which, selector in enumerate(self._selectors):
            for index, (item, holds) in enumerate(selector.select(scope)):
                key = self._key(item) if holds else _NO_KEY
                if key is _NO_KEY:
                    continue
                first = first_positions.setdefault(key, (which, index))
                if first == (which, index):
                    continue
                for each in {which, first[0]} - places.keys():
                    places[each] = self._selectors[each].places(scope)
                place, earlier = places[which][index], places[first[0]][first[1]]
                if not (self._depth and earlier[: self._depth] == place[: self._depth]):
                    found.append(self._violation(place, item.current, earlier))
        return found

    def _violation(self, place: Place, value: object, earlier: Place) -> Violation:
        names = join_words([path.label or "value" for path in self._keys], " and ")
        kind = f"combination of {names}" if len(self._keys) > 1 else names or "value"
        related = (PlaceFrom(0, earlier),) if earlier else ()
        return Violation(place, value, f"another {kind} than the related one", related=related)

    def _key(self, item: Scope) -> object:
        """Return the key that a value is compared by; _NO_KEY if it is absent, INVALID, or not a single value."""
        value = item.current
        if not self._keys:
            if isinstance(value, bool):
                return (value,)  # because True == 1 in Python
            return value if isinstance(value, (str, int)) and is_filled(value) else _NO_KEY
        if not isinstance(value, dict):
            return _NO_KEY
        parts = [key_part(path, item) for path in self._keys]
        return _NO_KEY if INVALID in parts else tuple(parts)


def _list_key(of: tuple[rule_data.Path, ...]) -> str:
    """Return the key of the list, if all values are items of one list of the current value; else empty."""
    steps = of[0].steps
    is_current = len(of) == 1 and not of[0].up and steps[1:2] == (EACH,)
    return steps[0] if is_current and steps.count(EACH) == 1 else ""


class Same(Operator):
    """Values in the same group are the same; each that differs from the first one is a violation."""

    __slots__ = ("_groups", "_keys", "_selectors")

    def __init__(self, spec: rule_data.Same, dependencies: Dependencies) -> None:
        self._selectors = [
            ItemSelector(path, spec.where, dependencies.make_path, (*spec.key, *spec.by)) for path in spec.of
        ]
        self._keys = [dependencies.make_path(path) for path in spec.key]
        self._groups = [dependencies.make_path(path) for path in spec.by]

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Return the violations."""
        found: list[Violation] = []
        first_values: dict[object, Any] = {}
        origins: dict[object, tuple[int, int]] = {}
        places_by_selector: dict[int, list[PlaceFrom]] = {}
        for which, selector in enumerate(self._selectors):
            wrong: list[tuple[int, object, tuple[object, int]]] = []
            for index, (item, holds) in enumerate(selector.select(scope)):
                differing = self._find_differing(item, (which, index), first_values, origins) if holds else None
                if differing is not None:
                    wrong.append((index, item.current, differing))
            if wrong:
                places = selector.places(scope)
                for index, value, key in wrong:
                    origin, position = origins[key]
                    if origin not in places_by_selector:
                        places_by_selector[origin] = self._selectors[origin].path.places_from(scope)
                    first = places_by_selector[origin][position]
                    found.append(self._violation(places[index], value, self._keys[key[1]], first_values[key], first))
        return found

    def needs_two_items(self) -> bool:
        """Return whether the values are those of one list, each of one item."""
        paths = [selector.path for selector in self._selectors]
        return len(paths) == 1 and paths[0].is_of_items and paths[0].steps.count(EACH) == 1

    def _find_differing(
        self,
        item: Scope,
        origin: tuple[int, int],
        first_values: dict[object, Any],
        origins: dict[object, tuple[int, int]],
    ) -> tuple[object, int] | None:
        """Return the group and position of the first part that differs from the first item; None if none does."""
        group = tuple([key_part(path, item) for path in self._groups])
        if any(part == "" or part is INVALID for part in group):
            return None
        for position, path in enumerate(self._keys):
            part = key_part(path, item)
            if part != "" and part is not INVALID:
                key = (group, position)
                if key not in first_values:
                    first_values[key], origins[key] = part, origin
                elif first_values[key] != part:
                    return key
        return None

    def _violation(self, place: Place, value: object, key: Path, first: object, holder: PlaceFrom) -> Violation:
        """Return the violation of an item; ``holder`` is the place of the first one, and ``first`` its value."""
        is_inside = not key.up and not key.is_plural
        related = PlaceFrom(holder.up, (*holder.place, *key.steps)) if is_inside else holder
        name = key.label or "value"
        shown = f"{name} {value_text(first)}, as in the first item" if is_inside else ""
        return Violation(place, value, f"the same {name} as in the first item", shown, (related,))


class Refers(Operator):
    """Values are among other values of the payload; no violation if one of the others is INVALID."""

    __slots__ = ("_field", "_to")

    def __init__(self, spec: rule_data.Refers, dependencies: Dependencies) -> None:
        self._field = dependencies.make_path(spec.field)
        self._to = [dependencies.make_path(path) for path in spec.to]

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Return the violations."""
        values = self._field.values(scope)
        indexes = [index for index, value in enumerate(values) if value is not INVALID and is_filled(value)]
        if not indexes:
            return ()
        known: list[set[object]] = []
        for path in self._to:
            referable = path.values(scope)
            if path.is_shared:
                others = scope.context.cached(
                    (self, path, path.anchor_id(scope)), partial(_referable_values, referable)
                )
            else:
                others = _referable_values(referable)
            if others is None:
                return ()
            known.append(others)
        wrong = [index for index in indexes if not _is_among(values[index], known)]
        return self._violations(scope, values, wrong) if wrong else ()

    def _violations(self, scope: Scope, values: list[Any], wrong: list[int]) -> list[Violation]:
        names = join_words([path.label for path in self._to], " or ")
        known = {value_text(value): place for path in self._to for value, place in path.filled(scope)}
        expected, shown = f"a value that occurs at {names}", ""
        if not known:
            expected += ", where there is none"
        elif len(known) <= MAX_LISTED:
            shown = f"{expected}: {', '.join(known)}"
        places, related = self._field.places(scope), tuple(known.values()) if shown else ()
        return [Violation(places[index], values[index], expected, shown, related) for index in wrong]


_COMPARED: Final = (str, int, float, Decimal, date)


def _is_among(value: object, known: list[set[object]]) -> bool:
    return isinstance(value, _COMPARED) and any(value in others for others in known)


def _referable_values(values: list[Any]) -> set[object] | None:
    """Return the values that can be referred to; None if one of them is INVALID."""
    if any(value is INVALID for value in values):
        return None
    return {value for value in values if isinstance(value, _COMPARED)}

"""Operators about items of lists: count, unique, same."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from premigrate.engine import rule_data
from premigrate.engine.conditions import Items
from premigrate.engine.operands import part_at
from premigrate.engine.operators.operator import Operator, Parts, Violation, violations_at
from premigrate.engine.paths import EACH
from premigrate.engine.values import WRONG, Scope, filled
from premigrate.results import Place

_NO_KEY: Final = object()
_ANY: Final = 1 << 60
"""More items than any list has."""


class Count(Operator):
    """A list has so many items at least, or at most; a list that is not there has none."""

    __slots__ = ("_items", "_least", "_most", "_of", "_together")

    def __init__(self, spec: rule_data.Count, parts: Parts) -> None:
        self._together = spec.together
        self._of = parts.path(spec.of)
        self._items = Items(spec.of, spec.where, parts.path)
        self._least, self._most = spec.at_least, spec.at_most

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        if self._together:
            anchor = self._items.anchor(scope) if self._of.is_shared else None
            if anchor is None:
                surely, perhaps = self._count(scope)
            else:
                surely, perhaps = scope.run.once((self, anchor), partial(self._count, scope))
            return () if self._allows(surely, perhaps) else (Violation(()),)
        values = self._of.values(scope)
        wrong = [number for number, value in enumerate(values) if value is not WRONG and not self._allows_list(value)]
        return violations_at(self._of, scope, values, wrong) if wrong else ()

    def _count(self, scope: Scope) -> tuple[int, int]:
        surely = perhaps = 0
        for inside, verdict in self._items.of(scope):
            if verdict is not False:
                perhaps += _ANY if inside.here is WRONG else 1  # a list that is wrong may have any number of items
                surely += verdict is True
        return surely, perhaps

    def _allows_list(self, value: object) -> bool:
        size = len(value) if isinstance(value, list) else 0
        return self._allows(size, size)

    def _allows(self, surely: int, perhaps: int) -> bool:
        if self._least is not None and perhaps < self._least:
            return False
        return self._most is None or surely <= self._most


class Unique(Operator):
    """No two values are the same; every repetition is a violation, the first of its kind is not."""

    __slots__ = ("_depth", "_finders", "_keys", "_list_key", "_others", "_paths")

    def __init__(self, spec: rule_data.Unique, parts: Parts) -> None:
        self._paths = [parts.path(path) for path in spec.of]
        self._others = self._paths[1:]
        self._list_key = _list_key(spec.of)
        self._finders = [Items(path, spec.where, parts.path, spec.key) for path in spec.of]
        self._keys = [parts.path(path) for path in spec.key]
        self._depth = spec.depth

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        if self._list_key:
            items = scope.here.get(self._list_key) if type(scope.here) is dict else None
            if type(items) is list and len(items) < 2:
                return ()
        values: list[Any] = self._paths[0].values(scope)
        for path in self._others:
            values = values + path.values(scope)
        if len(values) < 2:
            return ()
        try:
            if not self._keys and len(set(values)) == len(values):
                return ()
        except TypeError:  # one is a list or an object
            pass
        return self._repeated(scope)

    def _repeated(self, scope: Scope) -> list[Violation]:
        found: list[Violation] = []
        seen: dict[object, tuple[int, int]] = {}
        places: dict[int, list[Place]] = {}
        for which, items in enumerate(self._finders):
            for number, (inside, holds) in enumerate(items.of(scope)):
                key = self._key(inside) if holds else _NO_KEY
                if key is _NO_KEY:
                    continue
                first = seen.setdefault(key, (which, number))
                if first == (which, number):
                    continue
                for each in {which, first[0]} - places.keys():
                    places[each] = self._finders[each].places(scope)
                place, earlier = places[which][number], places[first[0]][first[1]]
                if not (self._depth and earlier[: self._depth] == place[: self._depth]):
                    found.append(Violation(place, inside.here))
        return found

    def _key(self, inside: Scope) -> object:
        """Find what a value is compared by, or none: nothing there, wrong, or no single value."""
        value = inside.here
        if not self._keys:
            if isinstance(value, bool):
                return (value,)  # for Python, true is 1
            return value if isinstance(value, (str, int)) and filled(value) else _NO_KEY
        if not isinstance(value, dict):
            return _NO_KEY
        parts = [part_at(path, inside) for path in self._keys]
        return _NO_KEY if WRONG in parts else tuple(parts)


def _list_key(of: tuple[rule_data.Path, ...]) -> str:
    """Tell the key of the value itself with the only list that values come from; empty if they come from elsewhere."""
    steps = of[0].steps
    is_own = len(of) == 1 and not of[0].up and steps[1:2] == (EACH,)
    return steps[0] if is_own and steps.count(EACH) == 1 else ""


class Same(Operator):
    """Values are the same; the first that differs from those before it is the violation."""

    __slots__ = ("_finders", "_groups", "_keys")

    def __init__(self, spec: rule_data.Same, parts: Parts) -> None:
        self._finders = [Items(path, spec.where, parts.path, (*spec.key, *spec.by)) for path in spec.of]
        self._keys = [parts.path(path) for path in spec.key]
        self._groups = [parts.path(path) for path in spec.by]

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        found: list[Violation] = []
        seen: dict[object, Any] = {}
        for items in self._finders:
            wrong: list[tuple[int, object]] = []
            for number, (inside, holds) in enumerate(items.of(scope)):
                if holds and self._differs(inside, seen):
                    wrong.append((number, inside.here))
            if wrong:
                places = items.places(scope)
                found += [Violation(places[number], value) for number, value in wrong]
        return found

    def _differs(self, inside: Scope, seen: dict[object, Any]) -> bool:
        group = tuple([part_at(path, inside) for path in self._groups])
        if any(part == "" or part is WRONG for part in group):
            return False
        for position, path in enumerate(self._keys):
            part = part_at(path, inside)
            if part != "" and part is not WRONG and seen.setdefault((group, position), part) != part:
                return True
        return False

"""Resolves paths to values; the places of values are only computed for findings."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from premigrate.engine import rule_data
from premigrate.engine.steps import EACH, SharedPrefix, Steps, follow, pair_steps
from premigrate.engine.values import INVALID, EvaluationContext, Scope, is_filled
from premigrate.results import Place

MAX_RELATED: Final = 10
"""The most related places of a finding."""


class _Match(NamedTuple):
    """A value at a path, its place relative to the start of the path, and the scope of the object that contains it."""

    value: Any
    place: Place
    parent: Scope | None


class PlaceFrom(NamedTuple):
    """A place that starts at the current value of a rule (``up`` 0), so many parents up, or at the account (-1)."""

    up: int
    place: Place


class Path:
    """A path that is ready to be resolved in the scope of a rule.

    Attributes:
        steps: the keys and ``[]`` of the path.
        up: where it starts: at the current value (0), so many parent objects up, or at the root (-1).
        is_current: whether it is the current value itself.
        starts_outside: whether it starts at a parent or at the root. The places of its values are then empty, because
            errors are reported at or below the current value.
        is_plural: whether it can have several values.
        is_of_items: whether it starts with the items of the current value.
        is_shared: whether it starts outside and is plural. Its values are then the same for all scopes with the same
            `anchor_id`, and worth caching.
        label: the path in texts: ``supply_points.*.agreements``; empty for the current value.
        key: the key, if the path is a single key of the current value; else empty.

    """

    __slots__ = (
        "_first_key", "_pairs", "_prefix", "_rest", "is_current", "is_of_items", "is_plural", "is_shared", "key",
        "label", "starts_outside", "steps", "up",
    )  # fmt: skip

    def __init__(self, spec: rule_data.Path, prefix: SharedPrefix, rest: Steps) -> None:
        self.steps = spec.steps
        self.up = spec.up
        self.is_current = not spec.steps and not spec.up
        self.starts_outside = spec.up != 0
        self.is_plural = EACH in spec.steps
        self.is_of_items = not self.starts_outside and spec.steps[:1] == (EACH,)
        self.is_shared = self.starts_outside and self.is_plural
        self.key = spec.steps[0] if len(spec.steps) == 1 and not self.is_plural and not self.starts_outside else ""
        self._first_key = "" if self.starts_outside or self.is_of_items else "".join(spec.steps[:1])
        self._pairs = pair_steps(spec.steps)
        self._prefix, self._rest = prefix, rest
        words = ["*" if step == EACH else step for step in spec.steps]
        self.label = ".".join(words[1:] if words[:1] == ["*"] else words)

    def values(self, scope: Scope) -> list[Any]:
        """Return the values at this path."""
        if self.up > 0:
            return self._values_from_parent(scope)
        if not self.is_plural:
            return [self.first(scope)]
        current, context = scope.current, scope.context
        if self.up == 0:
            if self.is_of_items and len(self.steps) == 1 and type(current) is list:
                return current
            if self._first_key and type(current) is dict and current.get(self._first_key) is None:
                return []
            if current is not context.root:
                return follow([current], self._pairs)
        found = context.prefix_values.get(self._prefix)
        if found is None:
            found = self._prefix.values(context)
        return follow(found, self._rest) if self._rest and found else found

    def anchor_id(self, scope: Scope) -> int | None:
        """Return the ``id()`` of the object that a shared path starts at, for use in cache keys; None if not shared."""
        if not self.is_shared:
            return None
        start = self._start(scope) if self.up > 0 else None
        return id(start.current if start else scope.context.root)

    def first(self, scope: Scope) -> Any:  # noqa: ANN401
        """Return the first value at this path, or None."""
        value: Any = scope.current
        if self.key and type(value) is dict:
            return value.get(self.key)
        if self.is_plural:
            found = self.values(scope)
            return found[0] if found else None
        if self.up:
            start = scope.parent if self.up == 1 else self._start(scope)
            value = scope.context.root if self.up < 0 else start.current if start is not None else None
        for key in self.steps:
            if type(value) is not dict:
                return INVALID if value is INVALID else None
            value = value.get(key)
        return value

    def places(self, scope: Scope) -> list[Place]:
        """Return the places of the values at this path, relative to the current value."""
        if self.starts_outside:
            return [()] * len(self.values(scope))
        return [found.place for found in self._find(scope)]

    def places_from(self, scope: Scope) -> list[PlaceFrom]:
        """Return the places of the values at this path, also where it starts outside the current value."""
        up, found = self.up, list[_Match]()
        if up < 0:
            _find(_Match(scope.context.root, (), None), self.steps, scope.context, found)
        else:
            start = self._start(scope)
            if start is not None:
                _find(_Match(start.current, (), start.parent), self.steps, scope.context, found)
        return [PlaceFrom(up, each.place) for each in found]

    def filled(self, scope: Scope) -> list[tuple[Any, PlaceFrom]]:
        """Return the filled values at this path that have no errors of their own, with their places."""
        if self.is_shared:
            return scope.context.cached((self, self.anchor_id(scope), "filled"), lambda: self._filled(scope))
        return self._filled(scope)

    def _filled(self, scope: Scope) -> list[tuple[Any, PlaceFrom]]:
        pairs = zip(self.values(scope), self.places_from(scope), strict=True)
        return [pair for pair in pairs if pair[0] is not INVALID and is_filled(pair[0])]

    def related(self, scope: Scope) -> list[PlaceFrom]:
        """Return the places of the first filled values, which a finding can name as related."""
        return [place for _, place in self.filled(scope)[:MAX_RELATED]]

    def scopes(self, scope: Scope) -> list[Scope]:  # noqa: C901 - flat, for speed
        """Return a scope for each value at this path, with the objects that contain it as parents."""
        context = scope.context
        if self.starts_outside:
            parent = scope.innermost_object()
            return [Scope(value, context, parent) for value in self.values(scope)]
        found = [Scope(scope.current, context, scope.parent)]
        for key, is_each in self._pairs:
            below: list[Scope] = []
            for each in found:
                child, parent = each.current, each.parent
                if key and type(child) is dict:
                    child, parent = child.get(key), each
                elif key and child is not INVALID:
                    child = None
                if is_each and type(child) is list:
                    for item in child:
                        below.append(Scope(item, context, parent))  # noqa: PERF401 - a comprehension is an extra call
                elif not is_each or child is INVALID:
                    below.append(Scope(child, context, parent))
            found = below
        return found

    def item_scopes(self, scope: Scope, *, with_parents: bool) -> list[Scope]:
        """Return a scope for each value at this path; without parents, which is faster, unless rules read them."""
        if with_parents:
            return self.scopes(scope)
        scopes: list[Scope] = []
        for value in self.values(scope):
            scopes.append(Scope(value, scope.context))  # noqa: PERF401 - a comprehension is an extra call
        return scopes

    def _find(self, scope: Scope) -> list[_Match]:
        found: list[_Match] = []
        _find(_Match(scope.current, (), scope.parent), self.steps, scope.context, found)
        return found

    def _start(self, scope: Scope) -> Scope | None:
        start: Scope | None = scope
        for _ in range(self.up):
            if start is None:
                return None
            start = start.parent
        return start

    def _values_from_parent(self, scope: Scope) -> list[Any]:
        """Resolve a path that starts at a parent; a plural one is resolved once for each parent object."""
        start = self._start(scope)
        if start is None:
            return []
        current = start.current
        if self.is_plural:
            return scope.context.cached((self, id(current)), lambda: follow([current], self._pairs))
        return follow([current], self._pairs)


def _find(start: _Match, steps: tuple[str, ...], context: EvaluationContext, found: list[_Match]) -> None:
    """Resolve the steps as `follow` does, with places and parents; append the matches to ``found``."""
    value, place, parent = start
    for index, step in enumerate(steps):
        if value is INVALID:
            break
        if step == EACH:
            if type(value) is list:
                for position, item in enumerate(value):
                    _find(_Match(item, (*place, position), parent), steps[index + 1 :], context, found)
            return
        if type(value) is dict:
            parent = Scope(value, context, parent)
            value, place = value.get(step), (*place, step)
        elif EACH in steps[index:]:
            return
        else:
            value, place = None, (*place, *steps[index:])
            break
    found.append(_Match(value, place, parent))


class PathMaker:
    """Builds the paths of a program, each once."""

    def __init__(self) -> None:
        self._paths: dict[rule_data.Path, Path] = {}
        self._prefixes: dict[Steps, SharedPrefix] = {}

    def __call__(self, spec: rule_data.Path) -> Path:
        """Return the path for a specification."""
        found = self._paths.get(spec)
        if found is None:
            steps = pair_steps(spec.steps)
            last = _last_list(steps) if spec.up == 0 else len(steps)  # rules about items read outer values for each
            found = self._paths[spec] = Path(spec, self._prefix_of(steps[:last]), steps[last:])
        return found

    def _prefix_of(self, steps: Steps) -> SharedPrefix:
        """Return the prefix with these steps, which continues from the one to the list before."""
        found = self._prefixes.get(steps)
        if found is None:
            last = _last_list(steps[:-1])
            previous = self._prefix_of(steps[:last]) if last else None
            found = self._prefixes[steps] = SharedPrefix(previous, steps[last:])
        return found


def _last_list(steps: Steps) -> int:
    """Return the number of steps down to the items of the last list; 0 without lists."""
    return max((position for position, (_, is_each) in enumerate(steps, 1) if is_each), default=0)

"""The operators ``present``, ``absent``, ``at_least_one``, ``at_most_one`` and ``all_or_none``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from premigrate.engine import rule_data
from premigrate.engine.operators.operator import Dependencies, Operator, Violation, violations_at
from premigrate.engine.paths import Path
from premigrate.engine.phrases import join_words
from premigrate.engine.values import INVALID, Scope, is_filled
from premigrate.results import Place

_TWO: Final = 2


class _PathsOperator(Operator):
    """An operator about several paths. ``_keys`` are the keys of the current value, if all paths are single keys."""

    __slots__ = ("_keys", "_paths")

    def __init__(self, paths: list[Path]) -> None:
        self._paths = paths
        self._keys = frozenset([path.key for path in paths] if all(path.key for path in paths) else ())


class Present(_PathsOperator):
    """All of the paths are filled; each path that is not is a violation."""

    __slots__ = ()

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Return the violations."""
        if not self.is_violated(scope):
            return ()
        found: list[Violation] = []
        for path in self._paths:
            values = path.values(scope)
            wrong = [index for index, value in enumerate(values) if not is_filled(value)]
            if wrong:
                found += violations_at(path, scope, values, wrong, f"a value for {_name(path)}")
        return found

    def is_violated(self, scope: Scope) -> bool:
        """Return whether one of the paths is not filled."""
        for path in self._paths:
            for value in path.values(scope) if path.is_plural else (path.first(scope),):
                if not value and not is_filled(value):
                    return True
        return False

    def sufficient_keys(self) -> tuple[str, ...]:
        """Return the keys of all paths; if they are filled, there is no violation."""
        return tuple(sorted(self._keys))


class Absent(_PathsOperator):
    """None of the paths is filled; each path that is filled is a violation."""

    __slots__ = ()

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Return the violations."""
        if not self.is_violated(scope):
            return ()
        found: list[Violation] = []
        for path in self._paths:
            values = path.values(scope)
            wrong = [index for index, value in enumerate(values) if is_filled(value) and value is not INVALID]
            if wrong:
                found += violations_at(path, scope, values, wrong, f"no value for {_name(path)}")
        return found

    def is_violated(self, scope: Scope) -> bool:
        """Return whether one of the paths is filled."""
        if self._keys and type(scope.current) is dict and scope.current.keys().isdisjoint(self._keys):
            return False
        for path in self._paths:
            for value in path.values(scope) if path.is_plural else (path.first(scope),):
                if value is not None and value is not INVALID and is_filled(value):
                    return True
        return False


class AtLeastOne(_PathsOperator):
    """At least one of the paths is filled. ``_single_keys`` are those that are keys of the current value."""

    __slots__ = ("_other_paths", "_single_keys")

    def __init__(self, paths: list[Path]) -> None:
        super().__init__(paths)
        self._single_keys = tuple([path.key for path in paths if path.key])
        self._other_paths = [path for path in paths if not path.key]

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Return the violations."""
        for path in self._other_paths:
            if path.is_shared:
                is_any_filled = scope.context.cached(
                    (self, path, path.anchor_id(scope)), partial(_is_any_filled, path, scope)
                )
            else:
                is_any_filled = _is_any_filled(path, scope)
            if is_any_filled:
                return ()
        if any(_is_any_filled(path, scope) for path in self._paths if path.key):
            return ()
        names = list(map(_name, self._paths))
        return (Violation((), expected=f"at least one of {join_words(names, ' and ')}" if names[1:] else names[0]),)

    def sufficient_any(self) -> tuple[str, ...]:
        """Return the keys of the paths that are keys of the current value; if one is filled, there is no violation."""
        return self._single_keys


def _name(path: Path) -> str:
    return path.label or "this field"


def _is_any_filled(path: Path, scope: Scope) -> bool:
    for value in path.values(scope):  # noqa: SIM110 - any() with a generator is slower
        if value or is_filled(value):
            return True
    return False


class AtMostOne(_PathsOperator):
    """At most one of the paths is filled; the second filled path is the violation."""

    __slots__ = ()

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Return the violations."""
        current = scope.current
        if self._keys and type(current) is dict and _count(current, self._keys) < _TWO:
            return ()
        filled: list[tuple[Path, int, object]] = []
        for path in self._paths:
            for index, value in enumerate(path.values(scope)):
                if is_filled(value):
                    filled.append((path, index, value))
                    break
        if len(filled) < 2 or any(value is INVALID for _, _, value in filled):
            return ()
        path, index, value = filled[1]
        names = join_words([_name(each) for each in self._paths], " and ")
        related = filled[0][0].places_from(scope)[filled[0][1]]
        return (Violation(path.places(scope)[index], value, f"only one of {names}", related=(related,)),)


def _count(current: dict[str, Any], keys: frozenset[str]) -> int:
    """Return the number of keys that are filled or INVALID."""
    count = 0
    for key in keys:
        if key in current and is_filled(current[key]):
            count += 1
    return count


class AllOrNone(_PathsOperator):
    """Either all or none of the paths are filled; the first that is not filled is the violation."""

    __slots__ = ()

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Return the violations."""
        lists = [path.values(scope) for path in self._paths]
        if not any(is_filled(value) and value is not INVALID for values in lists for value in values):
            return ()
        for path, values in zip(self._paths, lists, strict=True):
            wrong = [index for index, value in enumerate(values) if not is_filled(value)]
            if wrong:
                return [self._violation(path.places(scope)[wrong[0]], values[wrong[0]], scope)]
        return ()

    def _violation(self, place: Place, value: object, scope: Scope) -> Violation:
        names = [_name(path) for path in self._paths]
        expected = (
            f"all or none of {join_words(names, ' and ')}" if names[1:] else f"{names[0]} in all items or in none"
        )
        related = [place for path in self._paths for place in path.related(scope)]
        return Violation(place, value, expected, related=tuple(related))


_OPERATORS = {
    "present": Present,
    "absent": Absent,
    "at_least_one": AtLeastOne,
    "at_most_one": AtMostOne,
    "all_or_none": AllOrNone,
}


def make_presence(spec: rule_data.Presence, dependencies: Dependencies) -> Operator:
    """Build the operator that a program specifies."""
    return _OPERATORS[spec.kind]([dependencies.make_path(path) for path in spec.paths])

"""Operators about what is filled in: present, absent, at_least_one, at_most_one, all_or_none."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from premigrate.engine import rule_data
from premigrate.engine.operators.operator import Operator, Parts, Violation, violations_at
from premigrate.engine.paths import Path
from premigrate.engine.values import WRONG, Scope, filled

_TWO: Final = 2


class _OfPaths(Operator):
    """``_keys`` are those of the value itself that the paths are; none if one of them is anything else."""

    __slots__ = ("_keys", "_paths")

    def __init__(self, paths: list[Path]) -> None:
        self._paths = paths
        self._keys = frozenset([path.key for path in paths] if all(path.key for path in paths) else ())


class Present(_OfPaths):
    """All of the paths are filled; each that is not is a violation."""

    __slots__ = ()

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        found: list[Violation] = []
        for path in self._paths:
            values = path.values(scope)
            if all(values):
                continue
            wrong = [number for number, value in enumerate(values) if not filled(value)]
            if wrong:
                found += violations_at(path, scope, values, wrong)
        return found

    def enough_keys(self) -> tuple[str, ...]:
        """List the keys of an object that has no violation where all of them are filled."""
        return tuple(sorted(self._keys))


class Absent(_OfPaths):
    """None of the paths is filled; each that is, is a violation."""

    __slots__ = ()

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        here = scope.here
        if self._keys and type(here) is dict and here.keys().isdisjoint(self._keys):
            return ()
        found: list[Violation] = []
        for path in self._paths:
            values = path.values(scope)
            wrong = [number for number, value in enumerate(values) if filled(value) and value is not WRONG]
            if wrong:
                found += violations_at(path, scope, values, wrong)
        return found


class AtLeastOne(_OfPaths):
    """Something is filled at one of the paths; ``_plain_scalar`` are keys of the value itself among them."""

    __slots__ = ("_others", "_single")

    def __init__(self, paths: list[Path]) -> None:
        super().__init__(paths)
        self._single = [path.key for path in paths if path.key]
        self._others = [path for path in paths if not path.key]

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        here = scope.here
        if type(here) is dict and any(map(here.get, self._single)):
            return ()
        for path in self._others:
            if path.is_shared:
                is_there = scope.run.once((self, path, path.anchor(scope)), partial(_is_any_filled, path, scope))
            else:
                is_there = _is_any_filled(path, scope)
            if is_there:
                return ()
        return () if any(_is_any_filled(path, scope) for path in self._paths if path.key) else (Violation(()),)


def _is_any_filled(path: Path, scope: Scope) -> bool:
    values = path.values(scope)
    return any(values) or any(map(filled, values))


class AtMostOne(_OfPaths):
    """No two of the paths are filled; the second filled one is the violation."""

    __slots__ = ()

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        here = scope.here
        if self._keys and type(here) is dict and _count(here, self._keys) < _TWO:
            return ()
        given: list[tuple[Path, int, object]] = []
        for path in self._paths:
            for number, value in enumerate(path.values(scope)):
                if filled(value):
                    given.append((path, number, value))
                    break
        if len(given) < 2 or any(value is WRONG for _, _, value in given):
            return ()
        path, number, value = given[1]
        return (Violation(path.places(scope)[number], value),)


def _count(here: dict[str, Any], keys: frozenset[str]) -> int:
    """Count the keys that are filled, or wrong."""
    count = 0
    for key in keys:
        if key in here and filled(here[key]):
            count += 1
    return count


class AllOrNone(_OfPaths):
    """All of the paths are filled if one is; the first that is not is the violation."""

    __slots__ = ()

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        lists = [path.values(scope) for path in self._paths]
        if not any(filled(value) and value is not WRONG for values in lists for value in values):
            return ()
        for path, values in zip(self._paths, lists, strict=True):
            wrong = [number for number, value in enumerate(values) if not filled(value)]
            if wrong:
                return violations_at(path, scope, values, wrong[:1])
        return ()


_DEMANDS = {
    "present": Present,
    "absent": Absent,
    "at_least_one": AtLeastOne,
    "at_most_one": AtMostOne,
    "all_or_none": AllOrNone,
}


def make_presence(spec: rule_data.Presence, parts: Parts) -> Operator:
    """Make one of these operators."""
    return _DEMANDS[spec.demand]([parts.path(path) for path in spec.paths])

"""Operators about what is filled in: present, absent, at_least_one, at_most_one, all_or_none."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from premigrate.engine import rule_data
from premigrate.engine.operators.base import Operator, Parts, Violation, violations_at
from premigrate.engine.paths import Path
from premigrate.engine.values import WRONG, Scope, filled


class _OfPaths(Operator):
    """``_keys`` are those of the value itself that the paths are, if they are nothing else."""

    __slots__ = ("_keys", "_paths")

    def __init__(self, paths: list[Path]) -> None:
        self._paths = paths
        keys = [path.key for path in paths]
        self._keys = keys if all(keys) else None


class Present(_OfPaths):
    """All of the paths are filled; each that is not is a violation."""

    __slots__ = ()

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        here = scope.here
        if self._keys is not None and type(here) is dict:
            for key in self._keys:
                if not here.get(key):
                    break
            else:
                return ()
        found: list[Violation] = []
        for path in self._paths:
            values = path.values(scope)
            wrong = [number for number, value in enumerate(values) if not filled(value)]
            if wrong:
                found += violations_at(path, scope, values, wrong)
        return found


class Absent(_OfPaths):
    """None of the paths is filled; each that is, is a violation."""

    __slots__ = ()

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        here = scope.here
        if self._keys is not None and type(here) is dict and not any(key in here for key in self._keys):
            return ()
        found: list[Violation] = []
        for path in self._paths:
            values = path.values(scope)
            wrong = [number for number, value in enumerate(values) if filled(value) and value is not WRONG]
            if wrong:
                found += violations_at(path, scope, values, wrong)
        return found


class AtLeastOne(_OfPaths):
    """Something is filled at one of the paths."""

    __slots__ = ()

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        for path in self._paths:
            if path.is_shared:
                if scope.run.once((self, path, path.anchor(scope)), partial(_is_any_filled, path, scope)):
                    return ()
            elif any(map(filled, path.values(scope))):
                return ()
        return (Violation(()),)


def _is_any_filled(path: Path, scope: Scope) -> bool:
    return any(map(filled, path.values(scope)))


class AtMostOne(_OfPaths):
    """No two of the paths are filled; the second filled one is the violation."""

    __slots__ = ()

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        here = scope.here
        if self._keys is not None and type(here) is dict and sum(map(here.__contains__, self._keys)) < 2:
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

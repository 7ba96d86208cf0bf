"""Finds the values at a path, and their places only where something is wrong with them."""

from __future__ import annotations

from typing import Any, Final, NamedTuple, TypeAlias

from premigrate.engine import rule_data
from premigrate.engine.values import WRONG, Run, Scope
from premigrate.results import Place

EACH: Final = "[]"


class _Found(NamedTuple):
    """A value at a path, its place from where the path starts, and the scope of the object around it."""

    value: Any
    place: Place
    up: Scope | None


Steps: TypeAlias = tuple[tuple[str, bool], ...]
"""Steps down: a key (empty: the value itself), and whether the items of the list there are meant."""


def _follow(value: Any, steps: Steps) -> list[Any]:  # noqa: ANN401, C901 - any value of a payload; flat, for speed
    """List the values at the end of some steps.

    What is WRONG on the way stays, in place of all behind it. A list that is not there has no items, and a key that is
    not there is found as None.
    """
    found: list[Any] = [value]
    for key, is_each in steps:
        below: list[Any] = []
        for each in found:
            if not key:
                inside = each
            elif type(each) is dict:
                inside = each.get(key)
            else:
                inside = WRONG if each is WRONG else None
            if not is_each:
                below.append(inside)
            elif type(inside) is list:
                below += inside
            elif inside is WRONG:
                below.append(WRONG)
        if not below:
            return below
        found = below
    return found


def _paired(steps: tuple[str, ...]) -> Steps:
    pairs: list[tuple[str, bool]] = []
    for step in steps:
        if step != EACH:
            pairs.append((step, False))
        elif pairs and not pairs[-1][1]:
            pairs[-1] = pairs[-1][0], True
        else:
            pairs.append(("", True))
    return tuple(pairs)


class Path:
    """A path that is ready to be followed.

    What lies outside of the value a rule looks at has an empty place: a rule can't name what lies outside. ``key`` is
    the only step of a path that is nothing but a key of that value.
    """

    __slots__ = ("_pairs", "is_outside", "is_plural", "is_shared", "key", "steps", "up")

    def __init__(self, spec: rule_data.Path) -> None:
        self.steps = spec.steps
        self.up = spec.up
        self.is_outside = spec.up != 0
        self.is_plural = EACH in spec.steps
        self.is_shared = self.is_outside and self.is_plural
        self.key = spec.steps[0] if len(spec.steps) == 1 and not self.is_plural and not self.is_outside else ""
        self._pairs = _paired(spec.steps)

    def values(self, scope: Scope) -> list[Any]:
        """List the values at this path; those from the root are found once an account."""
        here, run = scope.here, scope.run
        if self.up > 0:
            return self._from_above(scope)
        if not self.up and here is not run.root:
            return _follow(here, self._pairs)
        found = run.lists.get(self)
        if found is None:
            found = run.lists[self] = _follow(run.root, self._pairs)
        return found

    def anchor(self, scope: Scope) -> int | None:
        """Identify the object outside from which many values are found: they are the same for all scopes in it.

        None if the path is not like that (``is_shared``).
        """
        if not self.is_shared:
            return None
        start = self._start(scope) if self.up > 0 else None
        return id(start.here if start else scope.run.root)

    def first(self, scope: Scope) -> Any:  # noqa: ANN401
        """Give the first value at this path; None if there is none."""
        here, key = scope.here, self.key
        if key and type(here) is dict:
            return here.get(key)
        if not self.steps and not self.up:
            return here
        found = self.values(scope)
        return found[0] if found else None

    def places(self, scope: Scope) -> list[Place]:
        """List the places of the values at this path, from the value that the rule looks at."""
        if self.is_outside:
            return [()] * len(self.values(scope))
        return [found.place for found in self._find(scope)]

    def scopes(self, scope: Scope) -> list[Scope]:
        """List the values at this path, each with the objects around it."""
        run = scope.run
        if self.is_outside:
            up = scope.around()
            return [Scope(value, run, up) for value in self.values(scope)]
        return [Scope(found.value, run, found.up) for found in self._find(scope)]

    def bare_scopes(self, scope: Scope) -> list[Scope]:
        """List the values at this path as scopes of rules that look at nothing around them."""
        run = scope.run
        return [Scope(value, run) for value in self.values(scope)]

    def _find(self, scope: Scope) -> list[_Found]:
        found: list[_Found] = []
        _find(_Found(scope.here, (), scope.up), self.steps, scope.run, found)
        return found

    def _start(self, scope: Scope) -> Scope | None:
        start: Scope | None = scope
        for _ in range(self.up):
            if start is None:
                return None
            start = start.up
        return start

    def _from_above(self, scope: Scope) -> list[Any]:
        """Follow a path from an object around; one that finds many values once for each object."""
        start = self._start(scope)
        if start is None:
            return []
        here = start.here
        if self.is_plural:
            return scope.run.once((self, id(here)), lambda: _follow(here, self._pairs))
        return _follow(here, self._pairs)


def _find(start: _Found, steps: tuple[str, ...], run: Run, found: list[_Found]) -> None:
    """Go down as `_follow` does, and note the way."""
    value, place, up = start
    for at, step in enumerate(steps):
        if value is WRONG:
            break
        if step == EACH:
            if type(value) is list:
                for position, item in enumerate(value):
                    _find(_Found(item, (*place, position), up), steps[at + 1 :], run, found)
            return
        if type(value) is dict:
            up = Scope(value, run, up)
            value, place = value.get(step), (*place, step)
        elif EACH in steps[at:]:
            return
        else:
            value, place = None, (*place, *steps[at:])
            break
    found.append(_Found(value, place, up))


class PathMaker:
    """Makes each path of a program once."""

    def __init__(self) -> None:
        self._made: dict[rule_data.Path, Path] = {}

    def __call__(self, spec: rule_data.Path) -> Path:
        """Make a path."""
        found = self._made.get(spec)
        if found is None:
            found = self._made[spec] = Path(spec)
        return found

"""Finds the values at a path, and their places only where something is wrong with them."""

from __future__ import annotations

from typing import Any, Final

from premigrate.engine import rule_data
from premigrate.engine.values import MISSING, WRONG, Scope
from premigrate.errors import Place

EACH: Final = "[]"


class Path:
    """A path that is ready to be followed.

    A key that is not there is found as MISSING, a list that is not there has no items. What lies outside of the value
    a rule looks at has an empty place: a rule can't name what lies outside.
    """

    __slots__ = ("is_outside", "is_plural", "is_shared", "key", "steps", "up")

    def __init__(self, spec: rule_data.Path) -> None:
        self.steps = spec.steps
        self.up = spec.up
        self.is_outside = spec.up != 0
        self.is_plural = EACH in spec.steps
        self.is_shared = self.is_outside and self.is_plural
        self.key = spec.steps[0] if len(spec.steps) == 1 and not self.is_plural and not self.is_outside else ""

    def values(self, scope: Scope) -> list[Any]:
        """List the values at this path."""
        here = scope.here
        if self.key:
            if type(here) is dict:
                return [here.get(self.key, MISSING)]
            return [WRONG if here is WRONG else MISSING]
        if self.up < 0 or (self.is_plural and here is scope.run.root):
            return self._from_root(scope)
        if not self.up:
            return _follow(here, self.steps) if self.steps else [here]
        return self._from_above(scope)

    def anchor(self, scope: Scope) -> int | None:
        """Identify the object outside from which many values are found: they are the same for all scopes in it.

        None if the path is not like that (``is_shared``).
        """
        if not self.is_shared:
            return None
        start = self._start(scope) if self.up > 0 else None
        return id(start.here if start else scope.run.root)

    def first(self, scope: Scope) -> Any:  # noqa: ANN401 - any value of a payload
        """Give the first value at this path; MISSING if there is none."""
        if self.key:
            here = scope.here
            return here.get(self.key, MISSING) if type(here) is dict else WRONG if here is WRONG else MISSING
        found = self.values(scope)
        return found[0] if found else MISSING

    def places(self, scope: Scope) -> list[Place]:
        """List the places of the values at this path, from the value that the rule looks at."""
        if self.is_outside:
            return [()] * len(self.values(scope))
        found: list[Place] = []
        _locate(scope.here, self.steps, 0, (), found)
        return found

    def scopes(self, scope: Scope) -> list[Scope]:
        """List the values at this path, each with the objects around it."""
        up = scope.around()
        if self.is_outside:
            return [Scope(value, scope.run, up) for value in self.values(scope)]
        found: list[Scope] = []
        _enter(scope.here, self.steps, 0, up, scope, found)
        return found

    def bare_scopes(self, scope: Scope) -> list[Scope]:
        """List the values at this path as scopes of rules that look at nothing around them."""
        run = scope.run
        return [Scope(value, run) for value in self.values(scope)]

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
            return scope.run.once((self, id(here)), lambda: _follow(here, self.steps))
        return _follow(here, self.steps)

    def _from_root(self, scope: Scope) -> list[Any]:
        """Follow a path from the root once an account, however many rules need it."""
        run = scope.run
        found = run.lists.get(self.steps)
        if found is None:
            found = run.lists[self.steps] = _follow(run.root, self.steps)
        return found


def _follow(value: Any, steps: tuple[str, ...]) -> list[Any]:  # noqa: ANN401, C901 - any value; flat, for speed
    """List the values at the end of some steps; what is WRONG on the way stays, in place of all behind it."""
    found: list[Any] = [value]
    for step in steps:
        below: list[Any] = []
        if step == EACH:
            for each in found:
                if isinstance(each, list):
                    below += each
                elif each is WRONG:
                    below.append(WRONG)
        else:
            for each in found:
                if isinstance(each, dict):
                    below.append(each.get(step, MISSING))
                else:
                    below.append(WRONG if each is WRONG else MISSING)
        if not below:
            return below
        found = below
    return found


def _locate(value: Any, steps: tuple[str, ...], number: int, place: Place, found: list[Place]) -> None:  # noqa: ANN401
    for at in range(number, len(steps)):
        if value is WRONG:
            break
        step = steps[at]
        if step == EACH:
            if isinstance(value, list):
                for position, item in enumerate(value):
                    _locate(item, steps, at + 1, (*place, position), found)
            return
        if isinstance(value, dict):
            value, place = value.get(step, MISSING), (*place, step)
        elif EACH in steps[at:]:
            return
        else:
            place = (*place, *steps[at:])
            break
    found.append(place)


def _enter(  # noqa: C901, PLR0913, PLR0917 - it goes down itself
    value: Any,  # noqa: ANN401
    steps: tuple[str, ...],
    number: int,
    up: Scope | None,
    scope: Scope,
    found: list[Scope],
) -> None:
    for at in range(number, len(steps)):
        if value is WRONG:
            break
        step = steps[at]
        if step == EACH:
            if isinstance(value, list):
                for item in value:
                    _enter(item, steps, at + 1, up, scope, found)
            return
        if isinstance(value, dict):
            if value is not scope.here:
                up = Scope(value, scope.run, up)
            value = value.get(step, MISSING)
        elif EACH in steps[at:]:
            return
        else:
            value = MISSING
            break
    found.append(Scope(value, scope.run, up))


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

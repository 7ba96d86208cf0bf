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


def _follow(found: list[Any], steps: Steps) -> list[Any]:  # noqa: C901 - flat, for speed
    """List the values at the end of some steps from others.

    What is WRONG on the way stays, in place of all behind it. A list that is not there has no items, and a key that is
    not there is found as None.
    """
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


class _Trail:
    """Steps down from the root to the items of lists, which are found once an account."""

    __slots__ = ("_before", "_steps")

    def __init__(self, before: _Trail | None, steps: Steps) -> None:
        self._before, self._steps = before, steps

    def values(self, run: Run) -> list[Any]:
        """List the items."""
        found = run.lists.get(self)
        if found is None:
            start = [run.root] if self._before is None else self._before.values(run)
            found = run.lists[self] = _follow(start, self._steps) if start else start
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

    What lies outside of the value a rule looks at has an empty place: a rule can't name what lies outside. ``is_here``:
    the path is that value itself; ``key`` is the only step of a path that is nothing but a key of it.
    """

    __slots__ = (
        "_behind", "_first_key", "_pairs", "_root_key", "_trail", "is_here", "is_outside", "is_plural", "is_shared",
        "key", "steps", "up",
    )  # fmt: skip

    def __init__(self, spec: rule_data.Path, trail: _Trail | None, behind: Steps) -> None:
        self.steps = spec.steps
        self.up = spec.up
        self.is_here = not spec.steps and not spec.up
        self.is_outside = spec.up != 0
        self.is_plural = EACH in spec.steps
        self.is_shared = self.is_outside and self.is_plural
        self.key = spec.steps[0] if len(spec.steps) == 1 and not self.is_plural and not self.is_outside else ""
        self._root_key = spec.steps[0] if len(spec.steps) == 1 and not self.is_plural and spec.up < 0 else ""
        self._pairs = _paired(spec.steps)
        self._first_key = self._pairs[0][0] if self.is_plural and spec.up <= 0 else ""
        self._trail, self._behind = trail, behind

    def values(self, scope: Scope) -> list[Any]:
        """List the values at this path."""
        up, here, run = self.up, scope.here, scope.run
        if up > 0:
            return self._from_above(scope)
        if not up and here is not run.root:
            return _follow([here], self._pairs)
        if self._first_key and type(run.root) is dict and self._first_key not in run.root:
            return []
        trail = self._trail
        if trail is None:
            return _follow([run.root], self._pairs)
        found = run.lists.get(trail)
        if found is None:
            found = trail.values(run)
        return _follow(found, self._behind) if self._behind and found else found

    def is_surely_empty(self, run: Run) -> bool:
        """Whether it leads from the root to items of lists, of which there surely are none."""
        return self._first_key != "" and type(run.root) is dict and self._first_key not in run.root

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
        if self.is_here:
            return here
        if self._root_key:
            root = scope.run.root
            return root.get(self._root_key) if type(root) is dict else self.values(scope)[0]
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

    def scopes_for(self, scope: Scope, *, with_up: bool) -> list[Scope]:
        """List them, without the objects around unless rules look at these."""
        if with_up:
            return self.scopes(scope)
        scopes: list[Scope] = []
        for value in self.values(scope):
            scopes.append(Scope(value, scope.run))  # noqa: PERF401 - a comprehension is a call more
        return scopes

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
            return scope.run.once((self, id(here)), lambda: _follow([here], self._pairs))
        return _follow([here], self._pairs)


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
        self._trails: dict[Steps, _Trail] = {}

    def __call__(self, spec: rule_data.Path) -> Path:
        """Make a path."""
        found = self._made.get(spec)
        if found is None:
            steps = _paired(spec.steps)
            last = max((position for position, (_, is_each) in enumerate(steps, 1) if is_each), default=0)
            if last and spec.up < 0:
                last = len(steps)  # rules about many items look at the same values
            found = self._made[spec] = Path(spec, self._trail(steps[:last]), steps[last:])
        return found

    def _trail(self, steps: Steps) -> _Trail | None:
        """Make a trail, which starts where the list before has been found; None without steps."""
        if steps and steps not in self._trails:
            last = max((position for position, (_, is_each) in enumerate(steps[:-1], 1) if is_each), default=0)
            self._trails[steps] = _Trail(self._trail(steps[:last]), steps[last:])
        return self._trails.get(steps)

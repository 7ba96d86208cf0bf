"""Turns paths of the rule language into functions that find values with their places."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeAlias

from premigrate.errors import Place
from premigrate.plan import MISSING, WRONG, Scope

Found: TypeAlias = tuple[Place, object]
"""A value with its place from where the path starts."""

Finder: TypeAlias = Callable[[Scope], Iterator[Found]]

_EACH = "[]"
_UP = "up."


def compile_path(path: str, root: str) -> Finder:
    """Make a finder for ``path``.

    A key that is not there is found as MISSING, a list that is not there has no items. What is found from the
    account down (a path that begins with ``root``) or further up has an empty place: a rule can't blame what lies
    outside.
    """
    if path == root or path.startswith(f"{root}."):
        return partial(_from_root, split_path(path.removeprefix(root)))
    if path.startswith(_UP):
        return partial(_from_around, compile_path(path.removeprefix(_UP), root))
    return partial(_from_here, split_path(path))


def _from_root(steps: tuple[str, ...], scope: Scope) -> Iterator[Found]:
    return (((), value) for _, value in _follow(scope.root, (), steps))


def _from_around(outside: Finder, scope: Scope) -> Iterator[Found]:
    return (((), value) for _, value in outside(scope.up)) if scope.up else iter(())


def _from_here(steps: tuple[str, ...], scope: Scope) -> Iterator[Found]:
    return iter(_follow(scope.here, (), steps))


def split_path(path: str) -> tuple[str, ...]:
    """Split ``a[].b`` into ``("a", "[]", "b")``; ``.`` has no steps."""
    return tuple(step for step in path.replace(_EACH, f".{_EACH}").split(".") if step)


def _follow(value: object, place: Place, steps: tuple[str, ...]) -> list[Found]:
    for number, step in enumerate(steps):
        if value is WRONG:
            break
        if step == _EACH:
            rest, items = steps[number + 1 :], value if isinstance(value, list) else ()
            return [each for position, item in enumerate(items) for each in _follow(item, (*place, position), rest)]
        if isinstance(value, dict):
            value, place = value.get(step, MISSING), (*place, step)
        else:
            return [] if _EACH in steps[number:] else [((*place, *steps[number:]), MISSING)]
    return [(place, value)]

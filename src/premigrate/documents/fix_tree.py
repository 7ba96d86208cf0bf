"""Arranges fixes by their paths, refuses those that contradict each other, and applies them to parsed data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from premigrate.exceptions import BadArgument

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from premigrate.results import Fix, Place

_MAX_DEPTH = 500


class FixNode:
    """The fixes at one place: a new value, the removal of the value, a new key; and those of the places below."""

    __slots__ = ("below", "is_changed", "is_removed", "key", "place", "value")

    def __init__(self, place: Place) -> None:
        self.place = place
        self.below: dict[str | int, FixNode] = {}
        self.is_removed = self.is_changed = False
        self.value: Any = None
        self.key: str | None = None


def arrange_fixes(fixes: Iterable[Fix]) -> FixNode:
    """Arrange fixes as a tree; equal ones count once.

    Raises:
        BadArgument: two fixes change the same value or key, or one changes a value in an object or list that another
            replaces or removes; or the fix itself is wrong.

    """
    top = FixNode(())
    ends: dict[Place, FixNode] = {}
    for fix in _unique(fixes):
        if len(fix.path) > _MAX_DEPTH:
            raise BadArgument(f"{fix.path[0]}...: nested too deeply to be changed")
        node = top
        for position, step in enumerate(fix.path, 1):
            node = node.below.setdefault(step, FixNode(fix.path[:position]))
        _add(node, fix)
        ends[fix.path] = node
    for node in ends.values():
        if node.below and (node.is_removed or node.is_changed):
            raise BadArgument(f"{describe(node.place)}: another fix changes a value inside this one; apply one of them")
    return top


def _unique(fixes: Iterable[Fix]) -> Iterable[Fix]:
    return {(fix.path, fix.action, repr(fix.value)): fix for fix in fixes}.values()


def _add(node: FixNode, fix: Fix) -> None:
    is_taken = node.key is not None if fix.action == "rename" else node.is_changed
    if is_taken or node.is_removed or (fix.action == "remove" and node.key is not None):
        raise BadArgument(f"{describe(fix.path)}: two fixes change this value; apply one of them")
    if fix.action != "replace" and not fix.path:
        raise BadArgument(f"the account itself cannot be changed by {fix.action!r}; the path of the fix is empty")
    if fix.action == "replace":
        node.is_changed, node.value = True, fix.value
    elif fix.action == "remove":
        node.is_removed = True
    elif fix.action == "rename" and isinstance(fix.value, str) and isinstance(fix.path[-1], str):
        node.key = fix.value
    else:
        raise BadArgument(
            f"{describe(fix.path)}: the action must be replace, remove or rename, and the new name of a key a string"
        )


def describe(place: Place) -> str:
    """Return a place for a message."""
    return ".".join(map(str, place)) or "the account"


def apply_to_data(data: object, node: FixNode) -> object:
    """Return data with the fixes; the data themselves do not change.

    Raises:
        BadArgument: there is nothing at a place, or an object would have a key twice.

    """
    if node.is_changed:
        return node.value
    if not node.below:
        return data
    if isinstance(data, dict):
        _check_steps(node, data)
        return _changed_object(data, node)
    if isinstance(data, list):
        _check_steps(node, range(len(data)))
        kept = [(each, node.below.get(index)) for index, each in enumerate(data)]
        return [apply_to_data(each, fix) if fix else each for each, fix in kept if not (fix and fix.is_removed)]
    raise BadArgument(f"{describe(next(iter(node.below.values())).place)}: there is no such value; nothing was changed")


def _changed_object(data: dict[str, object], node: FixNode) -> dict[str, object]:
    made: dict[str, object] = {}
    for key, value in data.items():
        fix = node.below.get(key)
        if fix and fix.is_removed:
            continue
        name = fix.key if fix and fix.key is not None else key
        if name in made:
            raise BadArgument(f"{describe((*node.place, name))}: the key would occur twice; nothing was changed")
        made[name] = apply_to_data(value, fix) if fix else value
    return made


def _check_steps(node: FixNode, steps: Container[object]) -> None:
    for step, fix in node.below.items():
        if step not in steps:
            raise BadArgument(f"{describe(fix.place)}: there is no such value; nothing was changed")

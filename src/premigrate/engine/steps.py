"""Follows the steps of paths down to values."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from premigrate.engine.values import INVALID, EvaluationContext

EACH: Final = "[]"
Steps: TypeAlias = tuple[tuple[str, bool], ...]
"""Steps down. A step is a key (empty: the value itself), and whether to continue with each item of the list there."""


def pair_steps(steps: tuple[str, ...]) -> Steps:
    """Return the steps of a path as pairs."""
    pairs: list[tuple[str, bool]] = []
    for step in steps:
        if step != EACH:
            pairs.append((step, False))
        elif pairs and not pairs[-1][1]:
            pairs[-1] = pairs[-1][0], True
        else:
            pairs.append(("", True))
    return tuple(pairs)


def follow(found: list[Any], steps: Steps) -> list[Any]:  # noqa: C901 - flat, for speed
    """Return the values at the end of the steps from some values.

    An INVALID value on the way is kept in place of everything below it. An absent list has no items; an absent key
    gives None.
    """
    for key, is_each in steps:
        values_below: list[Any] = []
        for each in found:
            if not key:
                child = each
            elif type(each) is dict:
                child = each.get(key)
            else:
                child = INVALID if each is INVALID else None
            if not is_each:
                values_below.append(child)
            elif type(child) is list:
                values_below += child
            elif child is INVALID:
                values_below.append(INVALID)
        if not values_below:
            return values_below
        found = values_below
    return found


class SharedPrefix:
    """A path from the root, usually to a list, which is resolved once for each account.

    Many rules read the same lists of the account, so paths share their prefixes: each continues from the one to the
    list before it. The values are kept in `EvaluationContext.prefix_values`.
    """

    __slots__ = ("_previous", "_steps")

    def __init__(self, previous: SharedPrefix | None, steps: Steps) -> None:
        self._previous, self._steps = previous, steps

    def values(self, context: EvaluationContext) -> list[Any]:
        """Return the values, which are resolved on first use."""
        found = context.prefix_values.get(self)
        if found is None:
            start = [context.root] if self._previous is None else self._previous.values(context)
            found = context.prefix_values[self] = follow(start, self._steps) if start else start
        return found

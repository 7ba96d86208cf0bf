"""Finds the lines that differ between two texts, in linear time: fixes change few lines, and keep their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MAX_DISTANCE = 200
"""The most lines, old and new, after which equal lines are looked for again."""


class LineChange(NamedTuple):
    """The replacement of old lines by new ones; each is a range of positions, from 0, of which the end is exclusive."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def changed_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[LineChange]:
    """Yield the changes that make the new lines of the old ones, in order."""
    at_old = at_new = 0
    while at_old < len(old) or at_new < len(new):
        if at_old < len(old) and at_new < len(new) and old[at_old] == new[at_new]:
            at_old, at_new = at_old + 1, at_new + 1
            continue
        end_old, end_new = _next_equal(old, new, at_old, at_new)
        yield LineChange(at_old, end_old, at_new, end_new)
        at_old, at_new = end_old, end_new


def group_changes(changes: Iterator[LineChange], context: int) -> Iterator[list[LineChange]]:
    """Group changes between which there are at most twice as many equal lines as are shown around each."""
    group: list[LineChange] = []
    for change in changes:
        if group and change.old_start - group[-1].old_end > 2 * context:
            yield group
            group = []
        group.append(change)
    if group:
        yield group


def _next_equal(old: Sequence[str], new: Sequence[str], at_old: int, at_new: int) -> tuple[int, int]:
    """Return the nearest positions at which the texts are equal again; the ends if there are none near.

    One equal line is enough where as many old lines as new ones differ. Elsewhere it can be a bracket, so that two
    must be equal.
    """
    for distance in range(1, _MAX_DISTANCE + 1):
        for skipped in range(distance + 1):
            end_old, end_new = at_old + skipped, at_new + distance - skipped
            if end_old > len(old) or end_new > len(new):
                continue
            count = 1 if end_old - at_old == end_new - at_new else 2
            if old[end_old : end_old + count] == new[end_new : end_new + count]:
                return end_old, end_new
    return len(old), len(new)

"""Converts the attr of an error in an API response to the relative ``attr`` that a rule would declare."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from premigrate.ruleset.kinds import variants_below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from premigrate.results import Place
    from premigrate.ruleset.model.rules import Rule
    from premigrate.ruleset.model.ruleset import Ruleset

UP = "up"
_ATTR = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
"""The syntax of ``attr`` in the rule language."""


def relative_attr(rule: Rule, ruleset: Ruleset, path: Place, answered_attr: str) -> str | None:
    """Convert an attr to one relative to the place that a rule was applied to; None if it cannot be expressed.

    Args:
        rule: the rule that reported an error.
        ruleset: the ruleset of the rule.
        path: the path of the error.
        answered_attr: the attr in the API response.

    """
    site = rule_place(rule, ruleset, path)
    if site is None:
        return None
    target: Place = tuple(int(step) if step.isdecimal() else step for step in answered_attr.split("."))
    steps = 0
    while True:
        left = target[len(site) :]
        if target[: len(site)] == site and left and not any(isinstance(step, int) for step in left):
            attr = ".".join([*[UP] * steps, *map(str, left)])
            return attr if _ATTR.fullmatch(attr) else None
        if not site:
            return None
        site, steps = _above(site), steps + 1


def rule_place(rule: Rule, ruleset: Ruleset, path: Place) -> Place | None:
    """Return the place that a rule was applied to when it reported an error at ``path``, or None if there is none."""
    found = None
    for place, names in _objects_along(ruleset, path):
        for on in rule.places:
            name, _, key = on.partition(".")
            site = (*place, key) if key else place
            if name in names and path[: len(site)] == site:
                found = site
    return found


def _objects_along(ruleset: Ruleset, path: Place) -> Iterator[tuple[Place, frozenset[str]]]:
    """Yield each place along a path, with the names of the objects that can be there."""
    names = _names(ruleset, {ruleset.root})
    yield (), names
    of_items: frozenset[str] = frozenset()
    for length, step in enumerate(path, 1):
        if isinstance(step, int):
            names, of_items = of_items, frozenset()
        else:
            fields = [ruleset.objects[name].fields[step] for name in names if step in ruleset.objects[name].fields]
            names = _names(ruleset, {field.object for field in fields if field.object})
            of_items = _names(ruleset, {field.list for field in fields if field.list})
        yield path[:length], names


def _names(ruleset: Ruleset, names: set[str]) -> frozenset[str]:
    """Keep the names of objects, and add the variants of those that have variants."""
    known = {name for name in names if name in ruleset.objects}
    return frozenset(known.union(*(variants_below(name, ruleset.objects) for name in known)))


def _above(site: Place) -> Place:
    """Return the place of the enclosing object."""
    while site and isinstance(site[-1], int):
        site = site[:-1]
    return site[:-1]

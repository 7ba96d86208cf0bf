"""Operators about items of lists: count, unique, same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from premigrate.compiling.conditions import compile_items
from premigrate.compiling.paths import Finder, Found, compile_path, split_path
from premigrate.plan import MISSING, WRONG, Blame, Scope, filled

if TYPE_CHECKING:
    from premigrate.compiling.context import Context, Search
    from premigrate.errors import Place
    from premigrate.rulebook.operators import Count, Same, Unique

Items: TypeAlias = Callable[[Scope], Iterator[tuple[Found, Scope, bool | None]]]
"""Finds items, each with its own scope and whether conditions hold for it."""


def compile_count(spec: Count, context: Context) -> Search:
    """Demand a number of items; a list that is not there has none."""
    is_allowed = partial(_is_allowed, spec.at_least, spec.at_most)
    if spec.of.endswith("[]"):
        return partial(_search_count_together, compile_items(spec.of, spec.where, context), is_allowed)
    return partial(_search_count, compile_path(spec.of, context.root), is_allowed)


def _search_count(find: Finder, is_allowed: Callable[[int, int], bool], scope: Scope) -> Iterator[Blame]:
    for place, value in find(scope):
        size = len(value) if isinstance(value, list) else 0
        if value is not WRONG and not is_allowed(size, size):
            yield Blame(place, value)


def _search_count_together(items: Items, is_allowed: Callable[[int, int], bool], scope: Scope) -> Iterator[Blame]:
    verdicts = [verdict for _, _, verdict in items(scope) if verdict is not False]
    if not is_allowed(verdicts.count(True), len(verdicts)):
        yield Blame(())


def _is_allowed(at_least: int | None, at_most: int | None, surely: int, perhaps: int) -> bool:
    too_few = at_least is not None and perhaps < at_least
    too_many = at_most is not None and surely > at_most
    return not too_few and not too_many


def compile_unique(spec: Unique, context: Context) -> Search:
    """Demand that no two values are the same; every repetition is blamed, the first of its kind is not."""
    finders = [compile_items(path, spec.where, context) for path in spec.of]
    keys = [compile_path(path, context.root) for path in spec.key]
    return partial(_search_repeated, finders, keys, len(split_path(spec.across)) if spec.across else 0)


def _search_repeated(finders: list[Items], keys: list[Finder], depth: int, scope: Scope) -> Iterator[Blame]:
    seen: dict[object, Place] = {}
    for (place, value), inside, holds in (item for find in finders for item in find(scope)):
        key = _key(value, keys, inside) if holds else None
        if key is None:
            continue
        first = seen.setdefault(key, place)
        if first is not place and not (depth and first[:depth] == place[:depth]):
            yield Blame(place, value)


def _key(value: object, keys: list[Finder], inside: Scope) -> object:
    """Find what a value is compared by; None if it can't be: nothing there, wrong, or no simple value."""
    if not keys:
        return value if isinstance(value, str | int) and filled(value) else None
    if not isinstance(value, dict):
        return None
    parts = [part_at(find, inside) for find in keys]
    return None if WRONG in parts else tuple(parts)


def part_at(find: Finder, inside: Scope) -> object:
    """Find one part of a key; what is absent counts as empty, and what is no single value as wrong."""
    found: Found = next(find(inside), ((), MISSING))
    return "" if not filled(found[1]) else WRONG if isinstance(found[1], list | dict) else found[1]


def compile_same(spec: Same, context: Context) -> Search:
    """Demand that values are the same; the first that differs from those before it is blamed."""
    finders = [compile_items(path, spec.where, context) for path in spec.of]
    keys = [compile_path(path, context.root) for path in spec.key or (".",)]
    return partial(_search_different, finders, keys, [compile_path(path, context.root) for path in spec.by])


def _search_different(finders: list[Items], keys: list[Finder], groups: list[Finder], scope: Scope) -> Iterator[Blame]:
    seen: dict[object, object] = {}
    for (place, value), inside, holds in (item for find in finders for item in find(scope)):
        group = tuple(part_at(find, inside) for find in groups)
        if not holds or any(part in {"", WRONG} for part in group):
            continue
        for position, find in enumerate(keys):
            part = part_at(find, inside)
            if part not in {"", WRONG} and seen.setdefault((group, position), part) != part:
                yield Blame(place, value)
                break

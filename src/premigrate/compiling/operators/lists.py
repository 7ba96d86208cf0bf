"""Operators about lists: count and unique."""

from collections.abc import Iterator

from premigrate.compiling.operators.context import Context, Search
from premigrate.compiling.paths import Finder, Found, compile_path, split_path
from premigrate.errors import Place
from premigrate.plan import MISSING, WRONG, Blame, Scope, filled
from premigrate.rulebook.operators import Count, Unique


def compile_count(spec: Count, context: Context) -> Search:
    """Demand a number of items; a list that is not there has none."""
    find = compile_path(spec.of, context.root)

    def search(scope: Scope) -> Iterator[Blame]:
        for place, value in find(scope):
            if value is WRONG:
                continue
            size = len(value) if isinstance(value, list) else 0
            too_few = spec.at_least is not None and size < spec.at_least
            too_many = spec.at_most is not None and size > spec.at_most
            if too_few or too_many:
                yield Blame(place, value)

    return search


def compile_unique(spec: Unique, context: Context) -> Search:
    """Demand that no two values are the same; every repetition is blamed, the first of its kind is not."""
    finders = [compile_path(path, context.root) for path in spec.of]
    keys = [compile_path(path, context.root) for path in spec.key]
    depth = len(split_path(spec.across)) if spec.across else 0

    def search(scope: Scope) -> Iterator[Blame]:
        seen: dict[object, Place] = {}
        for place, value in (found for find in finders for found in find(scope)):
            key = _key(value, keys, scope)
            if key is None:
                continue
            first = seen.setdefault(key, place)
            if first is not place and not (depth and first[:depth] == place[:depth]):
                yield Blame(place, value)

    return search


def _key(value: object, keys: list[Finder], scope: Scope) -> object:
    """Find what a value is compared by; None if it can't be: nothing there, wrong, or no simple value."""
    if not keys:
        return value if isinstance(value, str | int) and filled(value) else None
    if not isinstance(value, dict):
        return None
    parts = [_part(find, Scope(value, scope.root, scope.today)) for find in keys]
    return None if WRONG in parts else tuple(parts)


def _part(find: Finder, scope: Scope) -> object:
    found: Found = next(find(scope), ((), MISSING))
    return found[1] if filled(found[1]) else ""

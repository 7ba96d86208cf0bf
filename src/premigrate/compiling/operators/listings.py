"""Operators that look a value up: listed, not_listed, includes, typed in reference lists; refers in the payload."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import product
from typing import TYPE_CHECKING

from premigrate.compiling.operands import compile_lookup, is_number
from premigrate.compiling.paths import compile_path
from premigrate.plan import WRONG, Blame, filled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeAlias

    from premigrate.compiling.context import Context, Search
    from premigrate.compiling.lists import Row
    from premigrate.compiling.paths import Finder, Found
    from premigrate.plan import Scope
    from premigrate.rulebook.operators import Includes, Listed, Refers, Typed

    Key: TypeAlias = Row | str
    """What is looked up: a text, or several together."""


def compile_listed(spec: Listed, context: Context) -> Search:
    """Demand that a value, or several together, are in a reference list."""
    return partial(_search_unlisted, _compile_keys(spec, context), _rows(spec, context))


def compile_not_listed(spec: Listed, context: Context) -> Search:
    """Demand that a value, or several together, are not in a reference list."""
    return partial(_search_listed, _compile_keys(spec, context), _rows(spec, context))


def _rows(spec: Listed, context: Context) -> frozenset[Key]:
    table = context.tables[spec.in_]
    if len(spec.field) == 1:
        return table.known(spec.columns, ignore_case=spec.ignore_case)
    rows = table.pick(spec.columns, len(spec.field))
    return frozenset(_folded(row) if spec.ignore_case else row for row in rows)


def _compile_keys(spec: Listed, context: Context) -> Callable[[Scope], Iterator[tuple[Key, Found]]]:
    """Make a finder of what is looked up, each with the value that is blamed for it."""
    finders = [compile_path(path, context.root) for path in spec.field]
    if len(finders) == 1:
        return partial(_find_single_keys, finders[0], str.casefold if spec.ignore_case else str)
    return partial(_find_folded_keys if spec.ignore_case else _find_keys, finders)


def _find_single_keys(find: Finder, write: Callable[[str], str], scope: Scope) -> Iterator[tuple[Key, Found]]:
    return ((write(str(found[1])), found) for found in find(scope) if _is_simple(found))


def _find_keys(finders: list[Finder], scope: Scope) -> Iterator[tuple[Row, Found]]:
    for found in product(*([found for found in find(scope) if _is_simple(found)] for find in finders)):
        yield tuple(str(value) for _, value in found), found[0]


def _find_folded_keys(finders: list[Finder], scope: Scope) -> Iterator[tuple[Row, Found]]:
    return ((_folded(key), first) for key, first in _find_keys(finders, scope))


def _folded(row: Row) -> Row:
    return tuple(map(str.casefold, row))


def _search_unlisted(
    find: Callable[[Scope], Iterator[tuple[Key, Found]]], known: frozenset[Key], scope: Scope
) -> Iterator[Blame]:
    return (Blame(*first) for key, first in find(scope) if key not in known)


def _search_listed(
    find: Callable[[Scope], Iterator[tuple[Key, Found]]], known: frozenset[Key], scope: Scope
) -> Iterator[Blame]:
    return (Blame(*first) for key, first in find(scope) if key in known)


def _is_simple(found: Found) -> bool:
    """Whether something was found that can stand in a list: a text, or a whole number."""
    _, value = found
    return isinstance(value, str | int) and not isinstance(value, bool) and filled(value)


def compile_includes(spec: Includes, context: Context) -> Search:
    """Demand that all values of a reference list are found."""
    wanted = [value for (value,) in context.tables[spec.all_of].pick((), 1)]
    return partial(_search_left_out, compile_path(spec.field, context.root), wanted)


def _search_left_out(find: Finder, wanted: list[str], scope: Scope) -> Iterator[Blame]:
    given = [value for _, value in find(scope)]
    if WRONG not in given:
        yield from (Blame((), value) for value in wanted if value not in given)


def compile_refers(spec: Refers, context: Context) -> Search:
    """Demand that values are among others of the payload; silent if one of the others can't be read."""
    targets = [compile_path(path, context.root) for path in spec.to]
    return partial(_search_dangling, compile_path(spec.field, context.root), targets)


def _search_dangling(find: Finder, targets: list[Finder], scope: Scope) -> Iterator[Blame]:
    known = [value for target in targets for _, value in target(scope)]
    if WRONG in known:
        return
    there = {value for value in known if isinstance(value, str | int)}
    for place, value in find(scope):
        is_there = isinstance(value, str | int) and value in there
        if filled(value) and value is not WRONG and not is_there:
            yield Blame(place, value)


def compile_typed(spec: Typed, context: Context) -> Search:
    """Demand that a value has the type that a reference list names; where it names none, all is well.

    Raises:
        ValueError: the list names a type that nobody knows.

    """
    look_up = compile_lookup(spec.type, context)
    names = {name for (name,) in context.tables[spec.type.of].pick([spec.type.take])}
    if unknown := sorted(names - TYPES.keys() - {""}):
        known = ", ".join(sorted(TYPES))
        raise ValueError(f"the list {spec.type.of} names a type {unknown[0]!r}; there are {known}")
    return partial(_search_untyped, compile_path(spec.field, context.root), look_up)


def _search_untyped(find: Finder, look_up: Callable[[Scope], list[str]], scope: Scope) -> Iterator[Blame]:
    for place, value in find(scope):
        if filled(value) and value is not WRONG and not all(TYPES[name](value) for name in look_up(scope)):
            yield Blame(place, value)


def _is_date(value: object, read: Callable[[str], date]) -> bool:
    try:
        return bool(read(value)) if isinstance(value, str) else False
    except ValueError:
        return False


TYPES: Mapping[str, Callable[[object], bool]] = {
    "boolean": lambda value: isinstance(value, bool),
    "date": lambda value: _is_date(value, date.fromisoformat),
    "datetime": lambda value: _is_date(value, datetime.fromisoformat),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: is_number(value) or isinstance(value, float | Decimal),
    "text": lambda value: isinstance(value, str),
}
"""The types that a reference list may name."""

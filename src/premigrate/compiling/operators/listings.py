"""Operators that look a value up: listed, not_listed, includes, typed in reference lists; refers in the payload."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import product

from premigrate.compiling.context import Context, Search
from premigrate.compiling.operands import compile_lookup, is_number
from premigrate.compiling.paths import Found, compile_path
from premigrate.plan import WRONG, Blame, Scope, filled
from premigrate.rulebook.operators import Includes, Listed, Refers, Typed


def compile_listed(spec: Listed, context: Context) -> Search:
    """Demand that a value, or several together, are in a reference list."""
    return _compile_listing(spec, context, wanted=True)


def compile_not_listed(spec: Listed, context: Context) -> Search:
    """Demand that a value, or several together, are not in a reference list."""
    return _compile_listing(spec, context, wanted=False)


def _compile_listing(spec: Listed, context: Context, *, wanted: bool) -> Search:
    finders = [compile_path(path, context.root) for path in spec.field]
    rows = context.tables[spec.in_].pick(spec.columns, len(spec.field))
    known = {tuple(map(str.casefold, row)) if spec.ignore_case else row for row in rows}

    def search(scope: Scope) -> Iterator[Blame]:
        for found in product(*([found for found in find(scope) if _is_simple(found)] for find in finders)):
            key = tuple(str(value) for _, value in found)
            if ((tuple(map(str.casefold, key)) if spec.ignore_case else key) in known) != wanted:
                yield Blame(*found[0])

    return search


def _is_simple(found: Found) -> bool:
    """Whether something was found that can stand in a list: a text, or a whole number."""
    _, value = found
    return isinstance(value, str | int) and not isinstance(value, bool) and filled(value)


def compile_includes(spec: Includes, context: Context) -> Search:
    """Demand that all values of a reference list are found."""
    find = compile_path(spec.field, context.root)
    wanted = [value for (value,) in context.tables[spec.all_of].pick((), 1)]

    def search(scope: Scope) -> Iterator[Blame]:
        given = [value for _, value in find(scope)]
        if WRONG not in given:
            yield from (Blame((), value) for value in wanted if value not in given)

    return search


def compile_refers(spec: Refers, context: Context) -> Search:
    """Demand that values are among others of the payload; silent if one of the others can't be read."""
    find = compile_path(spec.field, context.root)
    targets = [compile_path(path, context.root) for path in spec.to]

    def search(scope: Scope) -> Iterator[Blame]:
        known = [value for target in targets for _, value in target(scope)]
        if WRONG in known:
            return
        there = {value for value in known if isinstance(value, str | int)}
        for place, value in find(scope):
            is_there = isinstance(value, str | int) and value in there
            if filled(value) and value is not WRONG and not is_there:
                yield Blame(place, value)

    return search


def compile_typed(spec: Typed, context: Context) -> Search:
    """Demand that a value has the type that a reference list names; where it names none, all is well.

    Raises:
        ValueError: the list names a type that nobody knows.

    """
    look_up = compile_lookup(spec.type, context)
    find = compile_path(spec.field, context.root)
    names = {name for (name,) in context.tables[spec.type.of].pick([spec.type.take], 0)}
    if unknown := sorted(names - TYPES.keys() - {""}):
        known = ", ".join(sorted(TYPES))
        raise ValueError(f"the list {spec.type.of} names a type {unknown[0]!r}; there are {known}")

    def search(scope: Scope) -> Iterator[Blame]:
        for place, value in find(scope):
            if filled(value) and value is not WRONG and not all(TYPES[name](value) for name in look_up(scope)):
                yield Blame(place, value)

    return search


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

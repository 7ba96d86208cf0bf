"""Compiles the operators of the rule language, with one function for each operator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from premigrate.compiler.paths import split_path
from premigrate.engine import rule_data
from premigrate.formats.json_types import TYPES
from premigrate.formats.pattern import compile_plain

if TYPE_CHECKING:
    from premigrate.compiler.expressions import Words
    from premigrate.ruleset.model.operands import Operand
    from premigrate.ruleset.model.operators.dates import Covers, Periods
    from premigrate.ruleset.model.operators.lists import Count, Same, Unique
    from premigrate.ruleset.model.operators.sums import Between, Days, Product, Total
    from premigrate.ruleset.model.operators.values import FormatOf, Holds, Includes, Listed, Matching, Refers, Typed

_EACH = "[]"


def compile_operator(name: str, argument: Any, words: Words) -> rule_data.Operator:  # noqa: ANN401 - depends on the operator
    """Compile one operator.

    Raises:
        ValueError: a reference list has values that the operator can't use.

    """
    if name in _PRESENCE:
        return rule_data.Presence(name, words.paths(argument))
    return _COMPILERS[name](argument, words)


_PRESENCE = frozenset({"present", "absent", "at_least_one", "at_most_one", "all_or_none"})


def _compare(argument: tuple[Operand, str, Operand], words: Words) -> rule_data.Compare:
    left, order, right = argument
    return rule_data.Compare(words.operand(left), order, words.operand(right))


def _periods(spec: Periods, words: Words) -> rule_data.Periods:
    together = spec.of.endswith(_EACH)
    return rule_data.Periods(
        lists=words.path("." if together else spec.of),
        items=words.path(spec.of if together else _EACH),
        where=words.when(spec.where),
        start=spec.start,
        end=spec.end,
        end_included=spec.end_included,
        by=words.paths(spec.by),
        gaps=spec.gaps,
        overlaps=spec.overlaps,
        forgive_until=words.optional(spec.forgive_until),
        forgive_starts_until=words.optional(spec.forgive_starts_until),
    )


def _covers(spec: Covers, words: Words) -> rule_data.Covers:
    return rule_data.Covers(
        of=words.path(spec.of),
        together=spec.of.endswith(_EACH),
        start=spec.start,
        end=spec.end,
        match={name: words.path(path) for name, path in spec.match.items()},
        dates=tuple(map(words.operand, spec.date)),
    )


def _count(spec: Count, words: Words) -> rule_data.Count:
    together = spec.of.endswith(_EACH)
    return rule_data.Count(words.path(spec.of), together, words.when(spec.where), spec.at_least, spec.at_most)


def _unique(spec: Unique, words: Words) -> rule_data.Unique:
    depth = len(split_path(spec.across)) if spec.across else 0
    return rule_data.Unique(words.paths(spec.of), words.when(spec.where), words.paths(spec.key), depth)


def _same(spec: Same, words: Words) -> rule_data.Same:
    key = words.paths(spec.key or (".",))
    return rule_data.Same(words.paths(spec.of), words.when(spec.where), key, words.paths(spec.by))


def _total(spec: Total, words: Words) -> rule_data.Total:
    return rule_data.Total(
        add=tuple(_summand(path, words, words.when(spec.minus_when)) for path in spec.add),
        subtract=tuple(_summand(path, words) for path in spec.subtract),
        target=words.path(spec.equals or spec.at_most or "."),
        is_bound=not spec.equals,
        times=spec.times,
        within=spec.within,
    )


def _summand(path: str, words: Words, minus_when: rule_data.When = ()) -> rule_data.Summand:
    """Compile a summand; ``minus_when`` applies to items of lists only, to the object that holds the amount."""
    holder, _, name = path.rpartition(".")
    return rule_data.Summand(words.path(holder or "."), words.path(name), minus_when if _EACH in path else ())


def _product(spec: Product, words: Words) -> rule_data.Product:
    return rule_data.Product(words.paths(spec.of), words.path(spec.equals), spec.within)


def _between(spec: Between, words: Words) -> rule_data.Between:
    return rule_data.Between(words.path(spec.field), tuple(map(words.paths, spec.sums)))


def _days(spec: Days, words: Words) -> rule_data.Days:
    return rule_data.Days(words.path(spec.from_), words.path(spec.to), words.path(spec.equals))


def _format(spec: FormatOf, words: Words) -> rule_data.Format:
    territory = words.path(spec.territory) if spec.territory else None
    return rule_data.Format(words.path(spec.field), spec.is_, territory)


def _matching(spec: Matching, words: Words, *, forbidden: bool) -> rule_data.Matches:
    lookup = words.lookup(spec.pattern) if spec.pattern else None
    for cell in filter(None, sorted(set(lookup.cells.values()))) if lookup else ():
        compile_plain(cell, ignore_case=spec.ignore_case)
    join = words.paths(spec.join)
    return rule_data.Matches(words.path(spec.field), join, spec.patterns, lookup, spec.ignore_case, forbidden)


def _holds(spec: Holds, words: Words) -> rule_data.Holds:
    return rule_data.Holds(words.when(spec.when))


def _refers(spec: Refers, words: Words) -> rule_data.Refers:
    return rule_data.Refers(words.path(spec.field), words.paths(spec.to))


def _listed(spec: Listed, words: Words, *, forbidden: bool) -> rule_data.Listed:
    table, fields = words.tables[spec.in_], words.paths(spec.field)
    if len(fields) == 1:
        known = table.known(spec.columns, ignore_case=spec.ignore_case)
        return rule_data.Listed(fields, known, frozenset(), spec.ignore_case, forbidden)
    rows = table.pick(spec.columns, len(fields))
    together = frozenset(tuple(map(str.casefold, row)) if spec.ignore_case else row for row in rows)
    return rule_data.Listed(fields, frozenset(), together, spec.ignore_case, forbidden)


def _includes(spec: Includes, words: Words) -> rule_data.Includes:
    wanted = tuple(value for (value,) in words.tables[spec.all_of].pick((), 1))
    return rule_data.Includes(words.path(spec.field), wanted)


def _typed(spec: Typed, words: Words) -> rule_data.Typed:
    names = {name for (name,) in words.tables[spec.type.of].pick([spec.type.take])}
    if unknown := sorted(names - TYPES.keys() - {""}):
        known = ", ".join(sorted(TYPES))
        raise ValueError(f"the list {spec.type.of} names a type {unknown[0]!r}; there are {known}")
    return rule_data.Typed(words.path(spec.field), words.lookup(spec.type))


_COMPILERS: Mapping[str, Callable[[Any, Words], rule_data.Operator]] = {
    "between": _between,
    "compare": _compare,
    "count": _count,
    "covers": _covers,
    "days": _days,
    "format": _format,
    "holds": _holds,
    "includes": _includes,
    "listed": lambda spec, words: _listed(spec, words, forbidden=False),
    "matches": lambda spec, words: _matching(spec, words, forbidden=False),
    "not_listed": lambda spec, words: _listed(spec, words, forbidden=True),
    "not_matching": lambda spec, words: _matching(spec, words, forbidden=True),
    "periods": _periods,
    "product": _product,
    "refers": _refers,
    "same": _same,
    "total": _total,
    "typed": _typed,
    "unique": _unique,
}

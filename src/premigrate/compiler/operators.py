"""Compiles the operators of the rule language, with one function for each operator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from premigrate.compiler.paths import split_path
from premigrate.engine import rule_data
from premigrate.engine.steps import EACH
from premigrate.formats.pattern import compile_plain_pattern
from premigrate.formats.value_types import TYPE_CHECKS

if TYPE_CHECKING:
    from premigrate.compiler.expressions import ExpressionCompiler
    from premigrate.ruleset.model.operands import Operand
    from premigrate.ruleset.model.operators.dates import Covers, Periods
    from premigrate.ruleset.model.operators.lists import Count, Same, Unique
    from premigrate.ruleset.model.operators.sums import Between, Days, Product, Total
    from premigrate.ruleset.model.operators.values import FormatOf, Holds, Includes, Listed, Matching, Refers, Typed


def compile_operator(name: str, argument: Any, expressions: ExpressionCompiler) -> rule_data.Operator:  # noqa: ANN401 - depends on the operator
    """Compile one operator.

    Raises:
        ValueError: a reference list has values that the operator cannot use.

    """
    if name in _PRESENCE:
        return rule_data.Presence(name, expressions.compile_paths(argument))
    return _COMPILERS[name](argument, expressions)


_PRESENCE = frozenset({"present", "absent", "at_least_one", "at_most_one", "all_or_none"})


def _compare(argument: tuple[Operand, str, Operand], expressions: ExpressionCompiler) -> rule_data.Compare:
    left, order, right = argument
    return rule_data.Compare(expressions.compile_operand(left), order, expressions.compile_operand(right))


def _periods(spec: Periods, expressions: ExpressionCompiler) -> rule_data.Periods:
    together = spec.of.endswith(EACH)
    return rule_data.Periods(
        lists=expressions.compile_path("." if together else spec.of),
        items=expressions.compile_path(spec.of if together else EACH),
        where=expressions.compile_when(spec.where),
        start=spec.start,
        end=spec.end,
        end_included=spec.end_included,
        by=expressions.compile_paths(spec.by),
        gaps=spec.gaps,
        overlaps=spec.overlaps,
        gap_allowed_until=expressions.compile_optional_operand(spec.gap_allowed_until),
    )


def _covers(spec: Covers, expressions: ExpressionCompiler) -> rule_data.Covers:
    return rule_data.Covers(
        of=expressions.compile_path(spec.of),
        together=spec.of.endswith(EACH),
        start=spec.start,
        end=spec.end,
        match={name: expressions.compile_path(path) for name, path in spec.match.items()},
        dates=tuple(map(expressions.compile_operand, spec.date)),
    )


def _count(spec: Count, expressions: ExpressionCompiler) -> rule_data.Count:
    together = spec.of.endswith(EACH)
    return rule_data.Count(
        expressions.compile_path(spec.of), together, expressions.compile_when(spec.where), spec.at_least, spec.at_most
    )


def _unique(spec: Unique, expressions: ExpressionCompiler) -> rule_data.Unique:
    depth = len(split_path(spec.across)) if spec.across else 0
    return rule_data.Unique(
        expressions.compile_paths(spec.of),
        expressions.compile_when(spec.where),
        expressions.compile_paths(spec.key),
        depth,
    )


def _same(spec: Same, expressions: ExpressionCompiler) -> rule_data.Same:
    key = expressions.compile_paths(spec.key or (".",))
    return rule_data.Same(
        expressions.compile_paths(spec.of),
        expressions.compile_when(spec.where),
        key,
        expressions.compile_paths(spec.by),
    )


def _total(spec: Total, expressions: ExpressionCompiler) -> rule_data.Total:
    return rule_data.Total(
        add=tuple(_summand(path, expressions, expressions.compile_when(spec.minus_when)) for path in spec.add),
        subtract=tuple(_summand(path, expressions) for path in spec.subtract),
        target=expressions.compile_path(spec.equals or spec.at_most or "."),
        is_bound=not spec.equals,
        default=spec.default,
        times=spec.times,
        within=spec.within,
    )


def _summand(path: str, expressions: ExpressionCompiler, minus_when: rule_data.When = ()) -> rule_data.Summand:
    """Compile a summand; ``minus_when`` applies to items of lists only, to the object that holds the amount."""
    holder, _, name = path.rpartition(".")
    return rule_data.Summand(
        expressions.compile_path(holder or "."), expressions.compile_path(name), minus_when if EACH in path else ()
    )


def _product(spec: Product, expressions: ExpressionCompiler) -> rule_data.Product:
    return rule_data.Product(expressions.compile_paths(spec.of), expressions.compile_path(spec.equals), spec.within)


def _between(spec: Between, expressions: ExpressionCompiler) -> rule_data.Between:
    return rule_data.Between(expressions.compile_path(spec.field), tuple(map(expressions.compile_paths, spec.sums)))


def _days(spec: Days, expressions: ExpressionCompiler) -> rule_data.Days:
    return rule_data.Days(
        expressions.compile_path(spec.from_), expressions.compile_path(spec.to), expressions.compile_path(spec.equals)
    )


def _format(spec: FormatOf, expressions: ExpressionCompiler) -> rule_data.Format:
    territory = expressions.compile_path(spec.territory) if spec.territory else None
    return rule_data.Format(expressions.compile_path(spec.field), spec.is_, territory)


def _matching(spec: Matching, expressions: ExpressionCompiler, *, forbidden: bool) -> rule_data.Matches:
    lookup = expressions.compile_lookup(spec.pattern) if spec.pattern else None
    for cell in filter(None, sorted(set(lookup.cells.values()))) if lookup else ():
        compile_plain_pattern(cell, ignore_case=spec.ignore_case)
    join = expressions.compile_paths(spec.join)
    return rule_data.Matches(
        expressions.compile_path(spec.field), join, spec.patterns, lookup, spec.ignore_case, forbidden
    )


def _holds(spec: Holds, expressions: ExpressionCompiler) -> rule_data.Holds:
    return rule_data.Holds(expressions.compile_when(spec.when))


def _refers(spec: Refers, expressions: ExpressionCompiler) -> rule_data.Refers:
    return rule_data.Refers(expressions.compile_path(spec.field), expressions.compile_paths(spec.to))


def _listed(spec: Listed, expressions: ExpressionCompiler, *, forbidden: bool) -> rule_data.Listed:
    table, fields = expressions.tables[spec.in_], expressions.compile_paths(spec.field)
    if len(fields) == 1:
        known = table.column_values(spec.columns, ignore_case=spec.ignore_case)
        return rule_data.Listed(
            fields, known, frozenset(), spec.ignore_case, forbidden, prefixes=spec.prefixes, name=spec.in_
        )
    rows = table.select(spec.columns, len(fields))
    together = frozenset(tuple(map(str.casefold, row)) if spec.ignore_case else row for row in rows)
    return rule_data.Listed(fields, frozenset(), together, spec.ignore_case, forbidden, name=spec.in_)


def _includes(spec: Includes, expressions: ExpressionCompiler) -> rule_data.Includes:
    wanted = tuple(value for (value,) in expressions.tables[spec.all_of].select((), 1))
    return rule_data.Includes(expressions.compile_path(spec.field), wanted)


def _typed(spec: Typed, expressions: ExpressionCompiler) -> rule_data.Typed:
    field = expressions.compile_path(spec.field)
    if isinstance(spec.type, tuple):
        return rule_data.Typed(field, spec.type)
    names = {name for (name,) in expressions.tables[spec.type.of].select([spec.type.take])}
    if unknown := sorted(names - TYPE_CHECKS.keys() - {""}):
        known = ", ".join(sorted(TYPE_CHECKS))
        raise ValueError(f"the list {spec.type.of} contains {unknown[0]!r}, which is not a type; the types are {known}")
    return rule_data.Typed(field, (), expressions.compile_lookup(spec.type))


_COMPILERS: Mapping[str, Callable[[Any, ExpressionCompiler], rule_data.Operator]] = {
    "between": _between,
    "compare": _compare,
    "count": _count,
    "covers": _covers,
    "days": _days,
    "format": _format,
    "holds": _holds,
    "includes": _includes,
    "listed": lambda spec, expressions: _listed(spec, expressions, forbidden=False),
    "matches": lambda spec, expressions: _matching(spec, expressions, forbidden=False),
    "not_listed": lambda spec, expressions: _listed(spec, expressions, forbidden=True),
    "not_matching": lambda spec, expressions: _matching(spec, expressions, forbidden=True),
    "periods": _periods,
    "product": _product,
    "refers": _refers,
    "same": _same,
    "total": _total,
    "typed": _typed,
    "unique": _unique,
}

"""Operators about numbers: total, product, between, days. All of them are exact."""

from __future__ import annotations

from datetime import date
from decimal import Context as DecimalContext
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from premigrate.compiling.conditions import compile_doubt, compile_when
from premigrate.compiling.operands import is_number
from premigrate.compiling.paths import compile_path
from premigrate.plan import MISSING, WRONG, Blame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from premigrate.compiling.conditions import Test
    from premigrate.compiling.context import Context, Search
    from premigrate.compiling.paths import Finder
    from premigrate.plan import Scope
    from premigrate.rulebook.conditions import When
    from premigrate.rulebook.operators import Between, Days, Product, Total

    Summand = Callable[[Scope], Iterator[Decimal | None]]
    Numbers = Callable[[Scope], list[Decimal]]

_EXACT = DecimalContext(prec=500)  # more digits than the fields' limits and any number of items can add up to


def compile_total(spec: Total, context: Context) -> Search:
    """Demand that a signed sum equals a field; silent if any part of the sum has errors of its own."""
    total = _Total(
        summands=[_compile_summand(path, spec.minus_when, context) for path in spec.add],
        subtrahends=[_compile_summand(path, (), context) for path in spec.subtract],
        target=compile_path(spec.equals or spec.at_most or ".", context.root),
        times=spec.times,
        within=Decimal(spec.within),
        is_bound=not spec.equals,
    )
    return partial(_search_total, total)


class _Total(NamedTuple):
    """A sum that must reach its target, or (if that is a bound) not go beyond."""

    summands: list[Summand]
    subtrahends: list[Summand]
    target: Finder
    times: int
    within: Decimal
    is_bound: bool


def _search_total(total: _Total, scope: Scope) -> Iterator[Blame]:
    place, expected = next(total.target(scope), ((), MISSING))
    added = [amount for find in total.summands for amount in find(scope)]
    taken = [amount for find in total.subtrahends for amount in find(scope)]
    if expected is WRONG or None in added or None in taken or (total.is_bound and not is_number(expected)):
        return
    goal = _EXACT.multiply(_amount(expected), total.times)
    difference = _EXACT.subtract(_EXACT.subtract(_sum(added), _sum(taken)), goal)
    if difference > total.within or (not total.is_bound and difference.copy_negate() > total.within):
        yield Blame(place, expected)


def _sum(amounts: list[Decimal | None]) -> Decimal:
    total = Decimal(0)
    for amount in amounts:
        total = _EXACT.add(total, amount or 0)
    return total


def _amount(value: object) -> Decimal:
    return Decimal(value) if isinstance(value, Decimal | int) else Decimal(0)


def _compile_summand(path: str, minus_when: When, context: Context) -> Summand:
    """Make a finder of signed amounts, with None for one that can't be read.

    Only items of lists have a sign to look up: in the object that holds the amount.
    """
    holder, _, name = path.rpartition(".")
    signs = minus_when if "[]" in path else ()
    finders = (compile_path(holder or ".", context.root), compile_path(name, context.root))
    is_negative = compile_when(signs, context) if signs else None
    return partial(_find_summands, finders, is_negative, compile_doubt(signs, context))


def _find_summands(
    finders: tuple[Finder, Finder], is_negative: Test | None, doubt: Test, scope: Scope
) -> Iterator[Decimal | None]:
    holders, amounts = finders
    for place, holding in holders(scope):
        item = scope.enter(place, holding)
        for _, value in amounts(item):
            if value is WRONG or doubt(item):
                yield None
            elif isinstance(value, Decimal | int):
                yield _EXACT.minus(value) if is_negative and is_negative(item) else Decimal(value)


def _compile_numbers(paths: tuple[str, ...], context: Context) -> Numbers:
    """Make a function that finds the number at each of ``paths``; none at all if one of them is missing or wrong."""
    return partial(_find_numbers, [compile_path(path, context.root) for path in paths])


def _find_numbers(finders: list[Finder], scope: Scope) -> list[Decimal]:
    values = [value for finder in finders for _, value in finder(scope)]
    return [_amount(value) for value in values] if all(map(is_number, values)) else []


def compile_product(spec: Product, context: Context) -> Search:
    """Demand that a field is the product of others."""
    factors = _compile_numbers(spec.of, context)
    return partial(_search_product, factors, compile_path(spec.equals, context.root), Decimal(spec.within))


def _search_product(factors: Numbers, target: Finder, within: Decimal, scope: Scope) -> Iterator[Blame]:
    result = Decimal(1)
    for factor in (numbers := factors(scope)):
        result = _EXACT.multiply(result, factor)
    for place, value in target(scope):
        if numbers and is_number(value) and _EXACT.subtract(result, _amount(value)).copy_abs() > within:
            yield Blame(place, value)


def compile_between(spec: Between, context: Context) -> Search:
    """Demand that a number lies between two sums, bounds included."""
    sums = [_compile_numbers(paths, context) for paths in spec.sums]
    return partial(_search_outside, compile_path(spec.field, context.root), sums)


def _search_outside(find: Finder, bounds: list[Numbers], scope: Scope) -> Iterator[Blame]:
    sums = [_sum([*numbers]) for parts in bounds if (numbers := parts(scope))]
    for place, value in find(scope):
        if len(sums) == 2 and is_number(value) and not min(sums) <= _amount(value) <= max(sums):
            yield Blame(place, value)


def compile_days(spec: Days, context: Context) -> Search:
    """Demand that a number is that of the days from one date to another, both included."""
    start, end, target = (compile_path(path, context.root) for path in (spec.from_, spec.to, spec.equals))
    return partial(_search_days, start, end, target)


def _search_days(start: Finder, end: Finder, target: Finder, scope: Scope) -> Iterator[Blame]:
    (_, first), (_, last) = next(start(scope), ((), None)), next(end(scope), ((), None))
    for place, value in target(scope):
        readable = isinstance(first, date) and isinstance(last, date) and is_number(value)
        if readable and _amount(value) != (last - first).days + 1:  # type: ignore[operator]
            yield Blame(place, value)

"""Operators about numbers: total, product, between, days. All of them are exact."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Context as DecimalContext
from decimal import Decimal

from premigrate.compiling.conditions import compile_doubt, compile_when
from premigrate.compiling.context import Context, Search
from premigrate.compiling.operands import is_number
from premigrate.compiling.paths import compile_path
from premigrate.plan import MISSING, WRONG, Blame, Scope
from premigrate.rulebook.conditions import When
from premigrate.rulebook.operators import Between, Days, Product, Total

_EXACT = DecimalContext(prec=500)  # more digits than the fields' limits and any number of items can add up to


def compile_total(spec: Total, context: Context) -> Search:
    """Demand that a signed sum equals a field; silent if any part of the sum has errors of its own."""
    summands = [_compile_summand(path, spec.minus_when, context) for path in spec.add]
    subtrahends = [_compile_summand(path, (), context) for path in spec.subtract]
    target = compile_path(spec.equals or spec.at_most or ".", context.root)
    within = Decimal(spec.within)

    def search(scope: Scope) -> Iterator[Blame]:
        place, expected = next(target(scope), ((), MISSING))
        added = [amount for find in summands for amount in find(scope)]
        taken = [amount for find in subtrahends for amount in find(scope)]
        if expected is WRONG or None in added or None in taken or (spec.at_most and not is_number(expected)):
            return
        goal = _EXACT.multiply(_amount(expected), spec.times)
        difference = _EXACT.subtract(_EXACT.subtract(_sum(added), _sum(taken)), goal)
        if difference > within or (spec.equals and -difference > within):
            yield Blame(place, expected)

    return search


def _sum(amounts: list[Decimal | None]) -> Decimal:
    total = Decimal(0)
    for amount in amounts:
        total = _EXACT.add(total, amount or 0)
    return total


def _amount(value: object) -> Decimal:
    return Decimal(value) if isinstance(value, Decimal | int) else Decimal(0)


def _compile_summand(path: str, minus_when: When, context: Context) -> Callable[[Scope], Iterator[Decimal | None]]:
    """Make a finder of signed amounts, with None for one that can't be read.

    Only items of lists have a sign to look up: in the object that holds the amount.
    """
    holder, _, name = path.rpartition(".")
    find_holders = compile_path(holder or ".", context.root)
    find_amounts = compile_path(name, context.root)
    signs = minus_when if "[]" in path else ()
    is_negative, doubt = compile_when(signs, context), compile_doubt(signs, context)

    def find(scope: Scope) -> Iterator[Decimal | None]:
        for place, holding in find_holders(scope):
            item = scope.enter(place, holding)
            for _, value in find_amounts(item):
                if value is WRONG or doubt(item):
                    yield None
                elif isinstance(value, Decimal | int):
                    yield Decimal(-value if signs and is_negative(item) else value)

    return find


def _compile_numbers(paths: tuple[str, ...], context: Context) -> Callable[[Scope], list[Decimal]]:
    """Make a function that finds the number at each of ``paths``; none at all if one of them is missing or wrong."""
    finders = [compile_path(path, context.root) for path in paths]

    def find(scope: Scope) -> list[Decimal]:
        values = [value for finder in finders for _, value in finder(scope)]
        return [_amount(value) for value in values] if all(map(is_number, values)) else []

    return find


def compile_product(spec: Product, context: Context) -> Search:
    """Demand that a field is the product of others."""
    factors = _compile_numbers(spec.of, context)
    target = compile_path(spec.equals, context.root)
    within = Decimal(spec.within)

    def search(scope: Scope) -> Iterator[Blame]:
        result = Decimal(1)
        for factor in (numbers := factors(scope)):
            result = _EXACT.multiply(result, factor)
        for place, value in target(scope):
            if numbers and is_number(value) and abs(_EXACT.subtract(result, _amount(value))) > within:
                yield Blame(place, value)

    return search


def compile_between(spec: Between, context: Context) -> Search:
    """Demand that a number lies between two sums, bounds included."""
    find = compile_path(spec.field, context.root)
    one, other = (_compile_numbers(paths, context) for paths in spec.sums)

    def search(scope: Scope) -> Iterator[Blame]:
        sums = [_sum([*numbers]) for parts in (one, other) if (numbers := parts(scope))]
        for place, value in find(scope):
            if len(sums) == 2 and is_number(value) and not min(sums) <= _amount(value) <= max(sums):
                yield Blame(place, value)

    return search


def compile_days(spec: Days, context: Context) -> Search:
    """Demand that a number is that of the days from one date to another, both included."""
    start, end, target = (compile_path(path, context.root) for path in (spec.from_, spec.to, spec.equals))

    def search(scope: Scope) -> Iterator[Blame]:
        (_, first), (_, last) = next(start(scope), ((), None)), next(end(scope), ((), None))
        for place, value in target(scope):
            readable = isinstance(first, date) and isinstance(last, date) and is_number(value)
            if readable and _amount(value) != (last - first).days + 1:  # type: ignore[operator]
                yield Blame(place, value)

    return search

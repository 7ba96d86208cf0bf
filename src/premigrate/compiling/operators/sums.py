"""The operator about money: total."""

from collections.abc import Callable, Iterator
from decimal import Context as DecimalContext
from decimal import Decimal

from premigrate.compiling.operands import compile_when
from premigrate.compiling.operators.context import Context, Search
from premigrate.compiling.paths import compile_path
from premigrate.plan import MISSING, WRONG, Blame, Scope
from premigrate.rulebook.operators import Total

_EXACT = DecimalContext(prec=500)  # more digits than the fields' limits and any number of items can add up to


def compile_total(spec: Total, context: Context) -> Search:
    """Demand that a signed sum equals a field; silent if any part of the sum has errors of its own."""
    summands = [_compile_summand(path, spec, context) for path in spec.add]
    target = compile_path(spec.equals, context.root)

    def search(scope: Scope) -> Iterator[Blame]:
        place, expected = next(target(scope), ((), MISSING))
        amounts = [amount for find in summands for amount in find(scope)]
        if expected is WRONG or None in amounts:
            return
        total = Decimal(0)
        for amount in amounts:
            total = _EXACT.add(total, amount or 0)
        if total != (expected if isinstance(expected, Decimal | int) else 0):
            yield Blame(place, expected)

    return search


def _compile_summand(path: str, spec: Total, context: Context) -> Callable[[Scope], Iterator[Decimal | None]]:
    """Make a finder of signed amounts, with None for one that can't be read.

    Only items of lists have a sign to look up: in the object that holds the amount.
    """
    holder, _, name = path.rpartition(".")
    find_holders = compile_path(holder or ".", context.root)
    find_amounts = compile_path(name, context.root)
    is_negative = compile_when(spec.minus_when, context.root) if "[]" in path and spec.minus_when else None
    sign_inputs = [compile_path(sign, context.root) for sign in spec.minus_when] if is_negative else []

    def find(scope: Scope) -> Iterator[Decimal | None]:
        for _, holding in find_holders(scope):
            item = Scope(holding, scope.root, scope.today)
            unreadable = any(value is WRONG for find_sign in sign_inputs for _, value in find_sign(item))
            for _, value in find_amounts(item):
                if value is WRONG or unreadable:
                    yield None
                elif isinstance(value, Decimal | int):
                    yield Decimal(-value if is_negative and is_negative(item) else value)

    return find

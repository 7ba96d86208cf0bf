"""Turns operands and conditions of the rule language into functions of a scope."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import TypeAlias

from premigrate.compiling.paths import Found, compile_path
from premigrate.plan import MISSING, WRONG, Scope, filled
from premigrate.rulebook.operands import Condition, Earliest, First, Latest, Operand, Ordered, When

Values: TypeAlias = Callable[[Scope], list[Found]]
Test: TypeAlias = Callable[[Scope], bool]

_ORDERS: dict[str, Callable[[date, date], bool]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
    ">": lambda left, right: left > right,
}
_WORDS = {"before": "<", "until": "<=", "since": ">=", "after": ">"}


def compile_operand(operand: Operand, root: str) -> Values:
    """Make a function that finds the dates an operand stands for: what is absent is left out, WRONG stays."""
    match operand:
        case "<today>":
            return lambda scope: [((), scope.today)]
        case First(first=operands):
            options = [compile_operand(option, root) for option in operands]
            return lambda scope: next((found for option in options if (found := option(scope))), [])
        case Earliest(earliest=paths):
            return _extreme([compile_operand(path, root) for path in paths], min)
        case Latest(latest=paths):
            return _extreme([compile_operand(path, root) for path in paths], max)
        case _:
            find = compile_path(str(operand), root)
            return lambda scope: [found for found in find(scope) if filled(found[1])]


def _extreme(options: list[Values], choose: Callable[[Iterator[date]], date]) -> Values:
    def find(scope: Scope) -> list[Found]:
        values = [value for option in options for _, value in option(scope)]
        if any(value is WRONG for value in values):
            return [((), WRONG)]
        dates = [value for value in values if isinstance(value, date)]
        return [((), choose(iter(dates)))] if dates else []

    return find


def compile_order(word: str) -> Callable[[object, object], bool | None]:
    """Make a comparison of two dates or times; None where they can't be compared.

    A date and a time are compared by their days. A time without an offset can't be compared with one that has it,
    because the zone the server reads it in is not known.
    """
    holds = _ORDERS[word]

    def compare(left: object, right: object) -> bool | None:
        if not isinstance(left, date) or not isinstance(right, date):
            return None
        if isinstance(left, datetime) != isinstance(right, datetime):
            return holds(_day(left), _day(right))
        if isinstance(left, datetime) and isinstance(right, datetime) and _offset(left) != _offset(right):
            return None
        return holds(left, right)

    return compare


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _offset(moment: datetime) -> bool:
    return moment.utcoffset() is not None


def compile_when(when: When, root: str) -> Test:
    """Make one test of all conditions; a condition on a value with errors of its own does not hold."""
    tests = [_compile_condition(path, condition, root) for path, condition in when.items()]
    return lambda scope: all(test(scope) for test in tests)


def _compile_condition(path: str, condition: Condition, root: str) -> Test:
    find = compile_path(path, root)
    items = condition if isinstance(condition, tuple) else (condition,)
    options = [_compile_item(item, root) for item in items]

    def test(scope: Scope) -> bool:
        values = [value for _, value in find(scope) if value is not MISSING]
        if any(value is WRONG for value in values):
            return False
        return any(option([value for value in values if filled(value)], scope) for option in options)

    return test


def _compile_item(item: object, root: str) -> Callable[[list[object], Scope], bool]:
    if item == "<absent>":
        return lambda values, _: not values
    if item == "<present>":
        return lambda values, _: bool(values)
    if isinstance(item, Ordered):
        compare, find = compile_order(_WORDS[item.word]), compile_operand(item.other, root)
        return lambda values, scope: any(compare(value, other) is True for value in values for _, other in find(scope))
    return lambda values, _: item in values

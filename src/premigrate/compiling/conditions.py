"""Turns conditions of the rule language into tests of a scope."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from premigrate.compiling.context import Context
from premigrate.compiling.operands import compile_operand, compile_order, is_number
from premigrate.compiling.paths import Finder, Found, compile_path
from premigrate.plan import MISSING, WRONG, Scope, filled
from premigrate.rulebook.conditions import All, Ask, Condition, When

Test: TypeAlias = Callable[[Scope], bool]
Option: TypeAlias = Callable[[list[object], Scope], bool]

_WORDS = {"before": "<", "until": "<=", "since": ">=", "after": ">"}


def compile_when(when: When, context: Context) -> Test:
    """Make one test of all conditions; a condition on a value with errors of its own does not hold."""
    tables = [_compile_table(table, context) for table in when]
    return lambda scope: not tables or any(all(test(scope) for _, test in table) for table in tables)


def compile_doubt(when: When, context: Context) -> Test:
    """Make a test of whether something that conditions look at has errors of its own."""
    finders = [compile_path(path, context.root) for table in when for path in table]
    return lambda scope: any(value is WRONG for find in finders for _, value in find(scope))


def compile_failing(when: When, context: Context) -> Callable[[Scope], Found]:
    """Make a function that finds the value to blame where conditions don't hold: the first, if there is one table."""
    tables = [_compile_table(table, context) for table in when]

    def find(scope: Scope) -> Found:
        if len(tables) > 1:
            return (), None
        finder = next(finder for finder, test in tables[0] if not test(scope))
        return next(finder(scope), ((), None))

    return find


def _compile_table(table: All, context: Context) -> list[tuple[Finder, Test]]:
    return [
        (compile_path(path, context.root), _compile_condition(path, condition, context))
        for path, condition in table.items()
    ]


def _compile_condition(path: str, condition: Condition, context: Context) -> Test:
    find = compile_path(path, context.root)
    items = condition if isinstance(condition, tuple) else (condition,)
    options = [_compile_item(item, context) for item in items]

    def test(scope: Scope) -> bool:
        values = [value for _, value in find(scope) if value is not MISSING]
        if any(value is WRONG for value in values):
            return False
        return any(option([value for value in values if filled(value)], scope) for option in options)

    return test


def _compile_item(item: object, context: Context) -> Option:
    if item == "<absent>":
        return lambda values, _: not values
    if item == "<present>":
        return lambda values, _: bool(values)
    if isinstance(item, Ask):
        return _compile_ask(item, context)
    return lambda values, _: item in values


def _compile_ask(ask: Ask, context: Context) -> Option:
    if ask.operand:
        compare, find = compile_order(_WORDS[ask.word]), compile_operand(ask.operand, context)
        return lambda values, scope: any(compare(value, other) is True for value in values for _, other in find(scope))
    matches = _compile_value_test(ask, context)
    return lambda values, _: any(map(matches, values))


def _compile_value_test(ask: Ask, context: Context) -> Callable[[object], bool]:
    match ask.word:
        case "other_than":
            alike = (lambda value: isinstance(value, str)) if isinstance(ask.other_than, str) else is_number
            return lambda value: alike(value) and value != ask.other_than
        case "over":
            exceeds = compile_order(">")
            return lambda value: exceeds(value, ask.over) is True
        case "ignoring_case":
            folded = (ask.ignoring_case or "").casefold()
            return lambda value: isinstance(value, str) and value.casefold() == folded
        case _:
            known = {value for (value,) in context.tables[ask.in_list or ""].pick((), 1)}
            return lambda value: isinstance(value, str) and value in known


def compile_items(
    of: str, where: When, context: Context
) -> Callable[[Scope], Iterator[tuple[Found, Scope, bool | None]]]:
    """Make a finder of items, each with its own scope and whether conditions hold for it (None: nobody can tell)."""
    find = compile_path(of, context.root)
    holds, doubt = compile_when(where, context), compile_doubt(where, context)

    def items(scope: Scope) -> Iterator[tuple[Found, Scope, bool | None]]:
        for place, value in find(scope):
            inside = scope.enter(place, value)
            unsure = value is WRONG or doubt(inside)
            yield (place, value), inside, None if unsure else holds(inside)

    return items

"""Turns conditions of the rule language into tests of a scope."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from premigrate.compiling.operands import compile_operand, compile_order, is_number
from premigrate.compiling.paths import Finder, Found, compile_path
from premigrate.plan import WRONG, Scope, filled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from premigrate.compiling.context import Context
    from premigrate.compiling.operands import Compare, Values
    from premigrate.rulebook.conditions import All, Ask, Condition, When

Test: TypeAlias = Callable[[Scope], bool]
Option: TypeAlias = Callable[[list[object], Scope], bool]
Tests: TypeAlias = list[tuple[Finder, Test]]
"""One table of conditions: where each looks, and whether it holds there."""

_WORDS = {"before": "<", "until": "<=", "since": ">=", "after": ">"}


def compile_when(when: When, context: Context) -> Test:
    """Make one test of all conditions; a condition on a value with errors of its own does not hold."""
    return partial(_some_table_holds, [_compile_table(table, context) for table in when])


def _some_table_holds(tables: list[Tests], scope: Scope) -> bool:
    return not tables or any(all(test(scope) for _, test in table) for table in tables)


def compile_doubt(when: When, context: Context) -> Test:
    """Make a test of whether something that conditions look at has errors of its own."""
    return partial(_finds_wrong, [compile_path(path, context.root) for table in when for path in table])


def _finds_wrong(finders: list[Finder], scope: Scope) -> bool:
    return any(value is WRONG for find in finders for _, value in find(scope))


def compile_failing(when: When, context: Context) -> Callable[[Scope], Found]:
    """Make a function that finds the value to blame where conditions don't hold: the first, if there is one table."""
    return partial(_find_failing, [_compile_table(table, context) for table in when])


def _find_failing(tables: list[Tests], scope: Scope) -> Found:
    if len(tables) > 1:
        return (), None
    finder = next(finder for finder, test in tables[0] if not test(scope))
    return next(finder(scope), ((), None))


def _compile_table(table: All, context: Context) -> Tests:
    return [
        (compile_path(path, context.root), _compile_condition(path, condition, context))
        for path, condition in table.items()
    ]


def _compile_condition(path: str, condition: Condition, context: Context) -> Test:
    return partial(_some_option_holds, compile_path(path, context.root), compile_options(condition, context))


def compile_options(condition: Condition, context: Context) -> list[Option]:
    """Make a test of each thing that a condition lets pass; one is enough."""
    items = condition if isinstance(condition, tuple) else (condition,)
    return [_compile_item(item, context) for item in items]


def _some_option_holds(find: Finder, options: list[Option], scope: Scope) -> bool:
    values = []
    for _, value in find(scope):
        if value is WRONG:
            return False
        if filled(value):
            values.append(value)
    return any(option(values, scope) for option in options)


def _compile_item(item: object, context: Context) -> Option:
    from premigrate.rulebook.conditions import Ask

    if item == "<absent>":
        return _is_absent
    if item == "<present>":
        return _is_present
    if isinstance(item, Ask):
        return _compile_ask(item, context)
    return partial(_is_among, item)


def _is_absent(values: list[object], _: Scope) -> bool:
    return not values


def _is_present(values: list[object], _: Scope) -> bool:
    return bool(values)


def _is_among(item: object, values: list[object], _: Scope) -> bool:
    return item in values


def _compile_ask(ask: Ask, context: Context) -> Option:
    if ask.operand:
        return partial(_some_in_order, compile_order(_WORDS[ask.word]), compile_operand(ask.operand, context))
    return partial(_some_match, _compile_value_test(ask, context))


def _some_in_order(compare: Compare, find: Values, values: list[object], scope: Scope) -> bool:
    return any(compare(value, other) is True for value in values for _, other in find(scope))


def _some_match(matches: Callable[[object], bool], values: list[object], _: Scope) -> bool:
    return any(map(matches, values))


def _compile_value_test(ask: Ask, context: Context) -> Callable[[object], bool]:
    match ask.word:
        case "other_than":
            return partial(_is_other_text if isinstance(ask.other_than, str) else _is_other_number, ask.other_than)
        case "over":
            return partial(_is_over, compile_order(">"), ask.over)
        case "ignoring_case":
            return partial(_is_in_any_case, (ask.ignoring_case or "").casefold())
        case _:
            return partial(_is_text_in, frozenset(value for (value,) in context.tables[ask.in_list or ""].pick((), 1)))


def _is_other_text(than: object, value: object) -> bool:
    return isinstance(value, str) and value != than


def _is_other_number(than: object, value: object) -> bool:
    return is_number(value) and value != than


def _is_over(exceeds: Compare, bound: object, value: object) -> bool:
    return exceeds(value, bound) is True


def _is_in_any_case(folded: str, value: object) -> bool:
    return isinstance(value, str) and value.casefold() == folded


def _is_text_in(known: frozenset[str], value: object) -> bool:
    return isinstance(value, str) and value in known


def compile_items(
    of: str, where: When, context: Context
) -> Callable[[Scope], Iterator[tuple[Found, Scope, bool | None]]]:
    """Make a finder of items, each with its own scope and whether conditions hold for it (None: nobody can tell)."""
    find = compile_path(of, context.root)
    return partial(_find_items, find, compile_when(where, context), compile_doubt(where, context))


def _find_items(find: Finder, holds: Test, doubt: Test, scope: Scope) -> Iterator[tuple[Found, Scope, bool | None]]:
    for place, value in find(scope):
        inside = scope.enter(place, value)
        unsure = value is WRONG or doubt(inside)
        yield (place, value), inside, None if unsure else holds(inside)

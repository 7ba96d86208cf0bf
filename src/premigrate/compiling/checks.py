"""Compiles rules into checks and sorts them by the object or field they are about."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from premigrate.compiling.conditions import compile_when
from premigrate.compiling.lists import missing_lists
from premigrate.compiling.operators import COMPILERS
from premigrate.compiling.paths import compile_path
from premigrate.errors import BadRules, Problem
from premigrate.plan import Check

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from premigrate.compiling.conditions import Test
    from premigrate.compiling.context import Context, Search
    from premigrate.compiling.paths import Finder
    from premigrate.plan import Blame, Scope
    from premigrate.rulebook import Rule, Rulebook

_UP = "up"


def compile_checks(book: Rulebook, context: Context) -> dict[str, tuple[Check, ...]]:
    """Compile all rules that can be checked; those that ask the platform or lack a reference list are left out."""
    by_place: dict[str, tuple[Check, ...]] = {}
    problems = []
    for rule in book.rules:
        if rule.platform is None and not missing_lists(rule, context.tables):
            try:
                check = _compile_rule(rule, book, context)
            except ValueError as error:  # only what a reference list holds can still be wrong here
                problems.append(Problem("reference lists", f"for {rule.id}", str(error)))
                continue
            for place in rule.places:
                by_place[place] = (*by_place.get(place, ()), check)
    if problems:
        raise BadRules(problems)
    return by_place


def _compile_rule(rule: Rule, book: Rulebook, context: Context) -> Check:
    from premigrate.compiling.needs import needs_of  # it knows the grammar, and a plan from the cache does not

    search = COMPILERS[rule.operator](rule.argument, context)
    if rule.when:
        search = partial(_only_when, compile_when(rule.when, context), search)
    if rule.each:
        search = partial(_for_each, compile_path(rule.each, context.root), search)
    if rule.attr:
        search = partial(_once, search)
    attr = rule.attr.split(".") if rule.attr else []
    up = next((steps for steps, step in enumerate(attr) if step != _UP), len(attr))
    is_advice = rule.level == "advice"
    detail = book.advice[rule.code].detail if is_advice else book.codes[rule.code].detail
    return Check(
        rule=rule.id,
        code=rule.code,
        detail=detail or "",
        find=search,
        attr=tuple(attr[up:]) if attr else None,
        part_of=rule.part_of or "",
        is_advice=is_advice,
        doubt_detail=book.advice["doubtful_value"].detail,
        needs=needs_of(rule, book.root),
        up=up,
    )


def _only_when(holds: Test, search: Search, scope: Scope) -> Iterable[Blame]:
    return search(scope) if holds(scope) else ()


def _for_each(find: Finder, search: Search, scope: Scope) -> Iterator[Blame]:
    for place, item in find(scope):
        for blame in search(scope.enter(place, item)):
            yield blame._replace(place=(*place, *blame.place))


def _once(search: Search, scope: Scope) -> list[Blame]:
    """Keep the first error only, for the API says one thing at one place; doubts stay."""
    blames = list(search(scope))
    if len(blames) < 2:
        return blames
    errors = [blame for blame in blames if not blame.doubt]
    return [*(blame for blame in blames if blame.doubt), *errors[:1]]

"""Operators about single values: format, matches, not_matching, holds."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from premigrate.compiling.conditions import compile_doubt, compile_failing, compile_when
from premigrate.compiling.operands import compile_lookup
from premigrate.compiling.paths import compile_path
from premigrate.formats import Doubtful, Refused
from premigrate.formats.pattern import compile_plain, union
from premigrate.formats.text import written
from premigrate.plan import WRONG, Blame, filled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from premigrate.compiling.conditions import Test
    from premigrate.compiling.context import Context, Search
    from premigrate.compiling.paths import Finder, Found
    from premigrate.errors import Place
    from premigrate.formats import Judge
    from premigrate.formats.pattern import Pattern
    from premigrate.plan import Scope
    from premigrate.rulebook.operators import FormatOf, Holds, Matching

    Choose = Callable[[Scope], list[Pattern]]
    Texts = Callable[[Scope], Iterator[tuple[Place, str]]]


def compile_format(spec: FormatOf, context: Context) -> Search:
    """Demand that a filled value has the format of a scheme; a number is judged by its digits."""
    find = compile_path(spec.field, context.root)
    if spec.territory is None:
        return partial(_search_misshapen, find, context.judges[spec.is_, None])
    judges = {territory: judge for (name, territory), judge in context.judges.items() if territory and name == spec.is_}
    return partial(_search_misshapen_there, find, compile_path(spec.territory, context.root), judges)


def _search_misshapen(find: Finder, judge: Judge, scope: Scope) -> Iterator[Blame]:
    for place, value in find(scope):
        if filled(value) and value is not WRONG:
            yield from _judged(judge, place, value)


def _search_misshapen_there(
    find: Finder, find_territory: Finder, judges: Mapping[str, Judge], scope: Scope
) -> Iterator[Blame]:
    """Judge by the territory that stands in the payload; one that nobody has a judge for is let pass."""
    _, territory = next(find_territory(scope), ((), None))
    judge = judges.get(territory.upper()) if isinstance(territory, str) else None
    return _search_misshapen(find, judge, scope) if judge else iter(())


def _judged(judge: Judge, place: Place, value: object) -> Iterator[Blame]:
    if isinstance(value, bool) or not isinstance(value, str | int):
        yield Blame(place, value, "not a text")
        return
    match judge(written(value)):
        case Refused(why):
            yield Blame(place, value, why)
        case Doubtful(why):
            yield Blame(place, value, why, doubt=True)


def compile_matches(spec: Matching, context: Context) -> Search:
    """Demand that a filled text matches one of the patterns."""
    return partial(_search_unmatched, _compile_patterns(spec, context), _compile_texts(spec, context))


def compile_not_matching(spec: Matching, context: Context) -> Search:
    """Demand that a filled text matches none of the patterns."""
    return partial(_search_matched, _compile_patterns(spec, context), _compile_texts(spec, context))


def _search_unmatched(choose: Choose, texts: Texts, scope: Scope) -> Iterator[Blame]:
    patterns = choose(scope)
    for place, text in texts(scope):
        if patterns and not _matches(text, patterns):
            yield Blame(place, text)


def _search_matched(choose: Choose, texts: Texts, scope: Scope) -> Iterator[Blame]:
    patterns = choose(scope)
    for place, text in texts(scope):
        if _matches(text, patterns):
            yield Blame(place, text)


def _matches(text: str, patterns: list[Pattern]) -> bool:
    for pattern in patterns:  # noqa: SIM110 - any() with a generator takes twice as long
        if pattern.fullmatch(text):
            return True
    return False


def _compile_patterns(spec: Matching, context: Context) -> Choose:
    """Make a function that chooses the patterns: those of the rule, or the one that a reference list holds."""
    if spec.pattern is None:
        return partial(_give, [union(spec.patterns, ignore_case=spec.ignore_case)] if spec.patterns else [])
    cells = {cell for (cell,) in context.tables[spec.pattern.of].pick([spec.pattern.take]) if cell}
    compiled = {cell: compile_plain(cell, ignore_case=spec.ignore_case) for cell in cells}
    return partial(_choose, compile_lookup(spec.pattern, context), compiled)


def _give(patterns: list[Pattern], _: Scope) -> list[Pattern]:
    return patterns


def _choose(look_up: Callable[[Scope], list[str]], compiled: Mapping[str, Pattern], scope: Scope) -> list[Pattern]:
    return [compiled[cell] for cell in look_up(scope)]


def _compile_texts(spec: Matching, context: Context) -> Texts:
    if not spec.join:
        return partial(_find_texts, compile_path(spec.field, context.root))
    return partial(_find_joined, [compile_path(path, context.root) for path in spec.join])


def _find_texts(find: Finder, scope: Scope) -> Iterator[tuple[Place, str]]:
    return ((place, value) for place, value in find(scope) if isinstance(value, str) and value)


def _find_joined(finders: list[Finder], scope: Scope) -> Iterator[tuple[Place, str]]:
    found: list[Found] = [found for find in finders for found in find(scope) if filled(found[1])]
    if found and all(isinstance(value, str) for _, value in found):
        yield found[0][0], " ".join(str(value) for _, value in found)


def compile_holds(spec: Holds, context: Context) -> Search:
    """Demand that conditions hold; the value of the first that does not is blamed."""
    holds, doubt = compile_when(spec.when, context), compile_doubt(spec.when, context)
    return partial(_search_failing, holds, doubt, compile_failing(spec.when, context))


def _search_failing(holds: Test, doubt: Test, failing: Callable[[Scope], Found], scope: Scope) -> Iterator[Blame]:
    if not doubt(scope) and not holds(scope):
        yield Blame(*failing(scope))

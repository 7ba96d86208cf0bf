"""Operators about single values: format, matches, not_matching, holds."""

import re
from collections.abc import Callable, Iterator

from premigrate.compiling.conditions import compile_doubt, compile_failing, compile_when
from premigrate.compiling.context import Context, Search
from premigrate.compiling.operands import compile_lookup
from premigrate.compiling.paths import Found, compile_path
from premigrate.errors import Place
from premigrate.formats import Doubtful, Judge, Refused
from premigrate.formats.pattern import compile_plain
from premigrate.formats.text import written
from premigrate.plan import WRONG, Blame, Scope, filled
from premigrate.rulebook.operators import FormatOf, Holds, Matching


def compile_format(spec: FormatOf, context: Context) -> Search:
    """Demand that a filled value has the format of a scheme; a number is judged by its digits."""
    find = compile_path(spec.field, context.root)
    choose = _compile_territory(spec, context)

    def search(scope: Scope) -> Iterator[Blame]:
        judge = choose(scope)
        if judge is None:
            return
        for place, value in find(scope):
            if filled(value) and value is not WRONG:
                yield from _judged(judge, place, value)

    return search


def _compile_territory(spec: FormatOf, context: Context) -> Callable[[Scope], Judge | None]:
    if spec.territory is None:
        own = context.judges[spec.is_, None]
        return lambda _: own
    find = compile_path(spec.territory, context.root)

    def choose(scope: Scope) -> Judge | None:
        _, country = next(find(scope), ((), None))
        return context.judges.get((spec.is_, country.upper())) if isinstance(country, str) else None

    return choose


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
    return _compile_matching(spec, context, wanted=True)


def compile_not_matching(spec: Matching, context: Context) -> Search:
    """Demand that a filled text matches none of the patterns."""
    return _compile_matching(spec, context, wanted=False)


def _compile_matching(spec: Matching, context: Context, *, wanted: bool) -> Search:
    choose = _compile_patterns(spec, context)
    texts = _compile_texts(spec, context)

    def search(scope: Scope) -> Iterator[Blame]:
        patterns = choose(scope)
        for place, text in texts(scope):
            if patterns and any(pattern.fullmatch(text) for pattern in patterns) != wanted:
                yield Blame(place, text)

    return search


def _compile_patterns(spec: Matching, context: Context) -> Callable[[Scope], list[re.Pattern[str]]]:
    """Make a function that chooses the patterns: those of the rule, or the one that a reference list holds."""
    if spec.pattern is None:
        own = [compile_plain(pattern, ignore_case=spec.ignore_case) for pattern in spec.patterns]
        return lambda _: own
    look_up = compile_lookup(spec.pattern, context)
    cells = {cell for (cell,) in context.tables[spec.pattern.of].pick([spec.pattern.take], 0) if cell}
    compiled = {cell: compile_plain(cell, ignore_case=spec.ignore_case) for cell in cells}
    return lambda scope: [compiled[cell] for cell in look_up(scope)]


def _compile_texts(spec: Matching, context: Context) -> Callable[[Scope], Iterator[tuple[Place, str]]]:
    if not spec.join:
        find = compile_path(spec.field, context.root)
        return lambda scope: ((place, value) for place, value in find(scope) if isinstance(value, str) and value)
    finders = [compile_path(path, context.root) for path in spec.join]

    def joined(scope: Scope) -> Iterator[tuple[Place, str]]:
        found: list[Found] = [found for find in finders for found in find(scope) if filled(found[1])]
        if found and all(isinstance(value, str) for _, value in found):
            yield found[0][0], " ".join(str(value) for _, value in found)

    return joined


def compile_holds(spec: Holds, context: Context) -> Search:
    """Demand that conditions hold; the value of the first that does not is blamed."""
    holds, doubt = compile_when(spec.when, context), compile_doubt(spec.when, context)
    failing = compile_failing(spec.when, context)

    def search(scope: Scope) -> Iterator[Blame]:
        if not doubt(scope) and not holds(scope):
            yield Blame(*failing(scope))

    return search

"""Writes, for each operator that has one, the test of whether a demand is met and nothing is in doubt.

A test may be false where the demand is met: then the rule itself is asked. It must never be true where the rule would
have something to say.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from premigrate.compiling.usual import dates
from premigrate.compiling.usual.memory import NoMemory
from premigrate.compiling.usual.words import NoShortcutError
from premigrate.formats.oddities import NOISE
from premigrate.formats.pattern import Marks, Pattern, marks_of, union

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from premigrate.compiling.context import Context
    from premigrate.compiling.usual.conditions import Conditions
    from premigrate.compiling.usual.paths import View
    from premigrate.compiling.usual.words import Constants
    from premigrate.formats import Judge
    from premigrate.rulebook.conditions import When
    from premigrate.rulebook.operators import (
        Count,
        FormatOf,
        Holds,
        Listed,
        Matching,
        Refers,
        Same,
        Total,
        Unique,
    )


_MOST_TIMES = 100  # more would be slow


class Demands:
    """Writes the demands of one market's rules."""

    def __init__(self, context: Context, constants: Constants, conditions: Conditions) -> None:
        self._context, self._constants, self._conditions = context, constants, conditions
        self._writers: Mapping[str, Callable[[Any, View], str]] = {
            "absent": _absent,
            "all_or_none": _all_or_none,
            "at_least_one": _at_least_one,
            "at_most_one": _at_most_one,
            "compare": dates.write_compare,
            "count": self._count,
            "covers": dates.write_covers,
            "format": self._format,
            "holds": self._holds,
            "listed": self._listed,
            "matches": self._matches,
            "not_listed": self._not_listed,
            "not_matching": self._not_matching,
            "periods": dates.write_periods,
            "present": _present,
            "refers": _refers,
            "same": _same,
            "total": self._total,
            "unique": _unique,
        }

    def write(self, operator: str, argument: object, view: View) -> str:
        """Write the test of one demand.

        Raises:
            NoShortcutError: there is no short way to tell.

        """
        if operator not in self._writers:
            raise NoShortcutError
        return self._writers[operator](argument, view)

    def _holds(self, spec: Holds, view: View) -> str:
        return self._conditions.write(spec.when, view)

    def _format(self, spec: FormatOf, view: View) -> str:
        judges = self._context.judges
        first, value = view.tested(spec.field)
        if spec.territory is None:
            judge = judges[spec.is_, None]
            judged = f"{self._surely(judge, value)}{self._constants.name('judge', judge)}({value}) is None"
        else:
            there = {land: judge for (name, land), judge in judges.items() if land and name == spec.is_}
            judged = f"fits_there({self._constants.name('judges', there)}, {view.one(spec.territory)}, {value})"
        if view.is_sure_text(spec.field):
            return f"(not {first} or {judged})"
        return f"(type({first}) is str and (not {value} or {judged}) or {value} is None or {value} is WRONG)"

    def _surely(self, judge: Judge, value: str) -> str:
        """Write what makes asking the judge unnecessary."""
        match getattr(judge, "sure", None):
            case Pattern() as pattern:
                return f"{self._constants.name('sure', pattern)}.fullmatch({value}) or "
            case frozenset() as texts:
                return f"{value} in {self._constants.name('sure', texts)} or "
            case _:
                return ""

    def _matches(self, spec: Matching, view: View) -> str:
        return self._matching(spec, view, "is not None")

    def _not_matching(self, spec: Matching, view: View) -> str:
        return self._matching(spec, view, "is None")

    def _matching(self, spec: Matching, view: View, verdict: str) -> str:
        if spec.pattern is not None:
            raise NoShortcutError
        pattern = self._constants.name("pattern", union(spec.patterns, ignore_case=spec.ignore_case))
        if spec.join:
            return f"(not (text := {_joined(spec.join, view)}) or {pattern}.fullmatch(text) {verdict})"
        first, value = view.tested(spec.field)
        matched = f"{pattern}.fullmatch({value}) {verdict}"
        if verdict == "is None" and (marks := marks_of(spec.patterns, ignore_case=spec.ignore_case)):
            matched = f"({_unmarked(value, marks, ignore_case=spec.ignore_case)} or {matched})"
        if view.is_sure_text(spec.field):
            return f"(not {first} or {matched})"
        return f"(type({first}) is not str or not {value} or {matched})"

    def _listed(self, spec: Listed, view: View) -> str:
        return self._in_list(spec, view, "in")

    def _not_listed(self, spec: Listed, view: View) -> str:
        return self._in_list(spec, view, "not in")

    def _in_list(self, spec: Listed, view: View, verdict: str) -> str:
        if len(spec.field) > 1:
            raise NoShortcutError
        known = self._context.tables[spec.in_].known(spec.columns, ignore_case=spec.ignore_case)
        first, value = view.tested(spec.field[0])
        looked_up = f"{value}.casefold()" if spec.ignore_case else value
        there = f"{looked_up} {verdict} {self._constants.name('list', known)}"
        if view.is_sure_text(spec.field[0]):
            return f"(not {first} or {there})"
        return f"(type({first}) is str and (not {value} or {there}) or {value} is None or {value} is WRONG)"

    def _count(self, spec: Count, view: View) -> str:
        if not spec.of.endswith("[]"):
            first, value = view.tested(spec.of)
            size = f"(len({value}) if type({first}) is list else 0)"
            return f"({_bounds(spec, size)} or {value} is WRONG)"
        items = view.items(spec.of)
        if spec.where and spec.at_least is not None:
            if spec.at_most is not None:
                raise NoShortcutError
            test = self._conditions.write(spec.where, view.at("one", spec.of, NoMemory()))
            return _bounds(spec, f"chosen({items}, lambda one: {test})")
        return _bounds(spec, f"len({items})")

    def _total(self, spec: Total, view: View) -> str:
        added = [self._summands(path, spec.minus_when, view) for path in spec.add]
        taken = [self._summands(path, (), view) for path in spec.subtract]
        goal = view.one(spec.equals or spec.at_most or ".")
        within = self._constants.name("within", Decimal(spec.within))
        if view.manner.is_sure:
            within = str(_scaled(spec, view))
        return f"adds_up({_together(added)}, {_together(taken)}, {goal}, {spec.times}, {within}, {not spec.equals})"

    def _summands(self, path: str, minus_when: When, view: View) -> str:
        """Write a list of signed amounts; a sign can only be told by one text of the item."""
        holder, _, name = path.rpartition(".")
        if "[]" not in path:
            return f"({view.one(path)},)"
        items = view.items(holder)
        if not minus_when:
            return f"parts({items}, {name!r})"
        if len(minus_when) > 1 or len(minus_when[0]) > 1:
            raise NoShortcutError
        ((key, wanted),) = minus_when[0].items()
        texts = wanted if isinstance(wanted, tuple) else (wanted,)
        if "." in key or "[]" in key or not all(isinstance(text, str) and text[:1] != "<" for text in texts):
            raise NoShortcutError
        return f"signed({items}, {name!r}, {key!r}, {self._constants.name('texts', frozenset(texts))})"


def _unmarked(value: str, marks: Marks, *, ignore_case: bool) -> str:
    """Write the test of whether a text has none of the marks of what matches some patterns."""
    text = f"{value}.lower()" if ignore_case else value
    tests = [f"{value}.isascii()"] if ignore_case else []
    tests += [f"not {text}.startswith({marks.starts!r})"] if marks.starts else []
    tests += [f"not {text}.endswith({marks.ends!r})"] if marks.ends else []
    tests += [f"{inside!r} not in {text}" for inside in marks.insides]
    return " and ".join(tests)


def _scaled(spec: Total, view: View) -> int:
    """Tell how many of the smallest parts there are in what a sum forgives, where floats can stand for its decimals."""
    within = Decimal(spec.within).scaleb(NOISE)
    goal = spec.equals or spec.at_most or "."
    kinds = {kind for path in (*spec.add, *spec.subtract, goal) for kind in view.kinds(path)}
    if kinds != {"decimal"} or not 0 < spec.times <= _MOST_TIMES or within != int(within):
        raise NoShortcutError
    return int(within)


def _together(lists: list[str]) -> str:
    return lists[0] if len(lists) == 1 else f"({''.join(f'*{each}, ' for each in lists)})"


def _joined(paths: tuple[str, ...], view: View) -> str:
    texts = list(map(view.one, paths))
    joined = f"joined({', '.join(texts)})"
    if len(texts) != 2 or not all(map(str.isidentifier, texts)):
        return joined
    left, right = texts
    if all(map(view.is_sure_text, paths)):
        return f"(f'{{{left}}} {{{right}}}' if {left} and {right} else {left} or {right})"
    return f"(f'{{{left}}} {{{right}}}' if {left} and {right} and type({left}) is type({right}) is str else {joined})"


def _bounds(spec: Count, size: str) -> str:
    least = "" if spec.at_least is None else f"{spec.at_least} <= "
    most = "" if spec.at_most is None else f" <= {spec.at_most}"
    return f"{least}{size}{most}"


def _present(paths: tuple[str, ...], view: View) -> str:
    return " and ".join(_is_filled(path, view) for path in paths)


def _is_filled(path: str, view: View) -> str:
    if view.is_one(path):
        return view.given(path)
    holder = path if path.endswith("[]") else path[: path.rindex("[]") + 2]
    return f"len({view.all(path)}) == len({view.items(holder)})"


def _absent(paths: tuple[str, ...], view: View) -> str:
    return " and ".join(f"not {view.given(path)}" for path in paths)


def _at_least_one(paths: tuple[str, ...], view: View) -> str:
    return f"({' or '.join(view.given(path) for path in paths)})"


def _at_most_one(paths: tuple[str, ...], view: View) -> str:
    given = [view.given(path) for path in paths]
    if len(given) == 2:
        return f"not ({given[0]} and {given[1]})"
    return f"{' + '.join(f'bool({each})' for each in given)} < 2"


def _all_or_none(paths: tuple[str, ...], view: View) -> str:
    if not all(map(view.is_one, paths)):
        raise NoShortcutError
    given = " + ".join(f"bool({view.given(path)})" for path in paths)
    return f"({given}) in (0, {len(paths)})"


def _unique(spec: Unique, view: View) -> str:
    if any("." in key or "[]" in key for key in spec.key):
        raise NoShortcutError
    if spec.key:
        holders, test = list(map(view.items, spec.of)), f"distinct_by({spec.key!r}, "
    else:
        holders = [holder for path in spec.of if (holder := view.holders(path))]
        names = {path.rpartition(".")[2] for path in spec.of}
        if len(holders) < len(spec.of) or len(names) > 1:
            return f"distinct({', '.join(map(view.all, spec.of))})"
        test = f"distinct_of({names.pop()!r}, "
    few = f"len({holders[0]}) < 2 or " if len(holders) == 1 else ""
    return f"({few}{test}{', '.join(holders)}))"


def _same(spec: Same, view: View) -> str:
    if spec.key or spec.by:
        return f"{' + '.join(f'len({view.items(path)})' for path in spec.of)} < 2"
    if len(spec.of) == 1:
        return f"(not (found := {view.all(spec.of[0])}) or alike(found))"
    return f"alike({', '.join(map(view.all, spec.of))})"


def _refers(spec: Refers, view: View) -> str:
    others = ", ".join(map(view.all, spec.to))
    if view.is_one(spec.field):
        return f"(not {view.given(spec.field)} or contained({view.all(spec.field)}, {others}))"
    return f"(not (found := {view.all(spec.field)}) or contained(found, {others}))"

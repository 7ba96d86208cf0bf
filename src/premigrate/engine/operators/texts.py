"""Operators about single values: format, matches, not_matching, holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from premigrate.engine import rule_data
from premigrate.engine.conditions import make_test
from premigrate.engine.operands import Lookup
from premigrate.engine.operators.operator import Operator, Parts, Violation, violations_at
from premigrate.engine.values import WRONG, Scope, filled
from premigrate.formats.outcomes import FormatCheck, Invalid, Suspicious
from premigrate.formats.pattern import Pattern, compile_plain, union
from premigrate.formats.text import written

_NO_TEXT: Final = Invalid("not a text")


class Format(Operator):
    """Filled values have the format of a scheme; of a country that nothing is known of, any value passes."""

    __slots__ = ("_checks", "_field", "_own", "_territory")

    def __init__(self, spec: rule_data.Format, parts: Parts) -> None:
        self._field = parts.path(spec.field)
        self._territory = parts.path(spec.territory) if spec.territory else None
        self._own = None if spec.territory else parts.formats.get((spec.scheme, None))
        self._checks = {
            territory: check for (name, territory), check in parts.formats.items() if territory and name == spec.scheme
        }

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        check = self._own if self._territory is None else self._check_for(scope)
        if check is None:
            return ()
        values = self._field.values(scope) if self._field.is_plural else [self._field.first(scope)]
        found: list[tuple[int, Violation]] = []
        for number, value in enumerate(values):
            if type(value) is str:
                verdict = check(value) if value else None
            elif value is WRONG or not filled(value):
                continue
            elif isinstance(value, bool) or not isinstance(value, (str, int)):
                verdict = _NO_TEXT
            else:
                verdict = check(written(value))
            if verdict is not None:
                is_suspicious = isinstance(verdict, Suspicious)
                found.append((number, Violation((), value, verdict.why, is_suspicious)))
        if not found:
            return ()
        places = self._field.places(scope)
        return [violation._replace(place=places[number]) for number, violation in found]

    def _check_for(self, scope: Scope) -> FormatCheck | None:
        assert self._territory is not None  # noqa: S101 - asked only then
        territory = self._territory.first(scope)
        return self._checks.get(territory.upper()) if isinstance(territory, str) else None


class Matches(Operator):
    """Filled texts match one of the patterns, or none of them."""

    __slots__ = ("_by_cell", "_field", "_is_forbidden", "_join", "_lookup", "_pattern")

    def __init__(self, spec: rule_data.Matches, parts: Parts) -> None:
        self._field = parts.path(spec.field)
        self._join = [parts.path(path) for path in spec.join]
        self._is_forbidden = spec.forbidden
        self._pattern = union(spec.patterns, ignore_case=spec.ignore_case) if spec.patterns else None
        self._lookup = Lookup(spec.lookup, parts.path) if spec.lookup else None
        cells = {cell for cell in spec.lookup.cells.values() if cell} if spec.lookup else set()
        self._by_cell = {cell: compile_plain(cell, ignore_case=spec.ignore_case) for cell in cells}

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        pattern = self._by_cell.get(self._lookup.cell(scope)) if self._lookup else self._pattern
        if pattern is None:
            return ()
        if self._join:
            return self._check_joined(pattern, scope)
        values = self._field.values(scope) if self._field.is_plural else [self._field.first(scope)]
        wrong: list[int] = []
        for number, value in enumerate(values):
            if isinstance(value, str) and value and (pattern.fullmatch(value) is not None) is self._is_forbidden:
                wrong.append(number)
        return violations_at(self._field, scope, values, wrong) if wrong else ()

    def _check_joined(self, pattern: Pattern, scope: Scope) -> Sequence[Violation]:
        texts: list[Any] = []
        first: tuple[int, int] | None = None
        for which, path in enumerate(self._join):
            for number, value in enumerate(path.values(scope) if path.is_plural else (path.first(scope),)):
                if filled(value):
                    if not isinstance(value, str):
                        return ()
                    first = first or (which, number)
                    texts.append(value)
        if first is None:
            return ()
        text = " ".join(texts)
        if (pattern.fullmatch(text) is not None) is not self._is_forbidden:
            return ()
        return (Violation(self._join[first[0]].places(scope)[first[1]], text),)


class Holds(Operator):
    """Conditions hold; the value of the first that does not is the violation."""

    __slots__ = ("_test",)

    def __init__(self, spec: rule_data.Holds, parts: Parts) -> None:
        self._test = make_test(spec.when, parts.path)

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        if self._test is None or self._test.verdict(scope) is not False:
            return ()
        failing = self._test.failing(scope)
        if failing is None:
            return (Violation((), None),)
        values = failing.path.values(scope)
        return (Violation(failing.path.places(scope)[0], values[0]),) if values else (Violation((), None),)

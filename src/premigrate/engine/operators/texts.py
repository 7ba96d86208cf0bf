"""Operators about single values: format, matches, not_matching, holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from premigrate.engine import rule_data
from premigrate.engine.conditions import make_test
from premigrate.engine.operands import Lookup
from premigrate.engine.operators.operator import Operator, Parts, Violation, violations_at
from premigrate.engine.values import WRONG, Scope, filled
from premigrate.formats.interfaces import FormatCheck, Invalid, Suspicious
from premigrate.formats.pattern import LazyPattern, compile_plain_pattern, union_of_patterns
from premigrate.formats.text import text_or_type_name

_NO_TEXT: Final = Invalid("not a text")


class Format(Operator):
    """Filled values have the format of a scheme; of a country that nothing is known of, any value passes."""

    __slots__ = ("_checks", "_field", "_is_certain", "_own", "_territory")

    def __init__(self, spec: rule_data.Format, parts: Parts) -> None:
        self._field = parts.path(spec.field)
        is_alone = self._field.is_here and not spec.territory
        self._is_certain = parts.are_certain.get((spec.scheme, None)) if is_alone else None
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
        if not self._field.is_plural:
            value = self._field.first(scope)
            verdict = check(value) if type(value) is str and value else None
            if value is None or (type(value) is str and verdict is None):
                return ()
            if verdict is not None:
                is_suspicious = isinstance(verdict, Suspicious)
                return (Violation(self._field.places(scope)[0], value, verdict.why, is_suspicious),)
        return self._check_all(check, scope)

    def _check_all(self, check: FormatCheck, scope: Scope) -> Sequence[Violation]:
        found: list[tuple[int, Violation]] = []
        for number, value in enumerate(self._field.values(scope)):
            if type(value) is str:
                verdict = check(value) if value else None
            elif value is WRONG or not filled(value):
                continue
            elif isinstance(value, bool) or not isinstance(value, (str, int)):
                verdict = _NO_TEXT
            else:
                verdict = check(text_or_type_name(value))
            if verdict is not None:
                is_suspicious = isinstance(verdict, Suspicious)
                found.append((number, Violation((), value, verdict.why, is_suspicious)))
        if not found:
            return ()
        places = self._field.places(scope)
        return [violation._replace(place=places[number]) for number, violation in found]

    def passes(self, value: Any, today: date) -> bool:  # noqa: ANN401, ARG002
        """Whether a single value certainly has the format."""
        return type(value) is str and self._is_certain is not None and self._is_certain(value)

    def _check_for(self, scope: Scope) -> FormatCheck | None:
        assert self._territory is not None  # noqa: S101 - asked only then
        territory = self._territory.first(scope)
        return self._checks.get(territory.upper()) if isinstance(territory, str) else None


class _Patterns:
    """What texts are matched with: always the same pattern, or that in a cell of a reference list."""

    __slots__ = ("_by_cell", "_lookup", "always")

    def __init__(self, spec: rule_data.Matches, parts: Parts) -> None:
        is_same = bool(spec.patterns) and spec.lookup is None
        self.always = union_of_patterns(spec.patterns, ignore_case=spec.ignore_case) if is_same else None
        self._lookup = Lookup(spec.lookup, parts.path) if spec.lookup else None
        cells = {cell for cell in spec.lookup.cells.values() if cell} if spec.lookup else set()
        self._by_cell = {cell: compile_plain_pattern(cell, ignore_case=spec.ignore_case) for cell in cells}

    def find(self, scope: Scope) -> LazyPattern | None:
        """Find the pattern; None if there is none."""
        return self._by_cell.get(self._lookup.cell(scope)) if self._lookup else self.always


class Matches(Operator):
    """Filled texts match one of the patterns, or none of them."""

    __slots__ = ("_field", "_is_alone", "_is_forbidden", "_patterns")

    def __init__(self, spec: rule_data.Matches, parts: Parts) -> None:
        self._field = parts.path(spec.field)
        self._patterns = _Patterns(spec, parts)
        self._is_alone = self._field.is_here and not spec.lookup
        self._is_forbidden = spec.forbidden

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        patterns = self._patterns
        pattern = patterns.always or patterns.find(scope)
        if pattern is None:
            return ()
        if not self._field.is_plural:
            value = self._field.first(scope)
            if type(value) is not str or not value or (pattern.fullmatch(value) is not None) is not self._is_forbidden:
                return ()
        values = self._field.values(scope)
        wrong: list[int] = []
        for number, value in enumerate(values):
            if isinstance(value, str) and value and (pattern.fullmatch(value) is not None) is self._is_forbidden:
                wrong.append(number)
        return violations_at(self._field, scope, values, wrong) if wrong else ()

    def passes(self, value: Any, today: date) -> bool:  # noqa: ANN401, ARG002
        """Whether a single value certainly matches as it should."""
        pattern = self._patterns.always
        if pattern is None or not self._is_alone or type(value) is not str:
            return False
        return (pattern.fullmatch(value) is not None) is not self._is_forbidden


class Joined(Operator):
    """Filled texts, joined by blanks, match one of the patterns, or none of them."""

    __slots__ = ("_is_forbidden", "_join", "_keys", "_patterns")

    def __init__(self, spec: rule_data.Matches, parts: Parts) -> None:
        self._join = [parts.path(path) for path in spec.join]
        self._is_forbidden = spec.forbidden
        self._keys = [path.key for path in self._join] if all(path.key for path in self._join) else []
        self._patterns = _Patterns(spec, parts)

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        pattern = self._patterns.always or self._patterns.find(scope)
        if pattern is None or (self._keys and type(scope.here) is dict and self._is_right(pattern, scope.here)):
            return ()
        return self._check_all(pattern, scope)

    def _is_right(self, pattern: LazyPattern, here: dict[str, Any]) -> bool:
        """Whether what stands at the keys certainly matches as it should; what is no text is left out."""
        text = ""
        for key in self._keys:
            value = here.get(key)
            if type(value) is str and value:
                text = f"{text} {value}" if text else value
        return not text or (pattern.fullmatch(text) is not None) is not self._is_forbidden

    def _check_all(self, pattern: LazyPattern, scope: Scope) -> Sequence[Violation]:
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


def make_matches(spec: rule_data.Matches, parts: Parts) -> Operator:
    """Make the operator for texts each for itself, or joined."""
    return Joined(spec, parts) if spec.join else Matches(spec, parts)


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

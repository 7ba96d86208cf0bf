"""The operators ``format``, ``matches``, ``not_matching`` and ``holds``, about single values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from premigrate.engine import rule_data
from premigrate.engine.conditions import make_when
from premigrate.engine.operands import Lookup
from premigrate.engine.operators.operator import Dependencies, Operator, Violation, violations_at
from premigrate.engine.values import INVALID, Scope, is_filled
from premigrate.formats.interfaces import FormatCheck, Invalid, Suspicious
from premigrate.formats.pattern import LazyPattern, compile_plain_pattern, union_of_patterns
from premigrate.formats.text import text_or_type_name

_NO_TEXT: Final = Invalid("not a text")


class Format(Operator):
    """Filled values have the format of a scheme; for a country without a format, any value is valid."""

    __slots__ = ("_checks_by_territory", "_field", "_is_certain", "_market_check", "_territory")

    def __init__(self, spec: rule_data.Format, dependencies: Dependencies) -> None:
        self._field = dependencies.make_path(spec.field)
        reads_current_only = self._field.is_current and not spec.territory
        self._is_certain = dependencies.certain_checks.get((spec.scheme, None)) if reads_current_only else None
        self._territory = dependencies.make_path(spec.territory) if spec.territory else None
        self._market_check = None if spec.territory else dependencies.format_checks.get((spec.scheme, None))
        self._checks_by_territory = {
            territory: check
            for (name, territory), check in dependencies.format_checks.items()
            if territory and name == spec.scheme
        }

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Return the violations."""
        check = self._market_check if self._territory is None else self._check_for(scope)
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
        for index, value in enumerate(self._field.values(scope)):
            if type(value) is str:
                verdict = check(value) if value else None
            elif value is INVALID or not is_filled(value):
                continue
            elif isinstance(value, bool) or not isinstance(value, (str, int)):
                verdict = _NO_TEXT
            else:
                verdict = check(text_or_type_name(value))
            if verdict is not None:
                is_suspicious = isinstance(verdict, Suspicious)
                found.append((index, Violation((), value, verdict.why, is_suspicious)))
        if not found:
            return ()
        places = self._field.places(scope)
        return [violation._replace(place=places[index]) for index, violation in found]

    def is_certainly_valid(self, value: Any, today: date) -> bool:  # noqa: ANN401, ARG002
        """Return whether a single value certainly has the format."""
        return type(value) is str and self._is_certain is not None and self._is_certain(value)

    def _check_for(self, scope: Scope) -> FormatCheck | None:
        assert self._territory is not None  # noqa: S101 - checked by the caller
        territory = self._territory.first(scope)
        return self._checks_by_territory.get(territory.upper()) if isinstance(territory, str) else None


class _Patterns:
    """The pattern that strings must match: a constant one, or one from a cell of a reference list."""

    __slots__ = ("_by_cell", "_lookup", "constant")

    def __init__(self, spec: rule_data.Matches, dependencies: Dependencies) -> None:
        is_constant = bool(spec.patterns) and spec.lookup is None
        self.constant = union_of_patterns(spec.patterns, ignore_case=spec.ignore_case) if is_constant else None
        self._lookup = Lookup(spec.lookup, dependencies.make_path) if spec.lookup else None
        cells = {cell for cell in spec.lookup.cells.values() if cell} if spec.lookup else set()
        self._by_cell = {cell: compile_plain_pattern(cell, ignore_case=spec.ignore_case) for cell in cells}

    def find(self, scope: Scope) -> LazyPattern | None:
        """Return the pattern; None if there is none."""
        return self._by_cell.get(self._lookup.cell(scope)) if self._lookup else self.constant


class Matches(Operator):
    """Filled strings match one of the patterns, or none of them."""

    __slots__ = ("_field", "_is_forbidden", "_patterns", "_reads_current_only")

    def __init__(self, spec: rule_data.Matches, dependencies: Dependencies) -> None:
        self._field = dependencies.make_path(spec.field)
        self._patterns = _Patterns(spec, dependencies)
        self._reads_current_only = self._field.is_current and not spec.lookup
        self._is_forbidden = spec.forbidden

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Return the violations."""
        patterns = self._patterns
        pattern = patterns.constant or patterns.find(scope)
        if pattern is None:
            return ()
        if not self._field.is_plural:
            value = self._field.first(scope)
            if type(value) is not str or not value or (pattern.fullmatch(value) is not None) is not self._is_forbidden:
                return ()
        values = self._field.values(scope)
        wrong: list[int] = []
        for index, value in enumerate(values):
            if isinstance(value, str) and value and (pattern.fullmatch(value) is not None) is self._is_forbidden:
                wrong.append(index)
        return violations_at(self._field, scope, values, wrong) if wrong else ()

    def is_certainly_valid(self, value: Any, today: date) -> bool:  # noqa: ANN401, ARG002
        """Return whether a single value is certainly valid: it matches, or it does not if that is forbidden."""
        pattern = self._patterns.constant
        if pattern is None or not self._reads_current_only or type(value) is not str:
            return False
        return (pattern.fullmatch(value) is not None) is not self._is_forbidden


class Joined(Operator):
    """Filled strings, joined by spaces, match one of the patterns, or none of them."""

    __slots__ = ("_is_forbidden", "_join", "_keys", "_patterns")

    def __init__(self, spec: rule_data.Matches, dependencies: Dependencies) -> None:
        self._join = [dependencies.make_path(path) for path in spec.join]
        self._is_forbidden = spec.forbidden
        self._keys = [path.key for path in self._join] if all(path.key for path in self._join) else []
        self._patterns = _Patterns(spec, dependencies)

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Return the violations."""
        pattern = self._patterns.constant or self._patterns.find(scope)
        if pattern is None or (self._keys and type(scope.current) is dict and self._is_valid(pattern, scope.current)):
            return ()
        return self._check_all(pattern, scope)

    def _is_valid(self, pattern: LazyPattern, current: dict[str, Any]) -> bool:
        """Return whether the joined strings at the keys are certainly valid; other values are skipped."""
        text = ""
        for key in self._keys:
            value = current.get(key)
            if type(value) is str and value:
                text = f"{text} {value}" if text else value
        return not text or (pattern.fullmatch(text) is not None) is not self._is_forbidden

    def _check_all(self, pattern: LazyPattern, scope: Scope) -> Sequence[Violation]:
        texts: list[Any] = []
        first: tuple[int, int] | None = None
        for which, path in enumerate(self._join):
            for index, value in enumerate(path.values(scope) if path.is_plural else (path.first(scope),)):
                if is_filled(value):
                    if not isinstance(value, str):
                        return ()
                    first = first or (which, index)
                    texts.append(value)
        if first is None:
            return ()
        text = " ".join(texts)
        if (pattern.fullmatch(text) is not None) is not self._is_forbidden:
            return ()
        return (Violation(self._join[first[0]].places(scope)[first[1]], text),)


def make_matches(spec: rule_data.Matches, dependencies: Dependencies) -> Operator:
    """Build the operator for single or for joined strings."""
    return Joined(spec, dependencies) if spec.join else Matches(spec, dependencies)


class Holds(Operator):
    """Conditions hold; the value of the first condition that does not hold is the violation."""

    __slots__ = ("_conditions",)

    def __init__(self, spec: rule_data.Holds, dependencies: Dependencies) -> None:
        self._conditions = make_when(spec.when, dependencies.make_path)

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Return the violations."""
        if self._conditions is None or self._conditions.evaluate(scope) is not False:
            return ()
        failing = self._conditions.first_failing(scope)
        if failing is None:
            return (Violation((), None),)
        values = failing.path.values(scope)
        return (Violation(failing.path.places(scope)[0], values[0]),) if values else (Violation((), None),)

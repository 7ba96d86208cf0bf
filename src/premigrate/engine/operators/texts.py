"""The operators ``format``, ``matches``, ``not_matching`` and ``holds``, about single values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from premigrate.engine import rule_data
from premigrate.engine.conditions import make_when
from premigrate.engine.operands import Lookup
from premigrate.engine.operators.operator import Dependencies, Operator, Violation
from premigrate.engine.paths import Path
from premigrate.engine.phrases import join_words
from premigrate.engine.values import INVALID, Scope, is_filled
from premigrate.formats.interfaces import FormatCheck, Invalid, Suspicious
from premigrate.formats.pattern import LazyPattern, compile_plain_pattern, union_of_patterns
from premigrate.formats.text import text_or_type_name
from premigrate.results import Place

_NO_TEXT: Final = Invalid()
_MAX_PATTERNS: Final = 3


class Format(Operator):
    """Filled values have the format of a scheme; for a country without a format, any value is valid."""

    __slots__ = ("_checks_by_territory", "_field", "_forms", "_is_certain", "_market_check", "_scheme", "_territory")

    def __init__(self, spec: rule_data.Format, dependencies: Dependencies) -> None:
        self._field = dependencies.make_path(spec.field)
        self._scheme, self._forms = spec.scheme, dependencies.forms
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
        check = (
            self._market_check
            if self._territory is None
            else self._checks_by_territory.get(self._territory_of(self._territory, scope))
        )
        if check is None:
            return ()
        if not self._field.is_plural:
            value = self._field.first(scope)
            verdict = check(value) if type(value) is str and value else None
            if value is None or (type(value) is str and verdict is None):
                return ()
            if verdict is not None:
                return (self._violation(self._field.places(scope)[0], value, verdict, scope),)
        return self._check_all(check, scope)

    def _check_all(self, check: FormatCheck, scope: Scope) -> Sequence[Violation]:
        found: list[tuple[int, object, Invalid | Suspicious]] = []
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
                found.append((index, value, verdict))
        if not found:
            return ()
        places = self._field.places(scope)
        return [self._violation(places[index], value, verdict, scope) for index, value, verdict in found]

    def _violation(self, place: Place, value: object, verdict: Invalid | Suspicious, scope: Scope) -> Violation:
        territory = self._territory_of(self._territory, scope) if self._territory is not None else None
        form = self._forms.get((self._scheme, territory), "")
        if isinstance(verdict, Suspicious):
            return Violation(place, value, form, doubt=verdict.why)
        expected = f"{form}; {verdict.problem}" if verdict.problem else form
        shown = f"{form}; {verdict.correction}" if verdict.correction else ""
        return Violation(place, value, expected, shown)

    def is_certainly_valid(self, value: Any, today: date) -> bool:  # noqa: ANN401, ARG002
        """Return whether a single value certainly has the format."""
        return type(value) is str and self._is_certain is not None and self._is_certain(value)

    def _territory_of(self, path: Path, scope: Scope) -> str:
        territory = path.first(scope)
        return territory.upper() if isinstance(territory, str) else ""


class _Patterns:
    """The pattern that strings must match: a constant one, or one from a cell of a reference list."""

    __slots__ = ("_by_cell", "_lookup", "_spec", "constant")

    def __init__(self, spec: rule_data.Matches, dependencies: Dependencies) -> None:
        self._spec = spec
        is_constant = bool(spec.patterns) and spec.lookup is None
        self.constant = union_of_patterns(spec.patterns, ignore_case=spec.ignore_case) if is_constant else None
        self._lookup = Lookup(spec.lookup, dependencies.make_path) if spec.lookup else None
        cells = {cell for cell in spec.lookup.cells.values() if cell} if spec.lookup else set()
        self._by_cell = {cell: compile_plain_pattern(cell, ignore_case=spec.ignore_case) for cell in cells}

    def find(self, scope: Scope) -> LazyPattern | None:
        """Return the pattern; None if there is none."""
        return self._by_cell.get(self._lookup.cell(scope)) if self._lookup else self.constant

    def violation(self, place: Place, value: object, scope: Scope) -> Violation:
        """Return the violation of a value."""
        if self._spec.forbidden:
            return Violation(place, value)
        if self._lookup is None:
            patterns = self._spec.patterns[:_MAX_PATTERNS]
            others = " or another pattern" if len(self._spec.patterns) > _MAX_PATTERNS else ""
            return Violation(place, value, f"a text that matches {' or '.join(patterns)}{others}")
        sources = self._lookup.sources(scope)
        row = f" (for {join_words([text for text, _ in sources], ' and ')})" if sources else ""
        expected = f"a text that matches the pattern in the list {self._lookup.name}"
        shown = f"a text that matches {self._lookup.cell(scope)}{row}"
        return Violation(place, value, expected, shown, tuple([found for _, found in sources]))


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
        if not wrong:
            return ()
        places = self._field.places(scope)
        return [patterns.violation(places[index], values[index], scope) for index in wrong]

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
        return (self._patterns.violation(self._join[first[0]].places(scope)[first[1]], text, scope),)


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
        conditions = self._conditions
        if conditions is None or conditions.holds(scope) or conditions.evaluate(scope) is not False:
            return ()
        failing = conditions.first_failing(scope)
        if failing is None:
            return (Violation(()),)
        values, expected = failing.path.values(scope), failing.phrase()
        place = failing.path.places(scope)[0] if values else ()
        related = [found for _, found in failing.path.filled(scope) if found.up]
        return (Violation(place, values[0] if values else None, expected, related=tuple(related)),)

"""Operators that look a value up: listed, not_listed, includes and typed in reference lists, refers in the payload."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import product
from typing import Any, Final

from premigrate.engine import rule_data
from premigrate.engine.operands import Lookup
from premigrate.engine.operators.operator import Operator, Parts, Violation, violations_at
from premigrate.engine.values import WRONG, Scope, filled
from premigrate.formats.text import text_or_type_name
from premigrate.formats.value_types import TYPE_CHECKS


class Listed(Operator):
    """A value, or several together, are in a reference list, or are not."""

    __slots__ = ("_fields", "_ignore_case", "_is_alone", "_is_forbidden", "_is_single", "_known", "_others", "_rows")

    def __init__(self, spec: rule_data.Listed, parts: Parts) -> None:
        self._fields = [parts.path(path) for path in spec.fields]
        self._others = self._fields[1:]
        self._known, self._rows = spec.known, spec.rows
        self._ignore_case, self._is_forbidden = spec.ignore_case, spec.forbidden
        self._is_alone = [path.is_here for path in self._fields] == [True]
        self._is_single = not any(path.is_plural for path in self._fields)

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations: the first field of what is looked up."""
        if self._is_single:
            first = self._fields[0].first(scope)
            if self._is_right([first] if not self._others else [first, *[path.first(scope) for path in self._others]]):
                return ()
        lists = [
            [(number, value) for number, value in enumerate(path.values(scope)) if _is_simple(value)]
            for path in self._fields
        ]
        if len(lists) == 1:
            wrong = [found for found in lists[0] if (self._written(found[1]) in self._known) is self._is_forbidden]
        else:
            wrong = [found[0] for found in product(*lists) if self._has_row(found) is self._is_forbidden]
        if not wrong:
            return ()
        places = self._fields[0].places(scope)
        return [Violation(places[number], value) for number, value in wrong]

    def passes(self, value: Any, today: date) -> bool:  # noqa: ANN401, ARG002
        """Whether a single value certainly is in the list, or is not."""
        return self._is_alone and self._is_right([value])

    def _is_right(self, values: list[Any]) -> bool:
        """Whether single values, looked up together, are right; with one that can't stand in a list, they are."""
        first = values[0]
        if type(first) is str and first and len(values) == 1 and not self._ignore_case:
            return (first in self._known) is not self._is_forbidden
        texts = []
        for value in values:
            if not _is_simple(value):
                return True
            texts.append(self._written(value))
        return (texts[0] in self._known if len(texts) == 1 else tuple(texts) in self._rows) is not self._is_forbidden

    def _written(self, value: object) -> str:
        text = value if type(value) is str else text_or_type_name(value)
        return text.casefold() if self._ignore_case else text

    def _has_row(self, found: tuple[tuple[int, object], ...]) -> bool:
        return tuple([self._written(value) for _, value in found]) in self._rows


def _is_simple(value: object) -> bool:
    """Whether a value can stand in a list: a text, or a whole number."""
    return isinstance(value, (str, int)) and not isinstance(value, bool) and filled(value)


class Includes(Operator):
    """All values of a reference list are found."""

    __slots__ = ("_field", "_wanted")

    def __init__(self, spec: rule_data.Includes, parts: Parts) -> None:
        self._field, self._wanted = parts.path(spec.field), spec.wanted

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        given = self._field.values(scope)
        if any(value is WRONG for value in given):
            return ()
        known = {value for value in given if isinstance(value, str)}
        return [Violation((), value) for value in self._wanted if value not in known]


class Refers(Operator):
    """Values are among others of the payload; silent if one of the others can't be read."""

    __slots__ = ("_field", "_to")

    def __init__(self, spec: rule_data.Refers, parts: Parts) -> None:
        self._field = parts.path(spec.field)
        self._to = [parts.path(path) for path in spec.to]

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        values = self._field.values(scope)
        asked = [number for number, value in enumerate(values) if value is not WRONG and filled(value)]
        if not asked:
            return ()
        known: list[set[object]] = []
        for path in self._to:
            values_there = path.values(scope)
            if path.is_shared:
                others = scope.run.once((self, path, path.anchor(scope)), partial(_values_of, values_there))
            else:
                others = _values_of(values_there)
            if others is None:
                return ()
            known.append(others)
        wrong = [number for number in asked if not _is_among(values[number], known)]
        return violations_at(self._field, scope, values, wrong) if wrong else ()


_COMPARED: Final = (str, int, float, Decimal, date)


def _is_among(value: object, known: list[set[object]]) -> bool:
    return isinstance(value, _COMPARED) and any(value in others for others in known)


def _values_of(values: list[Any]) -> set[object] | None:
    """Collect what can be referred to; None if one of the values can't be read."""
    if any(value is WRONG for value in values):
        return None
    return {value for value in values if isinstance(value, _COMPARED)}


class Typed(Operator):
    """A value has the type that a reference list names; where it names none, any value passes."""

    __slots__ = ("_field", "_lookup")

    def __init__(self, spec: rule_data.Typed, parts: Parts) -> None:
        self._field, self._lookup = parts.path(spec.field), Lookup(spec.lookup, parts.path)

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        name = self._lookup.cell(scope)
        if not name:
            return ()
        values = self._field.values(scope)
        has_type = TYPE_CHECKS[name]
        wrong = [
            number
            for number, value in enumerate(values)
            if value is not WRONG and filled(value) and not has_type(value)
        ]
        return violations_at(self._field, scope, values, wrong) if wrong else ()

"""The operators ``listed``, ``not_listed``, ``includes`` and ``typed``, about reference lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import product
from typing import Any, Final

from premigrate.engine import rule_data
from premigrate.engine.operands import Lookup
from premigrate.engine.operators.operator import Dependencies, Operator, Violation
from premigrate.engine.paths import PlaceFrom
from premigrate.engine.phrases import join_words, one_of
from premigrate.engine.values import INVALID, Scope, is_filled
from premigrate.formats.text import text_or_type_name
from premigrate.formats.value_types import TYPE_CHECKS
from premigrate.results import Place


class Listed(Operator):
    """A value, or a combination of several, is in a reference list, or is not."""

    __slots__ = (
        "_fields", "_ignore_case", "_is_forbidden", "_is_single", "_name", "_others", "_prefixes",
        "_reads_current_only", "_rows", "_values",
    )  # fmt: skip

    def __init__(self, spec: rule_data.Listed, dependencies: Dependencies) -> None:
        self._fields = [dependencies.make_path(path) for path in spec.fields]
        self._others = self._fields[1:]
        self._values, self._rows, self._name = spec.values, spec.rows, spec.name
        self._prefixes = tuple([prefix.casefold() for prefix in spec.prefixes])
        self._ignore_case, self._is_forbidden = spec.ignore_case, spec.forbidden
        self._reads_current_only = [path.is_current for path in self._fields] == [True]
        self._is_single = not any(path.is_plural for path in self._fields)

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Return the violations, at the first of the fields."""
        if self._is_single:
            first = self._fields[0].first(scope)
            if self._is_valid([first] if not self._others else [first, *[path.first(scope) for path in self._others]]):
                return ()
        lists = [
            [(index, value) for index, value in enumerate(path.values(scope)) if _is_listable(value)]
            for path in self._fields
        ]
        if len(lists) == 1:
            wrong = [found for found in lists[0] if self._has(self._as_text(found[1])) is self._is_forbidden]
        else:
            wrong = [
                combination[0] for combination in product(*lists) if self._has_row(combination) is self._is_forbidden
            ]
        if not wrong:
            return ()
        places = self._fields[0].places(scope)
        related = tuple([found for path in self._others for found in path.related(scope)])
        return [self._violation(places[index], value, related) for index, value in wrong]

    def _violation(self, place: Place, value: object, related: tuple[PlaceFrom, ...]) -> Violation:
        is_or_is_not = "is not" if self._is_forbidden else "is"
        if self._others:
            names = join_words([path.label or "value" for path in self._fields], " and ")
            expected = f"a combination of {names} that {is_or_is_not} in the list {self._name}"
            return Violation(place, value, expected, related=related)
        if self._is_forbidden:
            return Violation(place, value, f"a value that is not in the list {self._name}")
        expected = one_of(self._values, None, self._name)
        nearest = one_of(self._values, value, self._name)
        return Violation(place, value, expected, nearest if nearest != expected else "")

    def is_certainly_valid(self, value: Any, today: date) -> bool:  # noqa: ANN401, ARG002
        """Return whether a single value is certainly in the list, or certainly not if that is forbidden."""
        return self._reads_current_only and self._is_valid([value])

    def _is_valid(self, values: list[Any]) -> bool:
        """Return whether a combination of single values is valid; with an absent or other value, it is."""
        first = values[0]
        if type(first) is str and first and len(values) == 1 and not self._ignore_case:
            return self._has(first) is not self._is_forbidden
        texts = []
        for value in values:
            if not _is_listable(value):
                return True
            texts.append(self._as_text(value))
        return (self._has(texts[0]) if len(texts) == 1 else tuple(texts) in self._rows) is not self._is_forbidden

    def _has(self, text: str) -> bool:
        if text in self._values:
            return True
        folded = text.casefold() if self._prefixes else ""
        return any(folded.startswith(prefix) and text[len(prefix) :] in self._values for prefix in self._prefixes)

    def _as_text(self, value: object) -> str:
        text = value if type(value) is str else text_or_type_name(value)
        return text.casefold() if self._ignore_case else text

    def _has_row(self, combination: tuple[tuple[int, object], ...]) -> bool:
        return tuple([self._as_text(value) for _, value in combination]) in self._rows


def _is_listable(value: object) -> bool:
    """Return whether a value can be in a reference list: a filled string, or an integer."""
    return isinstance(value, (str, int)) and not isinstance(value, bool) and is_filled(value)


class Includes(Operator):
    """All values of a reference list are present."""

    __slots__ = ("_field", "_required")

    def __init__(self, spec: rule_data.Includes, dependencies: Dependencies) -> None:
        self._field, self._required = dependencies.make_path(spec.field), spec.required

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Return the violations."""
        present = self._field.values(scope)
        if any(value is INVALID for value in present):
            return ()
        known = {value for value in present if isinstance(value, str)}
        name = self._field.label.rpartition(".")[2]
        return [
            Violation((), value, f"an item with {name} {value}" if name else f"the value {value}")
            for value in self._required
            if value not in known
        ]


class Typed(Operator):
    """A value has one of the given types, or the type that a reference list names; if it names none, any is valid."""

    __slots__ = ("_certain_types", "_field", "_lookup", "_types")

    def __init__(self, spec: rule_data.Typed, dependencies: Dependencies) -> None:
        self._field, self._types = dependencies.make_path(spec.field), spec.types
        self._lookup = Lookup(spec.lookup, dependencies.make_path) if spec.lookup is not None else None
        names = () if self._field.is_plural else spec.types
        self._certain_types = frozenset([_PYTHON_TYPES[name] for name in names if name in _PYTHON_TYPES])

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Return the violations."""
        if self._certain_types and type(self._field.first(scope)) in self._certain_types:
            return ()
        named = self._lookup.cell(scope) if self._lookup is not None else None
        types = (named,) if named else self._types
        if not types:
            return ()
        values = self._field.values(scope)
        wrong = [index for index, value in enumerate(values) if not _is_of(types, value)]
        if not wrong:
            return ()
        expected = shown = join_words([_TYPE_WORDS[name] for name in types], " or ")
        sources = []
        if self._lookup is not None:
            sources = self._lookup.sources(scope)
            shown += f" (for {join_words([text for text, _ in sources], ' and ')})" if sources else ""
        related = tuple([place for _, place in sources])
        places = self._field.places(scope)
        return [Violation(places[index], values[index], expected, shown, related) for index in wrong]


def _is_of(types: Sequence[str], value: object) -> bool:
    """Return whether a value has one of the types; absent and INVALID values have."""
    for name in types:
        if TYPE_CHECKS[name](value):
            return True
    return value is INVALID or not is_filled(value)


_PYTHON_TYPES: Final[dict[str, type]] = {"boolean": bool, "integer": int, "text": str}
"""For some value types of `TYPE_CHECKS`, a type whose values have it."""

_TYPE_WORDS: Final[dict[str, str]] = {
    "boolean": "true or false",
    "date": "a date, such as 2026-01-31",
    "datetime": "a date and time, such as 2026-01-31T12:00:00Z",
    "integer": "a whole number",
    "number": "a number",
    "text": "a text",
}
"""The value types of `TYPE_CHECKS` in words."""

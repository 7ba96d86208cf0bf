"""Finds rules that can never hold, or never fail, because of the types of the fields they read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, TypeAlias

from premigrate.ruleset.model.conditions import Condition, Conditions, ValueTest
from premigrate.ruleset.model.operands import DayAfter, DaysAfter, Earliest, First, Latest, Lookup, Operand
from premigrate.ruleset.model.rules import Rule
from premigrate.ruleset.path_resolver import PathError, PathResolver, PathType

ValueTypes: TypeAlias = frozenset[str]
"""The types that the values of a field may have: JSON types, and ``date``."""

_NUMBERS: ValueTypes = frozenset({"integer", "number"})
_ORDERED: ValueTypes = _NUMBERS | {"date"}
_TEXT: ValueTypes = frozenset({"text"})
_DATE: ValueTypes = frozenset({"date"})
_SINGLE: ValueTypes = _ORDERED | _TEXT | {"boolean"}
_LISTED: ValueTypes = frozenset({"text", "integer"})
_ANY: ValueTypes = _SINGLE | {"list", "object"}
_OF_TYPE: dict[str, ValueTypes] = {
    "string": _TEXT,
    "email": _TEXT,
    "choice": _TEXT,
    "date": _DATE,
    "datetime": _DATE,
    "decimal": frozenset({"number"}),
    "integer": frozenset({"integer"}),
    "boolean": frozenset({"boolean"}),
    "json": _ANY - {"date"},
    "object": frozenset({"object"}),
}
_WORDS = {
    _TEXT: "a string",
    _DATE: "a date",
    _NUMBERS: "a number",
    _ORDERED: "a date or number",
    _LISTED: "a string or whole number",
    frozenset({"boolean"}): "true or false",
    _SINGLE - _DATE: "a string, a number, or true or false",
    _SINGLE: "a single value",
    frozenset({"list"}): "a list",
    frozenset({"object"}): "an object",
}


def check_types(resolver: PathResolver, rule: Rule, starts: Sequence[PathType]) -> None:
    """Check that the operator and conditions of a rule suit the types of its fields.

    Only certain conflicts count: a field of any JSON value suits a rule if one of its possible values does.

    Raises:
        PathError: the operator or a condition cannot work with the type of a field.

    """
    types = _Types(resolver, starts)
    types.check_when(rule.when, "when")
    check = _CHECKS.get(rule.operator)
    if check:
        check(types, rule.argument, rule.operator)


def check_conditions(resolver: PathResolver, when: Conditions, start: PathType) -> None:
    """Check that conditions can hold, given the types of the fields they test.

    Raises:
        PathError: a condition cannot hold for any value of its field.

    """
    _Types(resolver, (start,)).check_when(when, "where")


class _Types:
    """The types of the values at paths that start at one place, which has several types if variants differ."""

    def __init__(self, resolver: PathResolver, starts: Sequence[PathType]) -> None:
        self._resolver, self._starts = resolver, starts

    def at(self, path: str) -> ValueTypes:
        """Return the types that the values at a path may have."""
        kinds = self._resolver.resolve_all(self._starts, path)
        return frozenset().union(*map(_types_of, kinds))

    def inside(self, path: str) -> _Types:
        """Return the types for paths that start at the end of ``path``."""
        return _Types(self._resolver, self._resolver.resolve_all(self._starts, path))

    def require(self, path: str, wanted: ValueTypes, word: str) -> None:
        """Raise PathError if no value at a path can have one of the wanted types."""
        if self.at(path).isdisjoint(wanted):
            what = "the field" if path == "." else repr(path)
            raise PathError(f"{word} requires {_WORDS[wanted]}, but {what} is {_name(self.at(path))}")

    def require_all(self, paths: Iterable[str], wanted: ValueTypes, word: str) -> None:
        """Raise PathError if no value at one of the paths can have one of the wanted types."""
        for path in paths:
            self.require(path, wanted, word)

    def of_operand(self, operand: Operand) -> ValueTypes:  # noqa: PLR0911 - one branch for each kind
        """Return the types that the values of an operand may have."""
        match operand:
            case First(first=options):
                return frozenset().union(*map(self.of_operand, options))
            case Earliest(earliest=paths) | Latest(latest=paths):
                return _DATE & frozenset().union(*map(self.at, paths))
            case DayAfter(day_after=path):
                return self.at(path)
            case DaysAfter(after=start):
                return self.of_operand(start)
            case Lookup():
                return _ORDERED
            case date():
                return _DATE
            case _:
                return _DATE if operand == "<today>" else self.at(operand)

    def check_order(self, left: ValueTypes, right: ValueTypes, word: str) -> None:
        """Raise PathError unless numbers can be compared with numbers, or dates with dates."""
        if not any(kinds & left and kinds & right for kinds in (_NUMBERS, _DATE)):
            raise PathError(f"{word} compares dates or numbers; it cannot compare {_name(left)} with {_name(right)}")

    def check_when(self, when: Conditions, word: str) -> None:
        """Raise PathError if every table of conditions has one that no value can meet."""
        conflicts = [self._find_conflict(table.items(), word) for table in when]
        if conflicts and all(conflicts):
            raise PathError(conflicts[0])

    def _find_conflict(self, table: Iterable[tuple[str, Condition]], word: str) -> str:
        for path, condition in table:
            values = self.at(path)
            items = condition if isinstance(condition, tuple) else (condition,)
            if not any(self._may_hold(values, item) for item in items):
                what = "the field" if path == "." else repr(path)
                return f"{word} can never hold, because {what} is {_name(values)}"
        return ""

    def _may_hold(self, values: ValueTypes, item: object) -> bool:
        if item in {"<absent>", "<present>"}:
            return True
        if isinstance(item, ValueTest):
            return self._may_pass(values, item)
        return "boolean" in values if isinstance(item, bool) else "text" in values

    def _may_pass(self, values: ValueTypes, ask: ValueTest) -> bool:
        if ask.operand is not None:
            other = self.of_operand(ask.operand)
            return any(kinds & values and kinds & other for kinds in (_NUMBERS, _DATE))
        is_number = isinstance(ask.value, int)
        return bool(values & (_NUMBERS if is_number else _TEXT))


def _types_of(kind: PathType) -> ValueTypes:
    return frozenset({"list"}) if kind.is_list else _OF_TYPE.get(kind.name, frozenset({"object"}))


def _name(values: ValueTypes) -> str:
    if not values:
        return "nothing"
    return next((word for kinds, word in _WORDS.items() if values <= kinds), "another value")


OperatorCheck: TypeAlias = Callable[[_Types, Any, str], None]


def _matching(types: _Types, spec: Any, word: str) -> None:  # noqa: ANN401
    paths = spec.join or (spec.field,)
    if all(types.at(path).isdisjoint(_TEXT) for path in paths):
        types.require(paths[0], _TEXT, word)


def _compare(types: _Types, spec: Any, word: str) -> None:  # noqa: ANN401
    left, _, right = spec
    types.check_order(types.of_operand(left), types.of_operand(right), word)


def _count(types: _Types, spec: Any, word: str) -> None:  # noqa: ANN401
    if spec.of.endswith("[]"):
        types.inside(spec.of).check_when(spec.where, f"{word} where")
    else:
        types.require(spec.of, frozenset({"list"}), word)


def _unique(types: _Types, spec: Any, word: str) -> None:  # noqa: ANN401
    wanted = frozenset({"object"}) if spec.key else _LISTED | {"boolean"}
    _items(types, spec, word, wanted)


def _same(types: _Types, spec: Any, word: str) -> None:  # noqa: ANN401
    _items(types, spec, word, frozenset({"object"}) if spec.key or spec.by else _SINGLE)


def _items(types: _Types, spec: Any, word: str, wanted: ValueTypes) -> None:  # noqa: ANN401
    for path in spec.of:
        if types.at(path).isdisjoint(wanted):
            raise PathError(f"{word} cannot compare {path!r}, which is {_name(types.at(path))}")
        types.inside(path).check_when(spec.where, f"{word} where")


def _total(types: _Types, spec: Any, word: str) -> None:  # noqa: ANN401
    types.require_all((*spec.add, *spec.subtract, spec.equals or spec.at_most), _NUMBERS, word)
    for path in spec.add:
        if "[]" in path:
            types.inside(path.rpartition(".")[0]).check_when(spec.minus_when, f"{word} minus_when")


def _between(types: _Types, spec: Any, word: str) -> None:  # noqa: ANN401
    types.require_all((spec.field, *(path for parts in spec.sums for path in parts)), _NUMBERS, word)


def _days(types: _Types, spec: Any, word: str) -> None:  # noqa: ANN401
    types.require_all((spec.from_, spec.to), _DATE, word)
    types.require(spec.equals, _NUMBERS, word)


def _periods(types: _Types, spec: Any, word: str) -> None:  # noqa: ANN401
    inside = types.inside(spec.items)
    inside.require_all((spec.start, spec.end), _DATE, word)
    inside.check_when(spec.where, f"{word} where")


def _covers(types: _Types, spec: Any, word: str) -> None:  # noqa: ANN401
    inside = types.inside(spec.items)
    for name in filter(None, (spec.start, spec.end)):
        for operand in spec.date:
            inside.check_order(inside.at(name), types.of_operand(operand), word)


def _refers(types: _Types, spec: Any, word: str) -> None:  # noqa: ANN401
    known: ValueTypes = frozenset().union(*map(types.at, spec.to))
    alike = known | _NUMBERS if known & _NUMBERS else known
    if types.at(spec.field).isdisjoint(alike & _SINGLE):
        raise PathError(
            f"{word} can never hold: it looks for {_name(types.at(spec.field))} among values that are {_name(known)}"
        )


_CHECKS: dict[str, OperatorCheck] = {
    "between": _between,
    "compare": _compare,
    "count": _count,
    "covers": _covers,
    "days": _days,
    "format": lambda types, spec, word: types.require(spec.field, _LISTED, word),
    "holds": lambda types, spec, word: types.check_when(spec.when, word),
    "includes": lambda types, spec, word: types.require(spec.field, _TEXT, word),
    "listed": lambda types, spec, word: types.require_all(spec.field, _LISTED, word),
    "matches": _matching,
    "not_listed": lambda types, spec, word: types.require_all(spec.field, _LISTED, word),
    "not_matching": _matching,
    "periods": _periods,
    "product": lambda types, spec, word: types.require_all((*spec.of, spec.equals), _NUMBERS, word),
    "refers": _refers,
    "same": _same,
    "total": _total,
    "typed": lambda types, spec, word: types.require(spec.field, _SINGLE - _DATE, word),
    "unique": _unique,
}

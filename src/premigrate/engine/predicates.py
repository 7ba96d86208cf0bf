"""Predicates of conditions: comparisons, bounds, equality and membership in a reference list."""

from __future__ import annotations

from typing import Any, Final

from premigrate.engine import rule_data
from premigrate.engine.operand import FixedDay, Operand
from premigrate.engine.operands import make_operand
from premigrate.engine.order import Order, extremes, is_number
from premigrate.engine.paths import PathMaker
from premigrate.engine.phrases import one_of, value_text
from premigrate.engine.values import Scope

_WORDS: Final[dict[str, str]] = {"<": "before", "<=": "on or before", ">=": "on or after", ">": "after"}
_NUMBER_WORDS: Final[dict[str, str]] = {"<": "less than", "<=": "at most", ">=": "at least", ">": "more than"}


class Predicate:
    """A predicate on a value; an absent value does not satisfy it."""

    __slots__ = ()

    def holds(self, value: Any, scope: Scope) -> bool:  # noqa: ANN401 - any value of a payload
        """Return whether the predicate holds for a value."""
        raise NotImplementedError

    def holds_for_any(self, values: list[Any], scope: Scope) -> bool:
        """Return whether the predicate holds for at least one of the values."""
        return any(self.holds(value, scope) for value in values)

    def phrase(self) -> str:
        """Return what satisfies the predicate, in words that can follow the name of the value."""
        raise NotImplementedError

    def full_phrase(self) -> str:
        """Return what satisfies the predicate, in words that stand alone."""
        return f"a value {self.phrase()}"


class Comparison(Predicate):
    """The value compares as required with at least one value of an operand."""

    __slots__ = ("_operand", "_order")

    def __init__(self, order: Order, operand: Operand) -> None:
        self._order, self._operand = order, operand

    def holds(self, value: Any, scope: Scope) -> bool:  # noqa: ANN401
        """Return whether the predicate holds for a value."""
        operand = self._operand
        if operand.is_single:
            return self._order.compare(value, operand.first(scope)) is True
        for other in operand.extremes(scope):  # noqa: SIM110 - any() with a generator is slower
            if self._order.compare(value, other) is True:
                return True
        return False

    def holds_for_any(self, values: list[Any], scope: Scope) -> bool:
        """Return whether the predicate holds for at least one of the values."""
        others = self._operand.extremes(scope)
        return any(self._order.compare(value, other) is True for value in extremes(values) for other in others)

    def phrase(self) -> str:
        """Return what satisfies the predicate, in words."""
        operand = self._operand
        other = value_text(operand.day) if isinstance(operand, FixedDay) else operand.label or "another value"
        return f"{_WORDS[self._order.symbol]} {other}"


class Bound(Predicate):
    """A number compares as required with a fixed number."""

    __slots__ = ("_bound", "_order")

    def __init__(self, order: Order, bound: object) -> None:
        self._order, self._bound = order, bound

    def holds(self, value: Any, scope: Scope) -> bool:  # noqa: ANN401, ARG002
        """Return whether the predicate holds for a value."""
        return self._order.compare(value, self._bound) is True

    def phrase(self) -> str:
        """Return what satisfies the predicate, in words."""
        return f"{_NUMBER_WORDS[self._order.symbol]} {self._bound}"


class NotEqual(Predicate):
    """A string or number differs from the given one; a value of any other type does not satisfy it."""

    __slots__ = ("_value",)

    def __init__(self, value: object) -> None:
        self._value = value

    def holds(self, value: Any, scope: Scope) -> bool:  # noqa: ANN401, ARG002
        """Return whether the predicate holds for a value."""
        is_same_type = isinstance(value, str) if isinstance(self._value, str) else is_number(value)
        return is_same_type and value != self._value

    def phrase(self) -> str:
        """Return what satisfies the predicate, in words."""
        return f"other than {self._value}"


class EqualIgnoringCase(Predicate):
    """A string equals the given one, ignoring case."""

    __slots__ = ("_folded", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._folded = text.casefold()

    def holds(self, value: Any, scope: Scope) -> bool:  # noqa: ANN401, ARG002
        """Return whether the predicate holds for a value."""
        return isinstance(value, str) and value.casefold() == self._folded

    def phrase(self) -> str:
        """Return what satisfies the predicate, in words."""
        return f"{self._text} in any case"

    def full_phrase(self) -> str:
        """Return what satisfies the predicate, in words that stand alone."""
        return self.phrase()


class InList(Predicate):
    """A string is in a reference list."""

    __slots__ = ("_name", "_texts")

    def __init__(self, texts: frozenset[str], name: str) -> None:
        self._texts, self._name = texts, name

    def holds(self, value: Any, scope: Scope) -> bool:  # noqa: ANN401, ARG002
        """Return whether the predicate holds for a value."""
        return isinstance(value, str) and value in self._texts

    def phrase(self) -> str:
        """Return what satisfies the predicate, in words."""
        return one_of(self._texts, None, self._name)

    def full_phrase(self) -> str:
        """Return what satisfies the predicate, in words that stand alone."""
        return self.phrase()


class NotInList(Predicate):
    """A string is not in a reference list."""

    __slots__ = ("_name", "_texts")

    def __init__(self, texts: frozenset[str], name: str) -> None:
        self._texts, self._name = texts, name

    def holds(self, value: Any, scope: Scope) -> bool:  # noqa: ANN401, ARG002
        """Return whether the predicate holds for a value."""
        return isinstance(value, str) and value not in self._texts

    def phrase(self) -> str:
        """Return what satisfies the predicate, in words."""
        return f"a value that is not in {self._name}"

    def full_phrase(self) -> str:
        """Return what satisfies the predicate, in words that stand alone."""
        return self.phrase()


def make_predicate(spec: rule_data.Predicate, make_path: PathMaker) -> Predicate:
    """Build the predicate that a program specifies."""
    if spec.operand is not None:
        return Comparison(Order(spec.name), make_operand(spec.operand, make_path))
    if spec.name in _WORDS:
        return Bound(Order(spec.name), spec.value)
    match spec.name:
        case "!=":
            return NotEqual(spec.value)
        case "ignoring_case":
            return EqualIgnoringCase(str(spec.value))
        case "not_in_list":
            return NotInList(spec.texts, str(spec.value))
        case _:
            return InList(spec.texts, str(spec.value))

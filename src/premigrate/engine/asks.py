"""Things to ask of the value of a condition: that it is in order with another, over a bound, in a list, ..."""

from __future__ import annotations

from typing import Any

from premigrate.engine import rule_data
from premigrate.engine.operands import Operand, make_operand
from premigrate.engine.order import Order, extremes, is_number
from premigrate.engine.paths import PathMaker
from premigrate.engine.values import Scope

_ORDERS = {"before": "<", "until": "<=", "since": ">=", "after": ">"}
_OVER = Order(">")


class Ask:
    """One thing to ask of a value; a value that is not there fails it."""

    __slots__ = ()

    def holds(self, value: Any, scope: Scope) -> bool:  # noqa: ANN401 - any value of a payload
        """Whether it holds of a value."""
        raise NotImplementedError

    def holds_of_any(self, values: list[Any], scope: Scope) -> bool:
        """Whether it holds of one of several values."""
        return any(self.holds(value, scope) for value in values)


class InOrder(Ask):
    """A value is in order with another one, or with one of several."""

    __slots__ = ("_operand", "_order")

    def __init__(self, order: Order, operand: Operand) -> None:
        self._order, self._operand = order, operand

    def holds(self, value: Any, scope: Scope) -> bool:  # noqa: ANN401
        """Whether it holds of a value."""
        return any(self._order.compare(value, other) is True for other in self._operand.extremes(scope))

    def holds_of_any(self, values: list[Any], scope: Scope) -> bool:
        """Whether it holds of one of several values."""
        others = self._operand.extremes(scope)
        return any(self._order.compare(value, other) is True for value in extremes(values) for other in others)


class Over(Ask):
    """A number is over a bound."""

    __slots__ = ("_bound",)

    def __init__(self, bound: object) -> None:
        self._bound = bound

    def holds(self, value: Any, scope: Scope) -> bool:  # noqa: ANN401, ARG002
        """Whether it holds of a value."""
        return _OVER.compare(value, self._bound) is True


class OtherThan(Ask):
    """A text is another text, or a number another number."""

    __slots__ = ("_value",)

    def __init__(self, value: object) -> None:
        self._value = value

    def holds(self, value: Any, scope: Scope) -> bool:  # noqa: ANN401, ARG002
        """Whether it holds of a value."""
        is_alike = isinstance(value, str) if isinstance(self._value, str) else is_number(value)
        return is_alike and value != self._value


class IgnoringCase(Ask):
    """A text is a certain one but for the case of its letters."""

    __slots__ = ("_folded",)

    def __init__(self, text: str) -> None:
        self._folded = text.casefold()

    def holds(self, value: Any, scope: Scope) -> bool:  # noqa: ANN401, ARG002
        """Whether it holds of a value."""
        return isinstance(value, str) and value.casefold() == self._folded


class InList(Ask):
    """A text is in a reference list."""

    __slots__ = ("_listed",)

    def __init__(self, listed: frozenset[str]) -> None:
        self._listed = listed

    def holds(self, value: Any, scope: Scope) -> bool:  # noqa: ANN401, ARG002
        """Whether it holds of a value."""
        return isinstance(value, str) and value in self._listed


def make_ask(spec: rule_data.Ask, make_path: PathMaker) -> Ask:
    """Make what a word of the rule language asks."""
    if spec.operand is not None:
        return InOrder(Order(_ORDERS[spec.word]), make_operand(spec.operand, make_path))
    match spec.word:
        case "over":
            return Over(spec.value)
        case "other_than":
            return OtherThan(spec.value)
        case "ignoring_case":
            return IgnoringCase(str(spec.value))
        case _:
            return InList(spec.listed)

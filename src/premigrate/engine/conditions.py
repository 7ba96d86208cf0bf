"""Tests of the conditions that a rule puts on values."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec import Struct

from premigrate.engine import rule_data
from premigrate.engine.operands import Operand, make_operand
from premigrate.engine.order import Order, is_number
from premigrate.engine.paths import PathMaker
from premigrate.engine.values import WRONG, Scope, filled

_ORDERS = {"before": "<", "until": "<=", "since": ">=", "after": ">"}
_OVER = Order(">")
_FEW = 8
"""Values that are compared one by one, which is then faster."""


class Ask:
    """One thing to ask of a value; a value that is not there fails it."""

    __slots__ = ()

    def holds(self, value: Any, scope: Scope) -> bool:  # noqa: ANN401 - any value of a payload
        """Whether it holds of a value."""
        raise NotImplementedError


class InOrder(Ask):
    """A value is in order with another one, or with one of several."""

    __slots__ = ("_operand", "_order")

    def __init__(self, order: Order, operand: Operand) -> None:
        self._order, self._operand = order, operand

    def holds(self, value: Any, scope: Scope) -> bool:  # noqa: ANN401
        """Whether it holds of a value."""
        others = self._operand.values(scope)
        if len(others) > _FEW and type(value) is date and (span := self._operand.span(scope)):
            others = list(span)  # of many days, the first and the last tell
        return any(self._order.compare(value, other) is True for other in others)


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


def _make_ask(spec: rule_data.Ask, make_path: PathMaker) -> Ask:
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


class Test:
    """Something to ask of the values around one that a rule looks at."""

    __slots__ = ()

    def holds(self, scope: Scope) -> bool:
        """Whether it holds; what has errors of its own holds of nothing."""
        raise NotImplementedError

    def is_unsure(self, scope: Scope) -> bool:
        """Whether a value that it looks at has errors of its own."""
        raise NotImplementedError

    def failing(self, scope: Scope) -> Condition | None:
        """Give the first condition that does not hold; None if all hold, or there are several tables of them."""
        raise NotImplementedError


class Condition(Test):
    """What the values at a path must be."""

    __slots__ = ("_asks", "_is_absent", "_is_fixed", "_is_present", "_key", "_spec", "_values", "path")

    def __init__(self, spec: rule_data.Condition, make_path: PathMaker) -> None:
        self._spec = spec
        self.path = make_path(spec.path)
        self._is_absent, self._is_present = spec.absent, spec.present
        self._values = frozenset(spec.values)
        self._asks = [_make_ask(ask, make_path) for ask in spec.asks]
        are_fixed = all(ask.operand is None or isinstance(ask.operand, rule_data.Today) for ask in spec.asks)
        self._is_fixed = self.path.is_shared and are_fixed
        self._key = self.path.key

    def __reduce__(self) -> tuple[type[Condition], tuple[rule_data.Condition, PathMaker]]:
        return Condition, (self._spec, PathMaker())

    def holds(self, scope: Scope) -> bool:
        """Whether it holds; a condition on a value with errors of its own does not."""
        here, key = scope.here, self._key
        if key and type(here) is dict:
            value = here.get(key)
            if type(value) is str and value and not self._asks:
                return self._is_present or value in self._values
        elif self.path.is_plural:
            return self._holds_once(scope) if self._is_fixed else self.holds_of(self.path.values(scope), scope)
        else:
            value = self.path.first(scope)
        if value is WRONG:
            return False
        if value or filled(value):
            return self._is_present or self._takes(value, scope)
        return self._is_absent

    def _holds_once(self, scope: Scope) -> bool:
        key = self, self.path.anchor(scope)
        return scope.run.once(key, lambda: self.holds_of(self.path.values(scope), scope))

    def holds_of(self, values: list[Any], scope: Scope) -> bool:
        """Whether it holds of the values at its path."""
        if any(value is WRONG for value in values):
            return False
        given = [value for value in values if filled(value)]
        return any(self._takes(value, scope) for value in given) if given else self._is_absent

    def is_unsure(self, scope: Scope) -> bool:
        """Whether a value that it looks at has errors of its own."""
        if self._key and type(scope.here) is dict:
            return scope.here.get(self._key) is WRONG
        if not self.path.is_shared:
            return WRONG in self.path.values(scope)
        key = self, self.path.anchor(scope), "unsure"
        return scope.run.once(key, lambda: WRONG in self.path.values(scope))

    def failing(self, scope: Scope) -> Condition | None:
        """Give itself if it does not hold."""
        return None if self.holds(scope) else self

    def _takes(self, value: Any, scope: Scope) -> bool:  # noqa: ANN401
        if self._is_present or (isinstance(value, (str, bool)) and value in self._values):
            return True
        for ask in self._asks:  # noqa: SIM110 - any() with a generator takes five times as long
            if ask.holds(value, scope):
                return True
        return False


class All(Test):
    """All of several conditions."""

    __slots__ = ("_conditions",)

    def __init__(self, conditions: list[Condition]) -> None:
        self._conditions = conditions

    def holds(self, scope: Scope) -> bool:
        """Whether all hold."""
        for condition in self._conditions:  # noqa: SIM110
            if not condition.holds(scope):
                return False
        return True

    def is_unsure(self, scope: Scope) -> bool:
        """Whether a value that one of them looks at has errors of its own."""
        return any(condition.is_unsure(scope) for condition in self._conditions)

    def failing(self, scope: Scope) -> Condition | None:
        """Give the first that does not hold."""
        return next((condition for condition in self._conditions if not condition.holds(scope)), None)


class OneOf(Test):
    """Any of several tables of conditions."""

    __slots__ = ("_tables",)

    def __init__(self, tables: list[All]) -> None:
        self._tables = tables

    def holds(self, scope: Scope) -> bool:
        """Whether one of the tables holds."""
        for table in self._tables:  # noqa: SIM110
            if table.holds(scope):
                return True
        return False

    def is_unsure(self, scope: Scope) -> bool:
        """Whether a value that one of them looks at has errors of its own."""
        return any(table.is_unsure(scope) for table in self._tables)

    def failing(self, scope: Scope) -> None:
        """Give nothing: of several tables, there is no first condition that would have to hold."""


def make_test(spec: rule_data.When, make_path: PathMaker) -> Test | None:
    """Make the test of a rule's conditions; None if it has none, so that it always holds."""
    tables = [[Condition(condition, make_path) for condition in table] for table in spec]
    if len(tables) == 1:
        return tables[0][0] if len(tables[0]) == 1 else All(tables[0])
    return OneOf([All(table) for table in tables]) if tables else None


class Items:
    """Items at a path; each with its scope, and whether conditions hold for it (None: that can't be said)."""

    __slots__ = ("_where", "_with_up", "path")

    def __init__(
        self, at: rule_data.Path, where: rule_data.When, make_path: PathMaker, others: tuple[rule_data.Path, ...] = ()
    ) -> None:
        self.path, self._where = make_path(at), make_test(where, make_path)
        self._with_up = looks_up((where, others))

    def anchor(self, scope: Scope) -> int | None:
        """Identify the object outside in which the items are, if nothing else matters; None if it does."""
        return None if self._with_up else self.path.anchor(scope)

    def of(self, scope: Scope) -> list[tuple[Scope, bool | None]]:
        """List the items."""
        scopes = self.path.scopes(scope) if self._with_up else self.path.bare_scopes(scope)
        return [(inside, self._verdict(inside)) for inside in scopes]

    def places(self, scope: Scope) -> list[tuple[str | int, ...]]:
        """List the places of the items."""
        return self.path.places(scope)

    def _verdict(self, inside: Scope) -> bool | None:
        if inside.here is WRONG:
            return None
        if self._where is None:
            return True
        return None if self._where.is_unsure(inside) else self._where.holds(inside)


def looks_up(spec: object) -> bool:
    """Whether a path in a part of a program leads to the objects around."""
    if isinstance(spec, rule_data.Path):
        return spec.up > 0
    if isinstance(spec, Struct):
        return any(looks_up(getattr(spec, name)) for name in spec.__struct_fields__)
    if isinstance(spec, dict):
        return any(map(looks_up, spec.values()))
    return isinstance(spec, tuple) and any(map(looks_up, spec))

"""Tests of the conditions that a rule puts on values."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec import Struct

from premigrate.engine import rule_data
from premigrate.engine.operands import Operand, make_operand
from premigrate.engine.order import Order, is_number
from premigrate.engine.paths import PathMaker
from premigrate.engine.values import MISSING, WRONG, Scope, filled

_ORDERS = {"before": "<", "until": "<=", "since": ">=", "after": ">"}
_OVER = Order(">")
_FEW = 8
"""Values that are compared one by one, which is then faster."""


class Ask:
    """One thing to ask of a value; a value that is not there fails it."""

    __slots__ = ("_listed", "_operand", "_order", "_value", "_word")

    def __init__(self, spec: rule_data.Ask, make_path: PathMaker) -> None:
        self._word = spec.word
        self._value = spec.value
        self._listed = spec.listed
        self._order = Order(_ORDERS[spec.word]) if spec.word in _ORDERS else _OVER
        self._operand: Operand | None = make_operand(spec.operand, make_path) if spec.operand else None

    def holds(self, value: Any, scope: Scope) -> bool:  # noqa: ANN401 - any value of a payload
        """Whether it holds of a value."""
        if self._operand is not None:
            others = self._operand.values(scope)
            if len(others) > _FEW and type(value) is date and (span := self._operand.span(scope)):
                others = list(span)  # of many days, the first and the last tell
            return any(self._order.compare(value, other) is True for other in others)
        if self._word == "over":
            return self._order.compare(value, self._value) is True
        if self._word == "other_than":
            is_alike = isinstance(value, str) if isinstance(self._value, str) else is_number(value)
            return is_alike and value != self._value
        if self._word == "ignoring_case":
            return isinstance(value, str) and value.casefold() == str(self._value).casefold()
        return isinstance(value, str) and value in self._listed


class Condition:
    """What the values at a path must be."""

    __slots__ = ("_asks", "_has_more", "_is_absent", "_is_fixed", "_is_present", "_key", "_values", "path")

    def __init__(self, spec: rule_data.Condition, make_path: PathMaker) -> None:
        self.path = make_path(spec.path)
        self._is_absent, self._is_present = spec.absent, spec.present
        self._values = frozenset(spec.values)
        self._asks = [Ask(ask, make_path) for ask in spec.asks]
        self._has_more = bool(self._asks)
        are_fixed = all(ask.operand is None or isinstance(ask.operand, rule_data.Today) for ask in spec.asks)
        self._is_fixed = self.path.is_shared and are_fixed
        self._key = self.path.key

    def holds(self, scope: Scope) -> bool:
        """Whether it holds; a condition on a value with errors of its own does not."""
        here, key = scope.here, self._key
        if key and type(here) is dict:
            value = here.get(key)
        elif self.path.is_plural:
            return self._hold_once(scope) if self._is_fixed else self.holds_of(self.path.values(scope), scope)
        else:
            value = self.path.first(scope)
        if value is WRONG:
            return False
        if not value and not filled(value):
            return self._is_absent
        if value is MISSING:
            return self._is_absent
        if self._is_present or (type(value) is str and value in self._values):
            return True
        return self._takes(value, scope) if self._has_more or type(value) is not str else False

    def _hold_once(self, scope: Scope) -> bool:
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
        if not self.path.is_shared:
            return WRONG in self.path.values(scope)
        key = self, self.path.anchor(scope), "unsure"
        return scope.run.once(key, lambda: WRONG in self.path.values(scope))

    def _takes(self, value: Any, scope: Scope) -> bool:  # noqa: ANN401
        if self._is_present or (isinstance(value, str | bool) and value in self._values):
            return True
        for ask in self._asks:  # noqa: SIM110 - any() with a generator takes five times as long
            if ask.holds(value, scope):
                return True
        return False


class When:
    """Tables of conditions: all of one table must hold. No table at all always holds."""

    __slots__ = ("is_empty", "tables")

    def __init__(self, spec: rule_data.When, make_path: PathMaker) -> None:
        self.tables = [[Condition(condition, make_path) for condition in table] for table in spec]
        self.is_empty = not self.tables

    def holds(self, scope: Scope) -> bool:
        """Whether the conditions hold."""
        for table in self.tables:
            for condition in table:
                if not condition.holds(scope):
                    break
            else:
                return True
        return self.is_empty

    def is_unsure(self, scope: Scope) -> bool:
        """Whether something that the conditions look at has errors of its own."""
        return not self.is_empty and any(condition.is_unsure(scope) for table in self.tables for condition in table)

    def failing(self, scope: Scope) -> Condition | None:
        """Give the first condition that does not hold, if there is one table."""
        if len(self.tables) != 1:
            return None
        return next((condition for condition in self.tables[0] if not condition.holds(scope)), None)


class Items:
    """Items at a path; each with its scope, and whether conditions hold for it (None: that can't be said)."""

    __slots__ = ("_where", "_with_up", "path")

    def __init__(
        self, at: rule_data.Path, where: rule_data.When, make_path: PathMaker, others: tuple[rule_data.Path, ...] = ()
    ) -> None:
        self.path, self._where = make_path(at), When(where, make_path)
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
        if self._where.is_empty:
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

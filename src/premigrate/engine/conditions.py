"""Tests of the conditions that a rule puts on values."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from premigrate.engine import rule_data
from premigrate.engine.asks import make_ask
from premigrate.engine.paths import PathMaker
from premigrate.engine.values import WRONG, Scope, filled


class Test:
    """Something to ask of the values around one that a rule looks at."""

    __slots__ = ()

    def holds(self, scope: Scope) -> bool:
        """Whether it holds; what has errors of its own holds of nothing."""
        raise NotImplementedError

    def verdict(self, scope: Scope) -> bool | None:
        """Whether it holds; None if a value that it looks at has errors of its own, so that this can't be said."""
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
        self._asks = [make_ask(ask, make_path) for ask in spec.asks]
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
            if value is None:
                return self._is_absent
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
        given: list[Any] = []
        for value in values:
            if value is WRONG:
                return False
            if value or filled(value):
                given.append(value)
        if not given:
            return self._is_absent
        return self._is_present or self._takes_any(given, scope)

    def _takes_any(self, given: list[Any], scope: Scope) -> bool:
        if any(self._is_among(value) for value in given):
            return True
        return any(ask.holds_of_any(given, scope) for ask in self._asks)

    def verdict(self, scope: Scope) -> bool | None:
        """Whether it holds; None if a value at its path has errors of its own."""
        return None if self._looks_at_errors(scope) else self.holds(scope)

    def _looks_at_errors(self, scope: Scope) -> bool:
        if self._key and type(scope.here) is dict:
            return scope.here.get(self._key) is WRONG
        if not self.path.is_shared:
            return WRONG in self.path.values(scope)
        key = self, self.path.anchor(scope), "errors"
        return scope.run.once(key, lambda: WRONG in self.path.values(scope))

    def failing(self, scope: Scope) -> Condition | None:
        """Give itself if it does not hold."""
        return None if self.holds(scope) else self

    def _is_among(self, value: Any) -> bool:  # noqa: ANN401
        return isinstance(value, (str, bool)) and value in self._values

    def _takes(self, value: Any, scope: Scope) -> bool:  # noqa: ANN401
        if self._values and self._is_among(value):
            return True
        for ask in self._asks:  # noqa: SIM110 - any() with a generator takes five times as long
            if ask.holds(value, scope):
                return True
        return False


class TextCondition(Condition):
    """A key of the value itself must be one of several texts, some whatever the case of their letters, or absent."""

    __slots__ = ("_folded", "_taken")

    def __init__(self, spec: rule_data.Condition, make_path: PathMaker) -> None:
        super().__init__(spec, make_path)
        self._taken = (self._values - {""}) | (frozenset({""}) if spec.absent else frozenset())
        self._folded = frozenset([str(ask.value).casefold() for ask in spec.asks])

    def holds(self, scope: Scope) -> bool:
        """Whether it holds; a condition on a value with errors of its own does not."""
        here = scope.here
        if type(here) is dict:
            value = here.get(self._key)
            if value is None:
                return self._is_absent
            if type(value) is str and (value or not self._folded):
                return value in self._taken or (len(self._folded) > 0 and value.casefold() in self._folded)
        return super().holds(scope)

    def verdict(self, scope: Scope) -> bool | None:
        """Whether it holds; None if the value has errors of its own."""
        here = scope.here
        if type(here) is dict and here.get(self._key) is not WRONG:
            return self.holds(scope)
        return super().verdict(scope)


class FlagCondition(Condition):
    """A key of the value itself must be true or false, or absent."""

    __slots__ = ("_false", "_true")

    def __init__(self, spec: rule_data.Condition, make_path: PathMaker) -> None:
        super().__init__(spec, make_path)
        self._true, self._false = True in spec.values, False in spec.values

    def holds(self, scope: Scope) -> bool:
        """Whether it holds; a condition on a value with errors of its own does not."""
        here = scope.here
        if type(here) is dict:
            value = here.get(self._key)
            if value is None:
                return self._is_absent
            if value is True:
                return self._true
            if value is False:
                return self._false
        return super().holds(scope)


def _make_condition(spec: rule_data.Condition, make_path: PathMaker) -> Condition:
    if make_path(spec.path).key and not spec.present:
        kinds = {*map(type, spec.values), *(ask.word for ask in spec.asks)}
        if kinds and kinds <= {str, "ignoring_case"}:
            return TextCondition(spec, make_path)
        if kinds == {bool}:
            return FlagCondition(spec, make_path)
    return Condition(spec, make_path)


class All(Test):
    """All of several conditions."""

    __slots__ = ("conditions",)

    def __init__(self, conditions: list[Condition]) -> None:
        self.conditions = conditions

    def holds(self, scope: Scope) -> bool:
        """Whether all hold."""
        for condition in self.conditions:  # noqa: SIM110
            if not condition.holds(scope):
                return False
        return True

    def verdict(self, scope: Scope) -> bool | None:
        """Whether all hold; None if a value that one of them looks at has errors of its own."""
        holds = True
        for condition in self.conditions:
            verdict = condition.verdict(scope)
            if verdict is None:
                return None
            holds = holds and verdict
        return holds

    def failing(self, scope: Scope) -> Condition | None:
        """Give the first that does not hold."""
        return next((condition for condition in self.conditions if not condition.holds(scope)), None)


class OneOf(Test):
    """Any of several tables of conditions."""

    __slots__ = ("_tables",)

    def __init__(self, tables: list[All]) -> None:
        self._tables = tables

    def holds(self, scope: Scope) -> bool:
        """Whether one of the tables holds."""
        for table in self._tables:
            for condition in table.conditions:
                if not condition.holds(scope):
                    break
            else:
                return True
        return False

    def verdict(self, scope: Scope) -> bool | None:
        """Whether one of the tables holds; None if a value that one of them looks at has errors of its own."""
        holds = False
        for table in self._tables:
            verdict = table.verdict(scope)
            if verdict is None:
                return None
            holds = holds or verdict
        return holds

    def failing(self, scope: Scope) -> None:
        """Give nothing: of several tables, there is no first condition that would have to hold."""


def make_test(spec: rule_data.When, make_path: PathMaker) -> Test | None:
    """Make the test of a rule's conditions; None if it has none, so that it always holds."""
    tables = [[_make_condition(condition, make_path) for condition in table] for table in spec]
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
        return [(inside, self._verdict(inside)) for inside in self.path.scopes_for(scope, with_up=self._with_up)]

    def places(self, scope: Scope) -> list[tuple[str | int, ...]]:
        """List the places of the items."""
        return self.path.places(scope)

    def _verdict(self, inside: Scope) -> bool | None:
        if inside.here is WRONG:
            return None
        if self._where is None:
            return True
        return self._where.verdict(inside)


def looks_up(spec: object) -> bool:
    """Whether a path in a part of a program leads to the objects around."""
    if isinstance(spec, rule_data.Path):
        return spec.up > 0
    if isinstance(spec, Struct):
        return any(looks_up(getattr(spec, name)) for name in spec.__struct_fields__)
    if isinstance(spec, dict):
        return any(map(looks_up, spec.values()))
    return isinstance(spec, tuple) and any(map(looks_up, spec))

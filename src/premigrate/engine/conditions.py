"""Evaluates the conditions of rules (``when`` and ``where``)."""

from __future__ import annotations

from typing import Any

from premigrate.engine import rule_data
from premigrate.engine.paths import PathMaker
from premigrate.engine.phrases import join_words, one_of, value_text
from premigrate.engine.predicates import make_predicate
from premigrate.engine.values import INVALID, Scope, is_filled


class ConditionNode:
    """A node of a condition tree: a single condition, a table of conditions, or alternative tables."""

    __slots__ = ()

    def holds(self, scope: Scope) -> bool | None:
        """Return whether the node holds; None or False if it reads a value that has errors of its own."""
        raise NotImplementedError

    def evaluate(self, scope: Scope) -> bool | None:
        """Return whether the node holds; None (unknown) if it reads a value that has errors of its own."""
        raise NotImplementedError

    def first_failing(self, scope: Scope) -> Condition | None:
        """Return the first condition that does not hold; None if all hold, or if there are alternative tables."""
        raise NotImplementedError


class Condition(ConditionNode):
    """A condition on the values at a path: one of them must satisfy one of the options."""

    __slots__ = (
        "_accepts_absent", "_accepts_present", "_is_cacheable", "_is_plural", "_key", "_predicates", "_spec",
        "_values", "path",
    )  # fmt: skip

    def __init__(self, spec: rule_data.Condition, make_path: PathMaker) -> None:
        self._spec = spec
        self.path = make_path(spec.path)
        self._accepts_absent, self._accepts_present = spec.absent, spec.present
        self._values = frozenset(spec.values)
        self._predicates = [make_predicate(predicate, make_path) for predicate in spec.predicates]
        are_constant = all(
            predicate.operand is None or isinstance(predicate.operand, rule_data.Today) for predicate in spec.predicates
        )
        self._is_cacheable = self.path.is_shared and are_constant
        self._key, self._is_plural = self.path.key, self.path.is_plural

    def __reduce__(self) -> tuple[type[Condition], tuple[rule_data.Condition, PathMaker]]:
        return Condition, (self._spec, PathMaker())

    def holds(self, scope: Scope) -> bool | None:
        """Return whether the condition holds; None (unknown) if a value at its path has errors of its own."""
        current, key = scope.current, self._key
        if key and type(current) is dict:
            value = current.get(key)
            if value is None:
                return self._accepts_absent
        elif self._is_plural:
            values = self.path.values(scope)
            return self._holds_once(values, scope) if self._is_cacheable else self.holds_for_values(values, scope)
        else:
            value = self.path.first(scope)
        if value is INVALID:
            return None
        if not value and not is_filled(value):
            return self._accepts_absent
        return self._accepts_present or self._accepts(value, scope)

    def _accepts(self, value: Any, scope: Scope) -> bool:  # noqa: ANN401
        if isinstance(value, (str, bool)) and value in self._values:
            return True
        for predicate in self._predicates:  # noqa: SIM110 - any() with a generator is five times slower
            if predicate.holds(value, scope):
                return True
        return False

    def _holds_once(self, values: list[Any], scope: Scope) -> bool | None:
        key = self, self.path.anchor_id(scope)
        return scope.context.cached(key, lambda: self.holds_for_values(values, scope))

    def holds_for_values(self, values: list[Any], scope: Scope) -> bool | None:
        """Return whether the condition holds for the values at its path; None if one of them has errors of its own."""
        present: list[Any] = []
        for value in values:
            if value is INVALID:
                return None
            if value or is_filled(value):
                present.append(value)
        if not present:
            return self._accepts_absent
        return self._accepts_present or self._accepts_any(present, scope)

    def _accepts_any(self, present: list[Any], scope: Scope) -> bool:
        if any(isinstance(value, (str, bool)) and value in self._values for value in present):
            return True
        return any(predicate.holds_for_any(present, scope) for predicate in self._predicates)

    def evaluate(self, scope: Scope) -> bool | None:
        """Return whether the condition holds; None if a value at its path has errors of its own."""
        return self.holds(scope)

    def first_failing(self, scope: Scope) -> Condition | None:
        """Return the condition itself if it does not hold."""
        return None if self.holds(scope) else self

    def phrase(self) -> str:
        """Return what satisfies the condition, in words."""
        name, spec = self.path.label, self._spec
        if spec.present:
            return f"a value for {name}" if name else "a value"
        values = tuple([value_text(value) for value in spec.values])
        wanted = [one_of(values, None, name)] if values else []
        wanted += [predicate.phrase() if name else predicate.full_phrase() for predicate in self._predicates]
        parts = [f"{name} {join_words(wanted, ' or ')}".strip()] if wanted else []
        parts += [f"no {name or 'value'}" if not wanted else "none"] if spec.absent else []
        return " or ".join(parts)


class AllOf(ConditionNode):
    """A table of conditions, all of which must hold."""

    __slots__ = ("conditions",)

    def __init__(self, conditions: list[Condition]) -> None:
        self.conditions = conditions

    def holds(self, scope: Scope) -> bool:
        """Return whether all conditions hold."""
        for condition in self.conditions:  # noqa: SIM110
            if not condition.holds(scope):
                return False
        return True

    def evaluate(self, scope: Scope) -> bool | None:
        """Return whether all conditions hold; None if one of them reads a value that has errors of its own."""
        holds = True
        for condition in self.conditions:
            result = condition.evaluate(scope)
            if result is None:
                return None
            holds = holds and result
        return holds

    def first_failing(self, scope: Scope) -> Condition | None:
        """Return the first condition that does not hold."""
        return next((condition for condition in self.conditions if not condition.holds(scope)), None)


class AnyOf(ConditionNode):
    """Alternative tables of conditions, one of which must hold."""

    __slots__ = ("_tables",)

    def __init__(self, tables: list[AllOf]) -> None:
        self._tables = tables

    def holds(self, scope: Scope) -> bool:
        """Return whether one of the tables holds."""
        for table in self._tables:
            for condition in table.conditions:
                if not condition.holds(scope):
                    break
            else:
                return True
        return False

    def evaluate(self, scope: Scope) -> bool | None:
        """Return whether one of the tables holds; None if one of them reads a value that has errors of its own."""
        holds = False
        for table in self._tables:
            result = table.evaluate(scope)
            if result is None:
                return None
            holds = holds or result
        return holds

    def first_failing(self, scope: Scope) -> None:
        """Return None: with alternative tables, no single condition is to blame."""


def make_when(spec: rule_data.When, make_path: PathMaker) -> ConditionNode | None:
    """Build the condition tree of a ``when`` or ``where``; None if it has no conditions and always holds."""
    tables = [[Condition(condition, make_path) for condition in table] for table in spec]
    if len(tables) == 1:
        return tables[0][0] if len(tables[0]) == 1 else AllOf(tables[0])
    return AnyOf([AllOf(table) for table in tables]) if tables else None

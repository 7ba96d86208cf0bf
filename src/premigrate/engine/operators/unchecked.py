"""The operator of rules that can't be checked: it has no violations, and records that the rule was needed."""

from __future__ import annotations

from collections.abc import Sequence

from premigrate.engine import rule_data
from premigrate.engine.operators.operator import Dependencies, Operator, Violation
from premigrate.engine.paths import Path
from premigrate.engine.values import INVALID, Scope, is_filled


class Unchecked(Operator):
    """Records the rule as not checked if the values it needs are there, and ``operator`` (if any) has a violation.

    Args:
        spec: the program's specification.
        dependencies: what the constructors of operators need.
        operator: the operator that `rule_data.Unchecked.operator` specifies.

    """

    __slots__ = ("_needs", "_number", "_operator")

    def __init__(self, spec: rule_data.Unchecked, dependencies: Dependencies, operator: Operator | None) -> None:
        self._number, self._operator = spec.number, operator
        self._needs = [[dependencies.make_path(path) for path in paths] for paths in spec.needs]

    def sufficient_keys(self) -> tuple[str, ...]:
        """Return the keys that rule out a violation of ``operator``."""
        return self._operator.sufficient_keys() if self._operator is not None else ()

    def sufficient_any(self) -> tuple[str, ...]:
        """Return keys each of which rules out a violation of ``operator``."""
        return self._operator.sufficient_any() if self._operator is not None else ()

    def needs_two_items(self) -> bool:
        """Return whether ``operator`` needs them."""
        return self._operator is not None and self._operator.needs_two_items()

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Record the rule in `EvaluationContext.not_checked` if it applies; return no violations."""
        not_checked = scope.context.not_checked
        if self._number in not_checked:
            return ()
        for paths in self._needs:
            if not _is_any_filled(paths, scope):
                return ()
        if self._operator is None or self._operator.is_violated(scope):
            not_checked.add(self._number)
        return ()


def _is_any_filled(paths: list[Path], scope: Scope) -> bool:
    """Return whether a value at one of the paths is filled and valid."""
    for path in paths:
        for value in path.values(scope) if path.is_plural else (path.first(scope),):
            if value is not INVALID and (value or is_filled(value)):
                return True
    return False

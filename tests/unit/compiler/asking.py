"""Asks an operator about one value, or about several of one account in turn, and gives the violations."""

from collections.abc import Sequence
from typing import TypeAlias

from premigrate.engine.operators.operator import Operator, Violation
from premigrate.engine.values import EvaluationContext, Scope
from tests.unit.compiler.test_operators import TODAY

Found: TypeAlias = list[tuple[str, object, str]]
"""Place, value and doubt of each violation. The value of what is not there is None."""


def violations_of(check: Operator, here: object, root: object = None) -> Found:
    """The violations in a value."""
    return violations_of_each(check, [here], root)[0]


def violations_of_each(check: Operator, heres: Sequence[object], root: object = None) -> list[Found]:
    """The violations in each of several values of one account, which share a run."""
    run = EvaluationContext(TODAY, root)
    return [list(map(_tell, check.check(Scope(here, run)))) for here in heres]


def _tell(violation: Violation) -> tuple[str, object, str]:
    return ".".join(map(str, violation.place)), violation.value, violation.doubt

"""Asks an operator about one value, or about several of one account in turn, and gives all that it tells of them."""

from collections.abc import Sequence
from typing import TypeAlias

from premigrate.engine.operators import Operator, Violation
from premigrate.engine.values import MISSING, Run, Scope
from tests.unit.compiler.test_operators import TODAY

Told: TypeAlias = list[tuple[str, object, str]]
"""Place, value and reason of each violation; the value of what is not there is None."""


def told(check: Operator, here: object, root: object = None) -> Told:
    """What is told of a value."""
    return told_of_each(check, [here], root)[0]


def told_of_each(check: Operator, heres: Sequence[object], root: object = None) -> list[Told]:
    """What is told of several values of an account, which are looked at in one run."""
    run = Run(TODAY, root)
    return [list(map(_tell, check.check(Scope(here, run)))) for here in heres]


def _tell(violation: Violation) -> tuple[str, object, str]:
    value = None if violation.value is MISSING else violation.value
    return ".".join(map(str, violation.place)), value, violation.why

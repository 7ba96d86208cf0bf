"""The base class of the arguments of operators, and helpers for their short forms."""

from collections.abc import Callable, Iterator
from typing import Any

from premigrate.ruleset.model.operands import Mention, Needed
from premigrate.ruleset.model.table import Model


class Operator(Model):
    """The arguments of an operator."""

    def paths(self) -> Iterator[Mention]:
        """Yield all paths that the operator reads, each with its base."""
        raise NotImplementedError

    def lists(self) -> Iterator[Needed]:
        """Yield the reference lists that the operator needs."""
        yield from ()


def short_for(key: str) -> Callable[[Any], Any]:
    """Return a pydantic validator that converts a bare value to a table with ``key`` only."""
    return lambda value: value if isinstance(value, dict | Operator) else {key: value}


def one_or_several(value: object) -> object:
    """Convert a bare value to an array of one item."""
    return value if isinstance(value, list | tuple) else [value]

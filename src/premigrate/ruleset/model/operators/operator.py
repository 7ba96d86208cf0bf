"""The base class of the arguments of operators, and helpers for their short forms."""

from collections.abc import Callable, Iterator
from typing import Any

from premigrate.ruleset.model.operands import ListUse, PathUse
from premigrate.ruleset.model.table import Table


class OperatorArguments(Table):
    """The arguments of an operator."""

    def paths(self) -> Iterator[PathUse]:
        """Yield all paths that the operator reads, each with its base."""
        raise NotImplementedError

    def lists(self) -> Iterator[ListUse]:
        """Yield the reference lists that the operator needs."""
        yield from ()


def expand_short_form(key: str) -> Callable[[Any], Any]:
    """Return a pydantic validator that converts a bare value to a table with ``key`` only."""
    return lambda value: value if isinstance(value, dict | OperatorArguments) else {key: value}


def as_array(value: object) -> object:
    """Convert a bare value to an array of one item."""
    return value if isinstance(value, list | tuple) else [value]

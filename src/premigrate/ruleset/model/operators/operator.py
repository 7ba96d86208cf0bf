"""What the arguments of all operators share."""

from collections.abc import Callable, Iterator
from typing import Any

from premigrate.ruleset.model.operands import Mention, Needed
from premigrate.ruleset.model.table import Model


class Operator(Model):
    """Arguments of an operator."""

    def paths(self) -> Iterator[Mention]:
        """Yield all paths it mentions, each after the path it starts from (empty: what the rule looks at)."""
        raise NotImplementedError

    def lists(self) -> Iterator[Needed]:
        """Yield the reference lists it looks into."""
        yield from ()


def short_for(key: str) -> Callable[[Any], Any]:
    """Make a reader that lets a bare value stand for a table with this one key."""
    return lambda value: value if isinstance(value, dict | Operator) else {key: value}


def one_or_several(value: object) -> object:
    """Let a bare value stand for an array of one."""
    return value if isinstance(value, list | tuple) else [value]

"""What rules look at: values as the platform reads them, a mark for wrong ones, and scopes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Set
from datetime import date
from enum import Enum
from typing import Any, Final, TypeVar

T = TypeVar("T")


class _Mark(Enum):
    WRONG = "wrong"


WRONG: Final = _Mark.WRONG
"""The value has errors of its own, or must be there and is not; a rule that needs it stays silent."""


def filled(value: object) -> bool:
    """Whether a value says something: None (null, or no such key), a blank and what is empty do not."""
    if value:
        return True
    return value is not None and value not in ("", [], {})  # zero and false say something


class Run:
    """One run over an account: its root as read, the day that counts as today, and what several rules need.

    ``seen`` are those keys found anywhere in it without which some rules have nothing to say.
    """

    __slots__ = ("_found", "lists", "root", "seen", "today")

    def __init__(self, today: date, root: Any = None, seen: Set[str] = frozenset()) -> None:  # noqa: ANN401
        self.seen = seen
        self.today = today
        self.root: Any = root
        self.lists: dict[object, list[Any]] = {}
        self._found: dict[Hashable, Any] = {}

    def once(self, key: Hashable, find: Callable[[], T]) -> T:
        """Find what is the same for many values of the account, once."""
        if key not in self._found:
            self._found[key] = find()
        found: T = self._found[key]
        return found


class Scope:
    """Where a rule looks: ``here`` is the value it is about, ``up`` the scope of the object around, if there is one."""

    __slots__ = ("here", "run", "up")

    def __init__(self, here: Any, run: Run, up: Scope | None = None) -> None:  # noqa: ANN401
        self.here = here
        self.run = run
        self.up = up

    def around(self) -> Scope | None:
        """Give the scope that is one up for what lies inside of this one."""
        return self if isinstance(self.here, dict) else self.up

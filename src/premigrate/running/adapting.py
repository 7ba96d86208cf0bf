"""Looks at accounts with code for the keys that those before them had, and learns from what has others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from premigrate.running.habits import Habits
from premigrate.running.structs import Look

if TYPE_CHECKING:
    from premigrate.plan import Written
    from premigrate.plan.shapes import Shapes
    from premigrate.running.usual import UsualReader

_FIRST = 20
_GROWTH = 8
"""Lessons after which new code is made: 20 at first, then each time eight times as many, for it takes 50 ms."""


class Adapting:
    """Looks at the accounts of a plan, as `Look` does; the more alike they are, the faster.

    What it has learned makes no difference to what is found. Threads may share it.

    Args:
        written: what was written for the plan.
        root: the name of the object that an account is.
        enough: accounts to learn from before code is made for what they have.

    """

    def __init__(self, written: Written, root: str, enough: int = _FIRST) -> None:
        self._written, self._root = written, root
        self._habits = Habits()
        self._lessons, self._enough = 0, enough
        self._full = Look(written, root)
        self._shapes: Shapes | None = None
        self.narrow: Look | None = None
        self._typed: Look | None = None

    @property
    def typed(self) -> Look | None:
        """What looks at accounts in JSON that are like those before them; None until it is known how those are."""
        if self._shapes and not self._typed:
            self._typed = Look(self._written, self._root, self._shapes, is_typed=True)
        return self._typed

    def __call__(self, account: dict[Any, Any], reader: UsualReader) -> Any:  # noqa: ANN401
        """Look at an account; true if it is usual."""
        if self.narrow:
            made = self.narrow(account, reader)
            if made is not False:
                return made
        made = self._full(account, reader)
        if made:
            self._learn(made, account)
        return made

    def _learn(self, made: object, account: dict[Any, Any]) -> None:
        self._habits.note(made, account)
        self._lessons += 1
        if self._lessons >= self._enough:
            self._lessons, self._enough = 0, self._enough * _GROWTH
            self._shapes, self._typed = self._habits.narrow(self._written.shapes), None
            self.narrow = Look(self._written, self._root, self._shapes)

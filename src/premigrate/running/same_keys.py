"""Reads accounts with code for the very keys that most objects of their kind have."""

from __future__ import annotations

from collections import Counter
from threading import Lock
from types import FunctionType
from typing import TYPE_CHECKING, Any

from premigrate.running.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from premigrate.plan import Written
    from premigrate.running.usual import UsualReader

_PATIENCE, _LESSONS = 20, 20
"""Accounts that are read before anything is learned, for most runs are over then; and those that are learned from."""

_MOST = 0.5
"""The share of objects that have to have the same keys, so that there is code for them."""


class SameKeys:
    """The functions of a plan that read. What has been learned makes no difference to what they find.

    Threads may share it.

    Args:
        written: what was written for the plan.
        root: the name of the object that an account is.
        patience: accounts that are read before anything is learned.

    """

    def __init__(self, written: Written, root: str, patience: int = _PATIENCE) -> None:
        self._written, self._first = written, f"read_{root}"
        self._space = written.bind("read_", WORDS)
        self._until_lessons, self._lessons = patience, _LESSONS
        self._seen: dict[str, Counter[frozenset[object]]] = {}
        self._full: dict[str, Any] = {}
        self._alone = Lock()

    def __call__(self, account: dict[Any, Any], reader: UsualReader) -> object:
        """Read an account."""
        if self._lessons > 0:
            self._learn()
        return self._space[self._first](account, None, reader)

    def _learn(self) -> None:
        if not self._alone.acquire(blocking=False):
            return  # another thread is learning
        try:
            if self._until_lessons > 0:
                self._until_lessons -= 1
                return
            if not self._full:
                self._look_on()
            self._lessons -= 1
            if self._lessons == 0:
                self._write()
        finally:
            self._alone.release()

    def _look_on(self) -> None:
        """Have the functions that are in use count which keys they meet."""
        for name in self._written.functions:
            function = self._space.get(name)
            if isinstance(function, FunctionType) and function.__name__ == name:  # else it was never called
                self._full[name] = function
                self._space[name] = _counting(function, self._seen.setdefault(name, Counter()))

    def _write(self) -> None:
        from premigrate.running.narrowing import compile_for_keys

        for name, full in self._full.items():
            self._space[name] = full
            seen = self._seen[name]
            keys, times = max(seen.items(), key=lambda item: item[1], default=(frozenset(), 0))
            if times > _MOST * seen.total():
                self._space |= {f"full_{name}": full, f"keys_{name}": keys}
                exec(compile_for_keys(name, self._written.functions[name], keys), self._space)  # noqa: S102 - our own
        self._seen.clear()


def _counting(function: Callable[..., object], seen: Counter[frozenset[object]]) -> Callable[..., object]:
    def count(raw: Any, place: object, run: object) -> object:  # noqa: ANN401
        seen[frozenset(raw)] += 1
        return function(raw, place, run)

    return count

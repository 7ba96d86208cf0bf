"""The values and scopes in which rules are evaluated."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Set
from datetime import date
from enum import Enum
from typing import Any, Final, TypeVar

T = TypeVar("T")


class _Mark(Enum):
    INVALID = "invalid"


INVALID: Final = _Mark.INVALID
"""Marks a value that has errors of its own, or is required and absent; rules that need it do not fail."""


def is_filled(value: object) -> bool:
    """Return whether a value is filled; None (null or absent), empty strings, lists and objects are not."""
    if value:
        return True
    return value is not None and value not in ("", [], {})  # zero and false are filled


class EvaluationContext:
    """The evaluation context of one account, which all of its scopes share.

    Attributes:
        today: the date that counts as today.
        root: the account as parsed.
        present_keys: all keys that occur in the account, and required ones that are missing.
        not_checked: the rules and choices that could not be checked, by their position in `Program.not_checked`.
        prefix_values: the values of each prefix that has been resolved (see `paths.Path`).

    """

    __slots__ = ("_cache", "not_checked", "prefix_values", "present_keys", "root", "today")

    def __init__(
        self,
        today: date,
        root: Any = None,  # noqa: ANN401
        present_keys: Set[str] = frozenset(),
        not_checked: set[int] | None = None,
    ) -> None:
        self.present_keys = present_keys
        self.not_checked: set[int] = set() if not_checked is None else not_checked
        self.today = today
        self.root: Any = root
        self.prefix_values: dict[object, list[Any]] = {}
        self._cache: dict[Hashable, Any] = {}

    def cached(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Return a cached result that is the same for many values of the account, computed on first use."""
        if key not in self._cache:
            self._cache[key] = compute()
        result: T = self._cache[key]
        return result


class Scope:
    """The scope in which a rule is evaluated.

    Attributes:
        current: the value that the rule is about.
        context: the evaluation context of the account.
        parent: the scope of the object that contains the value, if there is one and paths lead there.

    """

    __slots__ = ("context", "current", "parent")

    def __init__(self, current: Any, context: EvaluationContext, parent: Scope | None = None) -> None:  # noqa: ANN401
        self.current = current
        self.context = context
        self.parent = parent

    def innermost_object(self) -> Scope | None:
        """Return the scope of the innermost object: this one if its value is an object, else its parent."""
        return self if isinstance(self.current, dict) else self.parent

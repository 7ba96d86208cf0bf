"""Records the rules and choices of an object that can't be checked, if the object has the keys that they need."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from premigrate.engine.program import UncheckedRule
from premigrate.engine.values import INVALID, is_filled


class UncheckedKeys:
    """The rules and choices of an object that can't be checked and need no more than some of its keys."""

    __slots__ = ("_always", "_by_key", "_numbers")

    def __init__(self, rules: Iterable[UncheckedRule]) -> None:
        self._always: set[int] = set()
        self._by_key: list[tuple[str, int, tuple[str, ...], bool]] = []
        for rule in rules:
            if rule.keys:
                self._by_key.append((rule.keys[0], rule.number, rule.keys[1:], rule.accepts_empty))
            else:
                self._always.add(rule.number)
        self._numbers = self._always.union([number for _, number, _, _ in self._by_key])

    def record(self, values: dict[str, Any], not_checked: set[int]) -> None:
        """Add the numbers of the rules whose keys have filled and valid values to ``not_checked``."""
        if self._numbers <= not_checked:
            return
        if self._always:
            not_checked |= self._always
        for key, number, other_keys, accepts_empty in self._by_key:
            value = values.get(key)
            if value is None or value is INVALID:
                continue
            if value or is_filled(value) or (accepts_empty and value != ""):
                if other_keys and not _are_usable(values, other_keys):
                    continue
                not_checked.add(number)


def _are_usable(values: dict[str, Any], keys: tuple[str, ...]) -> bool:
    for key in keys:
        value = values.get(key)
        if value is INVALID or not is_filled(value):
            return False
    return True

"""The operator ``count``, about the number of items of a list."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from premigrate.engine import rule_data
from premigrate.engine.item_selector import ItemSelector
from premigrate.engine.operators.operator import Dependencies, Operator, Violation
from premigrate.engine.paths import MAX_RELATED, PlaceFrom
from premigrate.engine.values import INVALID, Scope

_UNBOUNDED: Final = 1 << 60  # more items than any list has, for a list that is INVALID


class Count(Operator):
    """The number of items of a list is in a range; an absent list has no items."""

    __slots__ = ("_max", "_min", "_of", "_selector", "_together")

    def __init__(self, spec: rule_data.Count, dependencies: Dependencies) -> None:
        self._together = spec.together
        self._of = dependencies.make_path(spec.of)
        self._selector = ItemSelector(spec.of, spec.where, dependencies.make_path)
        self._min, self._max = spec.at_least, spec.at_most

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Return the violations."""
        if self._together:
            anchor = self._anchor_id(scope)
            certain, possible = self._counts(anchor, scope)
            if self._allows(certain, possible):
                return ()
            related: tuple[PlaceFrom, ...] = ()
            if self._max is not None:
                key = self, anchor, "places"
                related = (
                    self._related(scope) if anchor is None else scope.context.cached(key, partial(self._related, scope))
                )
            return (Violation((), expected=self._expected(certain), related=related),)
        values = self._of.values(scope)
        wrong = [index for index, value in enumerate(values) if value is not INVALID and not self._allows_list(value)]
        if not wrong:
            return ()
        places = self._of.places(scope)
        return [Violation(places[index], values[index], self._expected(_size(values[index]))) for index in wrong]

    def is_violated(self, scope: Scope) -> bool:
        """Return whether there is a violation."""
        if self._together:
            certain, possible = self._counts(self._anchor_id(scope), scope)
            return not self._allows(certain, possible)
        return super().is_violated(scope)

    def _anchor_id(self, scope: Scope) -> int | None:
        return self._selector.anchor_id(scope) if self._of.is_shared else None

    def _counts(self, anchor: int | None, scope: Scope) -> tuple[int, int]:
        """Return how many items certainly and possibly count."""
        return (
            self._count(scope) if anchor is None else scope.context.cached((self, anchor), partial(self._count, scope))
        )

    def _expected(self, count: int) -> str:
        least, most = self._min, self._max
        bounds = [
            *([f"at least {least}"] if least is not None else []),
            *([f"at most {most}"] if most is not None else []),
        ]
        if least is not None and least == most:
            bounds = [f"exactly {least}"]
        name = self._of.label.removesuffix(".*")
        which = " of the kind that the rule counts" if self._selector.is_selective else ""
        return f"{' and '.join(bounds)} in {name or 'the list'}{which}; there {'is' if count == 1 else 'are'} {count}"

    def _related(self, scope: Scope) -> tuple[PlaceFrom, ...]:
        """Return the places of the first items that are counted."""
        selected = zip(self._selector.select(scope), self._of.places_from(scope), strict=True)
        return tuple([place for (_, holds), place in selected if holds][:MAX_RELATED])

    def _count(self, scope: Scope) -> tuple[int, int]:
        if not self._selector.is_selective:
            values = self._of.values(scope)
            unknown = len([value for value in values if value is INVALID])
            certain = len(values) - unknown
            return certain, certain + unknown * _UNBOUNDED
        certain = possible = 0
        for item, holds in self._selector.select(scope):
            if holds is not False:
                possible += _UNBOUNDED if item.current is INVALID else 1  # an INVALID list can have any number of items
                certain += holds is True
        return certain, possible

    def _allows_list(self, value: object) -> bool:
        size = _size(value)
        return self._allows(size, size)

    def _allows(self, certain: int, possible: int) -> bool:
        if self._min is not None and possible < self._min:
            return False
        return self._max is None or certain <= self._max


def _size(value: object) -> int:
    return len(value) if isinstance(value, list) else 0

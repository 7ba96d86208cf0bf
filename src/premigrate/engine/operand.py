"""The operands of rules. Absent values are left out; the mark INVALID is kept."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from premigrate.engine.order import add_days, extremes
from premigrate.engine.paths import Path, PlaceFrom
from premigrate.engine.phrases import join_words
from premigrate.engine.values import INVALID, Scope, is_filled
from premigrate.results import Place


class Operand:
    """An operand of a rule.

    With ``is_single``, it has at most one value. ``label`` names it; empty for a constant. ``key`` is the key, if it is
    the value of a key of the current value; else empty.
    """

    __slots__ = ("is_single", "key", "label")

    def __init__(self, *, is_single: bool, label: str = "", key: str = "") -> None:
        self.is_single, self.label, self.key = is_single, label, key

    def values(self, scope: Scope) -> list[Any]:
        """Return the values."""
        raise NotImplementedError

    def first(self, scope: Scope) -> Any:  # noqa: ANN401 - any value of a payload
        """Return the first value, or None."""
        values = self.values(scope)
        return values[0] if values else None

    def label_at(self, scope: Scope) -> str:  # noqa: ARG002
        """Return the label of what the values are from."""
        return self.label

    def values_with_places(self, scope: Scope) -> tuple[list[Any], list[Place]]:
        """Return the values and their places."""
        values = self.values(scope)
        return values, [()] * len(values)

    def extremes(self, scope: Scope) -> list[Any]:
        """Return a few values that decide each comparison for all of them (see `order.extremes`)."""
        return extremes(self.values(scope))

    def sources(self, scope: Scope) -> list[tuple[Any, PlaceFrom]]:  # noqa: ARG002
        """Return the values that are from the payload, with the places from which they are."""
        return []

    def source_of(self, value: Any, scope: Scope) -> PlaceFrom | None:  # noqa: ANN401
        """Return the place from which a value is; None if it is not from the payload."""
        return self._find_source(value, scope)

    def _find_source(self, value: Any, scope: Scope) -> PlaceFrom | None:  # noqa: ANN401
        for found, place in self.sources(scope):
            if found == value:
                return place
        return None


class Today(Operand):
    """The date that counts as today."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(is_single=True, label="today")

    def first(self, scope: Scope) -> Any:  # noqa: ANN401
        """Return the date."""
        return scope.context.today

    def values(self, scope: Scope) -> list[Any]:
        """Return the values."""
        return [scope.context.today]


class FixedDay(Operand):
    """A constant date of the rule."""

    __slots__ = ("day",)

    def __init__(self, day: date) -> None:
        super().__init__(is_single=True)
        self.day = day

    def values(self, scope: Scope) -> list[Any]:  # noqa: ARG002
        """Return the values."""
        return [self.day]


class ValuesAt(Operand):
    """The filled values at a path."""

    __slots__ = ("_path", "anchor_id")

    def __init__(self, path: Path) -> None:
        super().__init__(is_single=not path.is_plural, label=path.label, key=path.key)
        self._path = path
        self.anchor_id = path.anchor_id

    def first(self, scope: Scope) -> Any:  # noqa: ANN401
        """Return the first value, or None."""
        if not self.is_single:
            return super().first(scope)
        path, current = self._path, scope.current
        value = current.get(path.key) if path.key and type(current) is dict else path.first(scope)
        return value if value or (value is not None and is_filled(value)) else None

    def values(self, scope: Scope) -> list[Any]:
        """Return the values."""
        path = self._path
        if self.is_single:
            value = self.first(scope)
            return [] if value is None else [value]
        values = path.values(scope)
        if not path.is_shared or not values:
            return values if all(values) else _filled(values)
        return scope.context.cached((self, path.anchor_id(scope)), partial(_filled, values))

    def extremes(self, scope: Scope) -> list[Any]:
        """Return a few values that decide each comparison for all of them (see `order.extremes`)."""
        if self.is_single:
            value = self.first(scope)
            return [] if value is None else [value]
        anchor = self._path.anchor_id(scope)
        if anchor is None:
            return extremes(self.values(scope))
        return scope.context.cached((self, anchor, "extremes"), lambda: extremes(self.values(scope)))

    def values_with_places(self, scope: Scope) -> tuple[list[Any], list[Place]]:
        """Return the values and their places."""
        pairs = zip(self._path.values(scope), self._path.places(scope), strict=True)
        kept = [pair for pair in pairs if is_filled(pair[0])]
        return [value for value, _ in kept], [place for _, place in kept]

    def sources(self, scope: Scope) -> list[tuple[Any, PlaceFrom]]:
        """Return the values that are from the payload, with the places from which they are."""
        return self._path.filled(scope)

    def source_of(self, value: Any, scope: Scope) -> PlaceFrom | None:  # noqa: ANN401
        """Return the place from which a value is; None if it is not from the payload."""
        if not self._path.is_shared:
            return self._find_source(value, scope)
        key = self, self._path.anchor_id(scope), "source", value
        return scope.context.cached(key, partial(self._find_source, value, scope))


class First(Operand):
    """The first of several operands that has a value."""

    __slots__ = ("_options",)

    def __init__(self, options: list[Operand]) -> None:
        labels = [option.label for option in options if option.label]
        super().__init__(is_single=all(option.is_single for option in options), label=" or ".join(labels))
        self._options = options

    def label_at(self, scope: Scope) -> str:
        """Return the label of the first option that has a value."""
        for option in self._options:
            if option.first(scope) is not None:
                return option.label_at(scope)
        return self.label

    def first(self, scope: Scope) -> Any:  # noqa: ANN401
        """Return the first value, or None."""
        for option in self._options:
            value = option.first(scope)
            if value is not None:
                return value
        return None

    def values(self, scope: Scope) -> list[Any]:
        """Return the values."""
        if self.is_single:
            value = self.first(scope)
            return [] if value is None else [value]
        for option in self._options:
            values = option.values(scope)
            if values:
                return values
        return []

    def extremes(self, scope: Scope) -> list[Any]:
        """Return a few values that decide each comparison for all of them (see `order.extremes`)."""
        for option in self._options:
            values = option.extremes(scope)
            if values:
                return values
        return []

    def values_with_places(self, scope: Scope) -> tuple[list[Any], list[Place]]:
        """Return the values and their places."""
        for option in self._options:
            values, places = option.values_with_places(scope)
            if values:
                return values, places
        return [], []

    def sources(self, scope: Scope) -> list[tuple[Any, PlaceFrom]]:
        """Return the values that are from the payload, with the places from which they are."""
        for option in self._options:
            if option.values(scope):
                return option.sources(scope)
        return []

    def source_of(self, value: Any, scope: Scope) -> PlaceFrom | None:  # noqa: ANN401
        """Return the place from which a value is; None if it is not from the payload."""
        for option in self._options:
            if option.first(scope) is not None:
                return option.source_of(value, scope)
        return None


class Extreme(Operand):
    """The earliest or latest date at several paths; INVALID if a value is INVALID or the dates can't be compared."""

    __slots__ = ("_is_latest", "_options")

    def __init__(self, options: list[ValuesAt], *, is_latest: bool) -> None:
        labels = join_words([option.label for option in options], " and ")
        super().__init__(is_single=True, label=f"the {'latest' if is_latest else 'earliest'} of {labels}")
        self._options, self._is_latest = options, is_latest

    def values(self, scope: Scope) -> list[Any]:
        """Return the values."""
        if len(self._options) == 1:
            return self._extreme_of(self._options[0], scope)
        return self._choose([value for option in self._options for value in self._extreme_of(option, scope)])

    def _extreme_of(self, option: ValuesAt, scope: Scope) -> list[Any]:
        values = option.values(scope)
        if not values:
            return values
        anchor = option.anchor_id(scope)
        if anchor is None:
            return self._choose(values)
        return scope.context.cached((self, option, anchor), partial(self._choose, values))

    def _choose(self, values: list[Any]) -> list[Any]:
        dates = [value for value in values if isinstance(value, date)]
        try:
            return [INVALID] if INVALID in values else [max(dates) if self._is_latest else min(dates)] if dates else []
        except TypeError:  # a date and a datetime, or datetimes with and without an offset
            return [INVALID]

    def sources(self, scope: Scope) -> list[tuple[Any, PlaceFrom]]:
        """Return the values that are from the payload, with the places from which they are."""
        return [source for option in self._options for source in option.sources(scope)]

    def source_of(self, value: Any, scope: Scope) -> PlaceFrom | None:  # noqa: ANN401
        """Return the place from which a value is; None if it is not from the payload."""
        sources = (option.source_of(value, scope) for option in self._options)
        return next((source for source in sources if source is not None), None)


def _filled(values: list[Any]) -> list[Any]:
    return [value for value in values if value or is_filled(value)]


class DaysAfter(Operand):
    """The day so many days after a date; a negative number means before it."""

    __slots__ = ("_days", "_start")

    def __init__(self, days: int, start: Operand) -> None:
        super().__init__(is_single=start.is_single, label=f"{_distance(days)} {start.label}")
        self._days, self._start = days, start

    def values(self, scope: Scope) -> list[Any]:
        """Return the values."""
        return [add_days(value, self._days) for value in self._start.values(scope)]

    def values_with_places(self, scope: Scope) -> tuple[list[Any], list[Place]]:
        """Return the values and their places."""
        values, places = self._start.values_with_places(scope)
        return [add_days(value, self._days) for value in values], places

    def sources(self, scope: Scope) -> list[tuple[Any, PlaceFrom]]:
        """Return the values that are from the payload, with the places from which they are."""
        return [(add_days(value, self._days), place) for value, place in self._start.sources(scope)]

    def source_of(self, value: Any, scope: Scope) -> PlaceFrom | None:  # noqa: ANN401
        """Return the place from which a value is; None if it is not from the payload."""
        return self._start.source_of(add_days(value, -self._days), scope) if isinstance(value, date) else None


def _distance(days: int) -> str:
    if abs(days) == 1:
        return f"the day {'after' if days > 0 else 'before'}"
    return f"{abs(days)} days {'before' if days < 0 else 'after'}"

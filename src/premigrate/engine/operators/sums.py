"""The operators ``total``, ``product``, ``between`` and ``days``, which use exact arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Context, Decimal
from functools import partial
from typing import Any, Final

from premigrate.engine import rule_data
from premigrate.engine.conditions import make_when
from premigrate.engine.item_selector import uses_parent_paths
from premigrate.engine.operators.operator import Dependencies, Operator, Violation
from premigrate.engine.order import is_number
from premigrate.engine.paths import Path, PlaceFrom
from premigrate.engine.phrases import join_words, value_text
from premigrate.engine.values import Scope

_EXACT: Final = Context(prec=500, traps=[])  # more digits than any sum of valid fields has
_ZERO: Final = Decimal(0)


def _amount(value: Any) -> Decimal:  # noqa: ANN401 - a number
    return Decimal(value)


class _Summand:
    """The amounts of objects, with their signs."""

    __slots__ = ("_amounts", "_holder", "_minus_when", "_name", "_with_parents", "is_outside", "path")

    def __init__(self, spec: rule_data.Summand, dependencies: Dependencies) -> None:
        self._holder, self._name = dependencies.make_path(spec.holder), dependencies.make_path(spec.name)
        self._minus_when = make_when(spec.minus_when, dependencies.make_path)
        self._with_parents = uses_parent_paths((spec.name, spec.minus_when))
        amounts = rule_data.Path(spec.holder.up, (*spec.holder.steps, *spec.name.steps))
        self.is_outside = spec.name.up != 0
        self.path = dependencies.make_path(spec.name if self.is_outside else amounts)
        """The path of all amounts; only that from their holders if they are outside of them."""
        self._amounts = self.path if self._minus_when is None and not self.is_outside else None
        """The path of all amounts, if their signs do not depend on conditions."""

    def add_to(self, total: Decimal, scope: Scope, is_minus: bool) -> Decimal | None:  # noqa: FBT001
        """Return a total plus or minus the amounts; None if one of them is missing or INVALID."""
        if self._with_parents or not self._holder.is_shared:
            return self._add_to(total, scope, is_minus)
        key = self, self._holder.anchor_id(scope)
        sum_ = scope.context.cached(key, partial(self._add_to, _ZERO, scope, is_minus))
        return None if sum_ is None else _EXACT.add(total, sum_)

    @property
    def has_signs(self) -> bool:
        """Whether the signs of the amounts depend on conditions."""
        return self._minus_when is not None

    def places_from(self, scope: Scope) -> list[PlaceFrom]:
        """Return the places of the amounts."""
        return [] if self.is_outside else self.path.related(scope)

    def _add_to(self, total: Decimal, scope: Scope, is_minus: bool) -> Decimal | None:  # noqa: FBT001
        if self._amounts is not None:
            values = self._amounts.values(scope) if self._amounts.is_plural else (self._amounts.first(scope),)
            return _add_values(total, values, is_minus)
        name, minus_when = self._name, self._minus_when
        for holder in self._holder.item_scopes(scope, with_parents=self._with_parents):
            values = name.values(holder) if name.is_plural else (name.first(holder),)
            is_negative = minus_when.evaluate(holder) if minus_when is not None and values else False
            sum_ = _add_values(total, values, is_negative != is_minus) if is_negative is not None else None
            if sum_ is None:
                return None
            total = sum_
        return total


def _add_values(total: Decimal, values: Sequence[Any], is_minus: bool) -> Decimal | None:  # noqa: FBT001
    """Return a total plus or minus the values; None if one of them is missing or has errors of its own."""
    for value in values:
        if not isinstance(value, (Decimal, int)):
            return None
        total = (_EXACT.subtract if is_minus else _EXACT.add)(total, value)
    return total


class Total(Operator):
    """A signed sum equals its target or, if the target is a bound, does not exceed it; a missing number passes."""

    __slots__ = ("_default", "_is_bound", "_summands", "_target", "_times", "_within")

    def __init__(self, spec: rule_data.Total, dependencies: Dependencies) -> None:
        self._summands: list[tuple[_Summand, bool]] = [
            *((_Summand(summand, dependencies), False) for summand in spec.add),
            *((_Summand(summand, dependencies), True) for summand in spec.subtract),
        ]
        self._target = dependencies.make_path(spec.target)
        self._default = Decimal(spec.default) if spec.default is not None else None
        self._times, self._within, self._is_bound = spec.times, Decimal(spec.within), spec.is_bound

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Return the violations; none if any number is missing or has errors of its own."""
        target = self._target.first(scope)
        expected = self._default if target is None else target
        if not is_number(expected):
            return ()
        total = _ZERO
        for summand, is_minus in self._summands:
            sum_ = summand.add_to(total, scope, is_minus)
            if sum_ is None:
                return ()
            total = sum_
        if total == expected and self._times == 1:
            return ()
        difference = _EXACT.subtract(total, _EXACT.multiply(_amount(expected), self._times))
        if not difference.is_finite():  # the exponent overflowed, so the sum is unknown
            return ()
        if difference > self._within or (not self._is_bound and difference.copy_negate() > self._within):
            return (self._violation(scope, target, expected, total, difference),)
        return ()

    def _violation(
        self,
        scope: Scope,
        target: object,
        number: Any,  # noqa: ANN401 - the target, or the default of an absent one
        total: Decimal,
        difference: Decimal,
    ) -> Violation:
        name = self._target.label or "a value"
        multiple = f"{self._times} times {name}" if self._times != 1 else name
        parts = self._sum_in_words()
        given = value_text(_EXACT.multiply(_amount(number), self._times))
        missing = f"it is missing, which counts as {given}" if target is None else ""
        found = missing or f"it is {given}"
        right, by = value_text(total), value_text(difference.copy_abs())
        tolerance = f" within {value_text(self._within)}" if self._within else ""
        if self._is_bound:
            expected = f"{multiple} of at least {parts}"
            shown = f"{multiple} of at least {right}, {parts}; {found}, too low by {by}"
        else:
            expected = f"{multiple} equal to {parts}{tolerance}"
            shown = f"{multiple} of {right}{tolerance}, {parts}; {found}, and the difference is {by}"
        if missing:
            expected = f"{expected}; {missing}"
        places, own = self._target.places(scope), self._target.filled(scope)
        related = [place for summand, _ in self._summands for place in summand.places_from(scope)]
        related += [place for _, place in own if place.up]
        if any(summand.is_outside for summand, _ in self._summands):
            shown = ""  # it is not known where the amounts are, which may be personal
        return Violation(places[0] if places else (), target, expected, shown, tuple(related))

    def _sum_in_words(self) -> str:
        added = [summand.path.label or "the value" for summand, is_minus in self._summands if not is_minus]
        less = [summand.path.label or "the value" for summand, is_minus in self._summands if is_minus]
        have_signs = any(summand.has_signs for summand, _ in self._summands)
        sum_ = f"the sum of {join_words(added, ' and ')}" if len(added) > 1 or "*" in added[0] else added[0]
        signs = " with their signs" if have_signs else ""
        return f"{sum_}{signs} less {join_words(less, ' and ')}" if less else f"{sum_}{signs}"


def _numbers(paths: list[Path], scope: Scope) -> list[Decimal]:
    """Return the numbers at several paths; none at all if one of them is absent or INVALID."""
    values = [value for path in paths for value in path.values(scope)]
    return [_amount(value) for value in values] if all(map(is_number, values)) else []


class Product(Operator):
    """A number is the product of others."""

    __slots__ = ("_equals", "_of", "_within")

    def __init__(self, spec: rule_data.Product, dependencies: Dependencies) -> None:
        self._of = [dependencies.make_path(path) for path in spec.of]
        self._equals, self._within = dependencies.make_path(spec.equals), Decimal(spec.within)

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Return the violations."""
        numbers = _numbers(self._of, scope)
        if not numbers:
            return ()
        result = Decimal(1)
        for factor in numbers:
            result = _EXACT.multiply(result, factor)
        if not result.is_finite():
            return ()
        values = self._equals.values(scope)
        wrong = [
            index
            for index, value in enumerate(values)
            if is_number(value) and _EXACT.subtract(result, _amount(value)).copy_abs() > self._within
        ]
        if not wrong:
            return ()
        names = join_words([path.label for path in self._of], " and ")
        tolerance = f" within {value_text(self._within)}" if self._within else ""
        expected = f"the product of {names}{tolerance}"
        return _violations(
            self._equals, scope, values, wrong, expected, f"{value_text(result)}{tolerance}, {expected}", self._of
        )


class Between(Operator):
    """A number lies between two sums, bounds included."""

    __slots__ = ("_field", "_sums")

    def __init__(self, spec: rule_data.Between, dependencies: Dependencies) -> None:
        self._field = dependencies.make_path(spec.field)
        self._sums = [[dependencies.make_path(path) for path in paths] for paths in spec.sums]

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Return the violations."""
        sums = []
        for paths in self._sums:
            numbers = _numbers(paths, scope)
            if not numbers:
                return ()
            total = _ZERO
            for number in numbers:
                total = _EXACT.add(total, number)
            sums.append(total)
        if not all(total.is_finite() for total in sums):
            return ()
        values = self._field.values(scope)
        wrong = [
            index
            for index, value in enumerate(values)
            if is_number(value) and not min(sums) <= _amount(value) <= max(sums)
        ]
        if not wrong:
            return ()
        names = [join_words([path.label for path in paths], " plus ") for paths in self._sums]
        low, high = value_text(min(sums)), value_text(max(sums))
        expected = f"a number between {join_words(names, ' and ')}"
        shown = f"a number between {low} and {high}, which are {join_words(names, ' and ')} in either order"
        paths = [path for each in self._sums for path in each]
        return _violations(self._field, scope, values, wrong, expected, shown, paths)


class Days(Operator):
    """A number is the number of days from one date to another, both included."""

    __slots__ = ("_end", "_equals", "_start")

    def __init__(self, spec: rule_data.Days, dependencies: Dependencies) -> None:
        self._start, self._end, self._equals = (
            dependencies.make_path(spec.start),
            dependencies.make_path(spec.end),
            dependencies.make_path(spec.equals),
        )

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Return the violations."""
        first, last = self._start.first(scope), self._end.first(scope)
        if not isinstance(first, date) or not isinstance(last, date):
            return ()
        values = self._equals.values(scope)
        try:
            days = (last - first).days + 1
        except TypeError:  # a date and a datetime, or datetimes with and without an offset
            return ()
        wrong = [index for index, value in enumerate(values) if is_number(value) and _differs(value, days)]
        if not wrong:
            return ()
        ends = [self._start, self._end]
        expected = f"the number of days from {self._start.label} to {self._end.label}, both included"
        return _violations(self._equals, scope, values, wrong, expected, f"{days}, {expected}", ends)


def _violations(  # noqa: PLR0913, PLR0917 - the parts of violations
    path: Path, scope: Scope, values: list[Any], wrong: list[int], expected: str, shown: str, others: list[Path]
) -> list[Violation]:
    """Return a violation for each wrong value at a path, which depends on the values at other paths."""
    places = path.places(scope)
    related = tuple([place for other in others for place in other.related(scope)])
    return [Violation(places[index], values[index], expected, shown, related) for index in wrong]


def _differs(value: Any, days: int) -> bool:  # noqa: ANN401
    return _amount(value) != days

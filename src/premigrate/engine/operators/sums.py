"""Operators about numbers: total, product, between, days. All of them are exact."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Context, Decimal
from functools import partial
from typing import Any, Final

from premigrate.engine import rule_data
from premigrate.engine.conditions import looks_up, make_test
from premigrate.engine.operators.operator import Operator, Parts, Violation, violations_at
from premigrate.engine.order import is_number
from premigrate.engine.paths import Path
from premigrate.engine.values import WRONG, Scope

_EXACT: Final = Context(prec=500, traps=[])  # more digits than the fields' limits and any number of items can add up to
_NOTHING: Final = Decimal(0)


def _amount(value: object) -> Decimal:
    return Decimal(value) if isinstance(value, (Decimal, int)) else _NOTHING


class _Summand:
    """Amounts in objects, with their signs."""

    __slots__ = ("_all", "_holder", "_name", "_signs", "_with_up")

    def __init__(self, spec: rule_data.Summand, parts: Parts) -> None:
        self._holder, self._name = parts.path(spec.holder), parts.path(spec.name)
        self._signs = make_test(spec.minus_when, parts.path)
        self._with_up = looks_up((spec.name, spec.minus_when))
        together = rule_data.Path(spec.holder.up, (*spec.holder.steps, *spec.name.steps))
        self._all = parts.path(together) if self._signs is None and not spec.name.up else None
        """The path of all amounts, if none has a sign of its own."""

    def add_to(self, total: Decimal, scope: Scope, is_minus: bool) -> Decimal | None:  # noqa: FBT001 - as in a table
        """Add the amounts to a total, or take them away; None if one of them can't be read."""
        if self._with_up or not self._holder.is_shared:
            return self._add_to(total, scope, is_minus)
        key = self, self._holder.anchor(scope)
        sum_ = scope.run.once(key, partial(self._add_to, _NOTHING, scope, is_minus))
        return None if sum_ is None else _EXACT.add(total, sum_)

    def _add_to(self, total: Decimal, scope: Scope, is_minus: bool) -> Decimal | None:  # noqa: FBT001
        if self._all is not None:
            values = self._all.values(scope) if self._all.is_plural else (self._all.first(scope),)
            return _added(total, values, is_minus)
        name, signs = self._name, self._signs
        for holder in self._holder.scopes_for(scope, with_up=self._with_up):
            values = name.values(holder) if name.is_plural else (name.first(holder),)
            is_negative = signs.verdict(holder) if signs is not None and values else False
            sum_ = _added(total, values, is_negative != is_minus) if is_negative is not None else None
            if sum_ is None:
                return None
            total = sum_
        return total


def _added(total: Decimal, values: Sequence[Any], is_minus: bool) -> Decimal | None:  # noqa: FBT001
    """Add values to a total, or take them away; None if one of them can't be read. What is no number is left out."""
    for value in values:
        if isinstance(value, (Decimal, int)):
            total = (_EXACT.subtract if is_minus else _EXACT.add)(total, value)
        elif value is WRONG:
            return None
    return total


class Total(Operator):
    """A signed sum equals its target or, where that is a bound, does not exceed it."""

    __slots__ = ("_is_bound", "_summands", "_target", "_times", "_within")

    def __init__(self, spec: rule_data.Total, parts: Parts) -> None:
        self._summands: list[tuple[_Summand, bool]] = [
            *((_Summand(summand, parts), False) for summand in spec.add),
            *((_Summand(summand, parts), True) for summand in spec.subtract),
        ]
        self._target = parts.path(spec.target)
        self._times, self._within, self._is_bound = spec.times, Decimal(spec.within), spec.is_bound

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations; silent if any part of the sum has errors of its own."""
        expected = self._target.first(scope)
        if expected is WRONG or (self._is_bound and not is_number(expected)):
            return ()
        total = _NOTHING
        for summand, is_minus in self._summands:
            sum_ = summand.add_to(total, scope, is_minus)
            if sum_ is None:
                return ()
            total = sum_
        if total == expected and self._times == 1:
            return ()
        difference = _EXACT.subtract(total, _EXACT.multiply(_amount(expected), self._times))
        if not difference.is_finite():  # beyond all exponents: nothing can be said
            return ()
        if difference > self._within or (not self._is_bound and difference.copy_negate() > self._within):
            places = self._target.places(scope)
            return (Violation(places[0] if places else (), expected),)
        return ()


def _numbers(paths: list[Path], scope: Scope) -> list[Decimal]:
    """List the numbers at several paths; none at all if one of them is missing or wrong."""
    values = [value for path in paths for value in path.values(scope)]
    return [_amount(value) for value in values] if all(map(is_number, values)) else []


class Product(Operator):
    """A field is the product of others."""

    __slots__ = ("_equals", "_of", "_within")

    def __init__(self, spec: rule_data.Product, parts: Parts) -> None:
        self._of = [parts.path(path) for path in spec.of]
        self._equals, self._within = parts.path(spec.equals), Decimal(spec.within)

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
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
            number
            for number, value in enumerate(values)
            if is_number(value) and _EXACT.subtract(result, _amount(value)).copy_abs() > self._within
        ]
        return violations_at(self._equals, scope, values, wrong) if wrong else ()


class Between(Operator):
    """A number lies between two sums, bounds included."""

    __slots__ = ("_field", "_sums")

    def __init__(self, spec: rule_data.Between, parts: Parts) -> None:
        self._field = parts.path(spec.field)
        self._sums = [[parts.path(path) for path in paths] for paths in spec.sums]

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        sums = []
        for paths in self._sums:
            numbers = _numbers(paths, scope)
            if not numbers:
                return ()
            total = _NOTHING
            for number in numbers:
                total = _EXACT.add(total, number)
            sums.append(total)
        if not all(total.is_finite() for total in sums):
            return ()
        values = self._field.values(scope)
        wrong = [
            number
            for number, value in enumerate(values)
            if is_number(value) and not min(sums) <= _amount(value) <= max(sums)
        ]
        return violations_at(self._field, scope, values, wrong) if wrong else ()


class Days(Operator):
    """A number is that of the days from one date to another, both included."""

    __slots__ = ("_end", "_equals", "_start")

    def __init__(self, spec: rule_data.Days, parts: Parts) -> None:
        self._start, self._end, self._equals = parts.path(spec.start), parts.path(spec.end), parts.path(spec.equals)

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations."""
        first, last = self._start.first(scope), self._end.first(scope)
        if not isinstance(first, date) or not isinstance(last, date):
            return ()
        values = self._equals.values(scope)
        try:
            days = (last - first).days + 1
        except TypeError:  # a date and a time, or times with an offset and without
            return ()
        wrong = [number for number, value in enumerate(values) if is_number(value) and _differs(value, days)]
        return violations_at(self._equals, scope, values, wrong) if wrong else ()


def _differs(value: Any, days: int) -> bool:  # noqa: ANN401
    return _amount(value) != days

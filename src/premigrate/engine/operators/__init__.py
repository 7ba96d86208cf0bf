"""The operators of the rule language: one class each, made from its part of a program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from premigrate.engine import program
from premigrate.engine.operators import covers, dates, listings, lists, presence, sums, texts
from premigrate.engine.operators.base import Operator, Parts, Violation

__all__ = ["Operator", "Parts", "Violation", "make_operator"]

_MAKERS: dict[type, Callable[[Any, Parts], Operator]] = {
    program.Between: sums.Between,
    program.Compare: dates.Compare,
    program.Count: lists.Count,
    program.Covers: covers.Covers,
    program.Days: sums.Days,
    program.Format: texts.Format,
    program.Holds: texts.Holds,
    program.Includes: listings.Includes,
    program.Listed: listings.Listed,
    program.Matches: texts.Matches,
    program.Periods: dates.Periods,
    program.Presence: presence.make_presence,
    program.Product: sums.Product,
    program.Refers: listings.Refers,
    program.Same: lists.Same,
    program.Total: sums.Total,
    program.Typed: listings.Typed,
    program.Unique: lists.Unique,
}


def make_operator(spec: program.Operator, parts: Parts) -> Operator:
    """Make an operator."""
    return _MAKERS[type(spec)](spec, parts)

"""The operators of the rule language, with one class for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from premigrate.engine import rule_data
from premigrate.engine.operators import (
    count,
    covers,
    dates,
    list_items,
    presence,
    reference_lists,
    sums,
    texts,
    unchecked,
)
from premigrate.engine.operators.operator import Dependencies, Operator


def _make_unchecked(spec: rule_data.Unchecked, dependencies: Dependencies) -> Operator:
    operator = make_operator(spec.operator, dependencies) if spec.operator else None
    return unchecked.Unchecked(spec, dependencies, operator)


_MAKERS: dict[type, Callable[[Any, Dependencies], Operator]] = {
    rule_data.Between: sums.Between,
    rule_data.Compare: dates.Compare,
    rule_data.Count: count.Count,
    rule_data.Covers: covers.Covers,
    rule_data.Days: sums.Days,
    rule_data.Format: texts.Format,
    rule_data.Holds: texts.Holds,
    rule_data.Includes: reference_lists.Includes,
    rule_data.Listed: reference_lists.Listed,
    rule_data.Matches: texts.make_matches,
    rule_data.Periods: dates.Periods,
    rule_data.Presence: presence.make_presence,
    rule_data.Product: sums.Product,
    rule_data.Refers: list_items.Refers,
    rule_data.Same: list_items.Same,
    rule_data.Total: sums.Total,
    rule_data.Typed: reference_lists.Typed,
    rule_data.Unchecked: _make_unchecked,
    rule_data.Unique: list_items.Unique,
}


def make_operator(spec: rule_data.Operator, dependencies: Dependencies) -> Operator:
    """Build the operator that a program specifies."""
    return _MAKERS[type(spec)](spec, dependencies)

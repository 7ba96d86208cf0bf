"""Parses a single value in full, where the prefilter of its leaf is not sure of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from premigrate.engine.collector import Collector
from premigrate.engine.frames import Frame
from premigrate.engine.leaves import Leaf
from premigrate.engine.rules import GuardedRule
from premigrate.engine.value_forms import dotted_keys, expected_value, with_requirement
from premigrate.engine.values import INVALID
from premigrate.formats.interfaces import FieldError
from premigrate.formats.plain import to_server_value
from premigrate.results import Place

_MISSING_VALUE_CODES: Final = frozenset({"placeholder_text", "placeholder_date", "blank_text"})
"""The codes of advice on values that stand for a missing one."""


def read_leaf(  # noqa: PLR0913, PLR0917
    leaf: Leaf,
    raw: Any,  # noqa: ANN401
    frame: Frame,
    position: int,
    step: str | int,
    rules: list[GuardedRule],
    collector: Collector,
    unchecked: Sequence[int] = (),
    *,
    is_required: bool = False,
) -> Any:  # noqa: ANN401
    """Parse a single value in full, run the validators of the framework, and add advice and errors to the collector.

    ``frame`` is the frame of the object or list that contains the value, ``step`` its key or list position there,
    ``unchecked`` the numbers of the rules about the value that can't be checked: they count if a validator fails;
    ``is_required``: the field is required.
    Return the parsed value, or INVALID if it is invalid.
    """
    place = (*frame.place(), step)
    raw = to_server_value(raw, exact=leaf.is_exact)
    value = leaf.parse(raw)
    if isinstance(value, FieldError):
        collector.add_error(
            leaf.texts, value, frame, position, place, expected=_expected_of(leaf, value, raw, place, collector)
        )
        return INVALID
    for code in leaf.find_advice(raw, value) if leaf.find_advice else ():
        collector.add_advice(code, frame, position, place, _expected_beside(code, step, is_required=is_required))
    if value is None or value == "":
        return value
    if type(step) is str and rules:
        collector.defer(rules, value, frame, position, step)
    errors = [error for check in leaf.checks if (error := check(value))]
    for error in errors:
        expected = _expected_of(leaf, error, raw, place, collector)
        collector.add_error(leaf.texts, error, frame, position, place, expected=expected)
    if not errors:
        return value
    collector.not_checked.update(unchecked)
    return INVALID


def _expected_beside(code: str, step: str | int, *, is_required: bool) -> str:
    """Return what would be better than a value with this advice; empty if the advice says it."""
    if code not in _MISSING_VALUE_CODES or isinstance(step, int):
        return ""
    return with_requirement("a real value", is_required=is_required)


def _expected_of(leaf: Leaf, error: FieldError, raw: object, place: Place, collector: Collector) -> str:
    """Return what would be right; choices are suggested for the value only if it is not personal."""
    meant = None if collector.is_personal(place) else raw
    return expected_value(leaf.form, leaf.choices, error, raw, meant, dotted_keys(place))

"""Learns the limits of lengths and numbers from values that passed and values that were refused."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from premigrate.ruleset.model.fields import FieldSpec

_NUMBER = re.compile(r"(?<![0-9])-?[0-9]{1,15}(?:\.[0-9]{1,15})?(?![0-9])", re.ASCII)
_MAX_DIGITS = 30
_TEXTS, _NUMBERS = ("string", "email"), ("integer", "decimal")
_KEYS = {"max_length": "max_length", "min_length": "min_length", "max_value": "max", "min_value": "min"}
_STRICT = {"max_value": "below", "min_value": "above"}


def learn_limit(
    field: FieldSpec, code: str, refused: Sequence[Any], passing: Sequence[Any], details: Sequence[str]
) -> dict[str, Any]:
    """Learn a limit: the number that all texts name, if it explains all values, else the one that refuses least.

    Args:
        field: the field as it is known.
        code: max_length, min_length, max_value or min_value.
        refused: the values at which the API reported the code.
        passing: other values of the field.
        details: the texts of the errors.

    Returns:
        The keys of the field to change; a key is None to remove the limit. Empty if nothing is learned.

    """
    is_length = code.endswith("length")
    if field.type not in (_TEXTS if is_length else _NUMBERS):
        return {}
    measure = _length if is_length else _number
    over, under = (
        sorted(found for value in values if (found := measure(value)) is not None) for values in (refused, passing)
    )
    key = _KEYS[code]
    if not over:
        return _without(field, code) if under else {}
    is_max = code.startswith("max")
    is_crossing = bool(under) and (over[0] <= under[-1] if is_max else over[-1] >= under[0])
    stated = _stated(details, under, over, is_max=is_max)
    if is_crossing:
        return _without(field, code) if _refuses(field, key, under, is_max=is_max) else {}
    if stated is None and _explains(field, key, under, over, is_max=is_max):
        return {}
    if stated is None and field.type == "decimal":
        return {key: None, _STRICT[code]: format(over[0] if is_max else over[-1], "f")}
    nearest = over[0] - 1 if is_max else over[-1] + 1
    return _changed(field, key, nearest if stated is None else stated, is_length=is_length)


def _explains(field: FieldSpec, key: str, under: list[Decimal], over: list[Decimal], *, is_max: bool) -> bool:
    """Return whether the limit that is known explains all values."""
    known = getattr(field, key)
    return known is not None and _fits(Decimal(str(known)), under, over, sign=1 if is_max else -1)


def _refuses(field: FieldSpec, key: str, under: list[Decimal], *, is_max: bool) -> bool:
    """Return whether the limit that is known refuses values that passed."""
    known = getattr(field, key)
    return known is not None and not _fits(Decimal(str(known)), under, [], sign=1 if is_max else -1)


def _fits(limit: Decimal, under: list[Decimal], over: list[Decimal], *, sign: int) -> bool:
    return all(value * sign <= limit * sign for value in under) and all(value * sign > limit * sign for value in over)


def _stated(details: Sequence[str], under: list[Decimal], over: list[Decimal], *, is_max: bool) -> Decimal | None:
    """Return the number that all texts name and that explains all values."""
    named = [set(map(Decimal, _NUMBER.findall(detail))) for detail in details]
    numbers = set.intersection(*named) if named else set()
    fits = [number for number in numbers if _fits(number, under, over, sign=1 if is_max else -1)]
    return (max if is_max else min)(fits) if fits else None


def _changed(field: FieldSpec, key: str, limit: Decimal, *, is_length: bool) -> dict[str, Any]:
    is_whole = limit == limit.to_integral_value()
    if (is_length or field.type == "integer") and not is_whole:
        return {}
    value = int(limit) if is_whole else format(limit, "f")
    if is_length and int(limit) < 1:
        return {}
    return {} if getattr(field, key) == value else {key: value}


def _without(field: FieldSpec, code: str) -> dict[str, Any]:
    keys = [_KEYS[code], *([_STRICT[code]] if code in _STRICT else [])]
    return {key: None for key in keys if getattr(field, key) is not None}


def _length(value: object) -> Decimal | None:
    return Decimal(len(value.strip())) if isinstance(value, str) else None


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        return None
    try:
        number = Decimal(str(value).strip())
    except (InvalidOperation, ValueError):  # no number, or an integer with more digits than Python converts
        return None
    return number if number.is_finite() and abs(number.adjusted()) < _MAX_DIGITS else None

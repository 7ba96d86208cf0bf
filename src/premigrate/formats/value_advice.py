"""Finds values that are accepted but look unintended, and returns advice codes for them."""

from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

AdviceCheck: TypeAlias = Callable[[object, object], tuple[str, ...]]
"""Checks an accepted raw value and its parsed value; returns advice codes, usually none. Never raises."""

MAX_EXACT_INTEGER = 2**53
"""A 64-bit float represents every integer of at most this magnitude."""
_CENTS = 2
NOISE_DECIMAL_PLACE = 6
"""An offset below one unit of this decimal place is float noise; a number with six places is intended."""
_MOST_PLACES = 1000


def text_advice(*, blank: bool) -> AdviceCheck:
    """Return a check of texts for numbers, surrounding whitespace and, with ``blank``, blank texts."""
    return _in_text_or_blank if blank else _in_text


def _in_text_or_blank(raw: object, value: object) -> tuple[str, ...]:
    return ("blank_text",) if value == "" and isinstance(raw, str) else _in_text(raw, value)


def _in_text(raw: object, value: object) -> tuple[str, ...]:
    if not isinstance(raw, str):
        return ("number_for_text", *integer_advice(raw, value))
    return () if value in ("", raw) else ("trimmed_whitespace",)


def integer_advice(raw: object, _: object) -> tuple[str, ...]:
    """Find integers that a tool that parses numbers as floats would change."""
    return ("integer_too_large_for_float",) if isinstance(raw, int) and abs(raw) > MAX_EXACT_INTEGER else ()


def decimal_advice(raw: object, value: object) -> tuple[str, ...]:
    """Find what `integer_advice` finds, and decimals that float arithmetic has moved off a whole hundredth."""
    if isinstance(raw, (float, Decimal)):
        return ("float_noise",) if isinstance(value, Decimal) and _is_noisy(value) else ()
    return integer_advice(raw, value)


def _is_noisy(value: Decimal) -> bool:
    """Return whether a value is nearly a whole hundredth. Integers make this exact in any decimal context."""
    _, digits, exponent = value.as_tuple()
    places = -int(exponent)  # an int, because the number is finite
    if not NOISE_DECIMAL_PLACE < places <= _MOST_PLACES:  # fewer can't be noise; more are not money, and slow
        return False
    hundredth, noise = int(10 ** (places - _CENTS)), int(10 ** (places - NOISE_DECIMAL_PLACE))
    over = int("".join(map(str, digits))) % hundredth
    return 0 < min(over, hundredth - over) < noise

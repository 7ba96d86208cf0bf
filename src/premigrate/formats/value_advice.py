"""Finds values that pass but look unintended, and gives codes of advice on them."""

from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

AdviceCheck: TypeAlias = Callable[[object, object], tuple[str, ...]]
"""Looks at a raw value that passed, and at the value read; gives codes of advice, most often none. Never raises."""

EXACT = 2**53
"""Up to here, a 64-bit float holds every integer."""
_CENTS = 2
NOISE = 6
"""Less than one unit of this decimal place is taken for noise: a number with six places was meant so."""
_MOST_PLACES = 1000


def in_text(*, blank: bool) -> AdviceCheck:
    """Make the check of a text: for a number in its place, trimmed ends, and (with ``blank``) a blank."""
    return _in_text_or_blank if blank else _in_text


def _in_text_or_blank(raw: object, value: object) -> tuple[str, ...]:
    return ("blank_text",) if value == "" and isinstance(raw, str) else _in_text(raw, value)


def _in_text(raw: object, value: object) -> tuple[str, ...]:
    if not isinstance(raw, str):
        return ("number_for_text", *in_number(raw, value))
    return () if value in ("", raw) else ("trimmed_whitespace",)


def in_number(raw: object, _: object) -> tuple[str, ...]:
    """Find an integer that a tool which reads numbers as floats would change."""
    return ("integer_too_large_for_float",) if isinstance(raw, int) and abs(raw) > EXACT else ()


def in_decimal(raw: object, value: object) -> tuple[str, ...]:
    """Find what `in_number` does, and a number that arithmetic with floats has moved off a whole hundredth."""
    if isinstance(raw, (float, Decimal)):
        return ("float_noise",) if isinstance(value, Decimal) and _is_noisy(value) else ()
    return in_number(raw, value)


def _is_noisy(value: Decimal) -> bool:
    """Compute with integers, for how exact decimals are is up to the caller's decimal context."""
    _, digits, exponent = value.as_tuple()
    places = -int(exponent)  # of a finite number it always is one
    if not NOISE < places <= _MOST_PLACES:  # fewer can't be noise; more are no money, and slow
        return False
    hundredth, noise = int(10 ** (places - _CENTS)), int(10 ** (places - NOISE))
    over = int("".join(map(str, digits))) % hundredth
    return 0 < min(over, hundredth - over) < noise

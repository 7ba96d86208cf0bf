"""Finds values that are accepted but look unintended, and returns advice codes for them."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias

from premigrate.formats.garbled_text import is_garbled

AdviceCheck: TypeAlias = Callable[[object, object], tuple[str, ...]]
"""Checks an accepted raw value and its parsed value; returns advice codes, usually none. Never raises."""

MAX_EXACT_INTEGER = 2**53
"""A 64-bit float represents every integer of at most this magnitude."""
_CENTS = 2
NOISE_DECIMAL_PLACE = 6
"""An offset below one unit of this decimal place is float noise; a number with six places is intended."""
_MOST_PLACES = 1000

PLACEHOLDERS: Final = frozenset({
    "NULL", "null", "(null)", "<null>", "None", "NONE", "none", "N/A", "n/a", "#N/A", "nan", "NaN", "NAN",
    "undefined", "-", "--", "---", "?", "??", ".", "\\N", "#REF!", "#VALUE!",
})  # fmt: skip
"""Texts that exports write for a missing value. Null is a family name, and Nan a given name."""
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#[0-9]{2,6}|#x[0-9A-Fa-f]{2,5});", re.ASCII)
_PLACEHOLDER_YEARS = frozenset({date.min.year, date.max.year})


def text_advice(*, blank: bool) -> AdviceCheck:
    """Return a check of texts for numbers, surrounding whitespace and, with ``blank``, blank texts."""
    return _in_text_or_blank if blank else _in_text


def _in_text_or_blank(raw: object, value: object) -> tuple[str, ...]:
    return ("blank_text",) if value == "" and isinstance(raw, str) else _in_text(raw, value)


def _in_text(raw: object, value: object) -> tuple[str, ...]:
    if not isinstance(raw, str):
        return ("number_for_text", *integer_advice(raw, value))
    trimmed = () if value in ("", raw) else ("trimmed_whitespace",)
    return (*trimmed, *_content_advice(value)) if isinstance(value, str) and not is_ordinary(value) else trimmed


def is_ordinary(text: str) -> bool:
    """Return whether there is certainly no advice on the content of a text."""
    if text.isascii():
        return "&" not in text and text not in PLACEHOLDERS
    return not ("Ã" in text or "Â" in text or "â" in text or "\ufffd" in text or "&" in text)


def _content_advice(text: str) -> tuple[str, ...]:
    if text in PLACEHOLDERS:
        return ("placeholder_text",)
    codes = ["html_entity"] if _ENTITY.search(text) else []
    if "\ufffd" in text:
        codes.append("replacement_character")
    elif not text.isascii() and is_garbled(text):
        codes.append("garbled_text")
    return tuple(codes)


def date_advice(_: object, value: object) -> tuple[str, ...]:
    """Find dates in the first or last year that databases can store, which stand for no date."""
    return ("placeholder_date",) if isinstance(value, date) and value.year in _PLACEHOLDER_YEARS else ()


def json_advice(raw: object, value: object) -> tuple[str, ...]:
    """Find what `integer_advice` finds, and texts with unlikely content."""
    return _content_advice(raw) if isinstance(raw, str) and not is_ordinary(raw) else integer_advice(raw, value)


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
    if not NOISE_DECIMAL_PLACE < places <= _MOST_PLACES:  # fewer cannot be noise; more are not money, and slow
        return False
    hundredth, noise = int(10 ** (places - _CENTS)), int(10 ** (places - NOISE_DECIMAL_PLACE))
    over = int("".join(map(str, digits))) % hundredth
    return 0 < min(over, hundredth - over) < noise

"""Parses integers, decimals and booleans as DRF's fields do; decimals stay exact."""

import re
from decimal import Decimal, DecimalException
from functools import partial

from premigrate.formats.interfaces import FieldError, ValueCheck, ValueParser

_MAX_STRING_LENGTH = 1000  # characters; DRF's MAX_STRING_LENGTH, a guard against huge numbers
_ZERO_FRACTION = re.compile(r"\.0*\s*$")
TRUE_VALUES = frozenset({"t", "y", "yes", "true", "on", "1", 1})
FALSE_VALUES = frozenset({"f", "n", "no", "false", "off", "0", 0})
NULL_VALUES = frozenset({"null", ""})
"""The values that DRF's BooleanField parses as true, false and null; texts in any case."""


def parse_integer(raw: object) -> object:
    """Parse ``5``, ``5.0``, ``"5"`` and ``"5.0"`` as 5."""
    if isinstance(raw, bool) or not isinstance(raw, (str, int, float, Decimal)):
        return FieldError("invalid")
    if isinstance(raw, str) and len(raw) > _MAX_STRING_LENGTH:
        return FieldError("max_string_length")
    try:
        return int(_ZERO_FRACTION.sub("", str(raw)))
    except ValueError:
        return FieldError("invalid")


def min_value_check(bound: Decimal, *, is_exclusive: bool = False) -> ValueCheck:
    """Return a check that a number is at least ``bound``, or greater than it."""
    return partial(_check_least, bound, is_exclusive)


def _check_least(bound: Decimal, is_exclusive: bool, value: object) -> FieldError | None:  # noqa: FBT001 - of a partial
    if not isinstance(value, (int, Decimal)) or value > bound or (value == bound and not is_exclusive):
        return None
    return FieldError("min_value", {"min_value": bound}, "min_value:above" if is_exclusive else "")


def max_value_check(bound: Decimal, *, is_exclusive: bool = False) -> ValueCheck:
    """Return a check that a number is at most ``bound``, or less than it."""
    return partial(_check_most, bound, is_exclusive)


def _check_most(bound: Decimal, is_exclusive: bool, value: object) -> FieldError | None:  # noqa: FBT001 - of a partial
    if not isinstance(value, (int, Decimal)) or value < bound or (value == bound and not is_exclusive):
        return None
    return FieldError("max_value", {"max_value": bound}, "max_value:below" if is_exclusive else "")


def boolean_parser(*, nullable: bool) -> ValueParser:
    """Return a parser of all spellings of true and false; if ``nullable``, it also parses null spelled as text."""
    return _read_nullable_boolean if nullable else _read_boolean


def _read_boolean(raw: object) -> object:
    if not isinstance(raw, (str, int, float)):
        return FieldError("invalid")
    word = raw.lower() if isinstance(raw, str) else raw
    if word in TRUE_VALUES:
        return True
    return False if word in FALSE_VALUES else FieldError("invalid")


def _read_nullable_boolean(raw: object) -> object:
    return None if isinstance(raw, str) and raw.lower() in NULL_VALUES else _read_boolean(raw)


def decimal_parser(*, max_digits: int | None, decimal_places: int | None, nullable: bool) -> ValueParser:
    """Return a parser of numbers and texts as exact decimals, with the three digit limits of DRF's DecimalField."""
    return partial(_read_nullable_decimal if nullable else _read_decimal, max_digits, decimal_places)


def _read_nullable_decimal(max_digits: int | None, decimal_places: int | None, raw: object) -> object:
    return None if isinstance(raw, str) and not raw.strip() else _read_decimal(max_digits, decimal_places, raw)


def _read_decimal(max_digits: int | None, decimal_places: int | None, raw: object) -> object:
    value = _parse_decimal(raw)
    return value if isinstance(value, FieldError) else _digits_error(value, max_digits, decimal_places) or value


def _parse_decimal(raw: object) -> Decimal | FieldError:
    if isinstance(raw, bool) or not isinstance(raw, (str, int, float, Decimal)):
        return FieldError("invalid")
    try:
        text = str(raw).strip()
        value = Decimal(text) if len(text) <= _MAX_STRING_LENGTH else None
    except DecimalException:
        return FieldError("invalid")
    except ValueError:  # an integer with more digits than CPython converts to text
        value = None
    if value is None:
        return FieldError("max_string_length")
    return value if value.is_finite() else FieldError("invalid")


def _digits_error(value: Decimal, max_digits: int | None, decimal_places: int | None) -> FieldError | None:
    _, digits, exponent = value.as_tuple()
    shift = int(exponent)  # an int, because the number is finite
    places = max(-shift, 0)
    total = max(len(digits) + max(shift, 0), places)
    if max_digits is not None and total > max_digits:
        return FieldError("max_digits", {"max_digits": max_digits})
    if decimal_places is not None and places > decimal_places:
        return FieldError("max_decimal_places", {"max_decimal_places": decimal_places})
    if max_digits is not None and decimal_places is not None and total - places > max_digits - decimal_places:
        return FieldError("max_whole_digits", {"max_whole_digits": max_digits - decimal_places})
    return None

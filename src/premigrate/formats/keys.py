"""Converts parsed values to comparison keys, which are equal exactly if the values are."""

from datetime import date
from decimal import Decimal
from json.encoder import encode_basestring

from premigrate.formats.normalize import Normalizer


def comparison_key(value: object, normalizer: Normalizer | None = None, *, as_text: bool = False) -> str:
    """Return the key of a value as JSON; empty for None, a blank text, a list or an object, which are not compared.

    Numbers of the same value have the same key, however they are written, and never the key of a text. With
    ``as_text``, a number is compared as its text.
    """
    if isinstance(value, str):
        return text_comparison_key(value, normalizer)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return f'"{value.isoformat()}"'
    if isinstance(value, (int, float, Decimal)):
        return f'"{_write_plainly(value)}"' if as_text else _write_number(value)
    return ""


def text_comparison_key(text: str, normalizer: Normalizer | None = None) -> str:
    """Return the key of a text as JSON; empty if its normal form is."""
    if normalizer:
        text = normalizer(text)
    return encode_basestring(text) if text else ""


def _write_plainly(value: float | Decimal) -> str:
    try:
        return str(value)
    except ValueError:  # an integer with more digits than CPython converts to text
        return _write_number(value)


def _write_number(value: float | Decimal) -> str:
    """Return the digits without trailing zeros, and their exponent: one notation for each number."""
    exact = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    sign, digits, exponent = exact.as_tuple()
    if not isinstance(exponent, int):
        return ""  # NaN or infinity
    text = "".join(map(str, digits)).lstrip("0")
    bare = text.rstrip("0")
    if not bare:
        return "0"
    return f"{'-' if sign else ''}{bare}e{exponent + len(text) - len(bare)}"

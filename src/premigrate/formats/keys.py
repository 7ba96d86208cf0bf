"""Writes a value that was read as a text that is the same for equal values, and for no others."""

from datetime import date
from decimal import Decimal
from json.encoder import encode_basestring

from premigrate.formats.normalize import Normaliser


def write_key(value: object, normal: Normaliser | None = None, *, as_text: bool = False) -> str:
    """Write a value as JSON; empty if there is nothing to compare: absent, blank, a list or an object.

    Numbers are equal if they count the same, however they are written, and never equal to a text; ``as_text`` makes
    a text of each as it is.
    """
    if isinstance(value, str):
        return write_text(value, normal)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return f'"{value.isoformat()}"'
    if isinstance(value, (int, float, Decimal)):
        return f'"{_write_plainly(value)}"' if as_text else _write_number(value)
    return ""


def write_text(text: str, normal: Normaliser | None = None) -> str:
    """Write a text as JSON; empty if it is blank."""
    if normal:
        text = normal(text)
    return encode_basestring(text) if text else ""


def _write_plainly(value: float | Decimal) -> str:
    try:
        return str(value)
    except ValueError:  # CPython refuses to write out integers of many thousand digits
        return _write_number(value)


def _write_number(value: float | Decimal) -> str:
    """Write the digits without zeros at the end, and their exponent: one way of writing for each number."""
    exact = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    sign, digits, exponent = exact.as_tuple()
    if not isinstance(exponent, int):
        return ""  # not a number, or infinite
    text = "".join(map(str, digits)).lstrip("0")
    bare = text.rstrip("0")
    if not bare:
        return "0"
    return f"{'-' if sign else ''}{bare}e{exponent + len(text) - len(bare)}"

"""Reads text as Django REST Framework's CharField does: numbers become text, ends are trimmed."""

from decimal import Decimal
from functools import partial

from premigrate.formats.outcomes import FieldError, Reader, ValueCheck

_FIRST_SURROGATE, _LAST_SURROGATE = chr(0xD800), chr(0xDFFF)


def reader(*, blank: bool) -> Reader:
    """Make a reader of text; ``blank`` says whether an empty or white text passes."""
    return _read if blank else _read_filled


def _read(raw: object) -> object:
    if isinstance(raw, bool) or not isinstance(raw, (str, int, float, Decimal)):
        return FieldError("invalid")
    try:
        return str(raw).strip()
    except ValueError:  # CPython refuses to write out integers of many thousand digits
        return FieldError("invalid")


def _read_filled(raw: object) -> object:
    return _read(raw) or FieldError("blank")


def at_most(length: int) -> ValueCheck:
    """Make a check that a text has at most ``length`` characters (code points)."""
    return partial(_check_length, length)


def _check_length(length: int, value: object) -> FieldError | None:
    return FieldError("max_length", {"max_length": length}) if len(str(value)) > length else None


def without_nulls(value: object) -> FieldError | None:
    """Refuse U+0000."""
    return FieldError("null_characters_not_allowed") if "\0" in str(value) else None


def without_surrogates(value: object) -> FieldError | None:
    """Refuse a lone half of a surrogate pair, naming the first."""
    text = str(value)
    if text.isascii():
        return None
    for character in text:
        if _FIRST_SURROGATE <= character <= _LAST_SURROGATE:
            return FieldError("surrogate_characters_not_allowed", {"code_point": f"{ord(character):X}"})
    return None


def written(raw: object) -> str:
    """Write a value as Python does; of one that can't be written out, the name of its type."""
    try:
        return str(raw)
    except (RecursionError, ValueError):  # nested too deeply, or an integer too long to write out
        return type(raw).__name__

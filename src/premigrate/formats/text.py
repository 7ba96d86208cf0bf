"""Parses text as DRF's CharField does: numbers become text, surrounding whitespace is stripped."""

from decimal import Decimal
from functools import partial

from premigrate.formats.interfaces import FieldError, ValueCheck, ValueParser
from premigrate.formats.pattern import LazyPattern

_FIRST_SURROGATE, _LAST_SURROGATE = chr(0xD800), chr(0xDFFF)


def text_parser(*, blank: bool) -> ValueParser:
    """Return a parser of text; with ``blank``, it accepts a text that is empty or only whitespace."""
    return _read if blank else _read_filled


def _read(raw: object) -> object:
    if isinstance(raw, bool) or not isinstance(raw, (str, int, float, Decimal)):
        return FieldError("invalid")
    try:
        return str(raw).strip()
    except ValueError:  # an integer with more digits than CPython converts to text
        return FieldError("invalid")


def _read_filled(raw: object) -> object:
    return _read(raw) or FieldError("blank")


def max_length_check(length: int) -> ValueCheck:
    """Return a check that a text has at most ``length`` characters (code points)."""
    return partial(_check_length, length)


def _check_length(length: int, value: object) -> FieldError | None:
    return FieldError("max_length", {"max_length": length}) if len(str(value)) > length else None


def min_length_check(length: int) -> ValueCheck:
    """Return a check that a text has at least ``length`` characters (code points)."""
    return partial(_check_min_length, length)


def _check_min_length(length: int, value: object) -> FieldError | None:
    return FieldError("min_length", {"min_length": length}) if len(str(value)) < length else None


def pattern_check(pattern: LazyPattern) -> ValueCheck:
    """Return a check that a text matches a pattern as a whole."""
    return partial(_check_pattern, pattern)


def _check_pattern(pattern: LazyPattern, value: object) -> FieldError | None:
    return None if pattern.fullmatch(str(value)) else FieldError("invalid", text="invalid:pattern")


def check_null_characters(value: object) -> FieldError | None:
    """Return an error for U+0000, as Django's ProhibitNullCharactersValidator does."""
    return FieldError("null_characters_not_allowed") if "\0" in str(value) else None


def check_surrogate_characters(value: object) -> FieldError | None:
    """Return an error for the first surrogate, as DRF's ProhibitSurrogateCharactersValidator does."""
    text = str(value)
    if text.isascii():
        return None
    for character in text:
        if _FIRST_SURROGATE <= character <= _LAST_SURROGATE:
            return FieldError("surrogate_characters_not_allowed", {"code_point": f"{ord(character):X}"})
    return None


def text_or_type_name(raw: object) -> str:
    """Return ``str`` of a value, or the name of its type if that fails."""
    try:
        return str(raw)
    except (RecursionError, ValueError):  # nested too deeply, or an integer with too many digits
        return type(raw).__name__

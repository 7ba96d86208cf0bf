"""Describes the values that a field accepts, and what is expected instead of a value that it refuses."""

from __future__ import annotations

import re
from typing import Final

from premigrate.engine.phrases import join_words, one_of, type_word
from premigrate.engine.program import ValueSpec
from premigrate.formats.interfaces import FieldError
from premigrate.formats.plain import Unserializable
from premigrate.results import Place

_CLEAR_CODES: Final = frozenset({"max_length", "min_length", "max_value", "min_value", "max_string_length"})
"""The codes of errors whose detail describes the valid values."""

_FORMS: Final[dict[str, str]] = {
    "string": "a text",
    "email": "an e-mail address, such as name@example.org",
    "date": "a date, such as 2026-01-31",
    "datetime": "a date and time, such as 2026-01-31T12:00:00Z",
    "integer": "a whole number, such as 12",
    "boolean": "true or false",
    "choice": "a text",
    "json": "a value that JSON can express",
    "object": "an object",
}


_NOT_NULL: Final = {_FORMS["json"]: "any value but null"}

_TEXT_FORMS: Final[dict[str, str]] = {
    "blank": "a text that is not blank",
    "null_characters_not_allowed": "a text without null characters",
    "surrogate_characters_not_allowed": "a text without lone surrogates",
}
"""The form of a valid text, by the code of the error."""

_DECIMAL_COMMA: Final = re.compile(r"\s*[+-]?[0-9]+,[0-9]+\s*")


def value_form(spec: ValueSpec) -> str:
    """Return the form of valid values in words."""
    if spec.patterns:
        return f"{_FORMS[spec.type]} that matches {join_words(spec.patterns, ' or ')}"
    if spec.type != "decimal":
        return _FORMS[spec.type]
    digits, places = spec.max_digits, spec.decimal_places
    if digits is None:
        return "a number" if places is None else f"a number with up to {_digits(places)} after the decimal point"
    if places is None:
        return f"a number of up to {_digits(digits)}"
    return f"a number with up to {_digits(digits - places)} before and {places} after the decimal point"


def _digits(count: int) -> str:
    return f"{count} digit" if count == 1 else f"{count} digits"


def not_null(form: str, choices: tuple[str, ...], where: str) -> str:
    """Return what is expected instead of null; the arguments are those of `expected_value`."""
    return _NOT_NULL.get(form) or (one_of(choices, None, where) if choices else form)


def with_requirement(form: str, *, is_required: bool) -> str:
    """Return what is expected instead of a missing value of a field."""
    return f"{form}; the field is required" if is_required else f"{form}; or omit the field"


def dotted_keys(place: Place) -> str:
    """Return the keys of a place, which are a topic of ``premigrate explain``."""
    return ".".join([step for step in place if isinstance(step, str)])


def expected_value(  # noqa: PLR0913, PLR0917 - what depends on the field and on the value
    form: str, choices: tuple[str, ...], error: FieldError, raw: object, meant: object, where: str
) -> str:
    """Return what is expected instead of a value with an error; empty if the detail of the error states it.

    Args:
        form: the form of valid values in words.
        choices: the valid strings; empty if any string is valid.
        error: the error.
        raw: the value.
        meant: the value if choices may be suggested for it, else None.
        where: the path of the field, which is a topic of ``premigrate explain``.

    """
    if error.code == "invalid_choice":
        return one_of(choices, meant, where) if choices else form
    if error.code in _CLEAR_CODES:
        return ""
    if form == _FORMS["string"] and error.code in _TEXT_FORMS:
        return _TEXT_FORMS[error.code]
    if form == _FORMS["json"] and not isinstance(raw, Unserializable):
        return form  # the fault can be anywhere in the value
    if form.startswith("a number") and isinstance(raw, str) and _DECIMAL_COMMA.fullmatch(raw):
        return f"{form}, written with a decimal point"
    is_no_text = isinstance(raw, (int, float)) and form.startswith("a date")
    is_wrong_type = is_no_text or isinstance(raw, (bool, list, dict, Unserializable))
    return f"{form}, not {type_word(raw)}" if is_wrong_type else form

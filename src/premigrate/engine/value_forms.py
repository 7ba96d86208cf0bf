"""Describes the values that a field accepts, and what would be right instead of one that it refuses."""

from __future__ import annotations

from typing import Final

from premigrate.engine.phrases import one_of, type_word
from premigrate.engine.program import ValueSpec
from premigrate.formats.interfaces import FieldError
from premigrate.formats.plain import Unserializable

_CLEAR_CODES: Final = frozenset({"max_length", "max_value", "min_value", "max_string_length"})
"""The codes of errors whose detail says what would be right."""

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


def value_form(spec: ValueSpec) -> str:
    """Return the form of valid values in words."""
    if spec.type != "decimal":
        return _FORMS[spec.type]
    digits = f" of up to {spec.max_digits} digits" if spec.max_digits is not None else ""
    places = f" with up to {spec.decimal_places} decimal places" if spec.decimal_places is not None else ""
    return f"a number{digits}{places}"


def expected_value(  # noqa: PLR0913, PLR0917 - what depends on the field and on the value
    form: str, choices: tuple[str, ...], error: FieldError, raw: object, meant: object, where: str
) -> str:
    """Return what would be right instead of a value with an error; empty if the detail of the error says it.

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
    is_no_text = isinstance(raw, (int, float)) and form.startswith("a date")
    is_wrong_type = is_no_text or isinstance(raw, (bool, list, dict, Unserializable))
    return f"{form}, not {type_word(raw)}" if is_wrong_type else form

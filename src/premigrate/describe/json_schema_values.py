r"""Converts the single values of a ruleset to JSON Schema that accepts at least what the framework's fields accept.

Patterns use only what Python, ECMA-262 and most other engines interpret alike: no ``\s`` (engines differ in its
characters), no lookaround, no nested counted quantifiers. Python's parsers also accept the digits of other scripts,
so a number or date with a non-ASCII character passes.
"""

from __future__ import annotations

import re
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from premigrate.formats import numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from premigrate.ruleset.model.fields import FieldSpec

Schema: TypeAlias = dict[str, Any]

_ANYTHING: Schema = {"not": {"type": "null"}}
"""Any JSON value but null; a list of all types makes generators of code ask for the items of arrays."""

_NON_ASCII = r"[^\x00-\x7f]"
_ASCII_WHITE = r"\t-\r\x1c-\x20"
_ASCII_SPACE = f"[{_ASCII_WHITE}]"
_STRIPPED_CHARACTERS = _ASCII_WHITE + "\\x85\\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""The characters that ``str.strip`` removes."""

_TEXT = r"^[^\x00]*$"
_FILLED_TEXT = rf"^[{_STRIPPED_CHARACTERS}]*[^{_STRIPPED_CHARACTERS}\x00][^\x00]*$"
_BLANK = rf"^[{_STRIPPED_CHARACTERS}]*$"
_WHITE_END = rf"^[{_STRIPPED_CHARACTERS}]|[{_STRIPPED_CHARACTERS}]$"

_WEEK = r"W(?:0[1-9]|[1-4][0-9]|5[0-3])"
_BASIC_DAY = rf"(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])|{_WEEK}[1-7])"
_DAY = rf"(?:-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12][0-9]|3[01])|-{_WEEK}(?:-[1-7])?|{_WEEK}|{_BASIC_DAY})"
_DATE = rf"^[0-9]{{4}}(?:{_DAY}|{_BASIC_DAY}[\s\S]{{2}})\n?$|{_NON_ASCII}"  # Python ignores two more characters

_SIXTY, _FRACTION, _IGNORED_AFTER_SECONDS = "[0-5][0-9]", "[.,][0-9]+", "(?:[.,:]?[0-9]+)?"
_CLOCK = rf"[0-2][0-9](?:{_FRACTION}|:?{_SIXTY}(?:{_FRACTION}|:?{_SIXTY}{_IGNORED_AFTER_SECONDS})?)?"
_SHORT_CLOCK = r"[0-2]?[0-9]:[0-5]?[0-9](?::[0-5]?[0-9](?:[.,][0-9]{1,12})?)?"
_ZONE = (
    rf"(?:Z|[+-](?:[01][0-9]|2[0-3])(?:{_FRACTION}|:?[0-9]{{2}}(?:{_FRACTION}|:?[0-9]{{2}}{_IGNORED_AFTER_SECONDS})?)?)"
)
_PAST_CLOCK = "(?:[^Z+-]|[0-9]{5}[^Z+-]*)?"  # Python ignores more here than ISO 8601 allows, and so does the platform
_TIME = rf"(?:{_CLOCK}|{_CLOCK}{_PAST_CLOCK}{_ZONE}|{_SHORT_CLOCK}{_ASCII_SPACE}*{_ZONE}?)"
_DATETIME = rf"^[0-9]{{4}}{_DAY}(?:[\s\S]{_TIME})?\n?$|[^\x01-\x7f]"  # Python allows a final null character, too

_INTEGER = rf"^{_ASCII_SPACE}*[+-]?[0-9][0-9_]*{_ASCII_SPACE}*(?:\.0*{_ASCII_SPACE}*)?$|{_NON_ASCII}"
_EXPONENT = r"[_.+-]*[0-9][0-9_.]*[eE][_+-]*[0-9][0-9_]*"
_UNDERSCORE = r"[0-9.+-]*_[0-9_.+-]*"

_NO_LETTER = r"\x00-\x2c\x2f\x3a-\x40\x5b-\x60\x7b-\xa0"  # of a domain; a range up to U+FFFF is not valid in YAML
_LOCAL = '(?:[-!#$%&\'*+/=?^_`{|}~0-9A-Za-z.\u0130\u0131\u017f\u212a]+|"[^\\x00]*")'  # four letters fold to ASCII
_EMAIL = (
    rf"^[{_STRIPPED_CHARACTERS}]*{_LOCAL}@"
    rf"(?:(?:localhost|\[[0-9A-Fa-f:.]+\])[{_STRIPPED_CHARACTERS}]*|[^{_NO_LETTER}.]+\.[^{_NO_LETTER}]+(?:[{_ASCII_WHITE}\x85\xa0][{_STRIPPED_CHARACTERS}]*)?)$"
)


_JSON_TYPES: Mapping[str, set[type]] = {"string": {str}, "number": {int, float}, "boolean": {bool}}

_HAS_CLASS = re.compile(r"\\[dwsDWS]")
_PLAIN_PART = re.compile(r"\[(?:\\.|[^\\\]])*+\]|\\.|\.|[^\\\[.]", re.DOTALL)
_PORTABLE = {
    ".": r"[\s\S]",
    r"\D": r"[\s\S]",
    r"\W": r"[\s\S]",
    r"\S": r"[\s\S]",
    r"\d": f"(?:[0-9]|{_NON_ASCII})",
    r"\w": rf"(?:\w|{_NON_ASCII})",
    r"\s": rf"(?:{_ASCII_SPACE}|{_NON_ASCII})",
    r"\-": "-",
    r"\&": "&",
    r"\~": "~",
}
"""What stands for parts of plain patterns in JSON Schema, whose engines may know ASCII only."""


def value_schema(kind: str, field: FieldSpec, choices: Iterable[str] | None) -> Schema:
    """Return the schema of a single value, which is not null; a value of any other type has no ``type``.

    ``choices`` are those of a closed choice; None for an open one.
    """
    if kind == "choice":
        return _open_choice(field) if choices is None else _closed_choice(tuple(choices), blank=_blank(field))
    return _KINDS[kind](field)


def with_equivalent_values(choices: Iterable[str]) -> list[object]:
    """Return choices, with the numbers and booleans whose ``str()`` equals one: DRF's ChoiceField accepts those too."""
    texts = list(dict.fromkeys(choices))
    values = dict.fromkeys(number for text in texts if (number := _number(text)) is not None)
    return [*texts, *values, *(value for value in (True, False) if str(value) in texts)]


def _number(text: str) -> int | float | None:
    """Return the JSON number whose ``str()`` is ``text``; None if there is none."""
    for parse in (int, float):
        with suppress(ValueError):
            number = parse(text)
            if text[-1:].isdigit() and str(number) == text:
                return number
    return None


def _blank(field: FieldSpec) -> bool:
    """Return whether a closed choice accepts empty text: unlike other texts, not by default unless it is open."""
    return field.accepts_blank if field.open else field.blank is True


def _closed_choice(choices: tuple[str, ...], *, blank: bool) -> Schema:
    if any(choice.startswith(("[", "{")) for choice in choices):
        return _ANYTHING  # the str() of a list or dict may equal a choice
    values = with_equivalent_values([*choices, ""] if blank else choices)
    if not values:
        return {"type": "string", "not": {"type": "string"}}  # nothing is valid
    types = [name for name, kind in _JSON_TYPES.items() if any(type(value) in kind for value in values)]
    return {"type": types[0] if len(types) == 1 else types, "enum": values}


def _open_choice(field: FieldSpec) -> Schema:
    return {"type": ["string", "number"], **({} if field.accepts_blank else {"minLength": 1})}


def _text(field: FieldSpec) -> Schema:
    pattern = _TEXT if field.accepts_blank else _FILLED_TEXT
    return {"type": ["string", "number"], "pattern": pattern, **_length(field)}


def _email(field: FieldSpec) -> Schema:
    pattern = f"{_BLANK}|{_EMAIL}" if field.accepts_blank else _EMAIL
    return {"type": "string", "pattern": pattern, **_length(field)}


def _length(field: FieldSpec) -> Schema:
    """Limit text without surrounding whitespace, since the API trims text before it checks these limits."""
    limits: Schema = {"maxLength": field.max_length} if field.max_length else {}
    if field.min_length and not field.accepts_blank:
        limits["minLength"] = field.min_length
    elif field.min_length:
        limits["anyOf"] = [{"maxLength": 0}, {"minLength": field.min_length}]
    if field.patterns:
        limits["pattern"] = portable_patterns(field)
    return {"if": {"pattern": _WHITE_END}, "else": limits} if limits else {}


def portable_patterns(field: FieldSpec) -> str:
    """Return one pattern for those of a field, of which a text must match one; empty if there are none."""
    blank = ["^$"] if field.patterns and field.accepts_blank else []
    return "|".join([*blank, *(f"^(?:{_portable(pattern)})$" for pattern in field.patterns or ())])


def _portable(pattern: str) -> str:
    """Write a plain pattern so that all engines accept at least what Python matches: in many, classes are ASCII."""
    return _PLAIN_PART.sub(lambda part: _PORTABLE.get(part[0]) or _portable_set(part[0]), pattern)


def _portable_set(part: str) -> str:
    if not part.startswith("["):
        return part
    if part.startswith("[^"):  # a class in a negated set contains less elsewhere, so the set contains more
        return "[\\s\\S]" if "\\s" in part or any(f"\\{letter}" in part for letter in "DWS") else part
    more = r"\x1c-\x1f" if "\\s" in part else ""
    return f"(?:{part[:-1]}{more}]|{_NON_ASCII})" if _HAS_CLASS.search(part) else part


def _integer(field: FieldSpec) -> Schema:
    return {"type": ["integer", "string"], **number_bounds(field), "pattern": _INTEGER}


def number_bounds(field: FieldSpec) -> dict[str, int | float]:
    """Return the bounds of a number. An exclusive bound that is no exact float becomes inclusive."""
    found: dict[str, int | float] = {}
    for word, exclusive_word, bound, exclusive in (
        ("minimum", "exclusiveMinimum", field.min, field.above),
        ("maximum", "exclusiveMaximum", field.max, field.below),
    ):
        exact = bound if bound is not None else exclusive
        if exact is None:
            continue
        number = exact if isinstance(exact, int) else float(exact)
        is_exclusive = exclusive is not None and Decimal(str(number)) == Decimal(exact)
        found[exclusive_word if is_exclusive else word] = number
    return found


def _boolean(field: FieldSpec) -> Schema:
    words = (
        numbers.TRUE_VALUES | numbers.FALSE_VALUES | (numbers.NULL_VALUES if field.accepts_null_value else frozenset())
    )
    texts = sorted(word for word in words if isinstance(word, str))
    pattern = "|".join("".join(map(_any_case, text)) for text in texts)
    return {"type": ["boolean", "integer", "string"], "minimum": 0, "maximum": 1, "pattern": f"^(?:{pattern})$"}


def _any_case(letter: str) -> str:
    return f"[{letter.upper()}{letter}]" if letter.isalpha() else letter


def _decimal(field: FieldSpec) -> Schema:
    places = field.decimal_places
    digits: dict[str, int | float]
    whole = None if field.max_digits is None else max(0, field.max_digits - (places or 0))
    digits = {} if whole is None else {"exclusiveMinimum": -(10**whole), "exclusiveMaximum": 10**whole}
    limits = number_bounds(field)
    if "exclusiveMinimum" in limits and "exclusiveMinimum" in digits:
        digits["exclusiveMinimum"] = max(digits["exclusiveMinimum"], limits.pop("exclusiveMinimum"))
    if "exclusiveMaximum" in limits and "exclusiveMaximum" in digits:
        digits["exclusiveMaximum"] = min(digits["exclusiveMaximum"], limits.pop("exclusiveMaximum"))
    plain = _plain_decimal(whole, field.max_digits if places is None else places)
    blank = f"^{_ASCII_SPACE}*$|" if field.accepts_null_value else ""
    pattern = f"{blank}^{_ASCII_SPACE}*(?:{plain}|{_EXPONENT}|{_UNDERSCORE}){_ASCII_SPACE}*$|{_NON_ASCII}"
    return {"type": ["number", "string"], **digits, **limits, "pattern": pattern}


def _plain_decimal(whole: int | None, places: int | None) -> str:
    """Return the pattern of a decimal without exponent; leading zeros do not count."""
    before = "[0-9]+" if whole is None else f"0*(?:0|[1-9][0-9]{{0,{whole - 1}}})" if whole else "0+"
    most = "" if places is None else places
    return rf"[+-]?(?:{before}(?:\.[0-9]{{0,{most}}})?|\.[0-9]{{1,{most}}})"


def _pattern(pattern: str) -> Callable[[FieldSpec], Schema]:
    return lambda _: {"type": "string", "pattern": pattern}


_KINDS: Mapping[str, Callable[[FieldSpec], Schema]] = {
    "string": _text,
    "email": _email,
    "date": _pattern(_DATE),
    "datetime": _pattern(_DATETIME),
    "decimal": _decimal,
    "integer": _integer,
    "boolean": _boolean,
    "json": lambda _: _ANYTHING,
    "object": lambda _: {"type": "object", "additionalProperties": True},
}

"""Explains JSON syntax errors in plain words, with a fix, in place of the messages of the parser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from json import JSONDecodeError

COMMENT_ERROR = "a comment, which JSON does not allow; delete it"
TRUNCATED_ERROR = "the text ends too early; it was cut short, or a closing brace or bracket is missing"
OBJECT_EXPECTED_ERROR = "expected an object in braces"

_Table = tuple[tuple[re.Pattern[str], str], ...]


_ANYWHERE = (
    (re.compile(r"\Z"), TRUNCATED_ERROR),
    (re.compile(r"//|/\*|#"), COMMENT_ERROR),
    (
        re.compile("['`\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb]"),
        "a quotation mark that is not a straight double quote; write strings and keys in straight double quotes",
    ),
    (
        re.compile(r"<{7}|={7}|>{7}"),
        "a conflict marker of an unfinished merge; resolve the conflict, and delete the markers",
    ),
)
"""Text that is an error at any position outside strings."""

_AT_KEY = (
    (re.compile(r","), "a comma with nothing before it; delete it"),
    (
        re.compile(r"[-+]?\d"),
        "a number in place of a key; write keys in double quotes, and decimal numbers with a point",
    ),
    (re.compile(r"[\w$]"), "a key without quotes; write it in double quotes"),
)
_AFTER_KEY = (
    (re.compile(r"=(?!=)"), "an equals sign after a key; write a colon"),
    (re.compile(r"[,}]"), "a key without a value; write a colon and the value, or delete the key"),
)
_AT_VALUE = (
    (re.compile(r","), "a comma with no value before it; delete it, or write the value"),
    (re.compile(r"[]}:]"), "a value is missing before this"),
    (
        re.compile(r"(?i:true|false|null|none|nil|undefined)\b"),
        "true, false and null must be in lower case; write one of them, or a string in double quotes",
    ),
    (re.compile(r"[-+.]"), "a number must begin with a digit, or with a minus sign and a digit"),
    (re.compile(r"[\w$]"), "a value without quotes; write strings in double quotes"),
)
_AFTER_VALUE = (
    (re.compile(r";"), "a semicolon; separate values with commas"),
    (re.compile(r":"), "a colon after a value; keys and values must be inside an object, between braces"),
    (re.compile(r"}"), "} cannot close the array that [ opened; write ] before it"),
    (re.compile(r"]"), "] cannot close the object that { opened; write } before it"),
)
_AFTER_DIGIT = (
    (re.compile(r"\d"), "a number with leading zeros; delete them, or write it as a string in double quotes"),
    (re.compile(r"[.eE]"), "a number that ends with a point or an e; write digits after it"),
)
_AFTER_QUOTE = ((re.compile(r"\w"), 'the string ends before this; inside a string, write a double quote as \\"'),)
_AFTER_END = (
    (
        re.compile(r"{"),
        "a second object begins here; put several accounts into one array, or one on each line (.ndjson)",
    ),
    (re.compile(r"\["), "a second array begins here; put all accounts into one array, or one on each line (.ndjson)"),
    (re.compile(r","), "a comma after the end; put several accounts into one array, between [ and ]"),
    (re.compile(r"[]}]"), "an extra closing brace or bracket; delete it"),
)
_BY_MESSAGE = (
    ("Unterminated string", "this string does not end; its closing double quote is missing"),
    (
        "Invalid control character",
        "a line break or tab inside a string; a closing double quote is missing, or write it as \\n or \\t",
    ),
    ("Invalid \\u", "\\u in a string must be followed by four hexadecimal digits"),
    ("Invalid \\", "a backslash that does not begin an escape sequence; write two backslashes"),
    ("Illegal trailing comma before end of object", "a comma after the last entry of an object; delete it"),
    ("Illegal trailing comma before end of array", "a comma after the last element of an array; delete it"),
)
"""Beginnings of ``json`` messages that identify the error by themselves."""


def explain_json_error(error: JSONDecodeError) -> str:
    """Explain an error of the ``json`` module, as normalised by `normalise_error`, and how to fix it."""
    for prefix, explanation in _BY_MESSAGE:
        if error.msg.startswith(prefix):
            return explanation
    rest, before = error.doc[error.pos :][:40], error.doc[: error.pos]
    match error.msg.split("'")[0]:
        case "Expecting property name enclosed in double quotes":
            return explain_at_key(rest)
        case "Expecting " if "':'" in error.msg:
            return explain_after_key(rest)
        case "Expecting ":
            return explain_after_value(rest, before[-1:])
        case "Extra data":
            return explain_after_end(rest)
        case _:
            return explain_at_value(rest) if before.strip() else explain_at_start(rest)


def explain_at_start(rest: str) -> str:
    """Explain what is wrong at the beginning of a text.

    Here and below, ``rest`` is the text from the position of the error on, or the first characters of it.
    """
    return _find((), rest, "a JSON payload must begin with { or [")


def explain_at_key(rest: str) -> str:
    """Explain what is wrong where a key must begin."""
    return _find(_AT_KEY, rest, "expected a key in double quotes")


def explain_after_key(rest: str) -> str:
    """Explain what is wrong where a colon must be."""
    return _find(_AFTER_KEY, rest, "a colon is missing between a key and its value")


def explain_at_value(rest: str) -> str:
    """Explain what is wrong where a value must begin."""
    return _find(_AT_VALUE, rest, "expected an object, array, string, number, true, false or null")


def explain_after_value(rest: str, before: str = "") -> str:
    """Explain what is wrong after a value, at a comma or a closing bracket; ``before`` is the last character of it."""
    after_this = _AFTER_DIGIT if before.isdigit() else _AFTER_QUOTE if before == '"' else ()
    return _find((*after_this, *_AFTER_VALUE), rest, "a comma is missing before this")


def explain_after_end(rest: str) -> str:
    """Explain what is wrong after the end of the top-level value."""
    return _find(_AFTER_END, rest, "unexpected text after the end; delete it")


def _find(table: _Table, rest: str, otherwise: str) -> str:
    return next((explanation for pattern, explanation in (*_ANYWHERE, *table) if pattern.match(rest)), otherwise)

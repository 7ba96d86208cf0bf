"""Formats the phrases that describe what is expected. They are made only for findings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from premigrate.engine.field_info import nearest_several
from premigrate.formats.plain import Unserializable

MAX_LISTED: Final = 15
"""A longer list of values is not written out."""
_EXAMPLES: Final = 3
_MAX_COMPARED: Final = 1000
"""The maximum number of values with which a value is compared, because comparing is slow."""
_CACHE_SIZE: Final = 256
_MAX_EXPONENT: Final = 30

_ORDERS: Final[dict[str, tuple[str, str]]] = {
    "<": ("before", "less than"),
    "<=": ("on or before", "at most"),
    "==": ("equal to", "equal to"),
    ">=": ("on or after", "at least"),
    ">": ("after", "more than"),
}
_REVERSED: Final[dict[str, str]] = {"<": ">", "<=": ">=", "==": "==", ">=": "<=", ">": "<"}


def join_words(words: Sequence[str], conjunction: str) -> str:
    """Join words to ``a, b and c``."""
    return conjunction.join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def type_word(value: object) -> str:
    """Return the type of a value with its article, in the words of JSON."""
    if isinstance(value, Unserializable):
        return f"a Python value of the type {value.type_name}"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, list):
        return "a list"
    return "an object" if isinstance(value, dict) else "a number"


def value_text(value: object) -> str:
    """Return a parsed value as text: a date in ISO format, a number without exponent."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}" if abs(value.adjusted()) < _MAX_EXPONENT else str(value)
    return str(value)


def one_of(values: frozenset[str] | tuple[str, ...], meant: object, where: str) -> str:
    """Return the phrase for a value that must be one of several.

    Up to `MAX_LISTED` values are listed. Of more, the phrase has those that are nearest to the value that was found.

    Args:
        values: the valid values.
        meant: the value that was found, or None if the phrase must not depend on it.
        where: what to explain to see all values: the topic of ``premigrate explain``.

    """
    known, listed = _listing(values)
    near = nearest_several(meant, known) if isinstance(meant, str) and 1 < len(known) <= _MAX_COMPARED else []
    if len(known) <= MAX_LISTED:
        return f"{listed} (did you mean {near[0]}?)" if near else listed
    nearest = f", nearest {', '.join(near)}" if near else listed
    return f"one of {len(known)} values{nearest} (see premigrate explain {where})"


@lru_cache(_CACHE_SIZE)
def _listing(values: frozenset[str] | tuple[str, ...]) -> tuple[frozenset[str], str]:
    """Return the values, and a list of them in words; of many values, a few examples. Cached: there can be many."""
    known = sorted(values) if isinstance(values, frozenset) else list(dict.fromkeys(values))
    known = [value for value in known if value]
    if len(known) > MAX_LISTED:
        return frozenset(known), f", such as {', '.join(known[:_EXAMPLES])}"
    return frozenset(known), f"one of {', '.join(known)}" if len(known) > 1 else "".join(known)


def compared(order: str, other: object, *, is_left: bool) -> tuple[str, str]:
    """Return the type of a value that compares as required with another, and the words of the comparison.

    ``is_left``: the value is on the left of the operator.
    """
    by_date, by_number = _ORDERS[order if is_left else _REVERSED[order]]
    return ("a date", by_date) if isinstance(other, date) else ("a number", by_number)


def count_days(days: int) -> str:
    """Return a number of days as text."""
    return f"{days} day" if days == 1 else f"{days} days"

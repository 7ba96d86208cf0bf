"""The words that look into objects, for those that a parser made: nothing in them is wrong."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from premigrate.running.order_words import covered_by, follow_on_by
from premigrate.running.words import EXACT


def part(value: Any, key: str) -> object:  # noqa: ANN401
    """Find a key of an object; None if there is none."""
    return getattr(value, key, None)


# Loops, not comprehensions: most lists have an item or two, and a comprehension costs a call.


def parts(values: Iterable[Any], key: str) -> list[object]:
    """Find a key of several objects; those without it are left out."""
    found = []
    for value in values:
        inner = getattr(value, key, None)
        if inner is not None:
            found.append(inner)
    return found


def filled_parts(values: Iterable[Any], key: str) -> list[object]:
    """Find a key of several objects; those where it says nothing are left out."""
    found = []
    for value in values:
        inner = getattr(value, key, None)
        if inner or inner == 0:
            found.append(inner)
    return found


def items_below(values: Iterable[Any], key: str) -> list[object]:
    """List the items of the lists at a key of several objects together."""
    found: list[object] = []
    for value in values:
        inner = getattr(value, key, None)
        if inner:
            found += inner
    return found


def distinct_of(key: str, *lists: Sequence[Any]) -> bool:
    """Whether no value of one key comes twice in several objects."""
    found = [getattr(value, key, None) for values in lists for value in values]
    return len(found) < 2 or len(set(found)) == len(found) or _distinct([each for each in found if each or each == 0])


def _distinct(values: list[object]) -> bool:
    return len(set(values)) == len(values)


def distinct_by(keys: tuple[str, ...], *lists: Sequence[Any]) -> bool:
    """Whether no two objects agree in all keys."""
    found = [tuple(getattr(value, key, None) or "" for key in keys) for values in lists for value in values]
    return len(set(found)) == len(found)


def signed(holders: Iterable[Any], name: str, sign: str, negative: frozenset[str]) -> list[object]:
    """List the amounts of several objects, with the sign that a text beside it tells."""
    found: list[object] = []
    for holder in holders:
        amount: Any = getattr(holder, name, None)
        if type(amount) is Decimal or type(amount) is int:
            found.append(EXACT.minus(amount) if getattr(holder, sign, None) in negative else amount)
    return found


_QUESTIONS = (part, parts, filled_parts, items_below, distinct_of, distinct_by, signed)

STRUCT_WORDS: Mapping[str, object] = {
    **{word.__name__: word for word in _QUESTIONS},
    "covered": partial(covered_by, getattr),
    "follow_on": partial(follow_on_by, getattr),
}
"""What takes the place of the words of the same names."""

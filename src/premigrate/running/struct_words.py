"""The words that look into objects, for those that a parser made: nothing in them is wrong."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from math import fsum
from typing import Any

from premigrate.formats.numbers import TO_WHOLE
from premigrate.formats.oddities import NOISE
from premigrate.running.order_words import covered_by, follow_on_by

_SCALE = 10.0**NOISE


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
        if amount is not None:
            found.append(-amount if getattr(holder, sign, None) in negative else amount)
    return found


def adds_up(  # noqa: PLR0913, PLR0917
    added: Iterable[Any],
    taken: Iterable[Any],
    goal: Any,  # noqa: ANN401
    times: int,
    within: int,
    is_bound: bool,  # noqa: FBT001
) -> bool:
    """Whether a sum reaches its goal, or stays within it. Floats stand for decimals, each for that it is nearest to.

    They are counted in their smallest parts, of which ``within`` is a number too: that is exact, and so is the sum.
    """
    if goal is None:
        if is_bound:
            return True
        goal = 0
    counts = [goal * _SCALE + TO_WHOLE - TO_WHOLE] * times
    for amount in added:
        if amount is not None:
            counts.append(TO_WHOLE - amount * _SCALE - TO_WHOLE)
    for amount in taken:
        if amount is not None:
            counts.append(amount * _SCALE + TO_WHOLE - TO_WHOLE)
    rest = fsum(counts)
    return not rest or (rest >= -within and (is_bound or rest <= within))


_QUESTIONS = (part, parts, filled_parts, items_below, distinct_of, distinct_by, signed, adds_up)

STRUCT_WORDS: Mapping[str, object] = {
    **{word.__name__: word for word in _QUESTIONS},
    "is_typed": False,
    "covered": partial(covered_by, getattr),
    "follow_on": partial(follow_on_by, getattr),
}
"""What takes the place of the words of the same names."""

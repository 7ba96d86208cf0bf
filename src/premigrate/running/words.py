"""The words that written code uses: small questions about values that were read, as quick as they can be.

An answer of false, None or an exception only means that the rule itself has to be asked.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Context as DecimalContext
from decimal import Decimal
from typing import Any

from premigrate.formats import Judge
from premigrate.formats.dates import parse_datetime
from premigrate.formats.email import USUAL as USUAL_EMAIL
from premigrate.formats.json_value import is_plain_json
from premigrate.formats.numbers import decimal_of
from premigrate.plan import WRONG
from premigrate.running.order_words import ORDER_WORDS

SURPRISES = (TypeError, ValueError, AttributeError, LookupError, ArithmeticError)
"""What a word may raise over a value it was not made for."""

EXACT = DecimalContext(prec=500)
_NUMBERS = frozenset({Decimal, int})
_ADD, _SUBTRACT = EXACT.add, EXACT.subtract


def part(value: object, key: str) -> object:
    """Find a key of an object; None if there is none, and WRONG stays."""
    return value.get(key) if type(value) is dict else WRONG if value is WRONG else None


def items(value: object) -> Sequence[object]:
    """List the items of one value."""
    return value if type(value) is list else (WRONG,) if value is WRONG else ()


def items_of(values: Iterable[object]) -> list[object]:
    """List the items of several values together."""
    return [item for value in values for item in items(value)]


def parts(values: Iterable[object], key: str) -> list[object]:
    """Find a key of several objects; those without it are left out."""
    found: list[object] = []
    for value in values:
        if type(value) is dict:
            inner = value.get(key)
            if inner is not None:
                found.append(inner)
        elif value is WRONG:
            found.append(WRONG)
    return found


def items_below(values: Iterable[object], key: str) -> list[object]:
    """List the items of the lists at a key of several objects together."""
    found: list[object] = []
    for value in values:
        inner = value.get(key) if type(value) is dict else WRONG if value is WRONG else None
        if type(inner) is list:
            found += inner
        elif inner is WRONG:
            found.append(WRONG)
    return found


def filled_parts(values: Iterable[object], key: str) -> list[object]:
    """Find a key of several objects; those where it says nothing are left out."""
    found: list[object] = []
    for value in values:
        inner = value.get(key) if type(value) is dict else WRONG if value is WRONG else None
        if inner or inner == 0:
            found.append(inner)
    return found


def filled(values: Sequence[object]) -> Sequence[object]:
    """Leave out what says nothing."""
    return [value for value in values if value or value == 0] if values else ()


def listed(value: object) -> tuple[object, ...]:
    """List one value, if it says something."""
    return (value,) if value or value == 0 else ()


def joined(*texts: object) -> str:
    """Join the filled ones of several texts by spaces; nothing, if one of them is no text."""
    given = [text for text in texts if text or text == 0]
    return " ".join(given) if all(type(text) is str for text in given) else ""  # type: ignore[arg-type]


def fits_there(judges: Mapping[str, Judge], territory: object, text: str) -> bool:
    """Whether a text has the form of a territory, or nobody knows that form."""
    if type(territory) is not str:
        return True
    judge = judges.get(territory) or judges.get(territory.upper())
    return judge is None or judge(text) is None


def distinct(*lists: Sequence[object]) -> bool:
    """Whether no value comes twice."""
    found = lists[0] if len(lists) == 1 else [value for values in lists for value in values]
    return len(found) < 2 or len(set(found)) == len(found)


def distinct_of(key: str, *lists: Sequence[Any]) -> bool:
    """Whether no value of one key comes twice in several objects."""
    seen = set()
    for values in lists:
        for value in values:
            inner = value.get(key) if type(value) is dict else None
            if (inner or inner == 0) and inner is not WRONG:
                if inner in seen:
                    return False
                seen.add(inner)
    return True


def distinct_by(keys: tuple[str, ...], *lists: Sequence[Any]) -> bool:
    """Whether no two objects agree in all keys."""
    found = [item for values in lists for item in values]
    return len(found) < 2 or len({tuple(item.get(key) or "" for key in keys) for item in found}) == len(found)


def alike(*lists: Sequence[object]) -> bool:
    """Whether all values are the same."""
    return len({value for values in lists for value in values}) < 2


def contained(values: Sequence[object], *others: Sequence[object]) -> bool:
    """Whether all values are among the others."""
    return not values or {value for each in others for value in each}.issuperset(values)


def chosen(values: Iterable[object], holds: Callable[[object], bool]) -> int:
    """Count the objects of which something holds."""
    return sum(1 for value in values if type(value) is dict and holds(value))


def signed(holders: Iterable[Any], name: str, sign: str, negative: frozenset[str]) -> list[object]:
    """List the amounts of several objects, with the sign that a text beside it tells."""
    found: list[object] = []
    for holder in holders:
        if type(holder) is not dict:
            found.append(holder)
            continue
        amount: Any = holder.get(name)
        said = holder.get(sign)
        if said is WRONG:
            amount = WRONG
        elif said in negative and type(amount) in _NUMBERS:
            amount = EXACT.minus(amount)
        found.append(amount)
    return found


def adds_up(  # noqa: C901, PLR0913, PLR0917 - one loop would take a third longer
    added: Iterable[Any],
    taken: Iterable[Any],
    goal: object,
    times: int,
    within: Decimal,
    is_bound: bool,  # noqa: FBT001
) -> bool:
    """Whether a sum reaches its goal, or stays within it; one that can't be told does. What is no number is nothing."""
    if type(goal) not in _NUMBERS:
        if is_bound or goal is not None:
            return goal is None or goal is WRONG
        goal = 0
    rest: Any = goal if times == 1 else EXACT.multiply(goal, times)  # type: ignore[arg-type]
    for amount in added:
        if type(amount) in _NUMBERS:
            rest = _SUBTRACT(rest, amount)
        elif amount is WRONG:
            return True
    for amount in taken:
        if type(amount) in _NUMBERS:
            rest = _ADD(rest, amount)
        elif amount is WRONG:
            return True
    return not rest or (rest >= within.copy_negate() and (is_bound or rest <= within))


_QUESTIONS = (
    adds_up,
    alike,
    chosen,
    contained,
    decimal_of,
    distinct,
    distinct_by,
    distinct_of,
    filled,
    filled_parts,
    fits_there,
    is_plain_json,
    items,
    items_below,
    items_of,
    joined,
    listed,
    part,
    parts,
    signed,
)

WORDS: Mapping[str, object] = {
    **{word.__name__: word for word in _QUESTIONS},
    **ORDER_WORDS,
    "Decimal": Decimal,
    "SURPRISES": SURPRISES,
    "USUAL_EMAIL": USUAL_EMAIL,
    "WRONG": WRONG,
    "date_of": date.fromisoformat,
    "datetime_of": parse_datetime,
}
"""All that written code may use by name, apart from the constants that were written with it."""

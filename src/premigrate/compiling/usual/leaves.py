"""Writes, for each type of field, how to tell that a raw value is as usual, and what is then read from it.

What is usual is read exactly as the reader of the type would, passes all its checks, and has no advice.
"""

from typing import NamedTuple

from premigrate.compiling.usual.words import GIVE_UP, Constants
from premigrate.formats.choices import is_open
from premigrate.formats.email import LONGEST
from premigrate.formats.numbers import TO_WHOLE
from premigrate.formats.oddities import EXACT, NOISE
from premigrate.plan import LeafNode
from premigrate.plan.shapes import Anything, Choice, Day, Kind, Number, Text, Truth, Whole
from premigrate.rulebook import Field

_MOST_DIGITS = 15
"""Digits before the point that a float is sure to write out."""

_MOST_WHOLE_DIGITS = _MOST_DIGITS - NOISE
"""Digits before the point where six behind it are sure to be told apart."""


class Usual(NamedTuple):
    """A test of the raw value, and the value read from it.

    ``may_fail``: where the value is not as usual after all, computing it raises a ValueError.
    """

    test: str
    value: str
    may_fail: bool = False


def write_leaf(leaf: LeafNode, kind: str, spec: Field, constants: Constants, v: str = "v") -> Usual | None:  # noqa: C901, PLR0911
    """Write what is usual for a field of one type, whose raw value stands in ``v``; None if nothing is."""
    match kind:
        case "string":
            short = "" if spec.max_length is None else f" and len({v}) <= {spec.max_length}"
            return Usual(f"type({v}) is str and {v} and {_clean(v)}{short}", v)
        case "email":
            most = min(spec.max_length or LONGEST, LONGEST)
            return Usual(f"type({v}) is str and len({v}) <= {most} and USUAL_EMAIL.fullmatch({v})", v)
        case "date":
            return Usual(f"type({v}) is str", f"date_of({v})", may_fail=True)
        case "datetime":
            return Usual(f"type({v}) is str", f"datetime_of({v})", may_fail=True)
        case "integer":
            least, most = _bounds(spec)
            return Usual(f"type({v}) is int and {least} <= {v} <= {most}", v)
        case "boolean":
            return Usual(f"{v} is True or {v} is False", v)
        case "choice" if leaf.choices:
            known = constants.name("choices", frozenset(leaf.choices) - {""})
            return Usual(f"type({v}) is str and {v} in {known}", v)
        case "choice" if is_open(leaf.read):
            return Usual(f"type({v}) is str and {v}", v)
        case "decimal" if spec.max_digits is not None and spec.decimal_places is not None:
            test = f"type({v}) is float or type({v}) is int"
            return Usual(test, _decimal_of(v, spec.max_digits, spec.decimal_places), may_fail=True)
        case "json":
            return Usual(f"type({v}) is str or is_plain_json({v})", v)
        case "object":
            return Usual(f"type({v}) is dict", v)
        case _:
            return None


def shape_of_leaf(leaf: LeafNode, kind: str, spec: Field) -> Kind:  # noqa: C901, PLR0911 - one for each type
    """Describe what a parser can check of a field of one type."""
    match kind:
        case "string":
            return Text(spec.max_length, spec.takes_blank)
        case "email":
            return Text(min(spec.max_length or LONGEST, LONGEST), spec.takes_blank)
        case "date":
            return Day()
        case "datetime":
            return Text()
        case "decimal" if spec.max_digits is not None and spec.decimal_places is not None:
            return Number(_bound(spec.max_digits, spec.decimal_places))
        case "integer":
            return Whole(*_bounds(spec))
        case "boolean":
            return Truth()
        case "choice" if leaf.choices:
            return Choice(tuple(choice for choice in leaf.choices if choice))
        case "choice" if is_open(leaf.read):
            return Text()
        case _:
            return Anything()


def look_at_leaf(  # noqa: C901, PLR0911 - one for each type
    leaf: LeafNode, kind: str, spec: Field, local: str, slot: str
) -> list[str]:
    """Write what is then left to be looked at; ``slot`` is where the value stands, if what is read may be put there."""
    put = f"{slot} = {local} = " if slot else ""
    match kind:
        case "string":
            return [f"if not ({local}.strip() is {local} and (is_typed or {_sound(local)})):", f"    {GIVE_UP}"]
        case "email":
            return [f"if not USUAL_EMAIL.fullmatch({local}):", f"    {GIVE_UP}"]
        case "date" if slot:
            return ["if not is_typed:", f"    {put}date_of({local})"]
        case "datetime" if slot:
            return [f"{put}datetime_of({local})"]
        case "decimal" if slot and spec.max_digits is not None and spec.decimal_places is not None:
            return _look_at_decimal(local, spec.max_digits, spec.decimal_places)
        case "json":
            return [f"if type({local}) is not str and not is_plain_json({local}):", f"    {GIVE_UP}"]
        case "object":
            return [f"if type({local}) is not dict:", f"    {GIVE_UP}"]
        case "integer" | "boolean":
            return []
        case "choice" if leaf.choices or is_open(leaf.read):
            return []
        case _:
            return [GIVE_UP]


def _clean(text: str) -> str:
    """Write the test of whether a text has nothing to trim, no U+0000 and no half of a surrogate pair."""
    return f"{text}.strip() is {text} and {_sound(text)}"


def _sound(text: str) -> str:
    """Write the test of whether a text has no U+0000 and no half of a surrogate pair."""
    return f"({text}.isprintable() or ({text}.isascii() and '\\0' not in {text}))"


def _look_at_decimal(value: str, max_digits: int, decimal_places: int) -> list[str]:
    """Write what makes sure that a float stands for a decimal of few digits: it is the one that is nearest to it.

    There is no other with so few digits, so floats compare as their decimals do.
    """
    bound, scale = _bound(max_digits, decimal_places), f"{float(10 ** min(decimal_places, NOISE))}"
    number = f"(type({value}) is float or type({value}) is int) and {-bound} < {value} < {bound}"
    return [
        f"if not (is_typed or ({number})):",
        f"    {GIVE_UP}",
        f"if ({value} * {scale} + {TO_WHOLE} - {TO_WHOLE}) / {scale} != {value}:",
        f"    {GIVE_UP}",
    ]


def _bound(max_digits: int, decimal_places: int) -> int:
    """Tell below which bound a number has no more digits than it may have, and few enough for a float."""
    return int(10 ** min(max_digits - decimal_places, _MOST_WHOLE_DIGITS))


def _decimal_of(value: str, max_digits: int, decimal_places: int) -> str:
    whole, places = min(max_digits - decimal_places, _MOST_DIGITS), min(decimal_places, NOISE)
    return f"decimal_of({value}, {10**whole}, {places})"


def _bounds(spec: Field) -> tuple[int, int]:
    return (
        -EXACT if spec.min is None else max(spec.min, -EXACT),
        EXACT if spec.max is None else min(spec.max, EXACT),
    )

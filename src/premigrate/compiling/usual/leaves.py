"""Writes, for each type of field, how to tell that a raw value is as usual, and what is then read from it.

What is usual is read exactly as the reader of the type would, passes all its checks, and has no advice.
"""

from typing import NamedTuple

from premigrate.compiling.usual.words import Constants
from premigrate.formats.choices import is_open
from premigrate.formats.email import LONGEST
from premigrate.formats.oddities import EXACT, NOISE
from premigrate.plan import LeafNode
from premigrate.rulebook import Field

_MOST_DIGITS = 15
"""Digits before the point that a float is sure to write out."""


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
            clean = f"('\\0' not in {v} if {v}.isascii() else {v}.isprintable())"
            return Usual(f"type({v}) is str and {v} and {v}.strip() is {v} and {clean}{short}", v)
        case "email":
            most = min(spec.max_length or LONGEST, LONGEST)
            return Usual(f"type({v}) is str and len({v}) <= {most} and USUAL_EMAIL.fullmatch({v})", v)
        case "date":
            return Usual(f"type({v}) is str", f"date_of({v})", may_fail=True)
        case "datetime":
            return Usual(f"type({v}) is str", f"datetime_of({v})", may_fail=True)
        case "integer":
            least = -EXACT if spec.min is None else max(spec.min, -EXACT)
            most = EXACT if spec.max is None else min(spec.max, EXACT)
            return Usual(f"type({v}) is int and {least} <= {v} <= {most}", v)
        case "boolean":
            return Usual(f"{v} is True or {v} is False", v)
        case "choice" if leaf.choices:
            known = constants.name("choices", frozenset(leaf.choices) - {""})
            return Usual(f"type({v}) is str and {v} in {known}", v)
        case "choice" if is_open(leaf.read):
            return Usual(f"type({v}) is str and {v}", v)
        case "decimal" if spec.max_digits is not None and spec.decimal_places is not None:
            whole, places = min(spec.max_digits - spec.decimal_places, _MOST_DIGITS), min(spec.decimal_places, NOISE)
            test = f"type({v}) is float or type({v}) is int"
            return Usual(test, f"decimal_of({v}, {10**whole}, {places})", may_fail=True)
        case "json":
            return Usual(f"is_plain_json({v})", v)
        case "object":
            return Usual(f"type({v}) is dict", v)
        case _:
            return None

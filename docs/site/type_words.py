"""Describes the types of the rule language in words."""

from __future__ import annotations

from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BeforeValidator

from docs.site.page import codes
from premigrate.ruleset.model.conditions import Conditions
from premigrate.ruleset.model.operands import Day, FieldKey, Lookup, Operand, Path, Pattern
from premigrate.ruleset.model.operators.sums import Amount
from premigrate.ruleset.model.table import Name, NonBlankText

_NAMED: list[tuple[Any, str]] = [
    (Path, "a path"),
    (FieldKey, "the key of a field of an item"),
    (Name, "a name"),
    (Pattern, "a pattern"),
    (Conditions, "conditions"),
    (Amount, "an amount, as text"),
    (NonBlankText, "a text"),
    (Day, "a day"),
    (Lookup, "a look-up in a reference list"),
    (str, "a text"),
    (int, "a whole number"),
    (bool, "`true` or `false`"),
]
_OPERAND = "a path, a date or a look-up"


def describe_type(hint: Any) -> str:  # noqa: ANN401 - any type
    """Return what a value of a type may be, as Markdown."""
    named = next((words for known, words in _NAMED if known == hint), "")
    if named:
        return named
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        written = next(
            (each.json_schema_input_type for each in arguments[1:] if isinstance(each, BeforeValidator)), None
        )
        return describe_type(arguments[0] if written is None else written)
    if origin in {Union, UnionType}:
        return _alternatives(arguments)
    if origin is Literal:
        return codes(map(str, arguments))
    return _items(arguments) if origin is tuple else _table(arguments)


def _alternatives(arguments: tuple[Any, ...]) -> str:
    """Describe the members of a union; those of an operand together have one description."""
    left = [each for each in arguments if each is not NoneType]
    words = []
    if set(get_args(Operand)) <= set(left):
        left = [each for each in left if each not in get_args(Operand)]
        words.append(_OPERAND)
    return " or ".join(dict.fromkeys([*words, *map(describe_type, left)]))


def _table(arguments: tuple[Any, ...]) -> str:
    """Describe a table with keys of its own, or one in which the types of the key and the value are given."""
    return f"a table: {' = '.join(map(describe_type, arguments))}" if arguments else "a table"


def _items(arguments: tuple[Any, ...]) -> str:
    if arguments[1:] == (Ellipsis,):
        return f"a list; each item is {describe_type(arguments[0])}"
    return f"a list of {len(arguments)} items: {'; '.join(map(describe_type, arguments))}"

"""Paths and operands of rules. An operand is a value of the payload, a value of a reference list, or a date."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, PlainValidator, WithJsonSchema
from pydantic import Field as Key

from premigrate.formats.pattern import compile_plain_pattern
from premigrate.ruleset.model.path_marks import IS_PATH
from premigrate.ruleset.model.table import DATE_KEY, ArrayOf, Name, Table

_STEP = r"[a-z][a-z0-9_]*+(?:\[\])?+"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_PATH = re.compile(rf"(?:up\.)*+(?:\[\]|{_STEP})(?:\.{_STEP})*+|\.")


MAX_DAYS = 100_000
"""The maximum distance between two dates in a rule, in days."""
NOT_A_DATE_MESSAGE = "this is not a date"
_DAY_ABOUT = "A fixed day as a TOML date, without quotes, such as 2010-01-01."


def _check_path(text: str) -> str:
    if _DAY.fullmatch(text):
        raise ValueError(f"{text!r} is text; write a date without quotes: {text}")
    if not _PATH.fullmatch(text):
        raise ValueError(f"{text!r} is not a path; write names joined by dots, with [] after a list")
    return text


def _check_pattern(text: str) -> str:
    compile_plain_pattern(text)
    return text


Path: TypeAlias = Annotated[str, AfterValidator(_check_path), IS_PATH]
"""Names joined by dots. ``[]`` after a list selects all its items, and ``.`` is the value itself. A path that begins
with the name of the market's root object starts there, and a path that begins with ``up.`` at the enclosing object."""

FieldKey: TypeAlias = Annotated[Name, IS_PATH]
"""The key of a field of an item."""

Pattern: TypeAlias = Annotated[str, AfterValidator(_check_pattern)]
"""A regular expression of characters, ``.``, escapes and ``[...]`` sets with counts. It must match the whole value."""

Today: TypeAlias = Literal["<today>"]


def _read_day(value: object) -> date:
    if isinstance(value, date):
        return value
    if isinstance(value, dict) and value.keys() == {DATE_KEY} and isinstance(value[DATE_KEY], str):
        return date.fromisoformat(value[DATE_KEY])
    raise ValueError(NOT_A_DATE_MESSAGE)


Day: TypeAlias = Annotated[
    date, PlainValidator(_read_day), WithJsonSchema({"type": "string", "format": "date", "description": _DAY_ABOUT})
]
"""A fixed day as a TOML date."""


class First(Table):
    """The first of several operands that has a value."""

    first: ArrayOf["Operand"]


class Earliest(Table):
    """The earliest of all dates found at several paths."""

    earliest: ArrayOf[Path]


class Latest(Table):
    """The latest of all dates found at several paths."""

    latest: ArrayOf[Path]


class DayAfter(Table):
    """The day after a date."""

    day_after: Path


class DaysAfter(Table):
    """The day that is a number of days after a date. A negative number means days before the date."""

    days: Annotated[int, Key(ge=-MAX_DAYS, le=MAX_DAYS)]
    after: Today | Path


class Lookup(Table):
    """The cell of a reference list in the column ``take``, in the row that ``by`` selects.

    The values at ``by`` are together compared with the columns in ``key``, by default the first columns. Without
    ``by``, it is the first row.
    """

    take: Name
    of: Name
    by: ArrayOf[Path] = ()
    key: ArrayOf[Name] = ()


Operand: TypeAlias = Today | Day | Path | First | Earliest | Latest | DayAfter | DaysAfter | Lookup
First.model_rebuild()

ComparisonOperator: TypeAlias = Literal["<", "<=", "==", ">=", ">"]

PathUse: TypeAlias = tuple[str, str]
"""A path that a rule reads, as (base, path). With an empty base, the path starts at what the rule applies to."""

ListUse: TypeAlias = tuple[str, tuple[str, ...], int]
"""A reference list that a rule needs, as (name, columns used by name, number of first columns used unnamed)."""


def paths_in(operand: Operand) -> Iterator[str]:
    """Yield the paths that an operand reads."""
    match operand:
        case First(first=operands):
            for option in operands:
                yield from paths_in(option)
        case Earliest(earliest=paths) | Latest(latest=paths) | Lookup(by=paths):
            yield from paths
        case DayAfter(day_after=path):
            yield path
        case DaysAfter(after=path):
            yield from paths_in(path)
        case str() if operand != "<today>":
            yield operand


def lists_in(operand: Operand) -> Iterator[ListUse]:
    """Yield the reference lists that an operand needs."""
    match operand:
        case First(first=operands):
            for option in operands:
                yield from lists_in(option)
        case Lookup(of=name, key=key, take=take, by=by):
            yield name, (*key, take), 0 if key else len(by)

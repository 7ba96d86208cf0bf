"""The parts of compiled rules as plain data: paths, operands, conditions, and the arguments of operators."""

from __future__ import annotations

from datetime import date

from msgspec import Struct


class Path(Struct, frozen=True, array_like=True):
    """A path to values. It starts at the current value of a rule (``up`` 0), ``up`` parents above, or at the root (-1).

    ``steps`` are keys, or ``[]`` for each item of a list.
    """

    up: int
    steps: tuple[str, ...]


class Today(Struct, frozen=True, tag=True):
    """The date that counts as today."""


class FixedDay(Struct, frozen=True, tag=True):
    """A constant date of the rule."""

    day: date


class ValuesAt(Struct, frozen=True, tag=True):
    """The filled values at a path."""

    path: Path


class First(Struct, frozen=True, tag=True):
    """The first of several operands that has a value."""

    options: tuple[Operand, ...]


class Extreme(Struct, frozen=True, tag=True):
    """The earliest or latest date at several paths."""

    paths: tuple[Path, ...]
    is_latest: bool


class DaysAfter(Struct, frozen=True, tag=True):
    """The day that is a number of days after a date; a negative number means before it."""

    days: int
    start: Operand


class Lookup(Struct, frozen=True, tag=True):
    """A cell of the reference list ``name``, in the row with the key at the paths ``by``; without paths, that is ()."""

    by: tuple[Path, ...]
    cells: dict[tuple[str, ...], str]
    name: str = ""


Operand = Today | FixedDay | ValuesAt | First | Extreme | DaysAfter | Lookup


class Predicate(Struct, frozen=True):
    """A predicate on a value: its name in the rule language, and its argument; of a list, name and values."""

    name: str
    operand: Operand | None = None
    value: int | str | None = None
    texts: frozenset[str] = frozenset()


class Condition(Struct, frozen=True):
    """A condition on the values at a path; it holds if they satisfy one of the options."""

    path: Path
    absent: bool = False
    present: bool = False
    values: tuple[str | bool, ...] = ()
    predicates: tuple[Predicate, ...] = ()


When = tuple[tuple[Condition, ...], ...]
"""Alternative tables of conditions: all conditions of one table must hold. Without tables, it always holds."""


class Presence(Struct, frozen=True, tag=True):
    """A constraint on which of several paths are filled; ``kind`` is the operator of the rule language."""

    kind: str
    paths: tuple[Path, ...]


class Compare(Struct, frozen=True, tag=True):
    """A comparison of two operands."""

    left: Operand
    order: str
    right: Operand


class Periods(Struct, frozen=True, tag=True):
    """Periods that must be consecutive; ``lists`` leads to the lists, ``items`` from a list to its periods."""

    lists: Path
    items: Path
    where: When
    start: str
    end: str
    end_included: bool
    by: tuple[Path, ...]
    gaps: bool
    overlaps: bool
    gap_allowed_until: Operand | None


class Covers(Struct, frozen=True, tag=True):
    """Periods, one of which must contain the dates; with ``together``, the periods of all lists count as one list."""

    of: Path
    together: bool
    start: str | None
    end: str
    match: dict[str, Path]
    dates: tuple[Operand, ...]


class Count(Struct, frozen=True, tag=True):
    """The number of items of each list at a path; with ``together``, the number of all items at the path."""

    of: Path
    together: bool
    where: When
    at_least: int | None
    at_most: int | None


class Unique(Struct, frozen=True, tag=True):
    """Values, or keys of objects, that must be unique; duplicates whose places share ``depth`` steps are valid."""

    of: tuple[Path, ...]
    where: When
    key: tuple[Path, ...]
    depth: int


class Same(Struct, frozen=True, tag=True):
    """Objects that must have the same ``key`` if they have the same ``by``."""

    of: tuple[Path, ...]
    where: When
    key: tuple[Path, ...]
    by: tuple[Path, ...]


class Summand(Struct, frozen=True):
    """The amounts at ``name`` in the objects at ``holder``, negated where ``minus_when`` holds."""

    holder: Path
    name: Path
    minus_when: When = ()


class Total(Struct, frozen=True, tag=True):
    """A sum that must equal its target or, with ``is_bound``, must not exceed it."""

    add: tuple[Summand, ...]
    subtract: tuple[Summand, ...]
    target: Path
    is_bound: bool
    times: int
    within: str
    default: str | None = None


class Product(Struct, frozen=True, tag=True):
    """A number that must be the product of others."""

    of: tuple[Path, ...]
    equals: Path
    within: str


class Between(Struct, frozen=True, tag=True):
    """A number that must be between two sums."""

    field: Path
    sums: tuple[tuple[Path, ...], ...]


class Days(Struct, frozen=True, tag=True):
    """A number that must be the number of days from one date to another."""

    start: Path
    end: Path
    equals: Path


class Format(Struct, frozen=True, tag=True):
    """Values that must have the format of a scheme; ``territory`` leads to the country, if it is in the payload."""

    field: Path
    scheme: str
    territory: Path | None


class Matches(Struct, frozen=True, tag=True):
    """Strings that must fully match one of the patterns; with ``forbidden``, none of them.

    The values at the paths ``join`` are joined by spaces. ``lookup`` takes the pattern from a reference list instead.
    """

    field: Path
    join: tuple[Path, ...]
    patterns: tuple[str, ...]
    lookup: Lookup | None
    ignore_case: bool
    forbidden: bool


class Holds(Struct, frozen=True, tag=True):
    """Conditions that must hold."""

    when: When


class Refers(Struct, frozen=True, tag=True):
    """Values that must be among other values of the payload."""

    field: Path
    to: tuple[Path, ...]


class Listed(Struct, frozen=True, tag=True):
    """Values that must be in a reference list or, with ``forbidden``, must not.

    The values of one field are looked up in ``values``, as they are and without one of ``prefixes``, in any case; those
    of several fields are looked up together in ``rows``. The list has a ``name``.
    """

    fields: tuple[Path, ...]
    values: frozenset[str]
    rows: frozenset[tuple[str, ...]]
    ignore_case: bool
    forbidden: bool
    prefixes: tuple[str, ...] = ()
    name: str = ""


class Includes(Struct, frozen=True, tag=True):
    """Values of a reference list that must all be present."""

    field: Path
    required: tuple[str, ...]


class Typed(Struct, frozen=True, tag=True):
    """A value that must have one of the types, or the type that a reference list names."""

    field: Path
    types: tuple[str, ...]
    lookup: Lookup | None = None


class Unchecked(Struct, frozen=True, tag=True):
    """A rule that can't be checked, because a reference list is missing or only the server has the data.

    Attributes:
        number: the position of its id in `Program.not_checked`.
        needs: groups of paths; it applies only if each group has a filled value.
        operator: it applies only if this operator has a violation; None if only the missing data can tell.

    """

    number: int
    needs: tuple[tuple[Path, ...], ...] = ()
    operator: Operator | None = None


Operator = (
    Presence | Compare | Periods | Covers | Count | Unique | Same | Total | Product | Between | Days | Format | Matches
    | Holds | Refers | Listed | Includes | Typed | Unchecked
)  # fmt: skip

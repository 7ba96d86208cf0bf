"""Compiled rules as plain data: paths, operands, conditions, and the arguments of each operator."""

from __future__ import annotations

from datetime import date

from msgspec import Struct


class Path(Struct, frozen=True, array_like=True):
    """Where values are: from the value a rule looks at (``up`` 0), from so many objects up, or from the root (-1).

    ``steps`` are keys; ``[]`` stands for every item of a list.
    """

    up: int
    steps: tuple[str, ...]


class Today(Struct, frozen=True, tag=True):
    """The day that counts as today."""


class FixedDay(Struct, frozen=True, tag=True):
    """A day that the rule names."""

    day: date


class ValuesAt(Struct, frozen=True, tag=True):
    """The filled values at a path."""

    path: Path


class First(Struct, frozen=True, tag=True):
    """The first of several operands that has a value."""

    options: tuple[Operand, ...]


class Extreme(Struct, frozen=True, tag=True):
    """The earliest or the latest date at several paths."""

    paths: tuple[Path, ...]
    latest: bool


class DayAfter(Struct, frozen=True, tag=True):
    """The day after a date."""

    path: Path


class Lookup(Struct, frozen=True, tag=True):
    """The cell of a reference list in the row whose key stands at the paths; without paths, ``cells`` has key ()."""

    by: tuple[Path, ...]
    cells: dict[tuple[str, ...], str]


Operand = Today | FixedDay | ValuesAt | First | Extreme | DayAfter | Lookup


class Ask(Struct, frozen=True):
    """One thing to ask of a value: a word of the rule language with its argument."""

    word: str
    operand: Operand | None = None
    value: int | str | None = None
    listed: frozenset[str] = frozenset()


class Condition(Struct, frozen=True):
    """What the values at a path must be; one of the options is enough."""

    path: Path
    absent: bool = False
    present: bool = False
    values: tuple[str | bool, ...] = ()
    asks: tuple[Ask, ...] = ()


When = tuple[tuple[Condition, ...], ...]
"""Tables of conditions: all of one table must hold. No table at all always holds."""


class Presence(Struct, frozen=True, tag=True):
    """What of several paths is filled: ``demand`` is the operator of the rule language."""

    demand: str
    paths: tuple[Path, ...]


class Compare(Struct, frozen=True, tag=True):
    """An order of two operands."""

    left: Operand
    order: str
    right: Operand


class Periods(Struct, frozen=True, tag=True):
    """Periods that follow on; ``groups`` finds the lists, ``items`` the periods of one."""

    lists: Path
    items: Path
    where: When
    start: str
    end: str
    end_included: bool
    by: tuple[Path, ...]
    gaps: bool
    overlaps: bool
    forgive_until: Operand | None
    forgive_starts_until: Operand | None


class Covers(Struct, frozen=True, tag=True):
    """A period that contains dates; with ``together``, the periods of all lists are one group."""

    of: Path
    together: bool
    start: str | None
    end: str
    match: dict[str, Path]
    dates: tuple[Operand, ...]


class Count(Struct, frozen=True, tag=True):
    """How many items a list has; with ``together``, the items at the path are counted."""

    of: Path
    together: bool
    where: When
    at_least: int | None
    at_most: int | None


class Unique(Struct, frozen=True, tag=True):
    """Values, or keys of objects, of which none comes twice; ``depth`` steps of a place may be shared."""

    of: tuple[Path, ...]
    where: When
    key: tuple[Path, ...]
    depth: int


class Same(Struct, frozen=True, tag=True):
    """Objects that agree in ``by`` and so must agree in ``key``."""

    of: tuple[Path, ...]
    where: When
    key: tuple[Path, ...]
    by: tuple[Path, ...]


class Summand(Struct, frozen=True):
    """Amounts called ``name`` in the objects at ``holder``, negative where ``minus_when`` holds."""

    holder: Path
    name: Path
    minus_when: When = ()


class Total(Struct, frozen=True, tag=True):
    """A sum that equals its target, or with ``is_bound`` does not exceed it."""

    add: tuple[Summand, ...]
    subtract: tuple[Summand, ...]
    target: Path
    is_bound: bool
    times: int
    within: str


class Product(Struct, frozen=True, tag=True):
    """A product of numbers."""

    of: tuple[Path, ...]
    equals: Path
    within: str


class Between(Struct, frozen=True, tag=True):
    """A number between two sums."""

    field: Path
    sums: tuple[tuple[Path, ...], ...]


class Days(Struct, frozen=True, tag=True):
    """A number of days from one date to another."""

    start: Path
    end: Path
    equals: Path


class Format(Struct, frozen=True, tag=True):
    """The format of a scheme; ``territory`` finds the country in the payload."""

    field: Path
    scheme: str
    territory: Path | None


class Matches(Struct, frozen=True, tag=True):
    """Texts that match one of the patterns whole; with ``forbidden``, none of them.

    ``join`` are paths whose values are joined by blanks. ``lookup`` finds the pattern in a reference list instead.
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
    """Values that are among others of the payload."""

    field: Path
    to: tuple[Path, ...]


class Listed(Struct, frozen=True, tag=True):
    """Values that are in a reference list: of one field among ``known``, of several together among ``rows``.

    With ``forbidden``, they are not.
    """

    fields: tuple[Path, ...]
    known: frozenset[str]
    rows: frozenset[tuple[str, ...]]
    ignore_case: bool
    forbidden: bool


class Includes(Struct, frozen=True, tag=True):
    """Values of a reference list that must all be there."""

    field: Path
    wanted: tuple[str, ...]


class Typed(Struct, frozen=True, tag=True):
    """A value of the type that a reference list names."""

    field: Path
    lookup: Lookup


Operator = (
    Presence | Compare | Periods | Covers | Count | Unique | Same | Total | Product | Between | Days | Format | Matches
    | Holds | Refers | Listed | Includes | Typed
)  # fmt: skip


class Rule(Struct, frozen=True):
    """One rule. ``needs``: of each of these sets of keys, its object has at least one, or the rule has nothing to say.

    ``each`` are items that the rule looks at one by one, and ``item_needs`` what each of them has. ``attr`` is the
    place that the API names, so many objects ``attr_up`` above the rule's; None stands for the place that was found.
    ``inner_keys``: without each of these keys somewhere in the account, the rule has nothing to say either.
    """

    id: str
    code: str
    detail: str
    operator: Operator
    each: Path | None = None
    when: When = ()
    attr: tuple[str, ...] | None = None
    attr_up: int = 0
    part_of: str = ""
    is_advice: bool = False
    needs: tuple[frozenset[str], ...] = ()
    item_needs: tuple[frozenset[str], ...] = ()
    inner_keys: tuple[str, ...] = ()

"""The compiled rules of one market as plain data: what the cache keeps, and what an engine is made from."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec import Struct

Texts = dict[str, str]
"""Detail templates by code, for one kind of field."""


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


class FieldAdvice(Struct, frozen=True):
    """Advice that is given wherever a field is there."""

    detail: str
    code: str
    rule: str


class Value(Struct, frozen=True):
    """A single value: its type in the rule language, and the limits of that type.

    ``blank``: an empty text passes; ``expects_blank``: and the rules say that it is meant to. ``choices`` are None
    where any text passes.
    """

    type: str
    blank: bool = False
    expects_blank: bool = False
    nullable: bool = False
    max_length: int | None = None
    choices: tuple[str, ...] | None = None
    max_digits: int | None = None
    decimal_places: int | None = None
    min: int | None = None
    max: int | None = None


class Field(Struct, frozen=True):
    """A key of an object: a single value, an object by its name, or a list of one of these.

    ``rules`` are positions among the rules of the program.
    """

    name: str
    value: Value | None = None
    object: str = ""
    is_list: bool = False
    min_items: int = 0
    required: bool = False
    nullable: bool = False
    personal: bool = False
    advice: FieldAdvice | None = None
    rules: tuple[int, ...] = ()


class Object(Struct, frozen=True, tag=True):
    """An object: its fields in declared order, and its rules. With ``is_open``, other keys are taken as they are."""

    name: str
    fields: tuple[Field, ...]
    rules: tuple[int, ...] = ()
    is_open: bool = False
    is_root: bool = False


class Select(Struct, frozen=True, tag=True):
    """An object whose fields depend on the value of its ``key``."""

    key: Field
    variants: dict[str, Object]


class Scheme(Struct, frozen=True):
    """A format with its arguments, for one territory, or for the market (None).

    Texts among ``certain_texts``, and those that match ``certain_pattern`` whole, are certainly right.
    """

    name: str
    territory: str | None
    format: str
    arguments: dict[str, Any]
    certain_pattern: str = ""
    pattern_flags: int = 0
    certain_texts: frozenset[str] = frozenset()


class Answer(Struct, frozen=True):
    """One answer of an endpoint: HTTP status, and the body in which texts in angle brackets stand for values."""

    status: int
    body: dict[str, Any]
    code: str = ""
    detail: str = ""


class StatusKind(Struct, frozen=True):
    """What holds of an import with a status: it has an account, it has an error, it may be sent again."""

    identified: bool = False
    errored: bool = False
    again: bool = False


class Answers(Struct, frozen=True):
    """All answers by name, the statuses of an import, the courses it can take, and the events of statuses."""

    by_name: dict[str, Answer] = {}
    statuses: dict[str, StatusKind] = {}
    courses: dict[str, tuple[str, ...]] = {}
    events: dict[str, str] = {}


class Program(Struct, frozen=True):
    """All that an engine needs of one market.

    ``texts`` are detail templates by kind of field. ``refusal`` is code and detail of the answer that lists errors.
    ``missing`` holds the rules (by id) and choices (by ``object.field``) that can't be checked, with the reference
    lists they lack; none, where only the platform can tell.
    """

    root: str
    objects: dict[str, Object | Select]
    rules: tuple[Rule, ...]
    schemes: tuple[Scheme, ...]
    texts: dict[str, Texts]
    refusal: tuple[str, str]
    advice_texts: Texts
    doubt: str
    missing: dict[str, tuple[str, ...]]
    answers: Answers

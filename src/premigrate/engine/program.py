"""The compiled rules of one market as plain data: what the cache keeps, and what an engine is made from."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from premigrate.engine.rule_data import Rule

Texts = dict[str, str]
"""Detail templates by code, for one kind of field."""


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

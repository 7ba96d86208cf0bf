"""What rules across accounts are compiled to: where in an account its keys are, and how each value is read."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from premigrate.cohort.clashes import Origin
from premigrate.engine.conditions import Condition
from premigrate.formats.normalize import Normaliser
from premigrate.formats.outcomes import Reader, ValueCheck

Conditions: TypeAlias = tuple[tuple[tuple["Part", Condition], ...], ...]
"""Tables of conditions: all of one table must hold."""


class Part(NamedTuple):
    """One value of a key: the object that has it, counted from the account inwards, and how the platform reads it.

    ``around`` are the keys from that object to the one that holds ``name``. ``missing`` and ``null`` are what the
    platform has where nothing is sent, or null. ``as_text``: a number is compared as it is written, for in a reference
    list there is nothing but text.
    """

    depth: int
    around: tuple[str, ...]
    name: str
    read: Reader
    checks: tuple[ValueCheck, ...]
    missing: object
    null: object
    normal: Normaliser | None = None
    as_text: bool = False
    is_personal: bool = False


class KeyRule(NamedTuple):
    """One rule across accounts.

    ``attr`` is the place to name, with ``{}`` for positions. ``imported`` are the rows of its reference list, by key:
    what each says of ``same``; None if the rule compares accounts with each other.
    """

    rule: str
    key: tuple[Part, ...]
    same: tuple[Part, ...]
    where: Conditions
    attr: str
    imported: Mapping[str, tuple[tuple[str, ...], ...]] | None = None
    is_personal: bool = False


class Way(NamedTuple):
    """The steps from an account to what has keys, each with whether it is a list; and the rules about those keys."""

    steps: tuple[tuple[str, bool], ...]
    rules: tuple[KeyRule, ...]


class ClashText(NamedTuple):
    """How a clash is told: its code, its detail, the reference list if it is about one, the fields that may differ."""

    code: str
    detail: str
    listed: str = ""
    fields: tuple[str, ...] = ()


class CohortPlan(NamedTuple):
    """All that is needed of one market to find clashes between accounts.

    ``known`` are the keys of an account: an object without any of them may be a wrapper. ``missing`` holds the rules,
    by id, that can't be checked, with the reference lists they lack.
    """

    ways: tuple[Way, ...]
    texts: Mapping[str, ClashText]
    known: frozenset[str]
    missing: Mapping[str, tuple[str, ...]] = MappingProxyType({})


class CohortKey(NamedTuple):
    """A key that an account has under a rule. Plain texts and flags, so that it can be sent anywhere and grouped.

    ``key`` holds the values as JSON, with commas between; ``same`` one JSON value each, empty where there is none (of
    a rule about a reference list, where the list says nothing else). ``attr`` is the place. ``listed``: a reference
    list tells of it, so it clashes alone. With ``personal`` values, ``masked`` is the key without them.
    """

    rule: str
    key: str
    same: tuple[str, ...]
    attr: str
    listed: bool = False
    personal: bool = False
    masked: str = ""


class Contribution(NamedTuple):
    """What one account brings to a cohort: where it is from, its market, its account number, and its keys."""

    origin: Origin
    market: str
    reference: str
    keys: tuple[CohortKey, ...]

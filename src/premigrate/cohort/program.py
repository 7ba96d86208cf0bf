"""The compiled form of rules across accounts: where the keys of an account are, and how each value is read."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from premigrate.cohort.clashes import Origin
from premigrate.engine.conditions import Condition
from premigrate.formats.interfaces import ValueCheck, ValueParser
from premigrate.formats.normalize import Normalizer

Conditions: TypeAlias = tuple[tuple[tuple["KeyPart", Condition], ...], ...]
"""Tables of conditions: at least one table must hold, which it does if all its conditions hold."""


class KeyPart(NamedTuple):
    """One value of a key: where it is, and how the platform reads it.

    ``depth`` is the index of its object in the chain of objects that starts with the account. ``parents`` are the keys
    from that object to the parent of ``name``. ``if_missing`` and ``if_null`` are the values that the platform assumes
    for an absent key and for null. ``normalise`` removes differences in spelling that do not count. ``as_text``:
    compare numbers as strings, since reference lists contain only strings.
    """

    depth: int
    parents: tuple[str, ...]
    name: str
    read: ValueParser
    checks: tuple[ValueCheck, ...]
    if_missing: object
    if_null: object
    normalise: Normalizer | None = None
    as_text: bool = False
    is_personal: bool = False


class KeyRule(NamedTuple):
    """One compiled rule across accounts.

    ``same`` are the values that must be equal where the keys are. ``attr_template`` is the attr to report, with ``{}``
    for positions in lists. ``imported_rows`` are the rows of the reference list by key, each with its values for
    ``same``; None if the rule compares accounts with each other.
    """

    id: str
    key: tuple[KeyPart, ...]
    same: tuple[KeyPart, ...]
    where: Conditions
    attr_template: str
    imported_rows: Mapping[str, tuple[tuple[str, ...], ...]] | None = None
    is_personal: bool = False


class KeyedObject(NamedTuple):
    """The path from an account to objects with keys, as (name, whether it is a list), and the rules on these keys."""

    steps: tuple[tuple[str, bool], ...]
    rules: tuple[KeyRule, ...]


class ClashMessage(NamedTuple):
    """The message of a clash: code, template of the detail, reference list (or empty), and fields that may differ."""

    code: str
    detail: str
    reference_list: str = ""
    fields: tuple[str, ...] = ()


class CohortProgram(NamedTuple):
    """The compiled rules across accounts of one market.

    ``messages`` are the messages by rule id. ``known_keys`` are the keys of an account: an object with none of them may
    be a wrapper. ``not_checked`` are the rules that cannot be checked, by id, with the reference lists they lack.
    """

    objects: tuple[KeyedObject, ...]
    messages: Mapping[str, ClashMessage]
    known_keys: frozenset[str]
    not_checked: Mapping[str, tuple[str, ...]] = MappingProxyType({})


class CohortKey(NamedTuple):
    """A key of an account under a rule, of strings and flags only, to be pickled and grouped anywhere.

    ``key`` holds its values as JSON, separated by commas. ``same`` holds one JSON value each, empty where it is absent
    or, for a rule about a reference list, does not differ from the list. ``is_listed``: the key clashes with a
    reference list, so it clashes on its own. If values are ``is_personal``, ``masked`` is the key without them.
    """

    rule: str
    key: str
    same: tuple[str, ...]
    attr: str
    is_listed: bool = False
    is_personal: bool = False
    masked: str = ""


class AccountKeys(NamedTuple):
    """The keys of one account, with its origin, market and account number."""

    origin: Origin
    market: str
    reference: str
    keys: tuple[CohortKey, ...]

"""The program: the compiled ruleset of one market as plain data, which can be cached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from premigrate.engine.rule_data import Operator, Path, When

Texts = dict[str, str]
"""Detail templates by code, for one kind of field."""


class FieldAdvice(Struct, frozen=True):
    """Advice that is given wherever a field says something: it is neither null, blank, empty nor false."""

    detail: str
    code: str
    rule: str


class ValueSpec(Struct, frozen=True):
    """The type of a single value in the rule language, and its limits.

    Attributes:
        blank: whether an empty string is valid.
        expects_blank: whether the rules declare that explicitly, so that there is no advice on it.
        choices: the valid strings; None if any string is valid.
        patterns: plain patterns, of which a string must match one as a whole; any string matches if there are none.
        min: the least valid number.
        above: the number that a valid number is greater than.
        max: the greatest valid number.
        below: the number that a valid number is less than.

    """

    type: str
    blank: bool = False
    expects_blank: bool = False
    nullable: bool = False
    min_length: int = 0
    max_length: int | None = None
    patterns: tuple[str, ...] = ()
    choices: tuple[str, ...] | None = None
    max_digits: int | None = None
    decimal_places: int | None = None
    min: Decimal | None = None
    above: Decimal | None = None
    max: Decimal | None = None
    below: Decimal | None = None


class Field(Struct, frozen=True):
    """A key of an object: a single value, an object (by its name), or a list of one of these.

    ``nullable`` is about the field itself, ``nullable_items`` about the items of a list. ``rules`` are indexes into
    `Program.rules`, and ``fixes`` are the ids of fixes for this field and some others only.
    """

    name: str
    value: ValueSpec | None = None
    object: str = ""
    is_list: bool = False
    min_items: int = 0
    max_items: int | None = None
    nullable_items: bool = False
    required: bool = False
    nullable: bool = False
    personal: bool = False
    advice: FieldAdvice | None = None
    rules: tuple[int, ...] = ()
    fixes: tuple[str, ...] = ()


class UncheckedRule(Struct, frozen=True, array_like=True):
    """A rule or choice that can't be checked and needs no more than some keys of its object.

    ``number`` is the position of its id in `Program.not_checked`. An object concerns it if all ``keys`` are filled;
    with ``accepts_empty``, an empty list is enough. With ``is_of_field``, it is about a single key, whose value the
    API checks in full even if one check fails.
    """

    number: int
    keys: tuple[str, ...] = ()
    accepts_empty: bool = False
    is_of_field: bool = False


class Object(Struct, frozen=True, tag=True):
    """An object: its fields in declared order, and its rules. With ``is_open``, undeclared keys are accepted."""

    name: str
    fields: tuple[Field, ...]
    rules: tuple[int, ...] = ()
    unchecked: tuple[UncheckedRule, ...] = ()
    is_open: bool = False
    is_root: bool = False


class Select(Struct, frozen=True, tag=True):
    """An object whose fields depend on the value of its ``key``; a variant may depend on a further key.

    ``without`` is what an object without the key is read as, and one with null if the key is nullable; None if the key
    is required.
    """

    name: str
    key: Field
    variants: dict[str, Object | Select]
    without: Object | Select | None = None
    is_root: bool = False


def objects_within(node: Object | Select) -> Iterator[Object]:
    """Yield an object, or all variants of an object whose fields depend on a key."""
    if isinstance(node, Object):
        yield node
        return
    for variant in node.variants.values():
        yield from objects_within(variant)
    if isinstance(node.without, Object):
        yield node.without


def chosen_object(node: Object | Select, value: Mapping[str, Any]) -> Object | None:
    """Return the object that a value is read as; None if its key selects no variant."""
    while isinstance(node, Select):
        key = value.get(node.key.name)
        is_missing = key is None and (node.key.nullable or node.key.name not in value)
        found = node.without if is_missing else node.variants.get(key) if isinstance(key, str) else None
        if found is None:
            return None
        node = found
    return node


class Scheme(Struct, frozen=True):
    """A format with its arguments, for one territory, or for the market (None).

    Texts that are among ``certain_texts`` or fully match ``certain_pattern`` are certainly valid. ``form`` describes
    valid texts, with an example.
    """

    name: str
    territory: str | None
    format: str
    arguments: dict[str, Any]
    certain_pattern: str = ""
    pattern_flags: int = 0
    certain_texts: frozenset[str] = frozenset()
    form: str = ""


class ResponseTemplate(Struct, frozen=True):
    """A response of an endpoint: the HTTP status code, and the body with placeholders in angle brackets."""

    status: int
    body: dict[str, Any]
    code: str = ""
    detail: str = ""


class StatusKind(Struct, frozen=True):
    """An import status: whether imports with it have an account number, have an error, and can be sent again."""

    has_account_number: bool = False
    has_error: bool = False
    can_resend: bool = False


class EndpointResponses(Struct, frozen=True):
    """All responses by name, the statuses of an import, its lifecycles (sequences of statuses), and their events."""

    by_name: dict[str, ResponseTemplate] = {}
    statuses: dict[str, StatusKind] = {}
    lifecycles: dict[str, tuple[str, ...]] = {}
    events: dict[str, str] = {}


class Rule(Struct, frozen=True):
    """One rule.

    Attributes:
        detail: the template of the detail text.
        operator: the constraint, with its arguments.
        for_each: the path to the items to which the rule applies one by one; None if it applies to the value itself.
        when: the conditions under which it applies.
        attr: the place that the API reports, relative to the object of the rule; None for the place of the violation.
        attr_up: the number of parents to go up before ``attr``.
        validation: a validation that several rules implement; only the first that fails is reported.
        is_advice: whether violations are advice instead of errors.
        is_field_validator: whether the API checks it with the fields of the object, before its other rules.
        required_keys: the rule can fail only for an object that has at least one key of each of these sets.
        required_item_keys: with ``for_each``, it can fail only for an item that has a key of each of these sets.
        required_inner_keys: it can fail only for an account that has a key of each of these sets, in any object.

    """

    id: str
    code: str
    detail: str
    operator: Operator
    for_each: Path | None = None
    when: When = ()
    attr: tuple[str, ...] | None = None
    attr_up: int = 0
    validation: str = ""
    is_advice: bool = False
    is_field_validator: bool = False
    required_keys: tuple[frozenset[str], ...] = ()
    required_item_keys: tuple[frozenset[str], ...] = ()
    required_inner_keys: tuple[frozenset[str], ...] = ()


class FixStep(Struct, frozen=True):
    """One step of a fix: its name in the rule language, and its argument."""

    name: str
    texts: tuple[str, ...] = ()
    template: str = ""
    words: dict[str, bool | int | str] = {}
    places: int = 0


class Fix(Struct, frozen=True):
    """A change that resolves the findings with one of its ``codes`` or ``rules``.

    Attributes:
        territories: the countries whose format the value must have; all if there are none.
        types: the types of values, as in `ValueSpec`; all if there are none.
        of_fields: whether it is only for values of the fields that name it.

    """

    id: str
    title: str
    is_safe: bool
    steps: tuple[FixStep, ...]
    codes: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    territories: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    of_fields: bool = False


class Program(Struct, frozen=True):
    """Everything that an engine needs to check accounts of one market.

    Attributes:
        root: the name of the account's object.
        objects: all objects by name.
        rules: all rules; objects and fields refer to them by index.
        schemes: the format checks that rules use.
        texts: the detail templates of the framework's errors, by kind of field. The key of a template is the code, or
            ``code:variant`` if the code has several templates for the same kind.
        rejection: the code and detail of the response that lists errors.
        advice_texts: the detail templates of enabled advice, by code.
        suspicious_value_text: the detail template of the advice on a valid but suspicious value.
        beside_payload: the keys that the platform reads beside the key of a wrapped account.
        not_checked: the rules (by id) and choices (by ``object.field``) that can't be checked, with what they
            lack: names of reference lists, and facts (see `premigrate.needs`); nothing if only the server can check
            them. In the order of declaration.
        responses: the responses of the endpoints, and the statuses of imports.
        detail_bases: how the text of each error code is known, by code; for reports.
        fixes: the changes that resolve findings, in the order in which they are tried.

    """

    root: str
    objects: dict[str, Object | Select]
    rules: tuple[Rule, ...]
    schemes: tuple[Scheme, ...]
    texts: dict[str, Texts]
    rejection: tuple[str, str]
    advice_texts: Texts
    suspicious_value_text: str
    not_checked: dict[str, tuple[str, ...]]
    responses: EndpointResponses
    beside_payload: frozenset[str] = frozenset()
    detail_bases: dict[str, str] = {}
    fixes: tuple[Fix, ...] = ()

"""Tables that define objects and their fields, and how a market changes them."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BeforeValidator, NonNegativeInt, PositiveInt, model_validator
from pydantic import Field as Key

from premigrate.formats.pattern import LazyPattern
from premigrate.ruleset.model.operands import Pattern
from premigrate.ruleset.model.table import ArrayOf, Basis, Name, NonBlankText, Table

ScalarType: TypeAlias = Literal[
    "string", "email", "date", "datetime", "decimal", "integer", "boolean", "choice", "json", "object"
]
SCALAR_TYPES: tuple[str, ...] = ScalarType.__args__  # type: ignore[attr-defined]

FITTING_TYPES: Mapping[str, frozenset[str]] = {
    "blank": frozenset({"string", "email", "choice"}),
    "min_length": frozenset({"string", "email"}),
    "max_length": frozenset({"string", "email"}),
    "patterns": frozenset({"string", "email"}),
    "choices": frozenset({"choice"}),
    "open": frozenset({"choice"}),
    "listed": frozenset({"choice"}),
    "max_digits": frozenset({"decimal"}),
    "decimal_places": frozenset({"decimal"}),
    "min": frozenset({"integer", "decimal"}),
    "above": frozenset({"integer", "decimal"}),
    "max": frozenset({"integer", "decimal"}),
    "below": frozenset({"integer", "decimal"}),
}
"""The types of single values to which a key of a field applies."""
_OF_LISTS = ("min_items", "max_items", "nullable_items")


def _check_bound(bound: object) -> object:
    is_whole = isinstance(bound, int) and not isinstance(bound, bool)
    if bound is not None and not is_whole and not (isinstance(bound, str) and _DECIMAL.fullmatch(bound)):
        raise ValueError('this is not a bound; write a whole number, or a decimal number as text: "0.01"')
    return bound


_DECIMAL = LazyPattern(r"-?[0-9]+(?:\.[0-9]+)?")
Bound: TypeAlias = Annotated[int | str, BeforeValidator(_check_bound)]
"""A bound of numbers: a whole number, or a decimal number as text, so that it stays exact."""


class _FieldKeys(Table):
    """The keys of a field. Omitted keys have the platform's defaults: optional, not nullable, no limit."""

    type: ScalarType | None = None
    """The type of a single value. The keys of an ``object`` are not checked."""
    object: Name | None = None
    """The name of the object that is the value."""
    list: str | None = None
    """The object or scalar type of the items of a list; limits on values then apply to each item."""
    required: bool | None = None
    nullable: bool | None = None
    blank: bool | None = None
    """Whether an empty text is valid. By default, it passes with advice in an optional field and fails if required."""
    min_length: PositiveInt | None = None
    """Minimum number of characters."""
    max_length: PositiveInt | None = None
    """Maximum number of characters."""
    patterns: Annotated[ArrayOf[Pattern], Key(min_length=1)] | None = None
    """Patterns; a text must match one of them as a whole."""
    choices: ArrayOf[str] | None = None
    open: bool | None = None
    """Whether the tenant defines the choices. Then any text is valid, unless the list in ``listed`` is supplied."""
    listed: Name | None = None
    """For an open choice: the reference list whose first column contains the choices."""
    max_digits: PositiveInt | None = None
    decimal_places: NonNegativeInt | None = None
    min: Bound | None = None
    """The smallest valid number. A decimal number is written as text."""
    above: Bound | None = None
    """The number must be greater than this one."""
    max: Bound | None = None
    """The largest valid number."""
    below: Bound | None = None
    """The number must be less than this one."""
    min_items: PositiveInt | None = None
    """Minimum number of items of a list."""
    max_items: NonNegativeInt | None = None
    """Maximum number of items of a list."""
    nullable_items: bool | None = None
    """Whether the items of a list may be null."""
    aliases: ArrayOf[Name] | None = None
    """Names that other tenants use for the field, by which ``premigrate tenant learn`` recognizes it."""
    deprecated: bool | str | None = None
    """True, or the name of the field that replaces this one."""
    personal: bool | None = None
    """Whether the value is personal data. Reports hide the value and everything in it."""
    about: NonBlankText | None = None
    """A short description of the value, with its unit and an example."""
    basis: Basis | None = None
    """How the field is known, if that differs from the object."""


class FieldSpec(_FieldKeys):
    """A field of an object."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        kinds = [kind for kind in ("type", "object", "list") if getattr(self, kind)]
        if len(kinds) != 1:
            raise ValueError(f"a field needs exactly one of type, object and list, not {' and '.join(kinds) or 'none'}")
        value_type = self.type or self.list
        for key, types in FITTING_TYPES.items():
            if getattr(self, key) is not None and value_type not in types:
                raise ValueError(f"{key} cannot be used with the type {value_type or 'nested object'}")
        if value_type == "choice" and not (self.choices or self.open):
            raise ValueError("a choice needs choices or open = true")
        if self.listed and not self.open:
            raise ValueError("listed applies only to an open choice")
        return self

    @model_validator(mode="after")
    def _check_limits(self) -> Self:
        for key in _OF_LISTS:
            if getattr(self, key) is not None and not self.list:
                raise ValueError(f"{key} applies only to lists")
        for key, other in (("min", "above"), ("max", "below")):
            if getattr(self, key) is not None and getattr(self, other) is not None:
                raise ValueError(f"{key} and {other} are an inclusive and an exclusive bound; write only one of them")
        bounds = (self.min, self.above, self.max, self.below)
        if "integer" in {self.type, self.list} and any(isinstance(bound, str) for bound in bounds):
            raise ValueError("the bounds of an integer must be whole numbers, without quotes")
        return self

    @property
    def accepts_null_value(self) -> bool:
        """Whether the single value, or each item of the list, may be null."""
        return bool(self.nullable_items if self.list else self.nullable)

    @property
    def accepts_blank(self) -> bool:
        """Whether an empty text is valid, according to ``blank`` or its default."""
        return bool(self.blank) if self.blank is not None else not (self.required or self.list)


class FieldChange(_FieldKeys):
    """A market's change of a field: other values of its keys, a new field, or its removal."""

    because: NonBlankText
    """Why the market differs."""
    key: Name | None = None
    """The key that the market uses for the field. Rules and examples are changed to this key."""
    drop: bool = False
    replace: bool = False
    """Whether to discard the existing keys of the field, so that omitted keys have their defaults."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.drop and self.key:
            raise ValueError("a field that is dropped cannot have a key")
        return self

    def merged_with(self, field: FieldSpec | None) -> dict[str, Any]:
        """Return the keys of ``field`` merged with those of the change, as raw data for `Field`."""
        changed = {key: getattr(self, key) for key in _FieldKeys.model_fields if key in self.model_fields_set}
        old = field.model_dump(exclude_unset=True) if field and not self.replace else {}
        if {"type", "object", "list"} & changed.keys():
            old = {key: value for key, value in old.items() if key not in {"type", "object", "list"}}
        return {**old, **changed}


class ObjectSpec(Table):
    """An object of the payload. With ``select``, the value of the field of that name selects one of ``variants``."""

    about: NonBlankText
    basis: Basis
    source: NonBlankText
    like: Name | None = None
    """Another object, whose fields, kinds and rules this object also has. Its own ``fields`` add or replace some."""
    open: bool = False
    """Whether other keys are expected. If not, they are reported as unknown."""
    select: Name | None = None
    select_about: NonBlankText | None = None
    """A short description of the field in ``select``, with an example."""
    select_default: NonBlankText | None = None
    """The choice for an object without the field in ``select``; it makes the field optional."""
    select_required: bool = True
    """Whether the field in ``select`` is required. If not, only the shared fields are checked where it is missing."""
    select_nullable: bool = False
    """Whether null in the field in ``select`` is read like a missing field."""
    variants: dict[str, Name] = {}
    fields: dict[Name, FieldSpec] = {}
    """The fields, in the order in which errors are reported. With ``select``, the fields that all variants share."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if bool(self.select) != bool(self.variants):
            raise ValueError("select and variants must be given together")
        if self.select in self.fields:
            raise ValueError(
                f"the field {self.select} is already defined by its name in select; leave it out of fields"
            )
        if not self.like and (mistake := self.select_mistake):
            raise ValueError(mistake)
        return self

    @property
    def needs_select(self) -> bool:
        """Whether the field in ``select`` is required."""
        return self.select_required and self.select_default is None

    @property
    def select_mistake(self) -> str:
        """What is wrong with the keys about ``select``; empty if nothing is wrong."""
        if not self.select:
            given = [key for key in SELECT_KEYS if getattr(self, key) != type(self).model_fields[key].default]
            return f"{given[0]} needs select, which is missing" if given else ""
        if self.select_default is not None and self.select_default not in self.variants:
            return f"select_default is not one of the variants: {', '.join(self.variants)}"
        if self.select_nullable and self.needs_select:
            return "select_nullable needs select_default or select_required = false, which determine how null is read"
        return ""


class VariantChange(Table):
    """A market's change of a variant of an object with ``select``: another object, or the removal of the variant."""

    object: Name | None = None
    because: NonBlankText
    drop: bool = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        if bool(self.object) == self.drop:
            raise ValueError("write either object, the new object of the variant, or drop = true")
        return self


SELECT_KEYS = ("select", "select_about", "select_default", "select_required", "select_nullable")
"""The keys of an object about the field that selects a variant."""


class ObjectChange(Table):
    """A market's changes of an object. Changes of ``select`` need their own reason in ``because``."""

    select: Name | None = None
    """The field whose value selects one of the variants. A field of this name is removed from ``fields``."""
    select_about: NonBlankText | None = None
    select_default: NonBlankText | None = None
    """As in an object."""
    select_required: bool | None = None
    select_nullable: bool | None = None
    because: NonBlankText | None = None
    """Why the market differs in ``select``."""
    fields: dict[Name, FieldChange] = {}
    variants: dict[str, VariantChange] = {}

    @model_validator(mode="after")
    def _check(self) -> Self:
        if bool(self.select_changes) != bool(self.because):
            raise ValueError("a change of select needs because, and because needs a change of select")
        return self

    @property
    def select_changes(self) -> dict[str, Any]:
        """The keys about ``select`` that the change sets."""
        return {key: getattr(self, key) for key in SELECT_KEYS if getattr(self, key) is not None}

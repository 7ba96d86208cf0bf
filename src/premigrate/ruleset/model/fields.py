"""Tables that say what an object is made of, and how a market changes that."""

from typing import Any, Literal, Self, TypeAlias

from pydantic import PositiveInt, model_validator

from premigrate.ruleset.model.table import Basis, Model, Name, Sentence, Several

ScalarType: TypeAlias = Literal[
    "string", "email", "date", "datetime", "decimal", "integer", "boolean", "choice", "json", "object"
]
SCALARS: tuple[str, ...] = ScalarType.__args__  # type: ignore[attr-defined]

_FITTING = {
    "blank": {"string", "email", "choice"},
    "max_length": {"string", "email"},
    "choices": {"choice"},
    "open": {"choice"},
    "listed": {"choice"},
    "max_digits": {"decimal"},
    "decimal_places": {"decimal"},
    "min": {"integer"},
    "max": {"integer"},
}


class _FieldKeys(Model):
    """The keys of a field; what is not said is the platform's usual: optional, not null, no limit."""

    type: ScalarType | None = None
    """The kind of a single value. An ``object`` here has keys that nobody checks."""
    object: Name | None = None
    """The name of the object that stands here."""
    list: str | None = None
    """The object or single type of the items of a list; limits on values then hold for each item."""
    required: bool | None = None
    nullable: bool | None = None
    blank: bool | None = None
    """Whether empty text passes. Unsaid: in an optional text it passes with advice, in a required one it fails."""
    max_length: PositiveInt | None = None
    """Characters, at most."""
    choices: Several[str] | None = None
    open: bool | None = None
    """Of a choice: the tenant keeps the list, so any text passes, unless ``listed`` names a list that is supplied."""
    listed: Name | None = None
    """Of an open choice: the reference list whose first column holds the choices."""
    max_digits: PositiveInt | None = None
    decimal_places: PositiveInt | None = None
    min: int | None = None
    max: int | None = None
    min_items: PositiveInt | None = None
    deprecated: bool | str | None = None
    """True, or what to use instead."""
    personal: bool | None = None
    """Whether the value tells of a person: reports hide it, and all that is below it."""
    note: Sentence | None = None
    basis: Basis | None = None
    """How we know of the field, where it differs from the object."""


class Field(_FieldKeys):
    """One field of an object."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        kinds = [kind for kind in ("type", "object", "list") if getattr(self, kind)]
        if len(kinds) != 1:
            raise ValueError(f"a field has exactly one of type, object and list, not {' and '.join(kinds) or 'none'}")
        value_type = self.type or self.list
        for key, types in _FITTING.items():
            if getattr(self, key) is not None and value_type not in types:
                raise ValueError(f"{key} says nothing about a {value_type or 'nested object'}")
        if value_type == "choice" and not (self.choices or self.open):
            raise ValueError("a choice has choices, or is open")
        if self.listed and not self.open:
            raise ValueError("only an open choice has its choices in a list")
        if self.min_items is not None and not self.list:
            raise ValueError("min_items says something about lists only")
        return self

    @property
    def takes_blank(self) -> bool:
        """Whether empty text passes, said or unsaid."""
        return bool(self.blank) if self.blank is not None else not (self.required or self.list)


class FieldChange(_FieldKeys):
    """What a market changes of a field, adds as a field, or drops."""

    because: Sentence
    """Why this market differs."""
    drop: bool = False
    anew: bool = False
    """Whether all that was said of the field is forgotten: what is not said here is the usual."""

    def applied_to(self, field: Field | None) -> dict[str, Any]:
        """Merge with the field it changes, as raw data for `Field`."""
        said = {key: getattr(self, key) for key in _FieldKeys.model_fields if key in self.model_fields_set}
        old = field.model_dump(exclude_unset=True) if field and not self.anew else {}
        if {"type", "object", "list"} & said.keys():
            old = {key: value for key, value in old.items() if key not in {"type", "object", "list"}}
        return {**old, **said}


class ObjectSpec(Model):
    """An object of the payload. With ``select``, a field of that name chooses one of ``variants`` by its value."""

    about: Sentence
    basis: Basis
    source: Sentence
    open: bool = False
    """Whether keys that are not listed belong here."""
    select: Name | None = None
    variants: dict[str, Name] = {}
    fields: dict[Name, Field] = {}
    """The fields in the order in which errors are told; of a selected object, those all variants share."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if bool(self.select) != bool(self.variants):
            raise ValueError("select and variants come together")
        if self.select in self.fields:
            raise ValueError(f"the field {self.select} follows from select; leave it out")
        return self


class VariantChange(Model):
    """What a market changes of one choice of an object with ``select``: another object, or none."""

    object: Name | None = None
    because: Sentence
    drop: bool = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        if bool(self.object) == self.drop:
            raise ValueError("say either the object that stands there, or drop = true")
        return self


class ObjectChange(Model):
    """What a market changes in one object."""

    fields: dict[Name, FieldChange] = {}
    variants: dict[str, VariantChange] = {}

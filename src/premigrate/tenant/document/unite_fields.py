"""Unites the fields of several objects: what is valid for one of them is valid for the union."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from premigrate.tenant.document.learned import LearnedField

_TEXTS = {"string", "email", "choice"}
_FLAGS = ("nullable", "nullable_items", "blank")
_LEAST = {"min", "above", "min_items", "min_length"}
_MOST = {"max", "below", "max_items", "max_length", "max_digits", "decimal_places"}


def unite_fields(several: list[Mapping[str, LearnedField]]) -> dict[str, LearnedField]:
    """Return the union of the fields of several objects; a field is required if it is in each of them."""
    united: dict[str, LearnedField] = {}
    for key in dict.fromkeys(key for fields in several for key in fields):
        here = [fields[key] for fields in several if key in fields]
        made = here[0]
        for other in here[1:]:
            made = unite(made, other)
        united[key] = replace(made, required=made.required and len(here) == len(several))
    return united


def differing_keys(several: list[Mapping[str, LearnedField]]) -> list[str]:
    """Return the keys of the fields that are not the same in each of several objects."""
    keys = dict.fromkeys(key for fields in several for key in fields)
    return [key for key in keys if len({_signature(fields.get(key)) for fields in several}) > 1]


def unite(one: LearnedField, other: LearnedField) -> LearnedField:
    """Return a field for which a value is valid if it is for either; of two different objects, the first is used."""
    validations = (*one.validations, *(each for each in other.validations if each not in one.validations))
    made = replace(
        one,
        required=one.required and other.required,
        is_known=one.is_known and other.is_known,
        validations=validations,
        default=one.default if one.default == other.default else None,
    )
    flags = {key: True for key in _FLAGS if one.constraints.get(key) or other.constraints.get(key)}
    is_alike = one.is_list == other.is_list and bool(one.object_at) == bool(other.object_at)
    if is_alike and (one.object_at or one.kind == other.kind):
        return replace(made, constraints={**_looser_limits(one.constraints, other.constraints), **flags})
    if is_alike and not one.object_at and {one.kind, other.kind} <= _TEXTS:
        return replace(made, kind="string", constraints={key: flags[key] for key in flags if key != "blank"})
    if is_alike and {one.kind, other.kind} == {"integer", "decimal"}:
        return replace(made, kind="decimal", constraints=flags)
    nullable = {key: True for key in flags if key != "blank"}
    return replace(made, kind="json", object_at="", is_list=one.is_list and other.is_list, constraints=nullable)


def _looser_limits(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    limits: dict[str, Any] = {}
    for key in one:
        if key not in other or key in _FLAGS:
            continue
        if key in {"choices", "patterns"}:
            limits[key] = list(dict.fromkeys([*one[key], *other[key]]))
        elif key in _LEAST:
            limits[key] = min(one[key], other[key], key=Decimal)
        elif key in _MOST:
            limits[key] = max(one[key], other[key], key=Decimal)
        else:
            limits[key] = one[key]
    return limits


def _signature(field: LearnedField | None) -> str:
    if field is None:
        return ""
    return repr(
        (field.kind, field.object_at, field.is_list, field.required, sorted(field.constraints.items(), key=str))
    )

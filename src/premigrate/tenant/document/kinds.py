"""Finds what distinguishes the alternatives of an object: a discriminator, or a field whose choices differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from premigrate.tenant.document.flatten import schema_reference
from premigrate.tenant.document.learned import LearnedField, LearnedObject
from premigrate.tenant.document.merge_keywords import mapping_of
from premigrate.tenant.document.openapi_document import extend_pointer

if TYPE_CHECKING:
    from premigrate.tenant.document.flatten import FlatSchema, Flattener
    from premigrate.tenant.document.openapi_document import OpenApiDocument

_NAME = re.compile("[a-z][a-z0-9_]*", re.ASCII)


class Kinds(NamedTuple):
    """The kinds of an object, as pointers by the value of the field ``key``.

    The field may be absent if it is not ``is_required``; then its value is ``default``, if any.
    """

    key: str
    pointers: dict[str, str]
    is_required: bool
    default: str
    is_nullable: bool


def find_kinds(
    document: OpenApiDocument, flattener: Flattener, flat: FlatSchema, objects: Mapping[str, LearnedObject]
) -> Kinds | None:
    """Return the kinds of an object with alternatives; None if no text field distinguishes them.

    ``objects`` holds the alternatives and the objects in them by pointer.
    """
    parts = [_Part(objects[option.at], objects) for option in flat.alternatives]
    if flat.discriminator is not None:
        key = str(flat.discriminator.get("propertyName", ""))
        pointers = _discriminated(document, flattener, flat, parts, key)
    else:
        key = next((key for key in _common_keys(parts) if _by_choices(parts, key)), "")
        pointers = _by_choices(parts, key)
    declared = [field for part in parts for field in part.fields(key)]
    if not pointers or not all(part.fields(key) for part in parts):
        return None
    if not all(field.kind in _SELECTING for field in declared):
        return None
    defaults = {str(field.default) for field in declared if field.default is not None}
    default = next(iter(defaults)) if len(defaults) == 1 else ""
    is_required, is_nullable = (
        any(field.required for field in declared),
        all(bool(field.constraints.get("nullable")) for field in declared),
    )
    if is_required and is_nullable:
        document.add_note(flat.at, f"selects its kinds by {key}, which may be null; so it is not required")
    return Kinds(
        key,
        pointers,
        is_required=is_required and not is_nullable,
        default=default if default in pointers else "",
        is_nullable=is_nullable,
    )


_SELECTING = {"string", "choice"}


class _Part(NamedTuple):
    """An alternative of an object."""

    learned: LearnedObject
    objects: Mapping[str, LearnedObject]

    @property
    def at(self) -> str:
        return self.learned.at

    def fields(self, key: str) -> list[LearnedField]:
        """Return the field ``key`` of the alternative, in each of its own kinds if it has some; empty if one lacks it.

        If the field selects its own kinds, another one stands for it.
        """
        learned = self.learned
        if learned.select == key and key:
            nullable = {"nullable": True} if learned.select_nullable else {}
            made = LearnedField(learned.at, "choice", constraints=nullable, required=learned.select_required)
            return [replace(made, default=learned.select_default or None)]
        if learned.select:
            found = [_Part(self.objects[at], self.objects).fields(key) for at in dict.fromkeys(learned.kinds.values())]
            return [field for fields in found for field in fields] if all(found) else []
        return [learned.fields[key]] if key in learned.fields else []

    def choices(self, key: str) -> list[str]:
        """Return the choices of the field ``key``; empty if other values, or none, are possible."""
        if self.learned.select == key and key:
            return list(self.learned.kinds)
        fields = self.fields(key)
        if not all(
            field.kind == "choice" and not field.is_list and not field.constraints.get("blank") for field in fields
        ):
            return []
        return list(dict.fromkeys(str(value) for field in fields for value in field.constraints.get("choices", ())))


def _common_keys(parts: list[_Part]) -> Iterator[str]:
    """Yield the keys that all parts have, required ones first."""
    first = parts[0].learned.fields
    common = [key for key in first if all(part.fields(key) for part in parts)]
    yield from sorted(common, key=lambda key: not all(field.required for part in parts for field in part.fields(key)))


def _by_choices(parts: list[_Part], key: str) -> dict[str, str]:
    """Return the kinds if the choices of a field differ in all parts; else nothing."""
    pointers: dict[str, str] = {}
    for part in parts:
        choices = part.choices(key)
        if not choices or pointers.keys() & set(choices):
            return {}
        pointers |= dict.fromkeys(choices, part.at)
    return pointers


def _discriminated(
    document: OpenApiDocument, flattener: Flattener, flat: FlatSchema, parts: list[_Part], key: str
) -> dict[str, str]:
    """Return the kinds that a discriminator selects: by its mapping, by the choices of its field, or by their names."""
    if not _NAME.fullmatch(key):
        document.add_note(flat.at, f"selects its kinds by {key!r}, a name that the rule language cannot express")
        return {}
    pointers = dict(_mapped(document, flattener, flat, parts))
    left = [
        (option, part)
        for option, part in zip(flat.alternatives, parts, strict=True)
        if part.at not in pointers.values()
    ]
    taken = set(pointers)
    apart = _by_choices([part for _, part in left], key)
    for option, part in left:
        values = [value for value, at in apart.items() if at == part.at] or ([option.name] if option.name else [])
        free = [value for value in values if value not in taken]
        if free:
            pointers |= dict.fromkeys(free, part.at)
        else:
            document.add_note(part.at, f"is a kind that no value of {key} selects; omitted")
    return pointers


def _mapped(
    document: OpenApiDocument, flattener: Flattener, flat: FlatSchema, parts: list[_Part]
) -> Iterator[tuple[str, str]]:
    mapping: Mapping[str, object] = mapping_of((flat.discriminator or {}).get("mapping"))
    by_pointer = {at: part.at for option, part in zip(flat.alternatives, parts, strict=True) for at in option.also_at}
    by_pointer |= {part.at: part.at for part in parts}
    for value, reference in mapping.items():
        at = extend_pointer(flat.at, "discriminator", "mapping", str(value))
        found = flattener.flatten({"$ref": schema_reference(reference)}, at)
        if found and found.at in by_pointer:
            yield str(value), by_pointer[found.at]
        elif found:
            document.add_note(flat.at, f"maps {value} to something that is not among its kinds; omitted")

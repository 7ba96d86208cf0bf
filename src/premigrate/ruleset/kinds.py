"""Finds the variants of objects with ``select``, and the field that selects them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from premigrate.ruleset.model.fields import FieldSpec, ObjectSpec


def select_field(spec: ObjectSpec) -> FieldSpec:
    """Return the field that selects a variant of an object with ``select``."""
    from premigrate.ruleset.model.fields import FieldSpec  # imported late: loading pydantic takes time

    return FieldSpec(
        type="choice",
        required=spec.needs_select,
        nullable=spec.select_nullable,
        choices=tuple(spec.variants),
        open=True if not spec.variants else None,  # a mistake, which is reported elsewhere
        about=spec.select_about,
    )


def variants_below(name: str, objects: Mapping[str, ObjectSpec]) -> tuple[str, ...]:
    """Return the variants of an object, each followed by its own variants; undefined ones are left out."""
    found: dict[str, None] = {}
    _add_variants(name, objects, found)
    return tuple(found)


def family(name: str, objects: Mapping[str, ObjectSpec]) -> tuple[ObjectSpec, ...]:
    """Return the specification of an object, followed by those of its variants and of their variants."""
    return tuple(objects[each] for each in (name, *variants_below(name, objects)))


def selecting_objects(name: str, objects: Mapping[str, ObjectSpec]) -> tuple[str, ...]:
    """Return the objects of which an object is a variant, or a variant of a variant."""
    return tuple(other for other, spec in objects.items() if spec.variants and name in variants_below(other, objects))


def _add_variants(name: str, objects: Mapping[str, ObjectSpec], found: dict[str, None]) -> None:
    for variant in _variants(name, objects):
        if variant not in found:
            found[variant] = None
            _add_variants(variant, objects, found)


def _variants(name: str, objects: Mapping[str, ObjectSpec]) -> Iterator[str]:
    yield from (variant for variant in objects[name].variants.values() if variant in objects)

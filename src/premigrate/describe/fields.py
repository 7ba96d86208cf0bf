"""Finds the fields and objects that a path names: ``customers.0.mobile``, ``customer.mobile`` or ``customer``."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from premigrate.ruleset.kinds import variants_below
from premigrate.ruleset.path_resolver import PathResolver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from premigrate.ruleset.model.fields import FieldSpec
    from premigrate.ruleset.model.ruleset import Ruleset

_WRAPPER = "payload"
_NON_FIELD_ERRORS = "non_field_errors"


class NamedField(NamedTuple):
    """A field of an object."""

    object: str
    key: str
    spec: FieldSpec


def plain_path(path: str) -> str:
    """Return the path of a field without list positions, the wrapper and ``non_field_errors``.

    A position is a number, ``*`` or ``[]``.
    """
    steps = [step for step in path.replace("[]", ".*").split(".") if step not in {"*", _NON_FIELD_ERRORS}]
    steps = [step for step in steps if not step.isdigit()]
    return ".".join(steps[1:] if steps[:1] == [_WRAPPER] and len(steps) > 1 else steps)


def paths_of_fields(ruleset: Ruleset) -> Iterator[str]:
    """Yield the plain path of each field of a payload."""
    resolver = PathResolver(ruleset.objects, ruleset.root)
    yield from _paths_in(ruleset.root, "", (), resolver, ruleset)


def _paths_in(
    name: str, before: str, above: tuple[str, ...], resolver: PathResolver, ruleset: Ruleset
) -> Iterator[str]:
    for key, field in resolver.fields_of(name).items():
        yield f"{before}{key}"
        inner = inner_object(field, ruleset)
        if inner and inner not in above:
            yield from _paths_in(inner, f"{before}{key}.", (*above, name), resolver, ruleset)


def find_fields(path: str, ruleset: Ruleset) -> list[NamedField]:
    """Return the fields at a plain path, which starts at the account or with the name of an object.

    There are several if variants of an object have fields of the same name.
    """
    resolver = PathResolver(ruleset.objects, ruleset.root)
    steps = path.split(".")
    found = _walk(ruleset.root, steps, resolver, ruleset)
    if not found and len(steps) > 1 and steps[0] in ruleset.objects:
        found = _walk(steps[0], steps[1:], resolver, ruleset)
    return found


def _walk(name: str, steps: list[str], resolver: PathResolver, ruleset: Ruleset) -> list[NamedField]:
    found: list[NamedField] = []
    objects = [name]
    for step in steps:
        found = [field for each in objects for field in _fields_named(step, each, resolver, ruleset)]
        objects = list(dict.fromkeys(filter(None, (inner_object(field.spec, ruleset) for field in found))))
    return found


def _fields_named(key: str, name: str, resolver: PathResolver, ruleset: Ruleset) -> list[NamedField]:
    """Return the fields of an object with a name: its own, or those of its variants."""
    spec = ruleset.objects[name]
    variants = {each: ruleset.objects[each].fields for each in variants_below(name, ruleset.objects)}
    if key not in spec.fields and key != spec.select and any(key in fields for fields in variants.values()):
        return [NamedField(each, key, fields[key]) for each, fields in variants.items() if key in fields]
    field = resolver.fields_of(name).get(key)
    return [NamedField(name, key, field)] if field else []


def inner_object(field: FieldSpec, ruleset: Ruleset) -> str:
    """Return the name of the object that is the value, or the items, of a field; empty if there is none."""
    inner = field.object or field.list or ""
    return inner if inner in ruleset.objects else ""

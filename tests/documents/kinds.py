"""Finds what tells the kinds of an object apart: a discriminator, or a field whose values differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.documents.references import Part, References, first, reference_of


@dataclass(frozen=True)
class Alternative:
    """One alternative of ``oneOf`` or ``anyOf``; ``reference`` is empty if it is written in place."""

    reference: str
    parts: list[Part]
    schema: dict[str, Any]

    @property
    def name(self) -> str:
        return self.reference.rsplit("/", 1)[-1]


Choices = Callable[[Alternative, str], tuple[Any, ...]]


def find_kinds(
    references: References, parts: list[Part], alternatives: list[Alternative], choices: Choices
) -> tuple[str, dict[str, Alternative]] | None:
    """Return the tag and the kinds by its values; None if nothing tells them apart."""
    discriminator = first(parts, "discriminator")
    if discriminator is None:
        return _told_by_choices(alternatives, choices)
    tag, mapping = discriminator["propertyName"], discriminator.get("mapping", {})
    if not alternatives:
        parent = next(part for part in parts if "discriminator" in part.keys)
        targets = [reference_of(each) for each in mapping.values()] or list(references.children(parent.through[-1]))
        alternatives = [_alternative(references, target) for target in dict.fromkeys(targets)]
    kinds = {value: _kind(references, alternatives, reference_of(target)) for value, target in mapping.items()}
    mapped = {reference_of(target) for target in mapping.values()}
    for each in alternatives:
        if each.reference not in mapped or not each.reference:
            values = choices(each, tag)
            taken = {value for other in alternatives if other is not each for value in choices(other, tag)}
            own = [str(value) for value in values if value not in taken and str(value) not in kinds]
            kinds |= dict.fromkeys(own or [each.name], each)
    return tag, kinds


def _kind(references: References, alternatives: list[Alternative], target: str) -> Alternative:
    found = next((each for each in alternatives if each.reference == target), None)
    return found or _alternative(references, target)


def _alternative(references: References, target: str) -> Alternative:
    schema = {"$ref": target}
    return Alternative(target, references.parts(target.removeprefix("#"), schema), schema)


def _told_by_choices(alternatives: list[Alternative], choices: Choices) -> tuple[str, dict[str, Alternative]] | None:
    """Find a field of all alternatives whose values, each of one alternative only, tell them apart."""
    names = dict.fromkeys(
        name for each in alternatives for part in each.parts for name in part.keys.get("properties", ())
    )
    for name in names:
        lists = [[str(value) for value in choices(each, name)] for each in alternatives]
        values = [value for each in lists for value in each]
        if all(lists) and len(values) == len({*values}):
            return name, {value: each for each, own in zip(alternatives, lists, strict=True) for value in own}
    return None

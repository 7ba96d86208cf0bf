"""Follows references and ``allOf``: a schema is a list of parts that all hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_SCHEMAS = "#/components/schemas/"
BROKEN: dict[str, Any] = {"x-broken": True}


@dataclass(frozen=True)
class Part:
    """A schema without ``$ref`` and ``allOf``; ``through`` has the targets of the references that lead to it."""

    at: str
    keys: dict[str, Any]
    through: tuple[str, ...]


class References:
    """The references of a document. In OpenAPI 3.0 the keys beside a ``$ref`` don't count."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._has_siblings = not str(document.get("openapi", "")).startswith("3.0")

    def target(self, reference: str) -> Any:
        """Return what a reference leads to; if it leads nowhere, a schema that says so."""
        value: Any = self.document
        for step in reference.removeprefix("#").split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            value = value[int(name)] if isinstance(value, list) else value.get(name, BROKEN)
        return value

    def resolve(self, value: Any) -> Any:
        """Follow the references of what is no schema: a path item, a request body."""
        while "$ref" in value:
            value = {**self.target(value["$ref"]), **{key: each for key, each in value.items() if key != "$ref"}}
        return value

    def parts(self, at: str, schema: dict[str, Any], through: tuple[str, ...] = ()) -> list[Part]:
        """Return the parts of a schema; a parent of kinds that is reached from one of them is no longer one."""
        found: list[Part] = []
        if (reference := schema.get("$ref")) is not None:
            target = reference_of(reference)
            if target not in through:
                found += self.parts(target.removeprefix("#"), self.target(target), (*through, target))
            if not self._has_siblings:
                return [Part(at, {}, through), *found]
        own = {key: value for key, value in schema.items() if key not in {"$ref", "allOf"}}
        if kind_references(schema) & {*through[:-1]} or self._is_parent_of_last(schema, through):
            own = {key: value for key, value in own.items() if key not in {"oneOf", "anyOf", "discriminator"}}
        found.append(Part(at, own, through))
        for index, part in enumerate(schema.get("allOf", ())):
            found += self.parts(f"{at}/allOf/{index}", part, through)
        return found

    def _is_parent_of_last(self, schema: dict[str, Any], through: tuple[str, ...]) -> bool:
        """Return whether a kind of this schema, which lists none, leads to it: ``allOf`` of the kind has it."""
        if "discriminator" not in schema or kind_references(schema) or len(through) < 2:
            return False
        return any(each.get("$ref") == through[-1] for each in self.target(through[-2]).get("allOf", ()))

    def children(self, parent: str) -> Iterator[str]:
        """Return references to the schemas whose ``allOf`` has this one."""
        for name, schema in self.document["components"]["schemas"].items():
            if any(each.get("$ref") == parent for each in schema.get("allOf", ())):
                yield _SCHEMAS + name


def reference_of(name: str) -> str:
    """Return the reference that a value of a mapping stands for: it may be the name of a schema."""
    return name if name.startswith("#") else _SCHEMAS + name


def kind_references(schema: dict[str, Any]) -> set[str]:
    mapping = schema.get("discriminator", {}).get("mapping", {})
    listed = [each.get("$ref", "") for key in ("oneOf", "anyOf") for each in schema.get(key, ())]
    return {*map(reference_of, mapping.values()), *filter(None, listed)}


def first(parts: Sequence[Part], key: str) -> Any:
    """Return the value of the first part that has this key."""
    return next((part.keys[key] for part in parts if key in part.keys), None)


def every(parts: Sequence[Part], key: str) -> list[Any]:
    return [part.keys[key] for part in parts if key in part.keys]

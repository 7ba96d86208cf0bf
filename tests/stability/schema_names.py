"""Lists the keys that a JSON Schema describes."""

from collections.abc import Iterator, Mapping
from typing import Any


def schema_names(schema: Mapping[str, Any]) -> list[str]:
    """Return the path of each key; a definition that is used in several places has its keys at the first of them."""
    found: list[str] = []
    definitions = schema.get("$defs", {})
    seen: set[str] = set()
    waiting: list[tuple[Mapping[str, Any], str]] = [(schema, "")]
    while waiting:
        node, at = waiting.pop(0)
        for name, below in _references(node, definitions):
            if name not in seen:
                seen.add(name)
                waiting.append((below, at))
        for key, below in node.get("properties", {}).items():
            path = f"{at}.{key}" if at else key
            found.append(path)
            waiting.append((below, path))
        for part in ("anyOf", "oneOf", "allOf"):
            waiting += [(below, at) for below in node.get(part, ())]
        for part, mark in (("items", "[]"), ("additionalProperties", ".*")):
            if isinstance(node.get(part), Mapping):
                waiting.append((node[part], f"{at}{mark}"))
        waiting += [(below, f"{at}.*") for below in node.get("patternProperties", {}).values()]
    return found


def _references(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if reference := node.get("$ref"):
        name = reference.rpartition("/")[2]
        yield name, definitions[name]

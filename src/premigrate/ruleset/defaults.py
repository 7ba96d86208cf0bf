"""Applies the ``[defaults]`` of a rule file to its tables."""

from collections.abc import Mapping
from typing import Any

_KEYS = {
    "rule": ("basis", "source", "inferred"),
    "cohort": ("basis", "source", "inferred"),
    "object": ("basis", "source"),
    "code": ("detail_basis", "source"),
    "answer": ("basis", "source"),
    "constraint": ("source",),
}
"""The keys that take a default, by the kind of table."""


def with_defaults(piece: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return one table of a rule file with the defaults of the file for the keys that it does not set."""
    ((kind, content),) = piece.items()
    keys = _KEYS.get(kind, ())
    if isinstance(content, list):
        return {kind: [_fill(entry, keys, defaults) for entry in content]}
    if isinstance(content, Mapping):
        return {kind: {name: _fill(entry, keys, defaults) for name, entry in content.items()} if keys else content}
    return {kind: content}


def _fill(entry: Any, keys: tuple[str, ...], defaults: Mapping[str, Any]) -> Any:  # noqa: ANN401 - not validated yet
    if not isinstance(entry, Mapping):
        return entry
    filled = {**{key: defaults[key] for key in keys if key in defaults}, **entry}
    if "inferred" not in entry and filled.get("basis") == "inferred":
        filled.pop("inferred", None)
    return filled

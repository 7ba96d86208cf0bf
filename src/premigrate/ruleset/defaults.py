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
    "import_status": ("basis", "source"),
    "lifecycle": ("basis", "source"),
    "scheme": ("source",),
    "not_applicable": ("source",),
}
"""The keys that take a default, by the kind of table."""

NOTHING = "nothing"
"""The value of ``inferred`` of a rule that overrides a default."""


def with_defaults(piece: Mapping[str, Any], defaults: object) -> dict[str, Any]:
    """Return one table of a rule file with the defaults of the file for the keys that it does not set."""
    ((kind, content),) = piece.items()
    keys = _KEYS.get(kind, ())
    known = {key: defaults[key] for key in keys if key in defaults} if isinstance(defaults, Mapping) else {}
    if isinstance(content, list):
        return {kind: [_fill(entry, keys, known) for entry in content]}
    if isinstance(content, Mapping) and keys:
        return {kind: {name: _fill(entry, keys, known) for name, entry in content.items()}}
    return {kind: content}


def _fill(entry: Any, keys: tuple[str, ...], defaults: Mapping[str, Any]) -> Any:  # noqa: ANN401 - not validated yet
    if not isinstance(entry, Mapping):
        return entry
    filled, own = {**defaults, **entry}, entry.get("inferred")
    if "inferred" in keys and (
        filled.get("inferred") == NOTHING or (own is None and filled.get("basis") == "inferred")
    ):
        filled.pop("inferred", None)
    return filled

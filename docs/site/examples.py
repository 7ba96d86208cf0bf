"""Finds an example value of each field in the good payloads of the repository."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from premigrate.describe.fields import find_fields

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from premigrate.ruleset.model.ruleset import Ruleset


def example_values(folder: Path, ruleset: Ruleset) -> dict[tuple[str, str], Any]:
    """Return a single value of fields, by object and key, from ``good.json`` in the folder of a market."""
    file = folder / ruleset.market / "good.json"
    if not file.is_file():
        return {}
    account = json.loads(file.read_text("utf-8"))
    found: dict[tuple[str, str], Any] = {}
    for path, value in dict(_values(account.get("payload", account), "")).items():
        for field in find_fields(path, ruleset):
            found.setdefault((field.object, field.key), value)
    return found


def _values(value: Any, path: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - any JSON
    """Yield the plain path of each single value. The last of a path is kept, which is as good as the first."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _values(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for item in value:
            yield from _values(item, path)
    elif value is not None:
        yield path, value

"""Provides good payloads, and functions that change them."""

import copy
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
AS_OF = date(2026, 1, 31)
GONE = object()
"""Marks a key to remove."""


@cache
def _example(market: str) -> dict[str, Any]:
    payload = json.loads((ROOT / "examples" / market / "good.json").read_text("utf-8"))
    account: dict[str, Any] = payload.get("payload", payload)
    return account


def good_account(market: str) -> dict[str, Any]:
    """Return a copy of the example account of a market, without the wrapper."""
    return copy.deepcopy(_example(market))


def put(payload: Any, path: str, value: object) -> Any:
    """Set the value at a dotted path (or remove it, with GONE), and return the payload."""
    *steps, last = (int(step) if step.isdigit() else step for step in path.split("."))
    target = payload
    for step in steps:
        target = target[step]
    if value is GONE:
        del target[last]
    else:
        target[last] = value
    return payload


def expand(value: Any) -> Any:
    """Replace the placeholders of rule files and cases: TOML has no null, and today is an argument."""
    if isinstance(value, dict):
        return {key: expand(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [expand(item) for item in value]
    return {"<null>": None, "<today>": AS_OF.isoformat()}.get(value, value) if isinstance(value, str) else value

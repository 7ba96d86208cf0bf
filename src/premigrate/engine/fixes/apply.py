"""Applies fixes to payloads."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, NoReturn

from premigrate.engine.envelope import WRAPPER_KEY, is_wrapped
from premigrate.results import Fix, Place


def apply_to_payload(payload: Any, fixes: Iterable[Fix], known_keys: Collection[str]) -> Any:  # noqa: ANN401
    """Return a payload with fixes applied. The given payload is not changed; the result shares what stays the same.

    Args:
        payload: an account, bare or wrapped, of the values that ``json.loads`` returns.
        fixes: the fixes, with paths from the account.
        known_keys: the keys of an account (`Engine.known_keys`), which tell whether it is wrapped.

    Raises:
        LookupError: the payload has no value at the place of a fix, or has a key already that a fix gives to a value.

    """
    if is_wrapped(payload, known_keys):
        return {**payload, WRAPPER_KEY: apply_to_account(payload[WRAPPER_KEY], fixes)}
    return apply_to_account(payload, fixes)


def apply_to_account(account: Any, fixes: Iterable[Fix]) -> Any:  # noqa: ANN401 - any JSON value
    """Return an account without wrapper with fixes applied; otherwise as `apply_to_payload`."""
    for fix in fixes:
        account = _changed(account, fix.path, fix)
    return account


def _changed(value: Any, path: Place, fix: Fix) -> Any:  # noqa: ANN401
    if not path:
        return fix.value
    step, rest = path[0], path[1:]
    if not _has(value, step):
        _fail(f"there is no value at {step!r}, which the fix {fix.name} changes")
    inner = value[step]
    if rest or fix.action == "replace":
        changed = value.copy()
        changed[step] = _changed(inner, rest, fix)
        return changed
    if isinstance(step, int):
        _fail(f"the fix {fix.name} changes a key, and {step} is a position in a list")
    if fix.action == "remove":
        return {key: each for key, each in value.items() if key != step}
    if fix.value in value:
        _fail(f"there is a key {fix.value!r} already, which the fix {fix.name} gives to a value")
    return {fix.value if key == step else key: each for key, each in value.items()}


def _has(value: object, step: str | int) -> bool:
    if isinstance(step, str):
        return isinstance(value, dict) and step in value
    return isinstance(value, list) and step < len(value)


def _fail(message: str) -> NoReturn:
    raise LookupError(message)

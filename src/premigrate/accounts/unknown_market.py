"""Explains why the market of an account is unknown, for example because its supplier code is missing or misspelt."""

from __future__ import annotations

import re
from difflib import get_close_matches

from premigrate.accounts.identity import SUPPLIER_KEY, matching_markets, supplier_patterns
from premigrate.engine.envelope import WRAPPER_KEY

_MAX_SHOWN = 60  # longest supplier code in a message, in characters
_MAX_EXTRA = 2  # most characters that a misspelt code is longer than the right one
_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,39}")
"""The form of a supplier code. Other texts may be the value of another field, and are not shown."""
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,39}")
_LIST_KEYS = frozenset({"accounts", "payloads"})
_MAX_LEVELS = 3  # deepest list of accounts that is looked for, in objects around it
_ACCOUNT_KEYS = frozenset([SUPPLIER_KEY, WRAPPER_KEY, "external_account_number"])
_OTHER_DOCUMENTS = {
    "log": "this looks like a HAR export; use premigrate compare to read it",
    "openapi": "this is an OpenAPI document; use premigrate tenant learn to read it",
}
_JSON_TYPES = {str: "a string", bool: "a boolean", list: "an array", dict: "an object"}


def explain_unknown_market(payload: object, *, option: str = "--market ") -> str:
    """Return a message that explains why the market of a payload is unknown, and how to fix it.

    Args:
        payload: any JSON value for which `premigrate.accounts.identity.market_of` returns None.
        option: the text before the name of a market in the hint: ``--market `` in a shell, ``market=`` in Python.

    """
    return f"{_describe_problem(payload)} ({_list_known_codes(option)})"


def _describe_problem(payload: object) -> str:
    if isinstance(payload, dict) and SUPPLIER_KEY not in payload and WRAPPER_KEY in payload:
        payload = payload[WRAPPER_KEY]
        if not isinstance(payload, dict):
            return f'"{WRAPPER_KEY}" is {_json_type(payload)}; it must be the account, a JSON object'
    if not isinstance(payload, dict):
        return _describe_non_object(payload)
    if not payload:
        return "this object is empty; an account must have import_supplier and external_account_number"
    if SUPPLIER_KEY in payload:
        return _describe_supplier(payload[SUPPLIER_KEY])
    return _describe_envelope(payload) or "import_supplier is missing, which determines the market; add it"


def _describe_non_object(payload: object) -> str:
    if isinstance(payload, list):
        return "this is an array inside an array; write the accounts as objects in one array"
    if isinstance(payload, str) and payload.lstrip()[:1] in {"{", "["}:
        return (
            "this is a string that contains JSON, because it was encoded twice; write the object itself, without quotes"
        )
    return f"this is {_json_type(payload)}; an account is a JSON object"


def _describe_supplier(supplier: object) -> str:
    if not isinstance(supplier, str):
        return f"import_supplier is {_json_type(supplier)}; it must be the code of a supplier"
    code = supplier.strip()
    if not code:
        return "import_supplier is empty; it must be the code of a supplier"
    shown = code if len(code) <= _MAX_SHOWN else f"{code[:_MAX_SHOWN]}..."
    if len(matching := matching_markets(code)) > 1:
        return f'import_supplier "{shown}" matches several markets: {", ".join(matching)}'
    pattern, is_same = _closest_pattern(code)
    nearest = pattern.rstrip("*")
    if is_same:
        why = f'it differs from "{nearest}" in case or spaces; write the code exactly as it was issued'
        return f'import_supplier "{shown}" is unknown: {why}'
    if nearest:
        begins = "a code that begins with " if nearest != pattern and len(code) > len(nearest) + _MAX_EXTRA else ""
        return f'import_supplier "{shown}" is unknown; did you mean {begins}"{nearest}"?'
    return f'import_supplier "{shown}" is unknown' if _CODE.fullmatch(code) else "import_supplier is unknown"


def _closest_pattern(code: str) -> tuple[str, bool]:
    """Return the pattern closest to a code, empty if there is none; and whether only case or blanks differ."""
    plain = "".join(code.split()).casefold()
    known = {glob.rstrip("*").casefold(): glob for globs in supplier_patterns().values() for glob in globs}
    for stem, pattern in known.items():
        if stem and plain.startswith(stem):
            return pattern, True
    longest = max(map(len, known), default=0)
    near = get_close_matches(plain, known, 1) or get_close_matches(plain[:longest], known, 1)
    return (known[near[0]], False) if near else ("", False)


def _list_known_codes(option: str) -> str:
    """List the known codes with their markets, and the option that sets the market."""
    codes = ", ".join(f"{' or '.join(globs)} for {market}" for market, globs in supplier_patterns().items())
    ways = " or ".join(f"{option}{market}" for market in supplier_patterns())
    return f"known codes: {codes}; or set the market with {ways}"


def _describe_envelope(payload: dict[str, object]) -> str | None:
    """Describe where the accounts are if this is an object around an account or a list of accounts; otherwise None."""
    if not _ACCOUNT_KEYS.isdisjoint(payload):
        return None
    for name, what in _OTHER_DOCUMENTS.items():
        if name in payload:
            return what
    keys: list[str] = []
    here: object = payload
    while isinstance(here, dict) and len(keys) < _MAX_LEVELS:
        found = next(
            (str(key) for key, value in here.items() if _holds_account(value) or _is_list_of_accounts(key, value)), None
        )
        key = _only_key(here) if found is None else found
        if key is None:
            return None
        keys.append(key if _IDENTIFIER.fullmatch(key) else "*")
        here = here[key]
        if found is not None:
            return _describe_accounts_at(".".join(keys), here)
    return None


def _describe_accounts_at(place: str, value: object) -> str:
    if isinstance(value, list):
        many = "the account is" if len(value) == 1 else f"{len(value)} accounts are"
        what = "write only that array, without the object around it"
        return f"{many} in an array at {place}; {what}, or one account per line"
    return f'the account is inside the object at {place}; write only the account, or put it under "{WRAPPER_KEY}"'


def _holds_account(value: object) -> bool:
    """Return whether a value is an account, or a list whose first item is one."""
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, dict) and not _ACCOUNT_KEYS.isdisjoint(first)


def _is_list_of_accounts(key: object, value: object) -> bool:
    """Return whether a value is a list under a key that is common for accounts."""
    return key in _LIST_KEYS and isinstance(value, list)


def _only_key(value: dict[str, object]) -> str | None:
    """Return the key of the only value that is an object; None if there is none, or more than one."""
    keys = [key for key, each in value.items() if isinstance(each, dict)]
    return keys[0] if len(keys) == 1 else None


def _json_type(value: object) -> str:
    """Name the JSON type of a value."""
    return "null" if value is None else _JSON_TYPES.get(type(value), "a number")

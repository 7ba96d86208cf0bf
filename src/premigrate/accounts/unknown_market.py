"""Explains why the market of an account is unknown: what is wrong with its import_supplier, or with its shape."""

from __future__ import annotations

import re
from difflib import get_close_matches

from premigrate.accounts.identity import SUPPLIER, markets_of_supplier, suppliers
from premigrate.engine.envelope import WRAPPER

_SHOWN = 60  # characters of a supplier code that a message shows
_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,39}")
"""What looks like the code of a supplier; anything else may be a value of another field, and is not shown."""
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,39}")
_LISTS = frozenset({"accounts", "payloads"})
_MOST_LEVELS = 3  # objects around a list of accounts
_ACCOUNT_KEYS = frozenset([SUPPLIER, WRAPPER, "external_account_number"])
_OTHER_DOCUMENTS = {
    "log": "this looks like a HAR export; premigrate compare reads those",
    "openapi": "this is an OpenAPI document; premigrate tenant learn reads those",
}
_KINDS = {str: "a string", bool: "a boolean", list: "an array", dict: "an object"}


def explain_unknown_market(payload: object, *, option: str = "--market ") -> str:
    """Explain why no market is known for a payload, and what to do.

    Args:
        payload: any JSON value, of which `premigrate.accounts.identity.market_of` tells no market.
        option: what to write before the name of a market: ``--market `` in a shell, ``market=`` in Python.

    """
    return f"{_problem(payload)} ({_known(option)})"


def _problem(payload: object) -> str:
    if isinstance(payload, dict) and SUPPLIER not in payload and WRAPPER in payload:
        payload = payload[WRAPPER]
        if not isinstance(payload, dict):
            return f'"{WRAPPER}" holds {_kind(payload)}; it must hold the account, which is a JSON object'
    if not isinstance(payload, dict):
        return _about_other_value(payload)
    if not payload:
        return "this object is empty; an account has at least import_supplier and external_account_number"
    if SUPPLIER in payload:
        return _about_supplier(payload[SUPPLIER])
    return _about_envelope(payload) or "import_supplier is missing, which tells the market; add it"


def _about_other_value(payload: object) -> str:
    if isinstance(payload, list):
        return "this is an array inside the array; write the accounts themselves, as objects, into one array"
    if isinstance(payload, str) and payload.lstrip()[:1] in {"{", "["}:
        return "this is a string that holds JSON: it was written as JSON twice; write the object itself, without quotes"
    return f"this is {_kind(payload)}; an account is a JSON object"


def _about_supplier(supplier: object) -> str:
    if not isinstance(supplier, str):
        return f"import_supplier is {_kind(supplier)}; it must be the code of a supplier"
    code = supplier.strip()
    if not code:
        return "import_supplier is empty; it must be the code of a supplier"
    shown = code if len(code) <= _SHOWN else f"{code[:_SHOWN]}..."
    if len(several := markets_of_supplier(code)) > 1:
        return f'import_supplier "{shown}" fits several markets: {", ".join(several)}'
    nearest, is_same = _nearest(code)
    if is_same:
        why = f'it differs from "{nearest}" in case or blanks, which count; write the code as it was issued'
        return f'import_supplier "{shown}" is unknown: {why}'
    if nearest:
        return f'import_supplier "{shown}" is unknown; did you mean "{nearest}"?'
    return f'import_supplier "{shown}" is unknown' if _CODE.fullmatch(code) else "import_supplier is unknown"


def _nearest(code: str) -> tuple[str, bool]:
    """Find the known code that is most like this one; and whether only case and blanks differ."""
    plain = "".join(code.split()).casefold()
    known = {stem.casefold(): stem for globs in suppliers().values() for stem in (glob.rstrip("*") for glob in globs)}
    for stem, written in known.items():
        if stem and plain.startswith(stem):
            return written, True
    longest = max(map(len, known), default=0)
    near = get_close_matches(plain, known, 1) or get_close_matches(plain[:longest], known, 1)
    return (known[near[0]], False) if near else ("", False)


def _known(option: str) -> str:
    """List the known codes with their markets, and the other way to name the market."""
    codes = ", ".join(f"{' or '.join(globs)} for {market}" for market, globs in suppliers().items())
    ways = " or ".join(f"{option}{market}" for market in suppliers())
    return f"known codes: {codes}; {ways} names the market instead"


def _about_envelope(payload: dict[str, object]) -> str | None:
    """Say where the accounts are, if this is an object around an account or a list of them."""
    if not _ACCOUNT_KEYS.isdisjoint(payload):
        return None
    for name, what in _OTHER_DOCUMENTS.items():
        if name in payload:
            return what
    keys: list[str] = []
    here: object = payload
    while isinstance(here, dict) and len(keys) < _MOST_LEVELS:
        found = next(
            (str(key) for key, value in here.items() if _holds_account(value) or _is_list_of_accounts(key, value)), None
        )
        key = _only_key(here) if found is None else found
        if key is None:
            return None
        keys.append(key if _IDENTIFIER.fullmatch(key) else "*")
        here = here[key]
        if found is not None:
            return _about_accounts_at(".".join(keys), here)
    return None


def _about_accounts_at(place: str, value: object) -> str:
    if isinstance(value, list):
        many = "the account is" if len(value) == 1 else f"{len(value)} accounts are"
        what = "write that array alone, without the object around it"
        return f"{many} in an array at {place}; {what}, or one account on each line"
    return f'the account is inside the object at {place}; write it alone, or under "{WRAPPER}"'


def _holds_account(value: object) -> bool:
    """Whether this is an account, or a list that begins with one."""
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, dict) and not _ACCOUNT_KEYS.isdisjoint(first)


def _is_list_of_accounts(key: object, value: object) -> bool:
    """Whether the key says that its list is one of accounts."""
    return key in _LISTS and isinstance(value, list)


def _only_key(value: dict[str, object]) -> str | None:
    """Give the key that holds the only object or list."""
    keys = [key for key, each in value.items() if isinstance(each, dict)]
    return keys[0] if len(keys) == 1 else None


def _kind(value: object) -> str:
    """Name a JSON value as JSON does."""
    return "null" if value is None else _KINDS.get(type(value), "a number")

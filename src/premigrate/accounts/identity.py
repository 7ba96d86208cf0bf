"""Reads the identity of an account: its market, supplier code and account number."""

from __future__ import annotations

from functools import cache, lru_cache

from premigrate.engine.envelope import WRAPPER_KEY

_ACCOUNT_NUMBER = "external_account_number"
MAX_ACCOUNT_NUMBER_LENGTH = 100  # characters; longer account numbers are truncated
_LARGEST_NUMBER = 10 ** (MAX_ACCOUNT_NUMBER_LENGTH - 1)
MAX_SUPPLIER_LENGTH = 100  # characters; the market of longer codes is not cached
SUPPLIER_KEY = "import_supplier"


def market_of(payload: object) -> str | None:
    """Return the market of a payload by its ``import_supplier``; None if no market or several match."""
    account = unwrap_account(payload)
    supplier = account.get(SUPPLIER_KEY) if isinstance(account, dict) else None
    return market_of_supplier(supplier) if isinstance(supplier, str) else None


def unwrap_account(payload: object) -> object:
    """Return the account inside the wrapper object, for any market.

    A payload that is not an object, or has a supplier itself, is returned as it is. An object with neither a supplier
    nor a wrapper gives None.
    """
    if isinstance(payload, dict) and SUPPLIER_KEY not in payload:
        return payload.get(WRAPPER_KEY)
    return payload


def market_of_supplier(supplier: str) -> str | None:
    """Return the market of a supplier code, ignoring blanks around it; None if no market or several match."""
    is_cacheable = len(supplier) <= MAX_SUPPLIER_LENGTH
    return _market_of_supplier(supplier) if is_cacheable else _market_of_supplier.__wrapped__(supplier)


@lru_cache(maxsize=1024)
def _market_of_supplier(supplier: str) -> str | None:
    markets = matching_markets(supplier.strip())
    return markets[0] if len(markets) == 1 else None


def matching_markets(code: str) -> list[str]:
    """List the markets with a pattern that matches a supplier code."""
    from fnmatch import fnmatchcase

    return [market for market, globs in supplier_patterns().items() if any(fnmatchcase(code, glob) for glob in globs)]


def external_account_number_of(account: object) -> str:
    """Return the account number (``external_account_number``) of an account, truncated; empty if there is none.

    A whole number is the same account as its text, which the API makes of it.
    """
    number = account.get(_ACCOUNT_NUMBER) if isinstance(account, dict) else None
    if type(number) is int and abs(number) < _LARGEST_NUMBER:
        return str(number)
    return number.strip()[:MAX_ACCOUNT_NUMBER_LENGTH] if isinstance(number, str) else ""


def supplier_of(account: object) -> str:
    """Return the supplier code of an account, truncated to 100 characters; empty if there is none."""
    supplier = account.get(SUPPLIER_KEY) if isinstance(account, dict) else None
    return supplier.strip()[:MAX_SUPPLIER_LENGTH] if isinstance(supplier, str) else ""


@cache
def supplier_patterns() -> dict[str, tuple[str, ...]]:
    """Return the supplier code patterns of every market; ``*`` matches any characters."""
    from premigrate.ruleset.cache import get_or_build

    return get_or_build("suppliers", dict[str, tuple[str, ...]], _load_suppliers)


def _load_suppliers() -> dict[str, tuple[str, ...]]:
    from premigrate.ruleset.load import load_suppliers

    return load_suppliers()

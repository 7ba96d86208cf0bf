"""Tells what an account says of itself: the market by its import supplier, and its number."""

from __future__ import annotations

from functools import cache, lru_cache

from premigrate.engine.envelope import WRAPPER

_REFERENCE = "external_account_number"
_LONGEST_REFERENCE = 100
_LONGEST_SUPPLIER = 100  # characters of a name of which the market is remembered
SUPPLIER = "import_supplier"


def market_of(payload: object) -> str | None:
    """Tell the market of a payload from its import_supplier; None if none or several come into question."""
    account = payload
    if isinstance(payload, dict) and SUPPLIER not in payload:
        account = payload.get(WRAPPER)
    supplier = account.get(SUPPLIER) if isinstance(account, dict) else None
    return market_of_supplier(supplier) if isinstance(supplier, str) else None


def market_of_supplier(supplier: str) -> str | None:
    """Tell the market of an import_supplier; None if none or several come into question."""
    is_usual = len(supplier) <= _LONGEST_SUPPLIER
    return _market_of_supplier(supplier) if is_usual else _market_of_supplier.__wrapped__(supplier)


@lru_cache(maxsize=1024)
def _market_of_supplier(supplier: str) -> str | None:
    from fnmatch import fnmatchcase

    patterns = _suppliers().items()
    found = [market for market, globs in patterns if any(fnmatchcase(supplier.strip(), glob) for glob in globs)]
    return found[0] if len(found) == 1 else None


def reference_of(account: object) -> str:
    """Tell the account number that an account says of itself; empty if it says none."""
    said = account.get(_REFERENCE) if isinstance(account, dict) else None
    return said.strip()[:_LONGEST_REFERENCE] if isinstance(said, str) else ""


@cache
def _suppliers() -> dict[str, tuple[str, ...]]:
    from premigrate.loading.cache import get_or_build

    return get_or_build("suppliers", dict[str, tuple[str, ...]], _load_suppliers)


def _load_suppliers() -> dict[str, tuple[str, ...]]:
    from premigrate.loading import load_suppliers

    return load_suppliers()

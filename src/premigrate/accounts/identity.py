"""Tells what an account says of itself: the market by its import supplier, and its number."""

from __future__ import annotations

from functools import cache, lru_cache

from premigrate.engine.envelope import WRAPPER

_REFERENCE = "external_account_number"
LONGEST_REFERENCE = 100
LONGEST_SUPPLIER = 100  # characters of a name of which the market is remembered
SUPPLIER = "import_supplier"


def market_of(payload: object) -> str | None:
    """Tell the market of a payload from its import_supplier; None if none or several come into question."""
    account = account_of(payload)
    supplier = account.get(SUPPLIER) if isinstance(account, dict) else None
    return market_of_supplier(supplier) if isinstance(supplier, str) else None


def account_of(payload: object) -> object:
    """Look through the wrapper, whatever the market; what has neither wrapper nor supplier is None or the payload."""
    if isinstance(payload, dict) and SUPPLIER not in payload:
        return payload.get(WRAPPER)
    return payload


def market_of_supplier(supplier: str) -> str | None:
    """Tell the market of an import_supplier; None if none or several come into question."""
    is_usual = len(supplier) <= LONGEST_SUPPLIER
    return _market_of_supplier(supplier) if is_usual else _market_of_supplier.__wrapped__(supplier)


@lru_cache(maxsize=1024)
def _market_of_supplier(supplier: str) -> str | None:
    found = markets_of_supplier(supplier.strip())
    return found[0] if len(found) == 1 else None


def markets_of_supplier(code: str) -> list[str]:
    """Name the markets that a supplier code fits."""
    from fnmatch import fnmatchcase

    return [market for market, globs in suppliers().items() if any(fnmatchcase(code, glob) for glob in globs)]


def reference_of(account: object) -> str:
    """Tell the account number that an account says of itself; empty if it says none."""
    said = account.get(_REFERENCE) if isinstance(account, dict) else None
    return said.strip()[:LONGEST_REFERENCE] if isinstance(said, str) else ""


def supplier_of(account: object) -> str:
    """Tell the import supplier that an account names, of up to a hundred characters; empty if it names none."""
    said = account.get(SUPPLIER) if isinstance(account, dict) else None
    return said.strip()[:LONGEST_SUPPLIER] if isinstance(said, str) else ""


@cache
def suppliers() -> dict[str, tuple[str, ...]]:
    """Tell, for every market, the patterns of its supplier codes; ``*`` stands for any characters."""
    from premigrate.ruleset.cache import get_or_build

    return get_or_build("suppliers", dict[str, tuple[str, ...]], _load_suppliers)


def _load_suppliers() -> dict[str, tuple[str, ...]]:
    from premigrate.ruleset.load import load_suppliers

    return load_suppliers()

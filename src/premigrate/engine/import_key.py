"""Tells from an account what its import is known by, and whether it is known already."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from premigrate.exceptions import BadArgument
from premigrate.formats.plain import to_plain
from premigrate.formats.text import reader

_SUPPLIER, _NUMBER = "import_supplier", "external_account_number"


class ImportKey(NamedTuple):
    """Import supplier and external account number: no two imports share both. What an account lacks is empty."""

    supplier: str
    number: str


def import_key(account: object) -> ImportKey:
    """Read the key of an account's import as the API reads texts."""
    said = account if isinstance(account, dict) else {}
    read = reader(blank=True)
    supplier, number = (
        text if isinstance(text := read(to_plain(said.get(key))), str) else "" for key in (_SUPPLIER, _NUMBER)
    )
    return ImportKey(supplier, number)


def account_known_as(number: str, imported: Mapping[str, str | None] | Collection[str] | None) -> str | None:
    """Find the Kraken account number of an imported account: empty if that is not known, None if it isn't imported.

    Raises:
        BadArgument: ``imported`` is one text, where several are meant.

    """
    if isinstance(imported, (str, bytes)):
        raise BadArgument("imported must be a mapping or a collection of external account numbers, not one text")
    if not number or not imported or number not in imported:
        return None
    return (imported[number] or "") if isinstance(imported, Mapping) else ""

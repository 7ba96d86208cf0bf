"""Extracts the key of an account's import, and looks it up among the imported accounts."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from premigrate.exceptions import BadArgument
from premigrate.formats.plain import to_plain
from premigrate.formats.text import text_parser

_SUPPLIER, _NUMBER = "import_supplier", "external_account_number"


class ImportKey(NamedTuple):
    """The import supplier and external account number, which are unique together; empty if absent."""

    supplier: str
    number: str


def import_key_of(account: object) -> ImportKey:
    """Return the key of an account's import, with strings parsed as the API does."""
    fields = account if isinstance(account, dict) else {}
    read = text_parser(blank=True)
    supplier, number = (
        text if isinstance(text := read(to_plain(fields.get(key))), str) else "" for key in (_SUPPLIER, _NUMBER)
    )
    return ImportKey(supplier, number)


def imported_account_number(number: str, imported: Mapping[str, str | None] | Collection[str] | None) -> str | None:
    """Return the Kraken account number of an imported account: empty if unknown, None if it was not imported.

    Raises:
        BadArgument: ``imported`` is a single string instead of a collection.

    """
    if isinstance(imported, (str, bytes)):
        raise BadArgument("imported must be a mapping or a collection of external account numbers, not one text")
    if not number or not imported or number not in imported:
        return None
    return (imported[number] or "") if isinstance(imported, Mapping) else ""

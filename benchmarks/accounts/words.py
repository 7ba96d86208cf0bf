"""Turns words into the parts of an account that all markets write alike."""

import unicodedata
from typing import Any

from benchmarks.accounts.serial import mark


def email_of(given: str, family: str, which: int, country: str) -> str:
    """Write an address of a person: plain letters, and the account's serial number."""
    return f"{_plain(given)}.{_plain(family)}{mark('serial', which)}@example.{country}"


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.lower()).replace("ø", "o").replace("æ", "ae")
    return "".join(letter for letter in letters if letter.isascii() and letter.isalpha())


def address_of(code: str, locality: str, country: str, street: str | dict[str, str]) -> dict[str, Any]:
    """Write an address in the rich form."""
    place: dict[str, Any] = {"locality": locality, "postal_code": code, "country": country}
    return place | ({"structured_street_address": street} if isinstance(street, dict) else {"street_address": street})

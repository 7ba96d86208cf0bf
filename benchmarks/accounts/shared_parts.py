"""Generates the parts of an account that are alike in all markets."""

import unicodedata
from typing import Any

from benchmarks.accounts.placeholders import placeholder


def email_of(given: str, family: str, which: int, country: str) -> str:
    """Return an e-mail address of ASCII letters and the account's serial number."""
    return f"{_plain(given)}.{_plain(family)}{placeholder('serial', which)}@example.{country}"


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.lower()).replace("ø", "o").replace("æ", "ae")
    return "".join(letter for letter in letters if letter.isascii() and letter.isalpha())


def address_of(code: str, locality: str, country: str, street: str | dict[str, str]) -> dict[str, Any]:
    """Return an address object, with a plain or a structured street."""
    place: dict[str, Any] = {"locality": locality, "postal_code": code, "country": country}
    return place | ({"structured_street_address": street} if isinstance(street, dict) else {"street_address": street})

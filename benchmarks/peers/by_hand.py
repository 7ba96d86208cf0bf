"""Handwritten checks of accounts, without rules as data: the code that the markets share.

The checks cover the fields of the example payloads and every rule that can reject one of them. They return only whether
an account is accepted, and give no advice. Common values take a fast path in the modules of the markets; all others
take the slow path in this module. An account with any other field raises `Unhandled`.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import phonenumbers
import pycountry

from premigrate.formats import dates, numbers
from premigrate.formats.email import is_email

match_common_email = re.compile(
    r"[-!#$%&'*+/=?^_`{}|~0-9A-Za-z]+(?:\.[-!#$%&'*+/=?^_`{}|~0-9A-Za-z]+)*"
    r"@(?:[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?\.)+[A-Za-z]{2,63}"
).fullmatch
TEST_STARTS, TEST_ENDS = ("test@", "xxx@"), ("@test.com", "@test.co.uk", ".xxx", ".xx")
_slow_amount = numbers.decimal_parser(max_digits=20, decimal_places=10, nullable=False)
_slow_boolean, _slow_nullable = numbers.boolean_parser(nullable=False), numbers.boolean_parser(nullable=True)
ACCOUNT_TYPES = frozenset({
    "DOMESTIC", "BUSINESS", "MANAGED", "PORTFOLIO_LEAD", "DOMESTIC_VACANT", "BUSINESS_VACANT", "DOMESTIC_OCCUPIER",
    "BUSINESS_OCCUPIER", "SYSTEM", "DOMESTIC_THIRD_PARTY_BILLED", "BUSINESS_THIRD_PARTY_BILLED",
})  # fmt: skip
WITHOUT_SUPPLY = frozenset({"PORTFOLIO_LEAD", "SYSTEM"})
COUNTRIES = frozenset(country.alpha_2 for country in pycountry.countries)
REJECTING_ERRORS = (AttributeError, KeyError, TypeError, ValueError)
"""Raised for a missing required field, a value that can't be parsed, or a value that is not an object."""
_MIN_AMOUNT, _MAX_AMOUNT = -1e10, 1e10


class Unhandled(Exception):
    """An account has a field that the check does not support."""


def unsupported(item: object) -> Exception:
    """Return the exception for an item that has unsupported keys or is not an object."""
    return Unhandled() if isinstance(item, dict) else TypeError("no object")


def accepts_filled_text(value: object, max_length: int = 10**9) -> bool:
    """Return whether DRF accepts a value as a text that is not blank."""
    return accepts_text(value, max_length) and bool(str(value).strip())


def accepts_text(value: object, max_length: int = 10**9) -> bool:
    """Return whether DRF accepts a value as a text, which may be blank."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return False
    text = str(value).strip()
    return len(text) <= max_length and "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def accepts_email(value: object) -> bool:
    """Return whether a value is null, blank, or an e-mail address that is not a test address."""
    if value is None:
        return True
    if not isinstance(value, str) or not accepts_text(value, 254):
        return False
    text = value.strip()
    lower = text.lower()
    return not text or (is_email(text) and not lower.startswith(TEST_STARTS) and not lower.endswith(TEST_ENDS))


def accepts_phone(value: object, region: str) -> bool:
    """Return whether a value is null, blank, or a number in the numbering plan of any country."""
    if value is None:
        return True
    if not accepts_text(value, 32):
        return False
    text = str(value).strip()
    try:
        return not text or phonenumbers.is_valid_number(phonenumbers.parse(text, region))
    except phonenumbers.NumberParseException:
        return False


def accepts_country(value: object) -> bool:
    """Return whether a value is a country code in any spelling."""
    return isinstance(value, str) and value.strip().upper() in COUNTRIES


def parse_boolean(value: object, *, nullable: bool = False) -> bool | None:
    """Parse a boolean, or null if ``nullable``, in all spellings that DRF accepts."""
    parsed = (_slow_nullable if nullable else _slow_boolean)(value) if value is not None or not nullable else None
    if parsed is not None and not isinstance(parsed, bool):
        raise TypeError("neither true nor false")
    return parsed


def accepts_integer(value: object, minimum: int, maximum: int) -> bool:
    """Return whether DRF parses a value as an integer within bounds."""
    parsed = numbers.parse_integer(value)
    return isinstance(parsed, int) and minimum <= parsed <= maximum


def cents(value: object) -> int | Decimal:
    """Parse an amount exactly, in hundredths; an integer if possible, because these add up fastest."""
    if type(value) is float and _MIN_AMOUNT < value < _MAX_AMOUNT:
        hundredths = round(value * 100)
        if hundredths / 100 == value:  # so no other amount in whole hundredths has this float
            return hundredths
    parsed = _slow_amount(value)
    if not isinstance(parsed, Decimal):
        raise TypeError("no amount")
    return parsed * 100


def slow_date(value: object) -> date:
    """Parse a date in all forms that DRF accepts."""
    parsed = dates.parse_date(value)
    if not isinstance(parsed, date):
        raise TypeError("no date")
    return parsed


def slow_datetime(value: object) -> datetime:
    """Parse a datetime in all forms that DRF accepts."""
    parsed = dates.parse_datetime(value)
    if not isinstance(parsed, datetime):
        raise TypeError("no date and time")
    return parsed


def build(market: str) -> Callable[[Any, date], bool] | None:
    """Return the handwritten check of a market; None if there is none."""
    from benchmarks.peers import by_hand_dk, by_hand_pt

    checks: Mapping[str, Callable[[Any, date], bool]] = {"dk": by_hand_dk.accepts, "pt": by_hand_pt.accepts}
    return checks.get(market)

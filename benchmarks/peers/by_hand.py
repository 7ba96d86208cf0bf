"""Tells whether an account is accepted, as a person would write it out by hand: what the markets' checks share.

They read the fields of the example payloads and no others, ask every rule that can refuse something there, collect
nothing and give no advice. Written as usual, a value is taken at a glance; what is not goes the slow way, here. An
account with another known field is not for them, and they say so (`Unhandled`).
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

usual_email = re.compile(
    r"[-!#$%&'*+/=?^_`{}|~0-9A-Za-z]+(?:\.[-!#$%&'*+/=?^_`{}|~0-9A-Za-z]+)*"
    r"@(?:[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?\.)+[A-Za-z]{2,63}"
).fullmatch
TEST_STARTS, TEST_ENDS = ("test@", "xxx@"), ("@test.com", "@test.co.uk", ".xxx", ".xx")
_usual_amount = re.compile(r"-?[0-9]{1,10}(?:\.[0-9]{1,10})?").fullmatch
_slow_amount = numbers.decimal_reader(max_digits=20, decimal_places=10, nullable=False)
_slow_boolean, _slow_nullable = numbers.boolean_reader(nullable=False), numbers.boolean_reader(nullable=True)
ACCOUNT_TYPES = frozenset({
    "DOMESTIC", "BUSINESS", "MANAGED", "PORTFOLIO_LEAD", "DOMESTIC_VACANT", "BUSINESS_VACANT", "DOMESTIC_OCCUPIER",
    "BUSINESS_OCCUPIER", "SYSTEM", "DOMESTIC_THIRD_PARTY_BILLED", "BUSINESS_THIRD_PARTY_BILLED",
})  # fmt: skip
WITHOUT_SUPPLY = frozenset({"PORTFOLIO_LEAD", "SYSTEM"})
COUNTRIES = frozenset(country.alpha_2 for country in pycountry.countries)
NO_ANSWER = (AttributeError, KeyError, TypeError, ValueError)
"""What is raised by a required field that is missing, a value that can't be read, and what is no object."""
_NUMBERS = {str, int, float}


class Unhandled(Exception):
    """A field that the check was not written for."""


def is_text(value: object, longest: int = 10**9) -> bool:
    """Tell whether the framework takes a value for a filled text."""
    return takes_text(value, longest) and bool(str(value).strip())


def takes_text(value: object, longest: int = 10**9) -> bool:
    """Tell whether the framework takes a value for a text, be it blank."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return False
    text = str(value).strip()
    return len(text) <= longest and "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def takes_email(value: object) -> bool:
    """Tell whether a value is null, blank or an address that is not for tests only."""
    if value is None:
        return True
    if not isinstance(value, str) or not takes_text(value, 254):
        return False
    text = value.strip()
    lower = text.lower()
    return not text or (is_email(text) and not lower.startswith(TEST_STARTS) and not lower.endswith(TEST_ENDS))


def takes_phone(value: object, region: str) -> bool:
    """Tell whether a value is null, blank or a number in some country's numbering plan."""
    if value is None:
        return True
    if not takes_text(value, 32):
        return False
    text = str(value).strip()
    try:
        return not text or phonenumbers.is_valid_number(phonenumbers.parse(text, region))
    except phonenumbers.NumberParseException:
        return False


def takes_country(value: object) -> bool:
    """Tell whether a value is a country, if not written as usual."""
    return isinstance(value, str) and value.strip().upper() in COUNTRIES


def slow_boolean(value: object, *, nullable: bool = False) -> bool | None:
    """Read true, false or (if it may be) null in all the ways in which the framework does."""
    read = (_slow_nullable if nullable else _slow_boolean)(value) if value is not None or not nullable else None
    if read is not None and not isinstance(read, bool):
        raise TypeError("neither true nor false")
    return read


def takes_number(value: object, least: int, most: int) -> bool:
    """Tell whether the framework reads a value as a whole number within bounds."""
    read = numbers.read_integer(value)
    return isinstance(read, int) and least <= read <= most


def amount(value: object) -> Decimal:
    """Read an amount of money exactly."""
    text = value if type(value) is str else repr(value)
    if type(value) in _NUMBERS and _usual_amount(text):
        return Decimal(text)
    read = _slow_amount(value)
    if not isinstance(read, Decimal):
        raise TypeError("no amount")
    return read


def slow_date(value: object) -> date:
    """Read a date in all the ways in which the framework does."""
    read = dates.read_date(value)
    if not isinstance(read, date):
        raise TypeError("no date")
    return read


def slow_moment(value: object) -> datetime:
    """Read a date and time in all the ways in which the framework does."""
    read = dates.read_datetime(value)
    if not isinstance(read, datetime):
        raise TypeError("no date and time")
    return read


def build(market: str) -> Callable[[Any, date], bool]:
    """Give the check of a market."""
    from benchmarks.peers import by_hand_dk, by_hand_pt

    written: Mapping[str, Callable[[Any, date], bool]] = {"dk": by_hand_dk.accepts, "pt": by_hand_pt.accepts}
    return written[market]

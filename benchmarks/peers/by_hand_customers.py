"""Handwritten check of Danish customers."""

import re
from typing import Any

from benchmarks.peers.by_hand import (
    TEST_ENDS,
    TEST_STARTS,
    accepts_email,
    accepts_phone,
    accepts_text,
    match_common_email,
    parse_boolean,
    unsupported,
)
from benchmarks.peers.by_hand_ledgers import DateParsers

_CUSTOMER = frozenset({
    "given_name", "family_name", "email", "mobile", "landline", "date_of_birth", "title", "salutation",
    "customer_preferences",
})  # fmt: skip
_PREFERENCES = frozenset({
    "opted_into_sms", "opted_into_recommended", "opted_into_updates", "opted_into_third_parties", "opted_into_offers",
    "is_user_psr_consent_obtained",
})  # fmt: skip
_common_phone = re.compile(
    r"(?:\+45)?(?:2[05]|3[013]|4[012]|5[0-36]|6[01]|7[0-6]|8[1679]|9[1-47-9])[1-9]\d{5}", re.A
).fullmatch


def accepts_customer(customer: Any, parsers: DateParsers, *, needs_name: bool) -> bool:
    """Return whether a customer is accepted."""
    if not _CUSTOMER.issuperset(customer):
        raise unsupported(customer)
    get = customer.get
    given, family, title, salutation = get("given_name", ""), get("family_name", ""), get("title"), get("salutation")
    email, mobile, landline, born = get("email"), get("mobile"), get("landline"), get("date_of_birth")
    if not (type(given) is str and len(given) <= 255 and given.isprintable()) and not accepts_text(given, 255):
        return False
    if not (type(family) is str and len(family) <= 255 and family.isprintable()) and not accepts_text(family, 255):
        return False
    if (
        not (type(title) is str and len(title) <= 20 and title.isprintable())
        and title is not None
        and not accepts_text(title, 20)
    ):
        return False
    if (
        not (type(salutation) is str and len(salutation) <= 128 and salutation.isprintable())
        and salutation is not None
        and not accepts_text(salutation, 128)
    ):
        return False
    if needs_name and not str(family).strip():
        return False
    if f"{given} {family}".strip().lower() == "the occupier":
        return False
    if type(email) is str and match_common_email(email) and len(email) <= 254:
        lower = email.lower()
        if lower.startswith(TEST_STARTS) or lower.endswith(TEST_ENDS):
            return False
    elif not accepts_email(email):
        return False
    if not (type(mobile) is str and _common_phone(mobile)) and not accepts_phone(mobile, "DK"):
        return False
    if not (type(landline) is str and _common_phone(landline)) and not accepts_phone(landline, "DK"):
        return False
    if born is not None:
        parsers.day(born)
    preferences = get("customer_preferences")
    return preferences is None or _preferences(preferences)


def _preferences(preferences: Any) -> bool:
    if not _PREFERENCES.issuperset(preferences):
        raise unsupported(preferences)
    for name, value in preferences.items():
        if value is not True and value is not False:
            parse_boolean(value, nullable=name == "is_user_psr_consent_obtained")
    return True

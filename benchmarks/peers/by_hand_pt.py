"""Handwritten check of Portuguese accounts."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from benchmarks.peers.by_hand import (
    ACCOUNT_TYPES,
    COUNTRIES,
    REJECTING_ERRORS,
    TEST_ENDS,
    TEST_STARTS,
    WITHOUT_SUPPLY,
    accepts_country,
    accepts_email,
    accepts_filled_text,
    accepts_phone,
    accepts_text,
    match_common_email,
    slow_date,
    unsupported,
)
from premigrate.formats.check_digits import make_check as make_digits_check
from premigrate.formats.cups import make_check as make_cups_check
from premigrate.formats.interfaces import Invalid

_ACCOUNT = frozenset({
    "import_supplier", "external_account_number", "account_type", "operations_team_name", "customers",
    "supply_addresses",
})  # fmt: skip
_CUSTOMER = frozenset({"user_details", "given_name", "family_name", "email", "mobile"})
_PLACE = frozenset({"supply_points", "customer_at_supply_address_from_date", "supply_address"})
_ADDRESS = frozenset({"locality", "postal_code", "country", "structured_street_address"})
_STREET = frozenset({"street_type", "street_name", "street_number", "floor", "door", "direction"})
_POINT = frozenset({"identifier", "supply_type", "agreements"})
_AGREEMENT = frozenset({"tariff_code", "effective_from", "effective_to"})
_LETTERS = tuple(first + second for first in "TRWAGMYFPDXBNJZSQVHLCKE" for second in "TRWAGMYFPDXBNJZSQVHLCKE")
_common_phone = re.compile(r"(?:\+351)?(?:9[1-36]\d{7}|2[12]\d{7}|30\d{7}|600\d{6})", re.ASCII).fullmatch
_common_nif = re.compile(r"[1-9]\d{8}", re.ASCII).fullmatch
_common_point = re.compile(r"PT\d{16}[A-Z]{2}", re.ASCII).fullmatch
_postal_code = re.compile(
    r"[1-9]\d{3}-\d{3}|[1-9]\d{6}|[1-9]\d{3} \d{3}|[1-9]\d{3} - \d{3}|PT-[1-9]\d{3}-\d{3}", re.ASCII | re.IGNORECASE
).fullmatch
_postal_code_of_dk = re.compile(r"(?!0000)\d{4}|DK[ -]?\d{4}", re.ASCII | re.IGNORECASE).fullmatch
_slow_nif, _slow_point = make_digits_check(of="pt.nif"), make_cups_check(prefix="PT")


def accepts(account: Any, _: date) -> bool:
    """Return whether an account is accepted; dates in uncommon forms take a slower second pass."""
    try:
        return _account(account, date.fromisoformat)
    except REJECTING_ERRORS:
        pass
    try:
        return _account(account, slow_date)
    except REJECTING_ERRORS:
        return False


def _account(account: Any, parse_date: Callable[[Any], date]) -> bool:
    if type(account) is not dict:
        return False
    if not _ACCOUNT.issuperset(account):
        raise unsupported(account)
    supplier, kind = account["import_supplier"], account.get("account_type", "DOMESTIC")
    number, team = account.get("external_account_number", ""), account.get("operations_team_name", "")
    customers, places = account.get("customers", ()), account.get("supply_addresses", ())
    if kind not in ACCOUNT_TYPES or (places and kind in WITHOUT_SUPPLY):
        return False
    if not (type(supplier) is str and supplier) and not accepts_filled_text(supplier):
        return False
    if not (type(number) is str and len(number) <= 128 and number.isprintable()) and not accepts_text(number, 128):
        return False
    if not (type(team) is str and team.isprintable()) and not accepts_text(team):
        return False
    if (type(customers) is not list and customers != ()) or (type(places) is not list and places != ()):
        return False
    for customer in customers:
        if not _customer(customer, needs_name=kind == "DOMESTIC"):
            return False
    seen: set[str] = set()
    for place in places:
        if not _place(place, seen, parse_date):
            return False
    return bool(seen)  # without an agreement, the start of billing is unknown


def _customer(customer: Any, *, needs_name: bool) -> bool:
    if not _CUSTOMER.issuperset(customer):
        raise unsupported(customer)
    given, family = customer.get("given_name", ""), customer.get("family_name", "")
    email, mobile = customer.get("email"), customer.get("mobile")
    if not (type(given) is str and len(given) <= 255 and given.isprintable()) and not accepts_text(given, 255):
        return False
    if not (type(family) is str and len(family) <= 255 and family.isprintable()) and not accepts_text(family, 255):
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
    if not (type(mobile) is str and _common_phone(mobile)) and not accepts_phone(mobile, "PT"):
        return False
    details = customer.get("user_details", ())
    if type(details) is not list and details != ():
        return False
    for detail in details:
        name, value = detail["namespace"], detail["value"]
        if (not (type(name) is str and name) and not accepts_filled_text(name)) or value is None:
            return False
        if name == "fiscal_code" and not _is_nif(value):
            return False
    return True


def _is_nif(value: Any) -> bool:
    if type(value) is str and _common_nif(value):
        a, b, c, d, e, f, g, h, i = value.encode()
        checked = 9 * a + 8 * b + 7 * c + 6 * d + 5 * e + 4 * f + 3 * g + 2 * h - 44 * 48
        return (11 - checked % 11) % 11 % 10 == i - 48
    return accepts_filled_text(value) and not isinstance(_slow_nif(str(value).strip()), Invalid)


def _place(place: Any, seen: set[str], parse_date: Callable[[Any], date]) -> bool:
    if not _PLACE.issuperset(place):
        raise unsupported(place)
    parse_date(place["customer_at_supply_address_from_date"])
    points = place["supply_points"]
    if type(points) is not list or not _address(place["supply_address"]):
        return False
    own = set()
    for point in points:
        if not _point(point, parse_date):
            return False
        own.add(point["identifier"])
    if not seen.isdisjoint(own):
        return False
    seen |= own
    return True


def _address(address: Any) -> bool:
    if not _ADDRESS.issuperset(address):
        raise unsupported(address)
    country, street = address["country"], address.get("structured_street_address")
    locality, code = address.get("locality", ""), address.get("postal_code", "")
    if not (type(locality) is str and len(locality) <= 512 and locality.isprintable()) and not accepts_text(
        locality, 512
    ):
        return False
    if not (type(code) is str and len(code) <= 512 and code.isprintable()) and not accepts_text(code, 512):
        return False
    if street is not None:
        for name, value in street.items():
            if not (type(value) is str and value.isprintable()) and name in _STREET and not _is_text_or_null(value):
                return False
    if country == "PT":
        return bool(_postal_code(str(code).strip()))
    if country == "DK":
        return bool(_postal_code_of_dk(str(code).strip()))
    return country in COUNTRIES or accepts_country(country)


_CHECKED_TYPES = frozenset({"ELECTRICITY", "GAS"})


def _is_text_or_null(value: Any) -> bool:
    return value is None or accepts_text(value)


def _point(point: Any, parse_date: Callable[[Any], date]) -> bool:
    if not _POINT.issuperset(point):
        raise unsupported(point)
    identifier, kind, agreements = point["identifier"], point.get("supply_type", ""), point.get("agreements")
    if str(kind).strip().upper() not in _CHECKED_TYPES:
        if not accepts_filled_text(identifier):
            return False
    elif type(identifier) is str and _common_point(identifier):
        if identifier[18:] != _LETTERS[int(identifier[2:18]) % 529]:
            return False
    elif not accepts_filled_text(identifier) or isinstance(_slow_point(str(identifier).strip()), Invalid):
        return False
    if type(kind) is not str and not accepts_text(kind):
        return False
    if type(agreements) is not list or not agreements:
        return False
    periods = []
    for agreement in agreements:
        if not _AGREEMENT.issuperset(agreement):
            raise unsupported(agreement)
        tariff, start, end = (
            agreement["tariff_code"],
            parse_date(agreement["effective_from"]),
            agreement.get("effective_to"),
        )
        if not (type(tariff) is str and tariff.isprintable() and tariff.strip()) and not accepts_filled_text(tariff):
            return False
        if end is not None:
            end = parse_date(end)
            if start > end:
                return False
        periods.append((start, end))
    return len(periods) == 1 or _are_consecutive(periods)


def _are_consecutive(periods: list[tuple[date, date | None]]) -> bool:
    periods.sort(key=lambda period: period[0])
    last = periods[0][1]
    for start, end in periods[1:]:
        if last is None or start != last:
            return False
        if end is None or end > last:
            last = end
    return True

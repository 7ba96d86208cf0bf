"""Handwritten check of Danish accounts."""

import re
from datetime import date, datetime
from typing import Any

from benchmarks.peers.by_hand import (
    ACCOUNT_TYPES,
    COUNTRIES,
    REJECTING_ERRORS,
    WITHOUT_SUPPLY,
    accepts_country,
    accepts_email,
    accepts_filled_text,
    accepts_integer,
    accepts_text,
    match_common_email,
    parse_boolean,
    slow_date,
    slow_datetime,
    unsupported,
)
from benchmarks.peers.by_hand_customers import accepts_customer
from benchmarks.peers.by_hand_ledgers import DateParsers, accepts_ledgers

_ACCOUNT = frozenset({
    "import_supplier", "external_account_number", "unknown_occupier", "customers", "billing_email", "billing_name",
    "billing_sub_name", "billing_customer_reference", "billing_address", "account_billing_options", "account_type",
    "date_of_sale", "sales_channel", "sales_subchannel", "communication_preference", "document_accessibility", "notes",
    "ledgers", "transfer_balance", "statements", "metadata", "operations_team_name", "supply_addresses",
})  # fmt: skip
_ADDRESS = frozenset({
    "name", "organization", "street_address", "locality", "postal_code", "country", "delivery_point_identifier",
    "structured_street_address",
})  # fmt: skip
_STREET = frozenset({"street_type", "street_name", "street_number", "floor", "door", "direction"})
_OPTIONS = frozenset({"period_length", "period_start_day", "period_start_month", "use_industry_billing"})
_NOTE = frozenset({"body", "created_at", "is_pinned", "unpin_at"})
_STATEMENT = frozenset({"bill_period_from_date", "bill_period_to_date", "statement_path", "statement_id"})
_PLACE = frozenset({
    "primary_place_of_residence_since", "customer_at_supply_address_from_date", "supply_postcode", "supply_address1",
})  # fmt: skip
_LENGTHS, _COMMUNICATIONS = frozenset({"MONTHLY", "QUARTERLY"}), frozenset({"ONLINE", "PRINT"})
_DOCUMENTS = frozenset({"LARGE_PRINT", "BRAILLE", "SPOKEN", ""})
_postal_code = re.compile(r"(?!0000)\d{4}|DK[ -]?\d{4}", re.ASCII | re.IGNORECASE).fullmatch
_delivery_point = re.compile(r"[A-Z0-9]{1,11}").fullmatch


def accepts(account: Any, today: date) -> bool:
    """Return whether an account is accepted; dates in uncommon forms take a slower second pass."""
    try:
        return _account(account, DateParsers(date.fromisoformat, datetime.fromisoformat, today))
    except REJECTING_ERRORS:
        pass
    try:
        return _account(account, DateParsers(slow_date, slow_datetime, today))
    except REJECTING_ERRORS:
        return False


def _account(account: Any, parsers: DateParsers) -> bool:
    if type(account) is not dict:
        return False
    get = account.get
    customers, places, kind = get("customers", ()), get("supply_addresses", ()), get("account_type", "DOMESTIC")
    notes, statements, metadata = get("notes", ()), get("statements", ()), get("metadata", ())
    for items in (customers, places, notes, statements, metadata):
        if type(items) is not list and items != ():
            return False
    unknown = get("unknown_occupier")
    if unknown is not False and parse_boolean(unknown, nullable=True) and (customers or len(places) > 1):
        return False
    if kind not in ACCOUNT_TYPES or (places and kind in WITHOUT_SUPPLY) or not _own_fields(account, get, parsers):
        return False
    for customer in customers:
        if not accepts_customer(customer, parsers, needs_name=kind == "DOMESTIC"):
            return False
    if "billing_address" in account and not _address(account["billing_address"]):
        return False
    if "account_billing_options" in account and not _options(account["account_billing_options"]):
        return False
    for note in notes:
        if not _note(note, parsers):
            return False
    for statement in statements:
        if not _statement(statement, parsers):
            return False
    if metadata and not _metadata(metadata):
        return False
    return accepts_ledgers(account, parsers) and _places(places, parsers)


def _own_fields(account: Any, get: Any, parsers: DateParsers) -> bool:
    if not _ACCOUNT.issuperset(account):
        raise unsupported(account)
    supplier, number = account["import_supplier"], get("external_account_number", "")
    name, sub_name, reference = (
        get("billing_name", ""),
        get("billing_sub_name", ""),
        get("billing_customer_reference", ""),
    )
    channel, subchannel, team = get("sales_channel", ""), get("sales_subchannel", ""), get("operations_team_name", "")
    email = get("billing_email")
    if not (type(supplier) is str and supplier) and not accepts_filled_text(supplier):
        return False
    if not (type(number) is str and len(number) <= 128 and number.isprintable()) and not accepts_text(number, 128):
        return False
    if not (type(email) is str and match_common_email(email) and len(email) <= 254 and "blackhole+" not in email) and (
        not accepts_email(email) or (email and "blackhole+" in email)
    ):
        return False
    if not (type(name) is str and len(name) <= 510 and name.isprintable()) and not accepts_text(name, 510):
        return False
    if not (type(sub_name) is str and len(sub_name) <= 256 and sub_name.isprintable()) and not accepts_text(
        sub_name, 256
    ):
        return False
    if not (type(reference) is str and len(reference) <= 256 and reference.isprintable()) and not accepts_text(
        reference, 256
    ):
        return False
    if type(channel) is not str and not accepts_text(channel):
        return False
    if not (type(subchannel) is str and subchannel.isprintable()) and not accepts_text(subchannel):
        return False
    if not (type(team) is str and team.isprintable()) and not accepts_text(team):
        return False
    if "date_of_sale" in account:
        parsers.day(account["date_of_sale"])
    return (
        get("communication_preference", "ONLINE") in _COMMUNICATIONS and get("document_accessibility", "") in _DOCUMENTS
    )


def _address(address: Any) -> bool:
    if not _ADDRESS.issuperset(address):
        raise unsupported(address)
    get = address.get
    country, street, structured = address["country"], get("street_address", ""), get("structured_street_address")
    name, organization, locality, code = (
        get("name", ""),
        get("organization", ""),
        get("locality", ""),
        get("postal_code", ""),
    )
    point = get("delivery_point_identifier", "")
    if not (type(name) is str and name.isprintable()) and not accepts_text(name):
        return False
    if not (type(organization) is str and organization.isprintable()) and not accepts_text(organization):
        return False
    if not (type(street) is str and street.isprintable()) and not accepts_text(street):
        return False
    if not (type(locality) is str and len(locality) <= 512 and locality.isprintable()) and not accepts_text(
        locality, 512
    ):
        return False
    if not (type(code) is str and len(code) <= 512 and code.isprintable()) and not accepts_text(code, 512):
        return False
    if not (type(point) is str and _delivery_point(point)) and (
        not accepts_text(point, 11) or (str(point).strip() and not _delivery_point(str(point).strip()))
    ):
        return False
    if structured is not None:
        for key, value in structured.items():
            if not (type(value) is str and value.isprintable()) and key in _STREET and not _is_text_or_null(value):
                return False
            if key in _STREET and value is not None and str(value).strip() and str(street).strip():
                return False
    if country == "DK":
        return bool(_postal_code(str(code).strip()))
    return country in COUNTRIES or accepts_country(country)


def _is_text_or_null(value: Any) -> bool:
    return value is None or accepts_text(value)


def _options(options: Any) -> bool:
    if not _OPTIONS.issuperset(options):
        raise unsupported(options)
    get = options.get
    length, day, month, by_industry = (
        get("period_length"),
        get("period_start_day"),
        get("period_start_month"),
        get("use_industry_billing", False),
    )
    if length is not None and length not in _LENGTHS:
        return False
    if day is not None and not (type(day) is int and 1 <= day <= 28) and not accepts_integer(day, 1, 28):
        return False
    if month is not None and not (type(month) is int and 1 <= month <= 12) and not accepts_integer(month, 1, 12):
        return False
    if by_industry is False or parse_boolean(by_industry) is False:
        is_empty = length is None and day is None and "use_industry_billing" not in options
        return is_empty or (length is not None and day is not None)
    return length is None and day is None


def _note(note: Any, parsers: DateParsers) -> bool:
    if not _NOTE.issuperset(note):
        raise unsupported(note)
    body, pinned = note.get("body", ""), note.get("is_pinned", False)
    if not (type(body) is str and body.isprintable() and body.strip()) and not accepts_filled_text(body):
        return False
    if pinned is not True and pinned is not False:
        parse_boolean(pinned)
    created = parsers.datetime(note["created_at"]) if "created_at" in note else None
    unpinned = parsers.datetime(note["unpin_at"]) if "unpin_at" in note else None
    if created and unpinned and (created.tzinfo is None) is (unpinned.tzinfo is None):
        return created <= unpinned
    return True


def _statement(statement: Any, parsers: DateParsers) -> bool:
    if not _STATEMENT.issuperset(statement):
        raise unsupported(statement)
    parsers.day(statement["bill_period_from_date"])
    parsers.day(statement["bill_period_to_date"])
    number, path = statement["statement_id"], statement.get("statement_path", "")
    if not (type(number) is str and number.isprintable() and number.strip()) and not accepts_filled_text(number):
        return False
    return (type(path) is str and path.isprintable() and bool(path.strip())) or accepts_filled_text(path)


def _metadata(metadata: Any) -> bool:
    keys = set()
    for item in metadata:
        key = item["key"]
        if not (
            type(key) is str and len(key) <= 1024 and key.isprintable() and key.strip()
        ) and not accepts_filled_text(key, 1024):
            return False
        if item["value"] is None:
            return False
        keys.add(key)
    return len(keys) == len(metadata)


def _places(places: Any, parsers: DateParsers) -> bool:
    seen = set()
    for place in places:
        if not _PLACE.issuperset(place):
            raise unsupported(place)
        parsers.day(place["customer_at_supply_address_from_date"])
        if "primary_place_of_residence_since" in place:
            parsers.day(place["primary_place_of_residence_since"])
        line, code = place["supply_address1"], place["supply_postcode"]
        if not (
            type(line) is str and len(line) <= 512 and line.isprintable() and line.strip()
        ) and not accepts_filled_text(line, 512):
            return False
        if not (type(code) is str and len(code) <= 10 and _postal_code(code)) and not (
            accepts_filled_text(code, 10) and _postal_code(str(code).strip())
        ):
            return False
        seen.add((line, code))
    return len(seen) == len(places)

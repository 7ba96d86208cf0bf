"""Generates a British account without errors."""

from datetime import date, timedelta
from random import Random
from typing import Any

from benchmarks.accounts.gb_meter_points import meter_point
from benchmarks.accounts.placeholders import placeholder
from benchmarks.accounts.shared_parts import email_of

GIVEN = ("Bob", "Olivia", "Amelia", "George", "Isla", "Arthur", "Siân", "Rhys", "Zoë", "Mohammed", "Priya", "Callum",
         "Mary-Jane", "Sinéad", "Harry", "Freya", "Ewan", "Grace")  # fmt: skip
FAMILY = ("Smith", "Jones", "Williams", "O'Brien", "Taylor", "Davies", "Evans", "Brown", "Singh", "Khan", "MacDonald",
          "Walker", "Jabłoński", "Wright", "Fitz-Gerald")  # fmt: skip
POSTCODES = ("W1F 9DE", "M1 1AE", "B33 8TH", "CR2 6XH", "DN55 1PT", "EC1A 1BB", "EH1 1YZ", "CF10 1EP", "G2 1AL")
STREETS = ("High Street", "Station Road", "Church Lane", "Victoria Road", "Green Lane", "Kingsway", "Mill Close")
TOWNS = ("London", "Manchester", "Edinburgh", "Cardiff", "Glasgow", "Leeds", "Doncaster")
REMARKS = ("Moved in from another supplier.", "Prefers to be called after four o'clock.", "Meter is under the stairs.",
           "Asked for paper bills, then changed to e-mail.")  # fmt: skip
CHANNELS = ("DIRECT", "PRICE_COMPARISON", "TELESALES", "BROKER")
BILLED = (date(2023, 2, 1), 1000)
"""The first possible last billed date, and the number of days that follow it."""


def account(rng: Random) -> dict[str, Any]:
    """Generate an account with placeholders for its unique values."""
    billed = BILLED[0] + timedelta(days=rng.randrange(BILLED[1]))
    is_business = rng.random() < 0.15
    customers = [_customer(rng, which) for which in range(rng.choices((1, 2), (80, 20))[0])]
    places = [_place(rng, which, billed) for which in range(rng.choices((1, 2), (93, 7))[0])]
    ledger = _ledger(rng, billed)
    return {
        "import_supplier": "TENTACLE_ENERGY",
        "external_account_number": placeholder("number"),
        "unknown_occupier": False,
        "customers": customers,
        "billing_name": f"{customers[0]['given_name']} {customers[0]['family_name']}",
        **_billing_address(places[0]),
        "account_type": "BUSINESS" if is_business else "DOMESTIC",
        **(_business(rng) if is_business else {}),
        "sales_channel": rng.choice(CHANNELS),
        "communication_preference": rng.choice(("ONLINE", "ONLINE", "PRINT")),
        **({"document_accessibility": "LARGE_PRINT"} if rng.random() < 0.05 else {}),
        "supply_addresses": places,
        "transfer_balance": ledger["ledger_balance"],
        "ledgers": [ledger],
        "last_billed_to_date": str(billed),
        "statements": [_statement(which, billed) for which in range(rng.randrange(4))],
        "notes": [_note(rng) for _ in range(rng.choices((0, 1, 2), (50, 40, 10))[0])],
        "payment_schedules": [_schedule(rng, billed)] if rng.random() < 0.7 else [],
        "warm_home_discount": _discounts(rng) if not is_business and rng.random() < 0.1 else [],
        "smart_read_frequency": rng.choice(("MONTHLY", "DAILY", "HALF_HOURLY", "DENIED", "")),
        "smart_read_cycle_day": rng.randrange(1, 29),
        "references": [{"namespace": "old-crm", "value": placeholder("serial")}] if rng.random() < 0.3 else [],
        "metadata": [{"key": "source", "value": {"system": "SAP IS-U", "row": placeholder("serial")}}],
    }


def _customer(rng: Random, which: int) -> dict[str, Any]:
    given, family = rng.choice(GIVEN), rng.choice(FAMILY)
    phone = rng.choices(("mobile_gb", "spaced_gb", "abroad"), (93, 5, 2))[0]
    customer: dict[str, Any] = {
        "given_name": given,
        "family_name": family,
        "email": email_of(given, family, which, "com"),
        "mobile": placeholder(phone, which),
        "date_of_birth": f"{rng.randrange(1935, 2005)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}",
        "title": rng.choice(("Mr", "Ms", "Dr", "Mx")),
        "salutation": f"Dear {given}",
    }
    if rng.random() < 0.4:
        customer["landline"] = placeholder("landline_gb", which)
    if rng.random() < 0.2:
        customer["psr"] = [
            {rng.choice(("elec_industry_code", "gas_industry_code")): f"{rng.randrange(1, 30):02d}",
             "effective_from": f"{rng.randrange(2010, 2023)}-01-01"}
        ]  # fmt: skip
    return customer


def _billing_address(place: dict[str, Any]) -> dict[str, Any]:
    lines = {f"billing_address{line}": place[f"supply_address{line}"] for line in (1, 2, 3)}
    return {**lines, "billing_postcode": place["supply_postcode"]}


def _business(rng: Random) -> dict[str, Any]:
    business: dict[str, Any] = {
        "business_type": rng.choice(("LTD", "SOLE_TRADER", "CHARITY")),
        "company_name": f"{rng.choice(FAMILY)} & Co",
        "company_number": rng.choice(("01234567", "SC123456", "OC301540")),
    }
    length = rng.choice(("MONTHLY", "QUARTERLY"))
    options = {"period_length": length, "period_start_day": rng.randrange(1, 29), "use_industry_billing": False}
    return {"business": business, "account_billing_options": options, "next_bill_due_date": "2026-03-01"}


def _ledger(rng: Random, billed: date) -> dict[str, Any]:
    past = [_transaction(rng, billed - timedelta(days=days)) for days in range(1, rng.randrange(1, 5))]
    current = [_transaction(rng, billed + timedelta(days=days)) for days in range(1, rng.randrange(1, 4))]
    for order, transaction in enumerate((*past, *current)):
        transaction["transaction_id"] = f"{placeholder('serial')}-{order}"
    before, after = sum(map(_pence, past)), sum(map(_pence, current))
    return {
        "current_statement_transactions": current,
        "historical_statement_transactions": past,
        "last_statement_closing_date": str(billed - timedelta(days=1)),
        "last_statement_issue_date": str(billed),
        "last_statement_balance": _pounds(before),
        "ledger_balance": _pounds(before + after),
    }


def _transaction(rng: Random, day: date) -> dict[str, Any]:
    kind, reason = rng.choice(
        (("PAYMENT", "ACCOUNT_CHARGE_PAYMENT"), ("PAYMENT", "REGULAR_SCHEDULE"), ("CREDIT", "DIRECT_DEBIT_DISCOUNT"),
         ("CHARGE", "DEFAULT"), ("REPAYMENT", "FULL_CREDIT_REFUND"))
    )  # fmt: skip
    payment = {"payment_type": rng.choice(("DEBIT_CARD", "DD_REGULAR_COLLECTION", ""))} if kind == "PAYMENT" else {}
    common = {"transaction_id": "", "transaction_date": str(day), "amount": _pounds(rng.randrange(100, 50_000))}
    return {**common, "type": kind, "reason": reason, **payment}


def _pence(transaction: dict[str, Any]) -> int:
    pence = int(transaction["amount"].replace(".", ""))
    return -pence if transaction["type"] in {"CHARGE", "REPAYMENT"} else pence


def _pounds(pence: int) -> str:
    return f"{'-' if pence < 0 else ''}{abs(pence) // 100}.{abs(pence) % 100:02d}"


def _statement(which: int, billed: date) -> dict[str, Any]:
    end = billed - timedelta(days=30 * which)
    start = end - timedelta(days=30)
    period = {"bill_period_from_date": str(start), "bill_period_to_date": str(end)}
    path = f"{placeholder('number')}/{start}-to-{end}.pdf"
    return {**period, "statement_path": path, "statement_id": f"{placeholder('serial')}-{which}"}


def _note(rng: Random) -> dict[str, Any]:
    return {"body": rng.choice(REMARKS), "created_at": f"2024-0{rng.randrange(1, 10)}-10T10:20:00Z"}


def _schedule(rng: Random, billed: date) -> dict[str, Any]:
    amount, day = _pounds(rng.randrange(1000, 20_000)), rng.randrange(1, 29)
    terms = {"amount": amount, "day_of_month": day, "frequency": "MONTHLY", "means": "DD"}
    return {**terms, "start_date": str(billed - timedelta(days=300))}


def _discounts(rng: Random) -> list[dict[str, Any]]:
    year = rng.randrange(2015, 2024)
    return [
        {
            "tax_year": f"{year}/{(year + 1) % 100:02d}",
            "account_type": "CREDIT",
            "group": rng.choice(("CORE", "BROADER")),
        }
    ]


def _place(rng: Random, which: int, billed: date) -> dict[str, Any]:
    since = billed - timedelta(days=rng.randrange(400, 3000))
    commodities = rng.choices((("ELECTRICITY",), ("ELECTRICITY", "GAS"), ("GAS",)), (45, 50, 5))[0]
    place = {
        "supply_address1": f"{100 * which + rng.randrange(1, 100)} {rng.choice(STREETS)}",  # unique within the account
        "supply_address2": rng.choice(("", "Flat 2")),
        "supply_address3": rng.choice(TOWNS),
        "supply_postcode": rng.choice(POSTCODES),
        "is_landlord": rng.random() < 0.05,
        "customer_at_supply_address_from_date": str(since),
        "meter_points": [meter_point(rng, commodity, which, since, billed) for commodity in commodities],
    }
    if rng.random() < 0.05:
        names = {"given_name": rng.choice(GIVEN), "family_name": rng.choice(FAMILY)}
        place["property_administrators"] = [{**names, "mobile": placeholder("mobile_gb", 5 + which)}]
    return place

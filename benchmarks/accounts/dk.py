"""Generates a Danish account without errors."""

from datetime import date, timedelta
from random import Random
from typing import Any

from benchmarks.accounts.dk_ledgers import balance_of, ledger
from benchmarks.accounts.placeholders import placeholder
from benchmarks.accounts.shared_parts import address_of, email_of

GIVEN = ("Søren", "Mette", "Lærke", "Jens", "Åse", "Bjørn", "Kirsten", "Anders", "Freja", "Magnus", "Ida", "Niels",
         "Karen Margrethe", "Ole", "Astrid", "Poul", "Signe", "Rasmus")  # fmt: skip
FAMILY = ("Jensen", "Nielsen", "Sørensen", "Ærø", "Møller", "Østergaard", "Kjær", "Christensen", "Holm", "Bæk",
          "Rasmussen", "Thomsen", "Lund", "Nørgaard", "Dahl")  # fmt: skip
PLACES = (("9000", "Aalborg"), ("8000", "Aarhus C"), ("2100", "København Ø"), ("5000", "Odense C"), ("6000", "Kolding"),
          ("7400", "Herning"), ("4000", "Roskilde"), ("3700", "Rønne"), ("6700", "Esbjerg"))  # fmt: skip
STREETS = (
    "Østergade",
    "Nørrebrogade",
    "Vesterbro",
    "Åboulevarden",
    "Ringvej",
    "Søndre Allé",
    "Kirkestræde",
    "Havnevej",
)
KINDS = ("DOMESTIC", "BUSINESS", "DOMESTIC_OCCUPIER")
PREFERENCES = ("opted_into_sms", "opted_into_recommended", "opted_into_updates", "opted_into_third_parties",
               "opted_into_offers", "is_user_psr_consent_obtained")  # fmt: skip
REMARKS = ("Moved in from another supplier.", "Prefers to be called after four o'clock.", "Meter is in the basement.",
           "Asked for paper bills, then changed to e-mail.", "Betaler altid til tiden.")  # fmt: skip


def account(rng: Random) -> dict[str, Any]:
    """Generate an account with placeholders for its unique values."""
    closing = date(2023, 1, 31) + timedelta(days=rng.randrange(1000))
    customers = [_customer(rng, which) for which in range(rng.choices((1, 2), (82, 18))[0])]
    code, locality = rng.choice(PLACES)
    ledgers = [ledger(rng, which, closing) for which in range(rng.choices((1, 2), (85, 15))[0])]
    return {
        "import_supplier": "NORLYS",
        "external_account_number": placeholder("number"),
        "unknown_occupier": False,
        "customers": customers,
        "billing_email": customers[0]["email"],
        "billing_name": f"{customers[0]['given_name']} {customers[0]['family_name']}",
        "billing_customer_reference": f"Ref {placeholder('serial')}",
        "billing_address": _billing_address(rng, code, locality),
        "account_billing_options": _options(rng),
        "account_type": rng.choices(KINDS, (85, 13, 2))[0],
        "date_of_sale": (closing - timedelta(days=rng.randrange(30, 4000))).isoformat(),
        "sales_channel": rng.choice(("DIRECT", "ONLINE", "PHONE", "BROKER")),
        "sales_subchannel": rng.choice(("", "Website", "Spring campaign", "Partner shop")),
        "communication_preference": rng.choice(("ONLINE", "ONLINE", "PRINT")),
        **({"document_accessibility": "LARGE_PRINT"} if rng.random() < 0.05 else {}),
        "notes": [_note(rng) for _ in range(rng.choices((0, 1, 2, 3), (40, 40, 15, 5))[0])],
        "ledgers": ledgers,
        "transfer_balance": balance_of(ledgers),
        "statements": [_statement(which, closing) for which in range(rng.randrange(5))],
        "metadata": [_metadata(rng, which) for which in range(rng.choices((0, 1, 2), (40, 45, 15))[0])],
        "operations_team_name": f"Team {rng.choice('ABCDEFGH')}",
        "supply_addresses": [_place(rng, which, code) for which in range(rng.choices((1, 2), (92, 8))[0])],
    }


def _customer(rng: Random, which: int) -> dict[str, Any]:
    given, family = rng.choice(GIVEN), rng.choice(FAMILY)
    phone = rng.choices(("mobile_dk", "spaced_dk", "abroad"), (93, 5, 2))[0]
    customer: dict[str, Any] = {
        "given_name": given,
        "family_name": family,
        "email": email_of(given, family, which, "dk"),
        "mobile": placeholder(phone, which),
        "date_of_birth": f"{rng.randrange(1935, 2005)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}",
        "title": rng.choice(("Mr", "Ms", "Dr")),
        "salutation": f"Kære {given}",
    }
    if rng.random() < 0.4:
        customer["landline"] = placeholder("landline_dk", which)
    if rng.random() < 0.8:
        customer["customer_preferences"] = {name: rng.random() < 0.5 for name in PREFERENCES}
    return customer


def _billing_address(rng: Random, code: str, locality: str) -> dict[str, Any]:
    address = address_of(code, locality, "DK", f"{rng.choice(STREETS)} {rng.randrange(1, 300)}")
    if rng.random() < 0.3:
        address |= {"name": f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}", "delivery_point_identifier": "12345678"}
    return address | ({"structured_street_address": None} if rng.random() < 0.5 else {})


def _options(rng: Random) -> dict[str, Any]:
    if rng.random() < 0.1:
        return {
            "period_length": None,
            "period_start_day": None,
            "period_start_month": None,
            "use_industry_billing": True,
        }
    length = rng.choice(("MONTHLY", "QUARTERLY"))
    return {"period_length": length, "period_start_day": rng.randrange(1, 29), "use_industry_billing": False}


def _note(rng: Random) -> dict[str, Any]:
    day = date(2022, 1, 1) + timedelta(days=rng.randrange(1000))
    clock = f"T{rng.randrange(8, 18):02d}:{rng.randrange(60):02d}:00Z"
    note = {"body": rng.choice(REMARKS), "created_at": f"{day}{clock}", "is_pinned": rng.random() < 0.2}
    return note | ({"unpin_at": f"{day + timedelta(days=30)}{clock}"} if note["is_pinned"] else {})


def _statement(which: int, closing: date) -> dict[str, Any]:
    end = closing - timedelta(days=30 * which)
    start = end - timedelta(days=30)
    path = f"{placeholder('number')}/{start}-to-{end}-electricity.pdf"
    period = {"bill_period_from_date": str(start), "bill_period_to_date": str(end)}
    return {**period, "statement_path": path, "statement_id": placeholder("serial", which)}


def _metadata(rng: Random, which: int) -> dict[str, Any]:
    return {
        "key": f"source_{which}",
        "value": {"system": rng.choice(("SAP IS-U", "CAB", "Xellent")), "row": placeholder("serial")},
    }


def _place(rng: Random, which: int, code: str) -> dict[str, Any]:
    since = f"{rng.randrange(2005, 2023)}-{rng.randrange(1, 13):02d}-01"
    street = f"{rng.choice(STREETS)} {100 * which + rng.randrange(1, 100)}"  # unique within the account
    dates = {"primary_place_of_residence_since": since, "customer_at_supply_address_from_date": since}
    return {**dates, "supply_postcode": code, "supply_address1": street}

"""Generates a Portuguese account without errors."""

from datetime import date, timedelta
from random import Random
from typing import Any

from benchmarks.accounts.placeholders import placeholder
from benchmarks.accounts.shared_parts import address_of, email_of

GIVEN = ("Duarte", "João", "Inês", "Maria da Conceição", "António", "Rui", "Beatriz", "Luísa", "Tiago", "Ana", "Nuno",
         "Catarina", "Gonçalo", "Vasco", "Sofia", "Afonso", "Helena", "Simão")  # fmt: skip
FAMILY = ("Abreu", "Rodrigues", "Silva", "Santos", "Ferreira", "Pereira", "Gonçalves", "Araújo", "Lourenço",
          "Magalhães", "Sá Nogueira", "Teixeira", "Pinto", "Carvalho", "Leitão")  # fmt: skip
PLACES = (("1000", "Lisboa"), ("1250", "Lisboa"), ("2400", "Leiria"), ("2900", "Setúbal"), ("3000", "Coimbra"),
          ("3800", "Aveiro"), ("4000", "Porto"), ("4450", "Matosinhos"), ("4700", "Braga"), ("5000", "Vila Real"),
          ("6000", "Castelo Branco"), ("7000", "Évora"), ("8000", "Faro"), ("9000", "Funchal"),
          ("9500", "Ponta Delgada"))  # fmt: skip
STREETS = (("R", "Gomes Freire"), ("Av", "da Liberdade"), ("R", "de Santa Catarina"), ("Tv", "do Fala-Só"),
           ("Lg", "do Chafariz"), ("R", "25 de Abril"), ("Pç", "da República"), ("Est", "N 125"))  # fmt: skip
TARIFFS = ("ELE-SIMPLES-01", "ELE-BIHORARIO-02", "ELE-TRI-03", "GAS-ESC1-01", "GAS-ESC2-02", "DUAL-2024-A")
KINDS = ("DOMESTIC", "BUSINESS", "DOMESTIC_VACANT", "BUSINESS_OCCUPIER")


def account(rng: Random) -> dict[str, Any]:
    """Generate an account with placeholders for its unique values."""
    since = date(2015, 1, 1) + timedelta(days=rng.randrange(3000))
    account: dict[str, Any] = {
        "import_supplier": "ENIPLENITUDEPT_IMPORT_SUPPLIER",
        "external_account_number": placeholder("number"),
        "account_type": rng.choices(KINDS, (84, 12, 2, 2))[0],
        "operations_team_name": f"Team {rng.choice('ABCDEFGH')}",
        "customers": [_customer(rng, which) for which in range(rng.choices((1, 2, 3), (78, 18, 4))[0])],
        "supply_addresses": [_place(rng, which, since) for which in range(rng.choices((1, 2, 3), (88, 9, 3))[0])],
    }
    if rng.random() < 0.05:
        del account["operations_team_name"]
    return account


def _customer(rng: Random, which: int) -> dict[str, Any]:
    given, first, second = rng.choice(GIVEN), rng.choice(FAMILY), rng.choice(FAMILY)
    phone = rng.choices(("mobile_pt", "spaced_pt", "abroad"), (93, 5, 2))[0]
    details = [
        ("first_family_name", first),
        ("second_family_name", second),
        ("fiscal_code", placeholder("fiscal_code", which)),
    ]
    customer: dict[str, Any] = {
        "user_details": [{"namespace": name, "value": value} for name, value in details],
        "given_name": given,
        "family_name": f"{first} {second}",
        "email": email_of(given, first, which, "pt"),
        "mobile": placeholder(phone, which),
    }
    if rng.random() < 0.1:
        customer["email"] = None
    return customer


def _place(rng: Random, which: int, since: date) -> dict[str, Any]:
    code, locality = rng.choice(PLACES)
    kind, street = rng.choice(STREETS)
    structured = {"street_type": kind, "street_name": street, "street_number": str(rng.randrange(1, 400))}
    if rng.random() < 0.7:
        structured |= {
            "floor": f"{rng.randrange(9)}º",
            "door": rng.choice("ABCD"),
            "direction": rng.choice(("esq", "dto", "fte")),
        }
    commodities = rng.choices((("electricity",), ("electricity", "gas"), ("gas",)), (62, 33, 5))[0]
    return {
        "supply_points": [_point(rng, commodity, which, since) for commodity in commodities],
        "customer_at_supply_address_from_date": since.isoformat(),
        "supply_address": address_of(f"{code}-{rng.randrange(1, 999):03d}", locality, "PT", structured),
    }


def _point(rng: Random, commodity: str, which: int, since: date) -> dict[str, Any]:
    start, agreements = since, []
    for _ in range(rng.choices((1, 2, 3, 4), (55, 25, 15, 5))[0]):
        end = start + timedelta(days=rng.randrange(200, 800))
        agreements.append(
            {"tariff_code": rng.choice(TARIFFS), "effective_from": start.isoformat(), "effective_to": end.isoformat()}
        )
        start = end
    if rng.random() < 0.4:
        agreements[-1]["effective_to"] = None  # type: ignore[assignment]
    return {"identifier": placeholder(commodity, which), "supply_type": commodity.upper(), "agreements": agreements}

"""Adds errors to good accounts, of kinds that occur in real imports; the API rejects each of them.

Each function changes one place of an account and returns whether it could: not every account has every field.
"""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, TypeAlias

Account: TypeAlias = dict[str, Any]
Mutation: TypeAlias = Callable[[Account, Random], bool]


def add_errors(account: Account, rng: Random, mutations: Sequence[Mutation]) -> None:
    """Add one to six errors, mostly one or two."""
    wanted = rng.choices((1, 2, 3, 4, 5, 6), (50, 20, 12, 8, 5, 5))[0]
    for mutation in rng.sample(mutations, len(mutations)):
        wanted -= mutation(account, rng)
        if not wanted:
            return


def _email(account: Account, rng: Random) -> bool:
    for customer in account["customers"][:1]:
        customer["email"] = rng.choice(("n/a", "anna(at)example.org", "anna@example", "anna@@example.org"))
    return True


def _phone(account: Account, rng: Random) -> bool:
    account["customers"][-1]["mobile"] = rng.choice(("unknown", "12", "0000000000", "95000000"))
    return True


def _account_type(account: Account, _: Random) -> bool:
    account["account_type"] = "PRIVATE"
    return True


def _long_number(account: Account, _: Random) -> bool:
    account["external_account_number"] += "-" + "0" * 128
    return True


def _missing_day(account: Account, _: Random) -> bool:
    del account["supply_addresses"][0]["customer_at_supply_address_from_date"]
    return True


def _fiscal_code(account: Account, rng: Random) -> bool:
    account["customers"][0]["user_details"][2]["value"] = rng.choice(("234254717", "50196484", "999999999X"))
    return True


def _supply_point(account: Account, rng: Random) -> bool:
    points = account["supply_addresses"][0]["supply_points"]
    points[0]["identifier"] = rng.choice(("PT0002000012345678ZZ", "PT000200001234567", "0002000012345678"))
    return True


def _day(account: Account, rng: Random) -> bool:
    agreement = account["supply_addresses"][0]["supply_points"][0]["agreements"][0]
    agreement["effective_from"] = rng.choice(("01/02/2023", "2023-13-01", "2023-02-30", ""))
    return True


def _gap(account: Account, _: Random) -> bool:
    agreements = account["supply_addresses"][-1]["supply_points"][-1]["agreements"]
    if len(agreements) < 2:
        return False
    agreements[1]["effective_from"] = "2010-01-01"  # before all others
    return True


def _postal_code(account: Account, rng: Random) -> bool:
    account["supply_addresses"][-1]["supply_address"]["postal_code"] = rng.choice(("1000", "0000-000", "LISBOA"))
    return True


def _country(account: Account, rng: Random) -> bool:
    account["supply_addresses"][0]["supply_address"]["country"] = rng.choice(("PORTUGAL", None, "XX"))
    return True


def _flat_postal_code(account: Account, rng: Random) -> bool:
    account["supply_addresses"][-1]["supply_postcode"] = rng.choice(("900", "DANMARK", "00000"))
    return True


def _balance(account: Account, _: Random) -> bool:
    account["transfer_balance"] = "1000000.01"
    return True


def _amount(account: Account, rng: Random) -> bool:
    account["ledgers"][0]["ledger_balance"] = rng.choice(("12,50", "kr. 100", None))
    return True


def _repeated_transaction(account: Account, _: Random) -> bool:
    past = account["ledgers"][-1]["historical_statement_transactions"]
    if len(past) < 2:
        return False
    past[1]["transaction_id"] = past[0]["transaction_id"]
    return True


def _statement(account: Account, _: Random) -> bool:
    if not account["statements"]:
        return False
    del account["statements"][0]["statement_id"]
    return True


def _options(account: Account, _: Random) -> bool:
    account["account_billing_options"]["period_start_day"] = 31
    return True


def _note(account: Account, rng: Random) -> bool:
    if not account["notes"]:
        return False
    account["notes"][0] |= rng.choice(({"body": ""}, {"created_at": "10-02-2024 12:34"}))
    return True


_SHARED: Sequence[Mutation] = (_email, _phone, _account_type, _long_number, _missing_day)
MUTATIONS: Mapping[str, Sequence[Mutation]] = {
    "dk": (*_SHARED, _flat_postal_code, _balance, _amount, _repeated_transaction, _statement, _options, _note),
    "pt": (*_SHARED, _fiscal_code, _supply_point, _day, _gap, _postal_code, _country),
}
"""The functions that add errors to accounts of a market, where there are others than the shared ones."""


def mutations_of(market: str) -> Sequence[Mutation]:
    """Return the functions that add errors to accounts of a market."""
    return MUTATIONS.get(market, _SHARED)

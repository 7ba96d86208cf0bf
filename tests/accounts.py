"""As many accounts as wanted, all different and always the same: the good examples, varied; one in a hundred is bad."""

import json
import random
from collections.abc import Iterator
from typing import Any

import premigrate
from tests.payloads import GONE, good_account, put

_GIVEN = ("Ana", "Bo", "Clara", "Duarte", "Else", "Filipe", "Grete", "Ivo", "Søren", "Zoë")
_SHARE_OF_BAD = 0.01
_UNUSUAL = 0.2

_OPTIONAL = ("date_of_sale", "billing_address", "metadata", "notes", "operations_team_name", "statements")
_WRONG: tuple[tuple[str, Any], ...] = (
    ("account_type", "NEITHER"),
    ("customers.0.email", "no address"),
    ("customers.0.mobile", "abcde"),
    ("customers.0.nickname", "Bobby"),
    ("customers.0.given_name", GONE),
    ("external_account_number", None),
    ("import_supplier", "NOBODY"),
    ("ledgers", [{"ledger_code": "A", "ledger_balance": "1.005"}]),
    ("supply_addresses.0.customer_at_supply_address_from_date", "2023-02-30"),
    ("transfer_balance", "ten"),
)


def accounts(count: int, seed: int = 1) -> Iterator[str]:
    """Write accounts of all markets as JSON text, in turn; a bad one now and then is no JSON at all."""
    chance = random.Random(seed)  # noqa: S311 - to be the same each time
    names = premigrate.markets()
    for number in range(count):
        account = _vary(good_account(names[number % len(names)]), number, chance)
        is_bad = chance.random() < _SHARE_OF_BAD
        text = json.dumps(_spoil(account, chance) if is_bad else account, ensure_ascii=chance.random() < _UNUSUAL)
        yield text[:-1] if is_bad and chance.random() < _UNUSUAL else text


def _vary(account: dict[str, Any], number: int, chance: random.Random) -> dict[str, Any]:
    given = chance.choice(_GIVEN)
    put(account, "external_account_number", f"EXT-{number:07}")
    put(account, "customers.0.given_name", given)
    put(account, "customers.0.email", f"{given.lower()}.{number}@example.org".replace("ø", "o").replace("ë", "e"))
    put(account, "supply_addresses.0.customer_at_supply_address_from_date", f"20{chance.randint(10, 24)}-04-01")
    for key in _OPTIONAL:
        if key in account and chance.random() < 0.5:
            del account[key]
    return {"payload": account} if chance.random() < 0.5 else account


def _spoil(payload: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    account = payload.get("payload", payload)
    for place, value in chance.sample(_WRONG, chance.randint(1, 3)):
        put(account, place, value)
    return payload

"""Loads the example accounts, and adds six errors to them."""

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).parents[1] / "examples"
AS_OF = date(2026, 1, 31)
REMOVED = object()
"""Marks a field for removal."""

SIX_ERRORS: dict[str, dict[str, object]] = {
    "dk": {
        "communication_preference": "PIGEON",
        "customers.0.email": "homer at simpson.com",
        "notes.0.created_at": "yesterday",
        "ledgers.0.ledger_balance": "twenty",
        "ledgers.0.historical_statement_transactions.1.transaction_date": REMOVED,
        "statements.0.statement_id": "",
    },
    "pt": {
        "account_type": "PRIVATE",
        "customers.0.email": "duarte at example.org",
        "customers.0.user_details.0.namespace": REMOVED,
        "supply_addresses.0.supply_points.0.identifier": "",
        "supply_addresses.0.supply_points.0.agreements.0.effective_from": "2025-13-01",
        "supply_addresses.0.supply_address.country": "PORTUGAL",
    },
}
"""The errors, by place, for the markets that are compared with the framework."""


def good_account(market: str) -> Any:
    """Return the example account of a market, without its envelope."""
    payload = json.loads((EXAMPLES / market / "good.json").read_text("utf-8"))
    return payload.get("payload", payload)


def account_with_six_errors(market: str) -> Any:
    """Return the example account with an error in six objects; DRF serializers report all of them."""
    account = copy.deepcopy(good_account(market))
    for place, value in SIX_ERRORS[market].items():
        put(account, place, value)
    return account


def put(account: Any, place: str, value: object) -> None:
    """Set the value at a dotted place, or remove it if the value is `REMOVED`."""
    *steps, last = (int(step) if step.isdigit() else step for step in place.split("."))
    target = account
    for step in steps:
        target = target[step]
    if value is REMOVED:
        del target[last]
    else:
        target[last] = value

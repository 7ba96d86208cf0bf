"""Generates the ledgers of a Danish account, with correct sums."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from benchmarks.accounts.placeholders import placeholder

CODES = ("DENMARK_ELECTRICITY_LEDGER", "DENMARK_GAS_LEDGER")
KINDS = ("PAYMENT", "CHARGE", "CREDIT")
PAYMENT_TYPES = ("CREDIT_CARD", "DEBIT_CARD", "DD_REGULAR_COLLECTION", "CASH", "BACS_DEPOSIT")


def ledger(rng: Random, which: int, closing: date) -> dict[str, Any]:
    """Generate a ledger whose last statement closed on the day ``closing``."""
    past = _transactions(rng, rng.choices((0, 1, 2, 4, 6), (10, 20, 40, 20, 10))[0], closing - timedelta(days=200))
    current = _transactions(rng, rng.choices((0, 1, 2), (60, 25, 15))[0], closing)
    for order, transaction in enumerate((*past, *current)):
        transaction["transaction_id"] = f"{placeholder('serial', which)}-{order}"
    before = _sum(past)
    return {
        "ledger_code": CODES[which],
        "last_statement_balance": float(before),
        "last_statement_closing_date": closing.isoformat(),
        "ledger_balance": float(before + _sum(current)),
        "current_statement_transactions": current,
        "historical_statement_transactions": past,
    }


def balance_of(ledgers: list[dict[str, Any]]) -> float:
    """Return the exact sum of the balances of ledgers."""
    return float(sum((Decimal(str(each["ledger_balance"])) for each in ledgers), Decimal(0)))


def _transactions(rng: Random, count: int, after: date) -> list[dict[str, Any]]:
    days = sorted(rng.randrange(1, 90) for _ in range(count))
    return [_transaction(rng, after + timedelta(days=day)) for day in days]


def _transaction(rng: Random, day: date) -> dict[str, Any]:
    kind = rng.choices(KINDS, (60, 30, 10))[0]
    common = {"transaction_id": "", "transaction_date": day.isoformat(), "amount": rng.randrange(100, 250_000) / 100}
    payment = {"payment_type": rng.choice(PAYMENT_TYPES)} if kind == "PAYMENT" else {}
    return {**common, "type": kind, "reason": f"ACCOUNT_{kind}", **payment}


def _sum(transactions: list[dict[str, Any]]) -> Decimal:
    amounts = [(Decimal(str(each["amount"])), each["type"]) for each in transactions]
    return sum((-amount if kind == "CHARGE" else amount for amount, kind in amounts), Decimal(0))

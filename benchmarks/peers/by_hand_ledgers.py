"""Handwritten check of the ledgers of Danish accounts."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

from benchmarks.peers.by_hand import Unhandled, accepts_filled_text, accepts_text, cents, unsupported

_LEDGER = frozenset({
    "ledger_code", "last_statement_balance", "last_statement_closing_date", "ledger_balance",
    "current_statement_transactions", "historical_statement_transactions",
})  # fmt: skip
_TRANSACTION = frozenset({"transaction_id", "transaction_date", "amount", "type", "reason", "payment_type"})
_CURRENT, _PAST = "current_statement_transactions", "historical_statement_transactions"
_DAY, _NONE = timedelta(days=1), list[Any]()
Hundredths: TypeAlias = int | Decimal


class DateParsers(NamedTuple):
    """The functions that parse dates and datetimes, and the day that counts as today."""

    day: Callable[[Any], date]
    datetime: Callable[[Any], datetime]
    today: date


def accepts_ledgers(account: Any, parsers: DateParsers) -> bool:
    """Return whether ledgers are accepted and add up to the balance of the account."""
    codes: list[object] = []
    numbers: list[object] = []
    total: Hundredths | None = 0
    has_closing_date = False
    ledgers = account.get("ledgers", _NONE)
    transfer = cents(account["transfer_balance"]) if "transfer_balance" in account else None
    if type(ledgers) is not list:
        return False
    for ledger in ledgers:
        if not _LEDGER.issuperset(ledger):
            raise unsupported(ledger)
        balance = _ledger(ledger, numbers, parsers)
        total = None if total is None or balance is None else total + balance
        if "ledger_code" in ledger:
            codes.append(ledger["ledger_code"])
        has_closing_date = has_closing_date or "last_statement_closing_date" in ledger
    if not has_closing_date:  # the start of billing is unknown
        return False
    if ledgers and total is not None and transfer is not None and total != transfer:
        return False
    return len(set(codes)) == len(codes) and len(set(numbers)) == len(numbers)


def _ledger(ledger: Any, numbers: list[object], parsers: DateParsers) -> Hundredths | None:
    get = ledger.get
    code, current, past = get("ledger_code", ""), get(_CURRENT, _NONE), get(_PAST, _NONE)
    if not (type(code) is str and code.isprintable()) and not accepts_text(code):
        raise ValueError("no code")
    if type(current) is not list or type(past) is not list:
        raise ValueError("no list of transactions")
    closing = parsers.day(ledger["last_statement_closing_date"]) if "last_statement_closing_date" in ledger else None
    if closing and closing > parsers.today:
        raise ValueError("closed in the future")
    before = cents(ledger["last_statement_balance"]) if "last_statement_balance" in ledger else 0
    if past and (closing is None or _sum(past, parsers, date.min, closing, numbers) != before):
        raise ValueError("the past does not add up")
    if current and before and closing is None:
        raise ValueError("a balance of no day")
    moved = _sum(current, parsers, closing + _DAY if closing else date.min, date.max, numbers)
    if "ledger_balance" not in ledger:
        return None
    balance = cents(ledger["ledger_balance"])
    if "last_statement_balance" in ledger and balance != before + moved:
        raise ValueError("the ledger does not add up")
    return balance


def _sum(transactions: Any, parsers: DateParsers, first: date, last: date, numbers: list[object]) -> Hundredths:
    total: Hundredths = 0
    for transaction in transactions:
        if not _TRANSACTION.issuperset(transaction):
            raise unsupported(transaction)
        kind, number, reason = transaction["type"], transaction["transaction_id"], transaction.get("reason", "")
        if not (type(number) is str and number.isprintable() and number.strip()) and not accepts_filled_text(number):
            raise ValueError("no number")
        if not (type(reason) is str and reason.isprintable()) and not accepts_text(reason):
            raise ValueError("no reason")
        payment_type = transaction.get("payment_type", "")  # any text: the list of choices is open
        if type(payment_type) is not str and not accepts_text(payment_type):
            raise ValueError("no payment type")
        if not first <= parsers.day(transaction["transaction_date"]) <= last:
            raise ValueError("not of this period")
        money = cents(transaction["amount"])
        if kind == "CHARGE":
            total -= money
        elif kind in {"CREDIT", "PAYMENT"}:
            total += money
        else:
            raise Unhandled if kind in {"REPAYMENT", "SUPPLY_CHARGE"} else ValueError
        numbers.append(number)
    return total

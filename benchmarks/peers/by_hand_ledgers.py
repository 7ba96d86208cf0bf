"""Tells whether the ledgers of an account of Denmark are accepted, written out by hand."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from benchmarks.peers.by_hand import Unhandled, amount, is_text, takes_text

_LEDGER = frozenset({
    "ledger_code", "last_statement_balance", "last_statement_closing_date", "ledger_balance",
    "current_statement_transactions", "historical_statement_transactions",
})  # fmt: skip
_TRANSACTION = frozenset({"transaction_id", "transaction_date", "amount", "type", "reason", "payment_type"})
_PAYMENTS = frozenset({
    "", "DD_FIRST_COLLECTION", "DD_REGULAR_COLLECTION", "DD_RE_PRESENTATION", "DD_FINAL_COLLECTION", "CREDIT_CARD",
    "DEBIT_CARD", "CHEQUE", "DCA_COLLECTION", "CASH", "EFT", "ERRONEOUS_PAYMENT", "BACS_DEPOSIT", "ALLPAY_CASH",
    "ALLPAY_CARD", "ALLPAY_CHEQUE", "PAYPOINT_CASH", "PAYPOINT_CARD", "PAYPOINT_CHEQUE", "BRISTOL_POUND",
    "FUEL_DIRECT", "BPAY", "AUSTRALIA_POST", "HEEA", "HEEAS", "CENTREPAY", "EAPA_VOUCHER", "URGS", "BPOINT", "PAYZONE",
    "POST_OFFICE_CASH", "POST_OFFICE_CARD", "POST_OFFICE_CHEQUE", "POST_OFFICE_SAVINGS_STAMPS", "KONBINI",
})  # fmt: skip
_ZERO = Decimal(0)


class Readers(NamedTuple):
    """How to read days and moments."""

    day: Callable[[Any], date]
    moment: Callable[[Any], datetime]
    today: date


def takes_ledgers(ledgers: Any, transfer: Any, read: Readers) -> bool:
    codes: list[object] = []
    numbers: list[object] = []
    balance, total, starts = amount(transfer), _ZERO, False
    if type(ledgers) is not list and ledgers != ():
        return False
    for ledger in ledgers:
        if not _ledger(ledger, numbers, read):
            return False
        if "ledger_code" in ledger:
            codes.append(ledger["ledger_code"])
        if "ledger_balance" in ledger:
            total += amount(ledger["ledger_balance"])
        starts = starts or "last_statement_closing_date" in ledger
    if not starts or total != balance:  # without a closing date nobody can tell where billing starts
        return False
    return len(set(codes)) == len(codes) and len(set(numbers)) == len(numbers)


def _ledger(ledger: Any, numbers: list[object], read: Readers) -> bool:
    if not ledger.keys() <= _LEDGER:
        raise Unhandled
    get = ledger.get
    code, current, past = (
        get("ledger_code", ""),
        get("current_statement_transactions", ()),
        get("historical_statement_transactions", ()),
    )
    if not (type(code) is str and code.isprintable()) and not takes_text(code):
        return False
    if (type(current) is not list and current != ()) or (type(past) is not list and past != ()):
        return False
    closing = read.day(ledger["last_statement_closing_date"]) if "last_statement_closing_date" in ledger else None
    if closing and closing > read.today:
        return False
    before, sum_of_past, sum_of_current = amount(get("last_statement_balance", 0)), _ZERO, _ZERO
    for transaction in past:
        money, day = _transaction(transaction, read)
        if closing is None or day > closing:
            return False
        sum_of_past += money
        numbers.append(transaction["transaction_id"])
    for transaction in current:
        money, day = _transaction(transaction, read)
        if closing and day <= closing:
            return False
        sum_of_current += money
        numbers.append(transaction["transaction_id"])
    if (past and sum_of_past != before) or (current and before and closing is None):
        return False
    return "ledger_balance" not in ledger or before + sum_of_current == amount(ledger["ledger_balance"])


def _transaction(transaction: Any, read: Readers) -> tuple[Decimal, date]:
    if not transaction.keys() <= _TRANSACTION:
        raise Unhandled
    kind, number, reason = transaction["type"], transaction["transaction_id"], transaction.get("reason", "")
    if not (type(number) is str and number.isprintable() and number.strip()) and not is_text(number):
        raise ValueError("no number")
    if not (type(reason) is str and reason.isprintable()) and not takes_text(reason):
        raise ValueError("no reason")
    money, day = amount(transaction["amount"]), read.day(transaction["transaction_date"])
    if kind == "PAYMENT":
        if transaction.get("payment_type", "") not in _PAYMENTS:
            raise ValueError("no way of paying")
        return money, day
    if kind not in {"CREDIT", "CHARGE"}:
        raise Unhandled if kind in {"REPAYMENT", "SUPPLY_CHARGE"} else ValueError
    return (money if kind == "CREDIT" else -money), day

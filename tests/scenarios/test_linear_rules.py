"""Rules that compare many items with many others take linear time, and give the same errors."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from premigrate.compiler.program import compile_program
from premigrate.engine import order as order_module
from premigrate.engine.engine import Engine
from premigrate.engine.operators import covers as covers_module
from tests.books import make_book
from tests.growth import grows_linearly
from tests.payloads import AS_OF, good_account
from tests.property.test_everything_on import everything_program

DATE, DATETIME, TEXT = {"type": "date"}, {"type": "datetime"}, {"type": "string"}
OBJECTS = {
    "account": {"fields": {"points": {"list": "point"}, "periods": {"list": "period"}, "total": {"type": "decimal"}}},
    "point": {
        "fields": {
            "day": DATE,
            "moment": DATETIME,
            "days": {"list": "date"},
            "code": TEXT,
            "amount": {"type": "decimal"},
        }
    },
    "period": {"fields": {"start": DATE, "end": DATE, "from": DATETIME, "code": TEXT, "amount": {"type": "decimal"}}},
}
OUTSIDE = "account.periods[]"
RULES: dict[str, dict[str, Any]] = {
    "covers": {"covers": {"of": OUTSIDE, "start": "start", "end": "end", "date": "day"}},
    "covers-match": {
        "covers": {"of": OUTSIDE, "start": "start", "end": "end", "date": "day", "match": {"code": "code"}}
    },
    "covers-both": {"covers": {"of": OUTSIDE, "start": "start", "end": "end", "date": ["day", {"latest": ["days[]"]}]}},
    "covers-moment": {"covers": {"of": OUTSIDE, "start": "from", "end": "end", "date": "day"}},
    "covers-of-moment": {"covers": {"of": OUTSIDE, "start": "start", "end": "end", "date": "moment"}},
    "compare-extreme": {"compare": ["day", "<=", {"latest": [f"{OUTSIDE}.end"]}]},
    "compare-all": {"compare": ["day", "<=", f"{OUTSIDE}.end"]},
    "condition": {"when": {f"{OUTSIDE}.code": "<present>"}, "present": ["code"]},
    "condition-after": {"when": {"day": {">": f"{OUTSIDE}.end"}}, "present": ["code"]},
    "refers": {"refers": {"field": "code", "to": [f"{OUTSIDE}.code"]}},
    "at-least-one": {"at_least_one": ["code", f"{OUTSIDE}.code"]},
    "count": {"count": {"of": OUTSIDE, "at_most": 2, "where": {"code": "A"}}},
    "total": {"total": {"add": [f"{OUTSIDE}.amount"], "equals": "amount"}},
}


def engine_of(name: str) -> Engine:
    rule = {"id": name, "on": "account", "for_each": "points[]", **RULES[name]}
    return Engine(compile_program(make_book({"object": OBJECTS, "rule": [rule]})))


def day(number: int) -> str:
    return (date(2000, 1, 1) + timedelta(days=number)).isoformat()


def points_and_periods(size: int) -> dict[str, Any]:
    """Return an account whose points break no comparing rule: the number of errors would be quadratic."""
    points = [
        {"day": day(number % 3000), "moment": f"{day(number % 3000)}T12:00:00", "amount": 0, "days": [day(0)]}
        for number in range(size)
    ]
    periods = [{"start": day(number % 3000), "end": day(9000 - number % 3000), "amount": 0} for number in range(size)]
    return {"points": points, "periods": periods}


@pytest.mark.parametrize("name", [name for name in RULES if name != "covers-of-moment"])
def test_points_and_periods(name: str) -> None:
    engine = engine_of(name)

    def make(size: int) -> Callable[[], object]:
        account = points_and_periods(size)
        if name in {"refers", "covers-match"}:
            for number, each in enumerate([*account["points"], *account["periods"]]):
                each["code"] = f"{number % size}" if name == "refers" else "A"
        return lambda: engine.run(account, AS_OF)

    assert bool(make(100)().errors) is (name == "at-least-one")  # type: ignore[attr-defined]
    assert grows_linearly(make, 4_000, 200)


def large_account(size: int) -> dict[str, Any]:
    """Return an account with many supply points and ledgers, agreements and charges."""
    account = good_account("dk")
    agreement = {"effective_from": "2000-01-01", "effective_to": "2030-01-01", "tariff_code": "A"}
    points = [{"agreements": [agreement], "product_code": "A"} for _ in range(size)]
    line = {"start_date": "2020-01-01", "end_date": "2020-01-31"}
    charge = {"type": "SUPPLY_CHARGE", "product_code": "A", "line_items": [line]}
    ledgers = [
        {"ledger_code": f"A{number}", "ledger_balance": 0, "last_statement_closing_date": day(number % 9000),
         "current_statement_transactions": [charge], "historical_statement_transactions": [charge]}
        for number in range(size)
    ]  # fmt: skip
    return {**account, "ledgers": ledgers, "supply_addresses": [{"supply_points": points}]}


def test_market_with_every_rule_on() -> None:
    engine = Engine(everything_program("dk"))

    def make(size: int) -> Callable[[], object]:
        account = large_account(size)
        return lambda: engine.run(account, AS_OF)

    assert grows_linearly(make, 800, 100)


def random_account(rng: random.Random) -> Any:
    """Return a small account, with some values absent, wrong or of another type."""
    hours, zones = ("00", "12", "23"), ("", "Z", "+05:00")

    def moment() -> str:
        return f"{day(rng.randrange(9))}T{rng.choice(hours)}:00:00{rng.choice(zones)}"

    values: dict[str, Callable[[], object]] = {
        "day": lambda: day(rng.randrange(9)),
        "start": lambda: day(rng.randrange(5)), "end": lambda: day(rng.randrange(9)),
        "from": moment, "moment": moment, "code": lambda: rng.choice(["A", "B"]), "amount": lambda: rng.randrange(2),
        "days": lambda: [day(rng.randrange(9)) for _ in range(rng.randrange(4))],
    }  # fmt: skip
    share = rng.choice([0, 0.02, 0.1])

    def make(name: str) -> object:
        if rng.random() < share:
            return rng.choice([None, "x", 5, [], {}])
        fields = OBJECTS[name]["fields"]
        return {key: values[key]() for key in fields if rng.random() < 0.8}

    return {
        "points": [make("point") for _ in range(rng.randrange(4))],
        "periods": [make("period") for _ in range(rng.randrange(6))],
    }


@pytest.mark.parametrize("name", RULES)
def test_few_and_many_items_give_the_same_errors(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(name)  # noqa: S311
    engine = engine_of(name)
    accounts = [random_account(rng) for _ in range(150)]
    results = []
    for limit in (10_000, 0):
        for module in (order_module, covers_module):
            monkeypatch.setattr(module, "LINEAR_SCAN_LIMIT", limit)
        results.append([engine.run(account, AS_OF) for account in accounts])
    assert results[0] == results[1]
    assert any(each.errors and any(error.rule == name for error in each.errors) for each in results[0])
    alone = [engine.run({**account, "points": [point]}, AS_OF) for account in accounts for point in account["points"]]
    together = [error for each in results[0] for error in each.errors if error.rule == name]
    assert len([error for each in alone for error in each.errors if error.rule == name]) == len(together)

"""Code that was written for a plan finds just what the plan finds, and never has more to say than it."""

import copy
import json
import random
from decimal import Context, Decimal, localcontext
from typing import Any

import pytest
from benchmarks.accounts import texts

import premigrate
from premigrate.plan import Plan
from premigrate.rulebook import Rulebook
from premigrate.running import Engine, run_plan
from premigrate.running.adapting import Adapting
from premigrate.running.same_keys import SameKeys
from premigrate.running.usual import UsualReader
from tests.books import shipped_plan
from tests.oracle.mutations import payload
from tests.payloads import AS_OF, good_account
from tests.property.test_everything_on import everything_on, everything_plan
from tests.rules.test_examples import BOOKS

DATES = ("2019-12-31", "2020-01-01", "2020-01-02", "2025-06-30", "2026-01-31", "2026-02-01", "2030-01-01")
MOMENTS = ("2020-01-01T00:00:00Z", "2020-01-01T23:30:00+01:00", "2020-01-02T00:00:00", "2026-02-01T00:00:00Z")
AMOUNTS = (0, 1, 1.5, -1.5, 2.0, "1.5", 3, 4.5, 10.25)
TEXTS = ("abc", "ABC", "a", "the occupier", "The Occupier", "abc ", "1000-001", "9000", "test@x.com", "12345678")
ODD: tuple[Any, ...] = (
    *(
        None,
        True,
        0,
        1,
        -1,
        2**53,
        2**60,
        1.5,
        1e30,
        "",
        " ",
        "x ",
        "\0",
        "\ud800",
        "a\nb",
        "x" * 600,
        [],
        {},
        [None],
        {"a": None},
    ),
    *(
        "1.5",
        "2020-01-01",
        "20200101",
        "2020-13-01",
        "2020-01-01T00:00:00",
        "é",
        "\u00a0é",
        12345678901234567890,
        0.001,
    ),
    *(Decimal("1.50"), Decimal("1.001000000000000000001"), float("inf"), [[]], [{}], ["a"], (), ("a",)),
)
KINDS = (DATES, MOMENTS, ("1.5", *AMOUNTS), TEXTS)


def shaken(value: Any, rng: random.Random, share: float = 0.6) -> Any:
    """Put other values of the same kind in some places, so that rules between values have something to compare."""
    if isinstance(value, dict):
        return {key: shaken(inner, rng, share) for key, inner in value.items()}
    if isinstance(value, list):
        items = [shaken(item, rng, share) for item in value]
        return items + [shaken(item, rng, share) for item in value if rng.random() < share * 2 / 3]
    if rng.random() >= share or isinstance(value, bool | None):
        return value
    if isinstance(value, int | float):
        return rng.choice(AMOUNTS)
    return rng.choice(next((some for some in KINDS if value in some), (value,)))


def in_a_hurry(plan: Plan) -> Engine:
    """Make an engine that has its parser from the first account, and learns from the next."""
    engine = Engine(plan)
    assert plan.written is not None
    engine._look = Adapting(plan.written, plan.root.name, enough=2)
    engine._read = SameKeys(plan.written, plan.root.name, patience=2)
    return engine


def differences(plan: Plan, book: Rulebook, market: str, rounds: int) -> tuple[int, set[str]]:
    """Compare both ways over many payloads; the number of payloads with errors, and the rules that spoke."""
    engine = in_a_hurry(plan)
    rng = random.Random(f"written {market} {len(plan.missing)}")  # noqa: S311 - to be repeated, not to be secret
    refused, spoke = 0, set()
    for _ in range(rounds):
        made = shaken(payload(book, good_account(market), rng), rng)
        before = repr(made)
        found = engine.run(made, AS_OF)
        assert found == run_plan(plan, made, AS_OF), made
        assert repr(made) == before
        refused += bool(found.errors)
        spoke |= {error.rule for error in found.errors} | {hint.rule for hint in found.advice}
    return refused, spoke


@pytest.mark.parametrize("market", premigrate.markets())
def test_written_code_finds_what_the_plan_finds(market: str) -> None:
    refused, spoke = differences(shipped_plan(market), BOOKS[market], market, 400)
    assert refused > 100
    assert len(spoke) > 40, "the payloads reach too few rules to show anything"


@pytest.mark.parametrize("market", premigrate.markets())
def test_written_code_finds_what_the_plan_finds_with_everything_on(market: str) -> None:
    book = everything_on(market)
    refused, spoke = differences(everything_plan(market), book, market, 400)
    assert refused > 100
    assert len(spoke) > 60, "the payloads reach too few rules to show anything"


@pytest.mark.parametrize("market", premigrate.markets())
def test_what_accounts_usually_have_makes_no_difference(market: str) -> None:
    """Code for accounts that have lost some keys finds the same in them, and in others."""
    book, plan = BOOKS[market], shipped_plan(market)
    rng = random.Random(f"habits {market}")  # noqa: S311 - to be repeated, not to be secret
    narrow = others = 0
    for _ in range(9):
        usual = thinned(plan, good_account(market), rng)
        engine = in_a_hurry(plan)
        for _ in range(3):
            engine.run(usual, AS_OF)
        look = engine._look
        assert isinstance(look, Adapting)
        for made in (usual, *(shaken(usual, rng, 0.05) for _ in range(20)), shaken(payload(book, usual, rng), rng)):
            if look.narrow:
                said = look.narrow(made, UsualReader(plan, engine.declared, AS_OF)) if type(made) is dict else None
                narrow, others = narrow + bool(said), others + (said is False)
            assert engine.run(made, AS_OF) == run_plan(plan, made, AS_OF), made
    assert narrow > 15
    assert others > 0


@pytest.mark.parametrize("market", premigrate.markets())
def test_keys_that_most_objects_have_make_no_difference(market: str) -> None:
    """Code for objects with the keys of those before them finds the same in them, and in others."""
    book, plan = BOOKS[market], shipped_plan(market)
    rng = random.Random(f"keys {market}")  # noqa: S311 - to be repeated, not to be secret
    for _ in range(6):
        usual = thinned(plan, good_account(market), rng) | {"account_type": "PIGEON"}
        engine = in_a_hurry(plan)
        for _ in range(25):
            engine.run(usual, AS_OF)
        assert engine._read is not None
        assert engine._read._space["keys_read_account"] == usual.keys()
        assert not engine._read._seen, "nobody counts any more"
        for made in (usual, *(shaken(usual, rng, 0.3) for _ in range(20)), shaken(payload(book, usual, rng), rng)):
            assert engine.run(made, AS_OF) == run_plan(plan, made, AS_OF), made


def thinned(plan: Plan, account: Any, rng: random.Random) -> Any:
    """Leave out some keys and items that need not be there."""
    for place in reversed(places(account)):
        if rng.random() < 0.3:
            less = copy.deepcopy(account)
            inside = less
            for step in place[:-1]:
                inside = inside[step]
            del inside[place[-1]]
            account = account if run_plan(plan, less, AS_OF).errors else less
    return account


@pytest.mark.parametrize("market", premigrate.markets())
def test_varied_accounts_are_looked_at_as_they_are_read(market: str) -> None:
    plan = shipped_plan(market)
    quick, slow = in_a_hurry(plan), Engine(plan)
    slow._look = lambda *_: False
    rng = random.Random(f"varied {market}")  # noqa: S311 - to be repeated, not to be secret
    for number, text in enumerate(texts(300, 7, share_bad=0.3, markets=(market,))):
        account = json.loads(text)
        if number % 2:
            account = shaken(account, rng)
        assert quick.run(account, AS_OF) == slow.run(account, AS_OF) == run_plan(plan, account, AS_OF)


@pytest.mark.parametrize("market", premigrate.markets())
def test_a_usual_account_with_one_thing_odd_is_told_of_it(market: str) -> None:
    """What is usual but for one value is where a parser could be more lenient than the framework."""
    plan = shipped_plan(market)
    engine = in_a_hurry(plan)
    account = good_account(market)
    for place in places(account):
        for odd in ODD:
            made = copy.deepcopy(account)
            inside = made
            for step in place[:-1]:
                inside = inside[step]
            inside[place[-1]] = odd
            assert engine.run(made, AS_OF) == run_plan(plan, made, AS_OF), (place, odd)


@pytest.mark.parametrize(("charge", "wrong"), [(12345.67, False), (12345.66, True)])
def test_sums_do_not_depend_on_the_decimal_context_of_the_caller(charge: float, wrong: bool) -> None:
    plan = shipped_plan("dk")
    account = good_account("dk")
    ledger = account["ledgers"][0]
    ledger["last_statement_balance"] = ledger["ledger_balance"] = account["transfer_balance"] = -12345.67
    ledger["historical_statement_transactions"][0] |= {"type": "CHARGE", "amount": charge}
    del ledger["historical_statement_transactions"][1]
    usual = run_plan(plan, account, AS_OF)
    with localcontext(Context(prec=2)):
        assert in_a_hurry(plan).run(account, AS_OF) == run_plan(plan, account, AS_OF) == usual
    assert ("historical-sum-mismatch" in {error.rule for error in usual.errors}) is wrong


def places(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List all places below a value."""
    below: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, inner in below for found in ((*place, key), *places(inner, (*place, key)))]


@pytest.mark.parametrize("market", premigrate.markets())
def test_most_good_accounts_are_only_looked_at(market: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = in_a_hurry(shipped_plan(market))
    read: list[object] = []
    monkeypatch.setattr(engine, "_read", lambda raw, _: read.append(raw))
    for text in texts(200, 8, share_bad=0, markets=(market,)):
        engine.run(json.loads(text), AS_OF)
    assert len(read) < 100


@pytest.mark.parametrize("market", premigrate.markets())
def test_a_good_account_is_never_read_by_the_plan(market: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is usual is known as usual: else nobody would notice if the written code became slow."""
    engine = Engine(shipped_plan(market))
    for asked in ("value", "item", "read_here", "rest", "miss", "ask"):
        monkeypatch.setattr(f"premigrate.running.usual.UsualReader.{asked}", _fail)
    assert engine.run(good_account(market), AS_OF).errors == ()


def _fail(*_: object) -> None:
    raise AssertionError("the plan was asked")

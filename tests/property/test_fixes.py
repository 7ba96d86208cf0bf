"""Fixes remove findings and cause none, whatever the payload; what they are applied to is never changed."""

import copy
import random
from collections.abc import Callable
from typing import Any

import pytest

import premigrate
from premigrate.api import engine_of
from premigrate.engine.fixes.apply import apply_to_payload
from premigrate.results import Advice, Error, Fix, Place, Result
from tests.books import shipped_book
from tests.oracle import mutations
from tests.payloads import AS_OF, good_account

MARKETS = premigrate.markets()
VALIDATORS = {market: premigrate.Validator(market=market, as_of=AS_OF) for market in MARKETS}
PAYLOADS = 150
MOST_ROUNDS = 5


def _texts(change: Callable[[str], Any]) -> Callable[[Any], Any]:
    return lambda value: change(value) if isinstance(value, str) else value


DIRT: list[Callable[[Any], Any]] = [
    _texts(lambda text: f" {text} "),
    _texts(str.lower),
    _texts(lambda text: text.replace("-", "")),
    _texts(lambda text: text.replace("-", "/")),
    _texts(lambda text: text.replace("-", " ")),
    _texts(lambda text: ".".join(reversed(text.split("-")))),
    _texts(lambda text: "/".join(reversed(text.split("-")))),
    _texts(lambda text: f"{text}T00:00:00"),
    _texts(lambda text: int(text) if text.isdecimal() else text),
    _texts(lambda text: f"PT-{text}"),
    _texts(lambda text: f"DK-{text}"),
    _texts(lambda text: f"{text} (work)"),
    _texts(lambda text: text[:-1]),
    _texts(lambda text: text.replace(".", ",")),
    _texts(lambda text: f"{text}é".encode(errors="replace").decode("latin-1")),
    lambda value: value + 0.0000000001 if isinstance(value, float) else value,
    lambda value: {True: "sim", False: "nej"}[value] if isinstance(value, bool) else value,
    lambda _: None,
    lambda _: "",
    lambda _: "NULL",
    lambda _: "9999-12-31",
]


def _dirty(account: Any, rng: random.Random) -> Any:
    """Return an account with values written in other ways, and keys misspelled."""
    for _ in range(rng.choice([1, 2, 4, 8])):
        place = rng.choice([place for place in mutations._places(account) if place])
        holder = account
        for step in place[:-1]:
            holder = holder[step]
        if rng.random() < 0.15 and isinstance(place[-1], str):
            holder[place[-1][:-1]] = holder.pop(place[-1])
        elif not isinstance(holder[place[-1]], dict | list) or rng.random() < 0.1:
            holder[place[-1]] = rng.choice(DIRT)(holder[place[-1]])
    return account


def _payloads(market: str) -> list[Any]:
    rng, ruleset = random.Random(f"fixes-{market}"), shipped_book(market)  # noqa: S311
    found = [mutations.payload(ruleset, good_account(market), rng) for _ in range(2 * PAYLOADS)]
    return [_dirty(each, rng) if each and isinstance(each, dict) and rng.random() < 0.5 else each for each in found]


def _dirty_accounts(market: str) -> list[Any]:
    rng = random.Random(f"dirt-{market}")  # noqa: S311
    return [_dirty(good_account(market), rng) for _ in range(PAYLOADS)]


def _keys(result: Result) -> set[tuple[bool, Place, str, str]]:
    findings: tuple[Error | Advice, ...] = (*result.errors, *result.advice)
    return {(isinstance(each, Error), each.path, each.code, each.rule) for each in findings}


def _apply(market: str, payload: Any, fixes: tuple[Fix, ...]) -> Any:
    return apply_to_payload(payload, fixes, engine_of(VALIDATORS[market]).known_keys)


def _place(fix: Fix) -> Place:
    return (*fix.path[:-1], fix.value) if fix.action == "rename" else fix.path


def _corrects(fix: Fix, unreadable: set[Place]) -> bool:
    return fix.action == "replace" and fix.path in unreadable


def _found(market: str, payload: Any, fixes: tuple[Fix, ...]) -> set[tuple[bool, Place, str, str]]:
    return _keys(VALIDATORS[market].validate(_apply(market, payload, fixes)))


def _check_fixes(market: str, payload: Any, result: Result, fixes: tuple[Fix, ...]) -> Result:
    """Check that fixes resolve a finding at each of their paths, and cause no other ones; return the new result.

    A fix does not cause what rules find in other values because they can read the value at last. If another fix
    changes such a value, the finding is there without it too.
    """
    after = VALIDATORS[market].validate(_apply(market, payload, fixes), fixes=True)
    old, new = _keys(result), _keys(after)
    for fix in fixes:
        assert any(path == fix.path for _, path, _, _ in old - new), fix
    unreadable = {path for is_error, path, _, _ in old if is_error}
    makes_readable = [each for each in fixes if each.action == "rename" or _corrects(each, unreadable)]
    for finding in new - old:
        is_error, path, _, _ = finding
        at = [each for each in fixes if path[: len(_place(each))] == _place(each)]
        others = tuple(each for each in fixes if each not in at)
        if any(each in makes_readable for each in others) and (not at or finding in _found(market, payload, others)):
            continue
        assert at, (finding, fixes)
        assert not is_error, (finding, at)
        assert at[0].is_safe, (finding, at)
        assert at[0].path in unreadable, (finding, at)
    return after


@pytest.mark.parametrize("kind", [_payloads, _dirty_accounts])
@pytest.mark.parametrize("market", MARKETS)
def test_fixes_resolve_findings_and_cause_none(market: str, kind: Callable[[str], list[Any]]) -> None:
    count = 0
    for payload in kind(market):
        before = copy.deepcopy(payload)
        result = VALIDATORS[market].validate(payload, fixes=True)
        assert VALIDATORS[market].validate(payload, fixes=True).fixes == result.fixes
        assert VALIDATORS[market].validate(payload) == result._replace(fixes=())
        paths = [fix.path for fix in result.fixes]
        assert len(set(paths)) == len(paths)
        safe = tuple(fix for fix in result.fixes if fix.is_safe)
        _check_fixes(market, payload, result, safe)
        _check_fixes(market, payload, result, result.fixes)
        assert repr(payload) == repr(before)
        if not result.errors and not result.advice:
            assert result.fixes == ()
        count += len(result.fixes)
    assert count > PAYLOADS // 10


def test_error_that_another_fix_reveals_at_a_fixed_value_is_not_caused_by_its_fix() -> None:
    """A rule that cannot read the type of a transaction is silent about the balance, whose key is misspelled."""
    transaction = {"type": " CHARGE ", "amount": "5.00", "transaction_date": "2025-01-01", "transaction_id": "1"}
    payload = good_account("dk") | {
        "last_statement_closing_date": "2025-01-01",
        "historical_statement_transactions": [transaction],
        "last_statement_balanc": "1.00",
    }
    result = VALIDATORS["dk"].validate(payload, fixes=True)
    trim, rename = result.fixes
    mismatch = "historical_statement_transactions_balance_mismatch"
    at_balance = (True, ("last_statement_balance",), mismatch, "historical-sum-mismatch")
    assert (trim.name, rename.value) == ("trim-value", "last_statement_balance")
    assert at_balance not in _keys(result)
    assert [at_balance in _found("dk", payload, each) for each in ((trim,), (rename,), (trim, rename))] == [
        True,
        False,
        True,
    ]
    _check_fixes("dk", payload, result, (trim, rename))
    payload["last_statement_balanc"] = "-5.00"
    result = VALIDATORS["dk"].validate(payload, fixes=True)
    assert _check_fixes("dk", payload, result, result.fixes).errors == ()


@pytest.mark.parametrize("only_safe", [True, False])
@pytest.mark.parametrize("market", MARKETS)
def test_fixing_comes_to_an_end(market: str, only_safe: bool) -> None:
    for payload in _dirty_accounts(market):
        changed = payload
        for _ in range(MOST_ROUNDS):
            found = VALIDATORS[market].validate(changed, fixes=True).fixes
            fixes = tuple(fix for fix in found if fix.is_safe or not only_safe)
            if not fixes:
                break
            changed = _apply(market, changed, fixes)
        assert not fixes, (payload, fixes)

"""A glance at a text says what reading it says, or nothing."""

import json
import random
from typing import Any

import pytest
from benchmarks.accounts import texts

import premigrate
from premigrate.api import Validator
from premigrate.errors import BadPayloadText, Result
from premigrate.running.adapting import Adapting
from tests.payloads import AS_OF, good_account
from tests.property.test_written import ODD, places, shaken

SPELT = (
    "1.0",
    "1e2",
    "-0",
    "0.10",
    "1E400",
    "12345678901234567890",
    "true",
    '"\\u00e9"',
    '"\\ud800"',
    '"a\\u003ab"',
    "NaN",
)
"""Values as they stand in a text."""


def warm(market: str) -> Validator:
    """Make a validator that knows how accounts usually are."""
    validator = Validator(market=market, as_of=AS_OF)
    plan = validator._plan
    assert plan.written is not None
    validator._engine._look = Adapting(plan.written, plan.root.name, enough=2)
    for text in (json.dumps(good_account(market)), *texts(60, 7, share_bad=0, markets=(market,))):
        validator.validate(json.loads(text))
    assert validator._engine.expected()
    return validator


def agrees(validator: Validator, text: str, supplier: str) -> bool:
    """Compare a glance with what is read; tells whether it saw anything."""
    said = validator.glance([text.encode("utf-8", "surrogatepass")], [supplier])[0]
    if said is None:
        return False
    read: Result | BadPayloadText
    try:
        read = validator.validate_json(text)
    except BadPayloadText as error:
        read = error
    assert validator.passed(said) == read, text
    return True


@pytest.mark.parametrize("market", premigrate.markets())
def test_most_varied_accounts_are_seen_at_a_glance(market: str) -> None:
    validator = warm(market)
    rng = random.Random(f"glance {market}")  # noqa: S311 - to be repeated, not to be secret
    seen = 0
    for number, text in enumerate(texts(400, 8, share_bad=0.1, markets=(market,))):
        supplier = json.loads(text)["import_supplier"]
        seen += agrees(validator, text, supplier)
        account = shaken(json.loads(text), rng, 0.03)
        agrees(validator, json.dumps({"payload": account} if number % 2 else account, indent=number % 3), supplier)
    assert seen > 250


@pytest.mark.parametrize("market", premigrate.markets())
def test_one_thing_odd(market: str) -> None:
    validator = warm(market)
    account = good_account(market)
    supplier = account["import_supplier"]
    spelt = [json.dumps(odd) for odd in ODD if _is_json(odd)]
    seen = 0
    for place in places(account):
        for number, text in enumerate((*spelt, *SPELT)):
            odd = _put(account, place, "<here>").replace('"<here>"', text)
            seen += agrees(validator, odd, supplier)
            if number == 0:
                key = f'"{place[-1]}"'
                agrees(validator, _put(account, place, "<here>").replace('"<here>"', f"null, {key}: null"), supplier)
    assert seen > 100


@pytest.mark.parametrize("market", premigrate.markets())
def test_a_repeated_key_is_not_seen_at_a_glance(market: str) -> None:
    validator = warm(market)
    account = good_account(market)
    supplier = account["import_supplier"]
    text = json.dumps(account)
    assert agrees(validator, text, supplier)
    for key, value in account.items():
        for first in ("null", '""', json.dumps(value)):
            again = text.replace(f'"{key}":', f'"{key}": {first}, "{key}":', 1)
            assert not agrees(validator, again, supplier)


@pytest.mark.parametrize("market", premigrate.markets())
def test_another_supplier_is_not_seen_at_a_glance(market: str) -> None:
    validator = warm(market)
    text = json.dumps(good_account(market)).encode()
    assert validator.glance([text], ["SOMEBODY_ELSE"]) == [None]
    assert Validator(market=market, as_of=AS_OF).glance([text], [good_account(market)["import_supplier"]]) == [None]


def _put(account: Any, place: tuple[Any, ...], value: object) -> str:
    changed = json.loads(json.dumps(account))
    inside = changed
    for step in place[:-1]:
        inside = inside[step]
    inside[place[-1]] = value
    return json.dumps(changed)


def _is_json(value: object) -> bool:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return False
    return True

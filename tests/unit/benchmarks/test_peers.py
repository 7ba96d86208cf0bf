"""Peers are not hollow: they accept what is good and refuse what is wrong with single fields, as the framework does."""

import copy
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from benchmarks.accounts import texts
from benchmarks.payloads import GONE, account_with_six_errors, put
from benchmarks.peers import PEERS, by_hand
from benchmarks.peers.drf import build_answer

from premigrate import Validator
from tests.payloads import AS_OF, good_account

WRONG: list[object] = [[], {"a": 1}, "x" * 600, "2025-13-01", GONE, None]
ODD: list[object] = [
    *WRONG, {}, ["a"], True, "", "  ", 5, -3, 1.5, "a\0b", "false", "123456789012.1", "1.23456789012", "+351912345678",
    "+4551123456", "test@example.pt", "a@b.pt", "the occupier", "XX", "2026-02-30",
]  # fmt: skip


def spoilt(account: Any, values: list[object]) -> Iterator[tuple[str, object, Any]]:
    """Put each of the values at each place of an account."""
    for place in places(account):
        for value in values:
            made = copy.deepcopy(account)
            put(made, place, copy.deepcopy(value) if value is not GONE else GONE)
            yield place, value, made


def places(value: Any, before: str = "") -> Iterator[str]:
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield f"{before}{key}"
        yield from places(item, f"{before}{key}.")


@pytest.mark.parametrize("name", PEERS)
def test_peers_accept_good_accounts(name: str, market: str, account: Any) -> None:
    accepts = PEERS[name].build(market)
    assert accepts(account)
    assert all(accepts(json.loads(text)) for text in texts(30, 1, share_bad=0, markets=(market,)))


@cache
def refused_by_framework(market: str) -> list[tuple[str, object, Any]]:
    """Collect the changes to the example that the framework refuses."""
    framework = PEERS["DRF serializers"].build(market)
    tried = list(spoilt(good_account(market), WRONG))
    refused = [change for change in tried if not framework(change[-1])]
    assert 0.3 < len(refused) / len(tried) < 0.9, "changes are neither all good nor all bad"
    return refused


@pytest.mark.parametrize("name", [name for name in PEERS if name != "DRF serializers"])
def test_peers_refuse_what_the_framework_refuses(name: str, market: str) -> None:
    accepts = PEERS[name].build(market)
    for place, value, made in refused_by_framework(market):
        is_free_json = value is None and place.endswith("value")  # what some peers lack, and say so
        assert is_free_json or not accepts(made), (place, value)


def test_the_check_by_hand_agrees_on_changed_examples(market: str, account: Any, validator: Validator) -> None:
    check, refused = by_hand.build(market), 0
    for place, value, made in spoilt(account, ODD):
        try:
            is_accepted = check(made, AS_OF)
        except by_hand.Unhandled:
            assert value == {"a": 1}, "only a key that is not in the examples is none of its business"
            continue
        refused += not is_accepted
        assert is_accepted is validator.validate(made).ok, (place, value)
    assert refused > 200


@pytest.mark.parametrize("share_bad", [0.0, 1.0])
def test_the_check_by_hand_agrees_on_varied_accounts(share_bad: float, market: str, validator: Validator) -> None:
    check = by_hand.build(market)
    for text in texts(150, 2, share_bad=share_bad, markets=(market,)):
        account = json.loads(text)
        assert check(account, AS_OF) is validator.validate(account).ok, text


def test_six_errors_are_told_alike(market: str, validator: Validator) -> None:
    account = account_with_six_errors(market)
    ours = validator.validate(account).response.body["errors"]
    assert len({error["attr"].rpartition(".")[0] for error in ours}) == 6, "each is in an object of its own"
    assert ours == build_answer(market)(account)["errors"]

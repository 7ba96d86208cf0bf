"""Benchmark accounts are varied, good or bad as requested, and reproducible from their seed."""

import json

import pytest
from benchmarks.accounts import account_texts
from benchmarks.accounts.generator import MARKETS
from benchmarks.accounts.mutations import MUTATIONS, mutations_of
from benchmarks.payloads import good_account

from premigrate import Validator

COUNT = 120


@pytest.fixture(params=MARKETS)
def market(request: pytest.FixtureRequest) -> str:
    """A market whose accounts can be generated."""
    return str(request.param)


def test_mutations_belong_to_generated_accounts() -> None:
    assert MUTATIONS.keys() <= MARKETS.keys()


def test_seed_determines_every_byte() -> None:
    first, again, other = (list(account_texts(50, seed)) for seed in (1, 1, 2))
    assert first == again
    assert not set(first) & set(other)


def test_good_accounts_are_accepted(market: str, validator: Validator) -> None:
    answers = {
        validator.validate_json(text).response.status
        for text in account_texts(COUNT, 3, share_bad=0, markets=(market,))
    }
    assert answers == {200}


def test_bad_accounts_are_refused_for_one_error_or_several(market: str, validator: Validator) -> None:
    results = [validator.validate_json(text) for text in account_texts(COUNT, 3, share_bad=1, markets=(market,))]
    assert {result.response.status for result in results} == {400}
    assert {1, 2, 3} <= {len(result.errors) for result in results}
    assert len({error.code for result in results for error in result.errors}) >= 8


def test_each_mutation_causes_an_error(market: str, validator: Validator) -> None:
    import random

    for mutate in mutations_of(market):
        rng = random.Random(5)  # noqa: S311 - reproducible, not secret
        accounts = (json.loads(text) for text in account_texts(40, 4, share_bad=0, markets=(market,)))
        mutated = [account for account in accounts if mutate(account, rng)]
        assert mutated, mutate
        assert not any(validator.validate(account).ok for account in mutated), mutate


def test_accounts_differ_in_what_identifies_them(market: str) -> None:
    accounts = [json.loads(text) for text in account_texts(COUNT, 6, share_bad=0, markets=(market,))]
    assert len({account["external_account_number"] for account in accounts}) == COUNT
    assert len({len(account["customers"]) for account in accounts}) > 1
    assert len({len(json.dumps(account)) for account in accounts}) > COUNT // 4


@pytest.mark.parametrize("share", [0.0, 0.2, 1.0])
def test_share_of_bad_accounts(share: float, market: str, validator: Validator) -> None:
    texts = account_texts(200, 7, share_bad=share, markets=(market,))
    refused = sum(not validator.validate_json(text).ok for text in texts)
    assert abs(refused / 200 - share) <= (0.1 if 0 < share < 1 else 0)


def test_peers_accept_good_accounts(market: str) -> None:
    peers = pytest.importorskip("benchmarks.peers", exc_type=ImportError).PEERS
    accounts = [good_account(market), *map(json.loads, account_texts(20, 3, share_bad=0, markets=(market,)))]
    for name, peer in peers.items():
        assert all(map(peer.build(market), accounts)), name

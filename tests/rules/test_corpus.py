"""Ordinary accounts get neither errors nor advice."""

from collections import Counter

import pytest
from benchmarks.accounts import account_texts
from benchmarks.accounts.generator import MARKETS

from premigrate import Validator

COUNT = 4_000


@pytest.mark.parametrize("market", MARKETS)
def test_good_accounts_get_no_finding(market: str, validator: Validator) -> None:
    found: Counter[tuple[str, str]] = Counter()
    for text in account_texts(COUNT, 11, share_bad=0, markets=(market,)):
        result = validator.validate_json(text)
        found.update((error.code, error.rule) for error in result.errors)
        found.update((advice.code, advice.rule) for advice in result.advice)
    assert found == {}

"""What most tests need: the markets, a fixed day, good payloads, and validators made once."""

import os
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

import premigrate
from tests.payloads import AS_OF, good_account

settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("repeat", settings.get_profile("explore"), derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))  # a slow machine and bad luck fail no landing

os.environ["PREMIGRATE_CACHE_DIR"] = ""  # no test reads or leaves anything in a home; those of the cache have their own


@cache
def validator_of(market: str) -> premigrate.Validator:
    return premigrate.Validator(market=market, as_of=AS_OF)


@pytest.fixture(params=premigrate.markets())
def market(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def validator(market: str) -> premigrate.Validator:
    return validator_of(market)


@pytest.fixture
def account(market: str) -> dict[str, Any]:
    return good_account(market)

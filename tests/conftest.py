"""Fixtures of most tests: the markets, their good payloads, and validators that are built once."""

import gc
import os
import shutil
import tempfile
from functools import cache, partial
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

import premigrate
from premigrate.describe.market import payload_components
from premigrate.mock_server.tenants import Tenant
from tests.books import parse_files_once
from tests.payloads import AS_OF, good_account

settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("repeat", settings.get_profile("explore"), derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))  # reproducible, also on a slow machine

parse_files_once()
gc.set_threshold(50_000)  # collecting garbage among the objects of pytest takes a tenth of a run

_CACHE_DIR = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Create the cache of compiled rules that all processes of a run share, outside the home folder."""
    if not hasattr(config, "workerinput"):
        os.environ["PREMIGRATE_CACHE_DIR"] = config.stash[_CACHE_DIR] = tempfile.mkdtemp(prefix="premigrate-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    if folder := config.stash.get(_CACHE_DIR, None):
        shutil.rmtree(folder)


@cache
def validator_of(market: str) -> premigrate.Validator:
    return premigrate.Validator(market=market, as_of=AS_OF)


@cache
def tenant_of(market: str) -> Tenant:
    """A tenant of the mock server with the rules of a market, and times in UTC."""
    return Tenant(validator_of(market), partial(payload_components, market))


@pytest.fixture(params=premigrate.markets())
def market(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def validator(market: str) -> premigrate.Validator:
    return validator_of(market)


@pytest.fixture
def account(market: str) -> dict[str, Any]:
    return good_account(market)

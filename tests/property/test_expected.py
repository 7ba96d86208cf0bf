"""Whatever the payload, related places exist, and what would be right is said beside the response only."""

import random
from typing import Any

import pytest
from hypothesis import given

import premigrate
from premigrate.engine.engine import Engine
from premigrate.engine.response import render_response
from premigrate.results import Advice, Error, Place
from tests.conftest import validator_of
from tests.oracle.mutations import payload
from tests.payloads import AS_OF, good_account
from tests.property.test_everything_on import everything_on, everything_program
from tests.property.test_validation import RELAXED, mutated

ROUNDS = 150


def exists(account: object, place: Place) -> bool:
    here: Any = account
    for step in place:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            return False
    return True


@RELAXED
@given(mutated())
def test_related_places_exist(case: tuple[str, Any]) -> None:
    market, account = case
    result = validator_of(market).validate(account)
    findings: tuple[Error | Advice, ...] = (*result.errors, *result.advice)
    for finding in findings:
        assert len(finding.related) <= 10
        assert all(exists(account, place) for place in finding.related), finding
    for error in result.response.body.get("errors", ()):
        assert set(error) == {"detail", "code", "attr"}


@pytest.mark.parametrize("market", premigrate.markets())
def test_related_places_exist_with_every_rule_on(market: str) -> None:
    ruleset, engine = everything_on(market), Engine(everything_program(market))
    rng = random.Random(f"related {market}")  # noqa: S311 - reproducible, not secret
    related = 0
    for _ in range(ROUNDS):
        account = payload(ruleset, good_account(market), rng)
        errors, advice, _ = engine.run(account, AS_OF)
        findings: tuple[Error | Advice, ...] = (*errors, *advice)
        _, inner = engine.account_of(account)
        for finding in findings:
            assert all(exists(inner, place) for place in finding.related), finding
            related += len(finding.related)
        plain = tuple(error._replace(expected="", related=()) for error in errors)
        assert render_response(errors, ("", "")) == render_response(plain, ("", ""))
    assert related > 10

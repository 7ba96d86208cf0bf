"""What a result says is not checked is what reference lists could still refuse, and no more, for any payload."""

import random
from functools import cache
from typing import Any

import pytest

import premigrate
from premigrate.rule_tests.rules import checkable_rules
from premigrate.ruleset.model.rules import Rule
from tests.oracle.mutations import payload
from tests.payloads import AS_OF, good_account
from tests.rules.test_examples import RULESETS

PAYLOADS = 300


@cache
def without_lists(market: str) -> premigrate.Validator:
    return premigrate.Validator(market=market, as_of=AS_OF)


SINGLE_VALUE = "lowest_schedule_amount"
"""The list that can't be empty, because rules look up its first row."""


@cache
def with_lists(market: str, *, empty: bool) -> premigrate.Validator:
    """Return a validator with every list that may be empty: without values, or with those of the examples of rules."""
    lists: dict[str, list[Any]] = {name: [] for name in RULESETS[market].lists if not empty or name != SINGLE_VALUE}
    for rule in () if empty else checkable_rules(RULESETS[market]):
        for name, rows in rule.example_lists.items():
            lists[name].extend(rows)
    return premigrate.Validator(market=market, as_of=AS_OF, references=lists)


def payloads(market: str, purpose: str) -> list[Any]:
    rng = random.Random(f"{purpose} {market}")  # noqa: S311 - reproducible, not secret
    return [payload(RULESETS[market], good_account(market), rng) for _ in range(PAYLOADS)]


def rules_that_fail(result: premigrate.Result) -> set[str]:
    return {error.rule for error in result.errors} | {advice.rule for advice in result.advice}


@pytest.mark.parametrize("market", premigrate.markets())
def test_ids_are_a_part_of_those_of_the_validator_in_the_same_order(market: str) -> None:
    everything = list(without_lists(market).not_checked)
    met: set[str] = set()
    for account in payloads(market, "part"):
        found = without_lists(market).validate(account).not_checked
        assert found == tuple(each for each in everything if each in found)
        assert without_lists(market).validate({"payload": account}).not_checked == found
        met.update(found)
    assert len(met) > len(everything) / 2, "the payloads need too few rules to be meaningful"


@pytest.mark.parametrize("market", premigrate.markets())
@pytest.mark.parametrize("empty", [False, True])
def test_a_rule_that_fails_with_its_list_was_not_checked_without(market: str, *, empty: bool) -> None:
    unknown = without_lists(market).not_checked.keys()
    failed: set[str] = set()
    for account in payloads(market, "fails"):
        failing = rules_that_fail(with_lists(market, empty=empty).validate(account)) & unknown
        assert failing <= set(without_lists(market).validate(account).not_checked)
        failed |= failing
    assert failed


@pytest.mark.parametrize("market", premigrate.markets())
def test_a_rule_about_a_list_is_not_checked_exactly_if_an_empty_list_makes_it_fail(market: str) -> None:
    def looks_up(rule: Rule) -> bool:
        return rule.listed is not None and rule.id in without_lists(market).not_checked and not rule.validation

    names = {rule.id for rule in RULESETS[market].rules if looks_up(rule)}
    assert len(names) > 10
    for account in payloads(market, "listed"):
        failing = rules_that_fail(with_lists(market, empty=True).validate(account)) & names
        assert failing == set(without_lists(market).validate(account).not_checked) & names


@pytest.mark.parametrize("market", premigrate.markets())
def test_a_good_account_is_checked_in_full_with_all_lists_but_for_the_platform(market: str) -> None:
    result = with_lists(market, empty=False).validate(good_account(market))
    undecidable = {rule.id for rule in RULESETS[market].rules if rule.server_only or rule.if_tenant}
    assert set(result.not_checked) <= undecidable

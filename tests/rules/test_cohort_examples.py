"""Every cohort rule has examples: the bad accounts break this rule and no other, the good ones break no rule."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

import premigrate
from premigrate.cohort.clashes import Clash, Origin
from premigrate.cohort.compile import compile_cohort
from premigrate.cohort.key_store import KeyStore
from premigrate.cohort.keys import extract_keys
from premigrate.cohort.program import CohortProgram
from premigrate.cohort.report import build_clash
from premigrate.cohort.rule_tests import examples_of, failing_cohort_examples
from premigrate.ruleset.model.cohort import CohortRule
from premigrate.ruleset.problems import ProblemReport
from premigrate.ruleset.references import load_reference_lists
from tests.books import shipped_book
from tests.payloads import AS_OF

RULESETS = {market: shipped_book(market) for market in premigrate.markets()}


@cache
def program_for(market: str, rule_id: str) -> CohortProgram:
    """Return the program of a market with a rule enabled and its reference lists supplied."""
    ruleset = RULESETS[market]
    rule = next(rule for rule in (*ruleset.cohort_rules, *ruleset.disabled_cohort_rules) if rule.id == rule_id)
    report = ProblemReport()
    lists = {**ruleset.lists, **load_reference_lists(rule.example_lists, ruleset.lists, report)}
    assert not report.problems
    other_rules = tuple(other for other in ruleset.cohort_rules if other.id != rule_id)
    return compile_cohort(replace(ruleset, lists=lists, cohort_rules=(*other_rules, rule)))


def clashes_in(program: CohortProgram, accounts: list[Any]) -> list[Clash]:
    with KeyStore(kilobytes=64) as store:
        for number, account in enumerate(accounts):
            store.add(Origin("example", number), "", extract_keys(program, account))
        groups = list(store.clashing_groups())
    return [
        build_clash(program.messages[each.rule], each.rule, each.key, each.places, each.differing) for each in groups
    ]


CASES = [
    pytest.param(market, rule, kind, accounts, id=f"{market}-{rule.id}-{kind}-{number}")
    for market, ruleset in RULESETS.items()
    for rule in (*ruleset.cohort_rules, *ruleset.disabled_cohort_rules)
    for kind in ("good", "bad")
    for number, accounts in enumerate(examples_of(rule, kind, AS_OF))
]


@pytest.mark.parametrize(("market", "rule", "kind", "accounts"), CASES)
def test_example_behaves_as_declared(market: str, rule: CohortRule, kind: str, accounts: list[Any]) -> None:
    program = program_for(market, rule.id)
    assert rule.id not in program.not_checked
    clashes = clashes_in(program, accounts)
    assert {clash.rule for clash in clashes} == ({rule.id} if kind == "bad" else set()), clashes
    for clash in clashes:
        assert clash.code == rule.code
        assert clash.reference_list == (rule.listed.in_ if rule.listed else "")
        assert bool(clash.fields) == bool(rule.same)
        assert "{" not in clash.detail
        assert clash.accounts == len(accounts)


@pytest.mark.parametrize("market", RULESETS)
def test_failing_examples_are_detected(market: str) -> None:
    ruleset = RULESETS[market]
    for rule in (*ruleset.cohort_rules, *ruleset.disabled_cohort_rules):
        assert list(failing_cohort_examples(ruleset, rule, AS_OF)) == []
        assert len(list(failing_cohort_examples(ruleset, rule.model_copy(update={"good": rule.bad}), AS_OF))) > 0


@pytest.mark.parametrize("market", RULESETS)
def test_every_market_has_every_rule(market: str) -> None:
    assert len(RULESETS[market].cohort_rules) == 10
    assert not RULESETS[market].disabled_cohort_rules


@pytest.mark.parametrize("market", RULESETS)
def test_rules_without_their_lists_are_not_checked(market: str) -> None:
    program = compile_cohort(RULESETS[market])
    compiled = {rule.id for keyed in program.objects for rule in keyed.rules}
    assert compiled | program.not_checked.keys() == {rule.id for rule in RULESETS[market].cohort_rules}
    assert not compiled & program.not_checked.keys()
    assert program.not_checked["cohort-person-imported"] == ("imported_people",)

"""Every rule across accounts carries its own test: its bad accounts make it speak alone, its good ones nothing."""

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

BOOKS = {market: shipped_book(market) for market in premigrate.markets()}


@cache
def plan_for(market: str, rule_id: str) -> CohortProgram:
    """The plan of a market in which a rule can be tried: switched on, with its reference lists."""
    book = BOOKS[market]
    rule = next(rule for rule in (*book.cohort_rules, *book.disabled_cohort_rules) if rule.id == rule_id)
    report = ProblemReport()
    lists = {**book.lists, **load_reference_lists(rule.given, book.lists, report)}
    assert not report.problems
    others = tuple(other for other in book.cohort_rules if other.id != rule_id)
    return compile_cohort(replace(book, lists=lists, cohort_rules=(*others, rule)))


def clashes_in(plan: CohortProgram, accounts: list[Any]) -> list[Clash]:
    with KeyStore(kilobytes=64) as gathering:
        for number, account in enumerate(accounts):
            gathering.add(Origin("example", number), "", extract_keys(plan, account))
        found = list(gathering.clashing_groups())
    return [build_clash(plan.messages[each.rule], each.rule, each.key, each.places, each.differing) for each in found]


CASES = [
    pytest.param(market, rule, word, accounts, id=f"{market}-{rule.id}-{word}-{number}")
    for market, book in BOOKS.items()
    for rule in (*book.cohort_rules, *book.disabled_cohort_rules)
    for word in ("good", "bad")
    for number, accounts in enumerate(examples_of(rule, word, AS_OF))
]


@pytest.mark.parametrize(("market", "rule", "word", "accounts"), CASES)
def test_example_does_what_it_says(market: str, rule: CohortRule, word: str, accounts: list[Any]) -> None:
    plan = plan_for(market, rule.id)
    assert rule.id not in plan.not_checked
    found = clashes_in(plan, accounts)
    assert {clash.rule for clash in found} == ({rule.id} if word == "bad" else set()), found
    for clash in found:
        assert clash.code == rule.code
        assert clash.reference_list == (rule.listed.in_ if rule.listed else "")
        assert bool(clash.fields) == bool(rule.same)
        assert "{" not in clash.detail
        assert clash.accounts == len(accounts)


@pytest.mark.parametrize("market", BOOKS)
def test_the_product_finds_the_same(market: str) -> None:
    book = BOOKS[market]
    for rule in (*book.cohort_rules, *book.disabled_cohort_rules):
        assert list(failing_cohort_examples(book, rule, AS_OF)) == []
        assert len(list(failing_cohort_examples(book, rule.model_copy(update={"good": rule.bad}), AS_OF))) > 0


@pytest.mark.parametrize("market", BOOKS)
def test_every_rule_is_there_in_every_market(market: str) -> None:
    assert len(BOOKS[market].cohort_rules) == 10
    assert not BOOKS[market].disabled_cohort_rules


@pytest.mark.parametrize("market", BOOKS)
def test_without_lists_the_rules_that_need_one_are_named(market: str) -> None:
    plan = compile_cohort(BOOKS[market])
    compiled = {rule.id for way in plan.objects for rule in way.rules}
    assert compiled | plan.not_checked.keys() == {rule.id for rule in BOOKS[market].cohort_rules}
    assert not compiled & plan.not_checked.keys()
    assert plan.not_checked["cohort-person-imported"] == ("imported_people",)

"""Every rule across accounts carries its own test: its bad accounts make it speak alone, its good ones nothing."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

import premigrate
from premigrate.cohort.clashes import Clash, Origin
from premigrate.cohort.compile import compile_cohort
from premigrate.cohort.key_store import Gathering
from premigrate.cohort.keys import cohort_keys
from premigrate.cohort.program import CohortPlan
from premigrate.cohort.report import make_clash
from premigrate.cohort.rule_tests import cohort_mistakes, cohorts_of
from premigrate.ruleset.mistakes import Report
from premigrate.ruleset.model.cohort import CohortRule
from premigrate.ruleset.references import load_references
from tests.books import shipped_book
from tests.payloads import AS_OF

BOOKS = {market: shipped_book(market) for market in premigrate.markets()}


@cache
def plan_for(market: str, rule_id: str) -> CohortPlan:
    """The plan of a market in which a rule can be tried: switched on, with its reference lists."""
    book = BOOKS[market]
    rule = next(rule for rule in (*book.cohort, *book.idle_cohort) if rule.id == rule_id)
    report = Report()
    lists = {**book.lists, **load_references(rule.given, book.lists, report)}
    assert not report.problems
    others = tuple(other for other in book.cohort if other.id != rule_id)
    return compile_cohort(replace(book, lists=lists, cohort=(*others, rule)))


def clashes_in(plan: CohortPlan, accounts: list[Any]) -> list[Clash]:
    with Gathering(kilobytes=64) as gathering:
        for number, account in enumerate(accounts):
            gathering.add(Origin("example", number), "", cohort_keys(plan, account))
        found = list(gathering.groups())
    return [make_clash(plan.texts[each.rule], each.rule, each.key, each.holders, each.differing) for each in found]


CASES = [
    pytest.param(market, rule, word, accounts, id=f"{market}-{rule.id}-{word}-{number}")
    for market, book in BOOKS.items()
    for rule in (*book.cohort, *book.idle_cohort)
    for word in ("good", "bad")
    for number, accounts in enumerate(cohorts_of(rule, word, AS_OF))
]


@pytest.mark.parametrize(("market", "rule", "word", "accounts"), CASES)
def test_example_does_what_it_says(market: str, rule: CohortRule, word: str, accounts: list[Any]) -> None:
    plan = plan_for(market, rule.id)
    assert rule.id not in plan.missing
    found = clashes_in(plan, accounts)
    assert {clash.rule for clash in found} == ({rule.id} if word == "bad" else set()), found
    for clash in found:
        assert clash.code == rule.code
        assert clash.listed == (rule.listed.in_ if rule.listed else "")
        assert bool(clash.fields) == bool(rule.same)
        assert "{" not in clash.detail
        assert clash.accounts == len(accounts)


@pytest.mark.parametrize("market", BOOKS)
def test_the_product_finds_the_same(market: str) -> None:
    book = BOOKS[market]
    for rule in (*book.cohort, *book.idle_cohort):
        assert list(cohort_mistakes(book, rule, AS_OF)) == []
        assert len(list(cohort_mistakes(book, rule.model_copy(update={"good": rule.bad}), AS_OF))) > 0


@pytest.mark.parametrize("market", BOOKS)
def test_every_rule_is_there_in_every_market(market: str) -> None:
    assert len(BOOKS[market].cohort) == 10
    assert not BOOKS[market].idle_cohort


@pytest.mark.parametrize("market", BOOKS)
def test_without_lists_the_rules_that_need_one_are_named(market: str) -> None:
    plan = compile_cohort(BOOKS[market])
    compiled = {rule.rule for way in plan.ways for rule in way.rules}
    assert compiled | plan.missing.keys() == {rule.id for rule in BOOKS[market].cohort}
    assert not compiled & plan.missing.keys()
    assert plan.missing["cohort-person-imported"] == ("imported_people",)

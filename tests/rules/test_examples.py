"""Every rule carries its own test: its bad example breaks it and nothing else, its good example breaks nothing."""

import tomllib
from functools import cache
from typing import Any

import pytest

import premigrate
from premigrate.rule_tests.rules import ExampleChecker, checkable_rules
from premigrate.ruleset.load import load_ruleset
from premigrate.ruleset.model.rules import Rule
from premigrate.ruleset.model.ruleset import Ruleset
from tests.books import shipped_book
from tests.payloads import AS_OF, ROOT, good_account

BOOKS = {market: shipped_book(market) for market in premigrate.markets()}
OVERLAYS = tomllib.loads((ROOT / "tests" / "rules" / "overlays.toml").read_text("utf-8"))


@cache
def trial_of(market: str, rule_id: str = "") -> ExampleChecker:
    """The rules of a market; those that an overlay has to make room for are tried with it."""
    if rule_id in OVERLAYS:
        switch = {rule_id: "To try it."} if rule_id in {rule.id for rule in BOOKS[market].disabled} else {}
        overlay = {"market": {"extends": market}, "on": switch, **OVERLAYS[rule_id]}
        return _trial(market, load_ruleset(market, overlay))
    return _trial(market, BOOKS[market]) if rule_id else trial_of(market, "any")


def _trial(market: str, book: Ruleset) -> ExampleChecker:
    account = good_account(market)
    account.pop("billing_address", None)  # or examples of the flat form would be two addresses
    return ExampleChecker(book, AS_OF, account)


CASES = [
    pytest.param(market, rule, id=f"{market}-{rule.id}")
    for market, book in BOOKS.items()
    for rule in checkable_rules(book)
]


@pytest.mark.parametrize(("market", "rule"), CASES)
def test_examples_do_what_they_say(market: str, rule: Rule) -> None:
    trial = trial_of(market, rule.id if rule.id in OVERLAYS else "")
    assert list(trial.failures(rule)) == []
    assert {example.is_good for example in trial.examples(rule)} == {True, False}


@pytest.mark.parametrize("market", BOOKS)
def test_all_that_is_off_can_be_switched_on(market: str) -> None:
    book = BOOKS[market]
    overlay: dict[str, Any] = {"market": {"extends": market}, "on": {}}
    for rule in checkable_rules(book):
        if rule in book.disabled:
            overlay["on"][rule.id] = "To see whether it leads somewhere."
    for tables in OVERLAYS.values():
        for object_name, change in tables.get("change", {}).items():
            overlay.setdefault("change", {}).setdefault(object_name, {"fields": {}})["fields"] |= change["fields"]
        overlay.setdefault("object", {}).update(tables.get("object", {}))
    assert {rule.id for rule in load_ruleset(market, overlay).rules} >= overlay["on"].keys()


def test_overlays_are_for_rules_there_are() -> None:
    assert OVERLAYS.keys() <= {rule.id for book in BOOKS.values() for rule in checkable_rules(book)}

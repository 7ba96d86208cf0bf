"""Every rule carries its own test: its bad example fires it and nothing else, its good example fires nothing."""

from typing import Any

import pytest

import premigrate
from premigrate.loading import load_rulebook
from premigrate.rulebook import Rule, Rulebook
from tests.rules.examples import examples_of, run_example

BOOKS = {market: load_rulebook(market) for market in premigrate.markets()}


def _cases() -> list[Any]:
    return [
        pytest.param(book, rule, word, place, example, id=f"{market}-{rule.id}-{place}-{word}-{number}")
        for market, book in BOOKS.items()
        for rule in book.rules
        for number, (word, place, example) in enumerate(examples_of(rule, book))
    ]


@pytest.mark.parametrize(("book", "rule", "word", "place", "example"), _cases())
def test_example_does_what_it_says(book: Rulebook, rule: Rule, word: str, place: str, example: Any) -> None:
    found = run_example(book, place, example)
    errors = {error.rule for error in found.errors}
    fired = {advice.rule for advice in found.advice if advice.code == rule.code} | errors
    if rule.level == "advice":
        assert not errors, found.errors
    assert fired == ({rule.id} if word == "bad" else set()), found


def test_every_rule_is_tried_both_ways() -> None:
    for book in BOOKS.values():
        for rule in book.rules:
            assert {word for word, _, _ in examples_of(rule, book)} == {"good", "bad"}, rule.id

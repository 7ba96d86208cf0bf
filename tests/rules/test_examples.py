"""Every rule carries its own test: its bad example fires it and nothing else, its good example fires nothing."""

import tomllib
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

import premigrate
from premigrate.compiler import compile_program
from premigrate.engine import Program
from premigrate.loading import load_rulebook
from premigrate.loading.references import load_references
from premigrate.loading.report import Report
from premigrate.rulebook import Rule, Rulebook
from tests.books import shipped_book
from tests.payloads import ROOT
from tests.rules.examples import examples_of, run_example

BOOKS = {market: shipped_book(market) for market in premigrate.markets()}
OVERLAYS = tomllib.loads((ROOT / "tests" / "rules" / "overlays.toml").read_text("utf-8"))


def tried(book: Rulebook) -> list[Rule]:
    """The rules that hold, and those that an overlay may switch on."""
    switches = [rule for rule in book.idle if rule.off == book.off[rule.id]]
    return [rule for rule in (*book.rules, *switches) if rule.platform is None]


@cache
def book_for(market: str, rule_id: str) -> tuple[Rulebook, Program]:
    """The book of a market in which a rule can be tried: switched on, with its fields and its reference lists."""
    book = BOOKS[market]
    rule = next(rule for rule in tried(book) if rule.id == rule_id)
    if rule_id in OVERLAYS:
        switch = {rule_id: "To try it."} if rule in book.idle else {}
        book = load_rulebook(market, {"market": {"extends": market}, "on": switch, **OVERLAYS[rule_id]})
    elif rule in book.idle:
        book = replace(book, rules=(*book.rules, rule))
    elif not rule.given:
        return _plain(market)
    report = Report()
    book = replace(book, lists={**book.lists, **load_references(rule.given, book.lists, report)})
    assert not report.problems
    return book, compile_program(book)


@cache
def _plain(market: str) -> tuple[Rulebook, Program]:
    return BOOKS[market], compile_program(BOOKS[market])


def _cases() -> list[Any]:
    return [
        pytest.param(market, rule, word, place, example, id=f"{market}-{rule.id}-{place}-{word}-{number}")
        for market, book in BOOKS.items()
        for rule in tried(book)
        for number, (word, place, example) in enumerate(examples_of(rule, book))
    ]


@pytest.mark.parametrize(("market", "rule", "word", "place", "example"), _cases())
def test_example_does_what_it_says(market: str, rule: Rule, word: str, place: str, example: Any) -> None:
    book, plan = book_for(market, rule.id)
    found = run_example(plan, book, place, example)
    errors = {error.rule for error in found.errors}
    fired = {advice.rule for advice in found.advice if advice.code == rule.code} | errors
    if "." in place and not place.startswith(f"{book.root}."):
        fired -= {other.id for other in book.rules if place.partition(".")[0] in other.places}  # it is only a field
    if rule.level == "advice":
        assert not errors, found.errors
    assert fired == ({rule.id, *rule.also} if word == "bad" else set()), found


def test_every_rule_is_tried_both_ways() -> None:
    for book in BOOKS.values():
        for rule in tried(book):
            assert {word for word, _, _ in examples_of(rule, book)} == {"good", "bad"}, rule.id


@pytest.mark.parametrize("market", BOOKS)
def test_all_that_is_off_can_be_switched_on(market: str) -> None:
    book = BOOKS[market]
    overlay: dict[str, Any] = {"market": {"extends": market}, "on": {}}
    for rule in tried(book):
        if rule in book.idle:
            overlay["on"][rule.id] = "To see whether it leads somewhere."
    for tables in OVERLAYS.values():
        for object_name, change in tables.get("change", {}).items():
            overlay.setdefault("change", {}).setdefault(object_name, {"fields": {}})["fields"] |= change["fields"]
        overlay.setdefault("object", {}).update(tables.get("object", {}))
    assert {rule.id for rule in load_rulebook(market, overlay).rules} >= overlay["on"].keys()


def test_overlays_are_for_rules_there_are() -> None:
    assert OVERLAYS.keys() <= {rule.id for book in BOOKS.values() for rule in tried(book)}

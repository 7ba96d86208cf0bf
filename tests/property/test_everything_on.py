"""With every rule on and every reference list supplied, any payload still gets an answer, and the same one twice."""

import copy
import random
from functools import cache
from typing import Any

import pytest
from msgspec.structs import replace

import premigrate
from premigrate.compiler.program import compile_program
from premigrate.engine.engine import run_program
from premigrate.engine.program import Program
from premigrate.engine.response import render_response
from premigrate.rule_tests.rules import checkable_rules
from premigrate.ruleset.load import load_ruleset
from premigrate.ruleset.model.ruleset import Ruleset
from tests.oracle.mutations import payload
from tests.payloads import AS_OF, good_account
from tests.rules.test_examples import BOOKS, OVERLAYS


@cache
def everything_on(market: str) -> Ruleset:
    """Switch on what can be, with the fields and lists that it needs."""
    book = BOOKS[market]
    overlay: dict[str, Any] = {"market": {"extends": market}, "on": {}, "change": {}, "object": {}}
    for rule in checkable_rules(book):
        if rule in book.disabled:
            overlay["on"][rule.id] = "To have everything on."
    for tables in OVERLAYS.values():
        overlay["object"] |= tables.get("object", {})
        for name, change in tables.get("change", {}).items():
            fields = {key: field for key, field in change["fields"].items() if "required" not in field}
            overlay["change"].setdefault(name, {"fields": {}})["fields"] |= fields
    lists: dict[str, list[Any]] = {}
    for rule in checkable_rules(book):
        for name, rows in rule.given.items():
            lists.setdefault(name, []).extend(rows)
    return load_ruleset(market, overlay, lists)


@cache
def everything_program(market: str) -> Program:
    return compile_program(everything_on(market))


@pytest.mark.parametrize("market", premigrate.markets())
def test_any_payload_gets_an_answer(market: str) -> None:
    book, plan = everything_on(market), everything_program(market)
    assert all(rule.platform for rule in book.rules if rule.id in plan.missing)
    rng = random.Random(f"everything {market}")  # noqa: S311 - to be repeated, not to be secret
    found: set[str] = set()
    for _ in range(300):
        made = payload(book, good_account(market), rng)
        before = copy.deepcopy(made)
        findings = run_program(plan, made, AS_OF)
        response = render_response(findings.errors, plan.refusal)
        assert (response.status == 400) == any(error.stage == "now" for error in findings.errors)
        assert repr(made) == repr(before)
        assert run_program(plan, made, AS_OF) == findings
        found |= {error.rule for error in findings.errors}
    assert len(found) > 30, "the payloads reach too few rules to show anything"


@pytest.mark.parametrize("market", premigrate.markets())
def test_a_rule_that_is_not_asked_has_nothing_to_say(market: str) -> None:
    book, plan = everything_on(market), everything_program(market)
    asking_all = replace(
        plan,
        rules=tuple(
            replace(rule, required_keys=(), required_item_keys=(), required_inner_keys=()) for rule in plan.rules
        ),
    )
    rng = random.Random(f"needs {market}")  # noqa: S311 - to be repeated, not to be secret
    for _ in range(300):
        made = payload(book, good_account(market), rng)
        assert run_program(plan, made, AS_OF) == run_program(asking_all, made, AS_OF)

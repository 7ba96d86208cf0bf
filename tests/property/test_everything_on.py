"""With every rule enabled and every reference list supplied, validation of any payload is total and deterministic."""

import copy
import random
from functools import cache
from typing import Any

import pytest
from msgspec.structs import replace

import premigrate
from premigrate.compiler.program import compile_program
from premigrate.engine.program import Program
from premigrate.engine.response import render_response
from premigrate.rule_tests.rules import checkable_rules
from premigrate.ruleset.load import load_ruleset
from premigrate.ruleset.model.ruleset import Ruleset
from tests.oracle.mutations import payload
from tests.payloads import AS_OF, good_account
from tests.rules.test_examples import OVERLAYS, RULESETS
from tests.run_program import run_program


@cache
def everything_on(market: str) -> Ruleset:
    """Return the ruleset with every rule enabled, and with the fields and lists that the rules need."""
    ruleset = RULESETS[market]
    overlay: dict[str, Any] = {"market": {"extends": market}, "enabled": {}, "change": {}, "object": {}, "tenant": {}}
    for rule in checkable_rules(ruleset):
        overlay["tenant"] |= rule.if_tenant
        if rule in ruleset.disabled:
            overlay["enabled"][rule.id] = "To have everything on."
    for tables in OVERLAYS.values():
        overlay["object"] |= tables.get("object", {})
        for name, change in tables.get("change", {}).items():
            overlay["change"].setdefault(name, {"fields": {}})["fields"] |= change["fields"]
    lists: dict[str, list[Any]] = {}
    for rule in checkable_rules(ruleset):
        for name, rows in rule.example_lists.items():
            lists.setdefault(name, []).extend(rows)
    return load_ruleset(market, overlay, lists)


@cache
def everything_program(market: str) -> Program:
    return compile_program(everything_on(market))


@pytest.mark.parametrize("market", premigrate.markets())
def test_any_payload_gets_a_response(market: str) -> None:
    ruleset, program = everything_on(market), everything_program(market)
    assert all(rule.server_only for rule in ruleset.rules if rule.id in program.not_checked)
    rng = random.Random(f"everything {market}")  # noqa: S311 - reproducible, not secret
    broken_rules: set[str] = set()
    for _ in range(100):
        account = payload(ruleset, good_account(market), rng)
        before = copy.deepcopy(account)
        findings = run_program(program, account, AS_OF)
        response = render_response(findings.errors, program.rejection)
        assert (response.status == 400) == any(error.stage == "now" for error in findings.errors)
        assert repr(account) == repr(before)
        assert run_program(program, account, AS_OF) == findings
        broken_rules |= {error.rule for error in findings.errors}
    assert len(broken_rules) > 30, "the payloads break too few rules to be meaningful"


@pytest.mark.parametrize("market", premigrate.markets())
def test_skipped_rules_have_no_errors(market: str) -> None:
    ruleset, program = everything_on(market), everything_program(market)
    unfiltered = replace(
        program,
        rules=tuple(
            replace(rule, required_keys=(), required_item_keys=(), required_inner_keys=()) for rule in program.rules
        ),
    )
    rng = random.Random(f"needs {market}")  # noqa: S311 - reproducible, not secret
    for _ in range(100):
        account = payload(ruleset, good_account(market), rng)
        assert run_program(program, account, AS_OF) == run_program(unfiltered, account, AS_OF)

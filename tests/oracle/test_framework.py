"""Compares field checks with the framework itself: same errors, texts, attrs and order.

`make test` compares five hundred payloads, `make oracle` two hundred thousand; ORACLE_PAYLOADS sets the number.
"""

import copy
import dataclasses
import os
import random

import pytest

import premigrate
from premigrate.compiler.program import compile_program
from premigrate.engine.engine import run_program
from premigrate.engine.response import render_response
from premigrate.ruleset.model.rules import Rule
from premigrate.ruleset.model.ruleset import Ruleset
from tests.books import shipped_book
from tests.oracle.mutations import payload
from tests.oracle.serializers import Builder, Requirement, framework_errors
from tests.payloads import AS_OF, good_account

CHUNK = 250
CHUNKS = max(1, int(os.environ.get("ORACLE_PAYLOADS", "500")) // CHUNK // len(premigrate.markets()))


@pytest.mark.parametrize("seed", range(CHUNKS))
def test_field_errors_match_the_framework(market: str, seed: int) -> None:
    ruleset = dataclasses.replace(shipped_book(market), rules=())  # fields only: the framework has no rules
    program, serializer = compile_program(ruleset), Builder(ruleset).root()
    rng = random.Random(f"{market} {seed}")  # noqa: S311 - reproducible, not secret
    refused = 0
    for _ in range(CHUNK):
        account = payload(ruleset, good_account(market), rng)
        response = render_response(run_program(program, account, AS_OF).errors, program.rejection)
        ours = [(error["detail"], error["code"], error["attr"]) for error in response.body.get("errors", [])]
        assert ours == framework_errors(serializer, copy.deepcopy(account)), account
        refused += bool(ours)
    assert CHUNK // 10 < refused < CHUNK, "the payloads are neither all good nor all bad"


def requirements_of(ruleset: Ruleset) -> dict[str, Requirement]:
    """Require one of the first two optional single values of every object that has any."""
    code = "note_body_or_document_path_not_found"
    requirements = {}
    for name, spec in ruleset.objects.items():
        optional = [key for key, field in spec.fields.items() if not field.required and field.type]
        if optional and not spec.select:
            requirements[name] = Requirement(tuple(optional[:2]), ruleset.codes[code].detail or "", code)
    return requirements


def rule_of(name: str, requirement: Requirement) -> Rule:
    """Return the rule that is equivalent to a requirement."""
    metadata = {"why": "It is made up.", "basis": "inferred", "source": "none", "good": [1], "bad": [1]}
    place = {"id": "asked-of-the-whole", "on": name, "attr": "non_field_errors"}
    return Rule.model_validate(
        {**place, **metadata, "at_least_one": list(requirement.fields), "code": requirement.code}
    )


@pytest.mark.parametrize("seed", range(max(1, CHUNKS // 4)))
def test_object_errors_are_hidden_as_in_the_framework(market: str, seed: int) -> None:
    ruleset = shipped_book(market)
    requirements = requirements_of(ruleset)
    ruleset = dataclasses.replace(ruleset, rules=tuple(rule_of(*each) for each in requirements.items()))
    program, serializer = compile_program(ruleset), Builder(ruleset, requirements).root()
    rng = random.Random(f"objects {market} {seed}")  # noqa: S311 - reproducible, not secret
    stages = []
    for _ in range(CHUNK):
        account = payload(ruleset, good_account(market), rng)
        findings = run_program(program, account, AS_OF)
        response = render_response(findings.errors, program.rejection)
        ours = [(error["detail"], error["code"], error["attr"]) for error in response.body.get("errors", [])]
        assert ours == framework_errors(serializer, copy.deepcopy(account)), account
        stages += [error.stage for error in findings.errors if error.rule == "asked-of-the-whole"]
    assert {"now", "follow-on"} == set(stages), "nothing was hidden, or everything"

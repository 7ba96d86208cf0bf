"""Compares field checks with the framework itself: same errors, texts, attrs and order.

`make test` compares five hundred payloads, `make oracle` two hundred thousand; ORACLE_PAYLOADS sets the number.
"""

import copy
import dataclasses
import os
import random
from typing import Any, TypeAlias

import pytest

import premigrate
from premigrate.compiler.program import compile_program
from premigrate.engine.response import render_response
from premigrate.ruleset.model.rules import Rule
from premigrate.ruleset.model.ruleset import Ruleset
from tests.books import shipped_book
from tests.oracle.mutations import payload
from tests.oracle.serializers import Builder, Refusal, Requirement, framework_errors
from tests.payloads import AS_OF, good_account
from tests.run_program import run_program

CHUNK = 250
SETS = 5
"""The number of sets of validators in a chunk."""
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


Validators: TypeAlias = dict[str, list[Requirement | Refusal]]
CODE = "note_body_or_document_path_not_found"


def optional_fields(ruleset: Ruleset) -> dict[str, list[str]]:
    """Return the optional single values of every object that has any."""
    found = {
        name: [key for key, field in spec.fields.items() if not field.required and field.type]
        for name, spec in ruleset.objects.items()
        if not spec.select
    }
    return {name: fields for name, fields in found.items() if fields}


def one_of_two(ruleset: Ruleset) -> Validators:
    """Require one of the first two optional single values of every object that has any."""
    detail = ruleset.codes[CODE].detail or ""
    return {name: [Requirement(tuple(each[:2]), detail, CODE)] for name, each in optional_fields(ruleset).items()}


def several(ruleset: Ruleset, rng: random.Random) -> Validators:
    """Make up validators of every object: of the object itself, as lists and as maps of fields, and of its fields."""
    detail = ruleset.codes[CODE].detail or ""
    validators: Validators = {}
    for name, optional in optional_fields(ruleset).items():
        attrs = ["", "", "<found>", *rng.choices(list(ruleset.objects[name].fields), k=2)]
        validators[name] = [
            Requirement(tuple(rng.sample(optional, k=min(2, len(optional)))), detail, CODE, rng.choice(attrs))
            for _ in range(rng.randint(1, 4))
        ]
        for field in rng.sample(optional, k=rng.randint(0, min(2, len(optional)))):
            validators[name].insert(rng.randint(0, 2), Refusal(field, detail, CODE))
    return validators


def rule_of(name: str, number: int, validator: Requirement | Refusal) -> Rule:
    """Return the rule that is equivalent to a validator."""
    tables: dict[str, Any] = {"why": "It is made up.", "basis": "inferred", "source": "none", "good": [1], "bad": [1]}
    tables |= {"id": f"asked-of-{name.replace('_', '-')}-{number}", "on": name, "code": validator.code}
    if isinstance(validator, Refusal):
        tables |= {"absent": [validator.field], "attr": "<found>", "field_validator": True}
    else:
        operator = "present" if validator.attr == "<found>" else "at_least_one"
        tables |= {operator: list(validator.fields), "attr": validator.attr or "non_field_errors"}
    return Rule.model_validate(tables)


@pytest.mark.parametrize("made_up", ["one of two", "several"])
@pytest.mark.parametrize("seed", range(max(1, CHUNKS // 4)))
def test_object_errors_are_hidden_as_in_the_framework(market: str, seed: int, made_up: str) -> None:
    ruleset = shipped_book(market)
    rng = random.Random(f"objects {market} {seed}")  # noqa: S311 - reproducible, not secret
    stages: set[str] = set()
    for _ in range(1 if made_up == "one of two" else SETS):
        validators = one_of_two(ruleset) if made_up == "one of two" else several(ruleset, rng)
        stages |= compare(ruleset, validators, rng, CHUNK // 2 if made_up == "one of two" else CHUNK // 2 // SETS)
    assert stages == {"now", "follow-on"}, "nothing was hidden, or everything"


def compare(ruleset: Ruleset, validators: Validators, rng: random.Random, count: int) -> set[str]:
    """Compare the responses to some payloads; return the stages of the errors of validators."""
    rules = tuple(rule_of(name, number, each) for name, some in validators.items() for number, each in enumerate(some))
    program = compile_program(dataclasses.replace(ruleset, rules=rules))
    serializer = Builder(ruleset, validators).root()
    stages: set[str] = set()
    for _ in range(count):
        account = payload(ruleset, good_account(ruleset.market), rng)
        findings = run_program(program, account, AS_OF)
        response = render_response(findings.errors, program.rejection)
        ours = [(error["detail"], error["code"], error["attr"]) for error in response.body.get("errors", [])]
        assert ours == framework_errors(serializer, copy.deepcopy(account)), account
        stages |= {error.stage for error in findings.errors if error.rule.startswith("asked-of-")}
    return stages

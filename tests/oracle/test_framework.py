"""What single fields may be is proven against the framework itself: same errors, same texts, same places, same order.

`make test` compares five hundred payloads, `make oracle` two hundred thousand. ORACLE_PAYLOADS says how many.
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
from tests.oracle.serializers import Builder, Demand, answer
from tests.payloads import AS_OF, good_account

CHUNK = 250
CHUNKS = max(1, int(os.environ.get("ORACLE_PAYLOADS", "500")) // CHUNK // len(premigrate.markets()))


@pytest.mark.parametrize("seed", range(CHUNKS))
def test_framework_answers_alike(market: str, seed: int) -> None:
    book = dataclasses.replace(shipped_book(market), rules=())  # the fields alone: rules are not the framework's
    plan, serializer = compile_program(book), Builder(book).root()
    rng = random.Random(f"{market} {seed}")  # noqa: S311 - to be repeated, not to be secret
    refused = 0
    for _ in range(CHUNK):
        made = payload(book, good_account(market), rng)
        response = render_response(run_program(plan, made, AS_OF).errors, plan.refusal)
        ours = [(error["detail"], error["code"], error["attr"]) for error in response.body.get("errors", [])]
        assert ours == answer(serializer, copy.deepcopy(made)), made
        refused += bool(ours)
    assert CHUNK // 10 < refused < CHUNK, "the payloads are neither all good nor all bad"


def demands_of(book: Ruleset) -> dict[str, Demand]:
    """Ask every object that has optional single values for one of the first two."""
    code = "note_body_or_document_path_not_found"
    found = {}
    for name, spec in book.objects.items():
        optional = [key for key, field in spec.fields.items() if not field.required and field.type]
        if optional and not spec.select:
            found[name] = Demand(tuple(optional[:2]), book.codes[code].detail or "", code)
    return found


def rule_of(name: str, demand: Demand) -> Rule:
    """Make the rule that says the same."""
    papers = {"why": "It is made up.", "basis": "inferred", "source": "none", "good": 1, "bad": 1}
    place = {"id": "asked-of-the-whole", "on": name, "attr": "non_field_errors"}
    return Rule.model_validate({**place, **papers, "at_least_one": list(demand.fields), "code": demand.code})


@pytest.mark.parametrize("seed", range(max(1, CHUNKS // 4)))
def test_what_is_asked_of_objects_hides_as_the_framework_hides_it(market: str, seed: int) -> None:
    book = shipped_book(market)
    demands = demands_of(book)
    book = dataclasses.replace(book, rules=tuple(rule_of(*each) for each in demands.items()))
    plan, serializer = compile_program(book), Builder(book, demands).root()
    rng = random.Random(f"objects {market} {seed}")  # noqa: S311 - to be repeated, not to be secret
    stages = []
    for _ in range(CHUNK):
        made = payload(book, good_account(market), rng)
        found = run_program(plan, made, AS_OF)
        response = render_response(found.errors, plan.refusal)
        ours = [(error["detail"], error["code"], error["attr"]) for error in response.body.get("errors", [])]
        assert ours == answer(serializer, copy.deepcopy(made)), made
        stages += [error.stage for error in found.errors if error.rule == "asked-of-the-whole"]
    assert {"now", "follow-on"} == set(stages), "nothing was hidden, or everything"

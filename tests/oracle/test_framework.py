"""What single fields may be is proven against the framework itself: same errors, same texts, same places, same order.

`make test` compares some thousand payloads, `make oracle` two hundred thousand. ORACLE_PAYLOADS says how many.
"""

import copy
import dataclasses
import os
import random

import pytest

import premigrate
from premigrate.compiling import compile_plan
from premigrate.loading import load_rulebook
from premigrate.rendering.response import render_response
from premigrate.running import run_plan
from tests.oracle.mutations import payload
from tests.oracle.serializers import Builder, answer
from tests.payloads import AS_OF, good_account

CHUNK = 250
CHUNKS = max(1, int(os.environ.get("ORACLE_PAYLOADS", "5000")) // CHUNK // len(premigrate.markets()))


@pytest.mark.parametrize("seed", range(CHUNKS))
def test_framework_answers_alike(market: str, seed: int) -> None:
    book = dataclasses.replace(load_rulebook(market), rules=())  # the fields alone: rules are not the framework's
    plan, serializer = compile_plan(book), Builder(book).root()
    rng = random.Random(f"{market} {seed}")  # noqa: S311 - to be repeated, not to be secret
    refused = 0
    for _ in range(CHUNK):
        made = payload(book, good_account(market), rng)
        response = render_response(run_plan(plan, made, AS_OF).errors, plan.refusal)
        ours = [(error["detail"], error["code"], error["attr"]) for error in response.body.get("errors", [])]
        assert ours == answer(serializer, copy.deepcopy(made)), made
        refused += bool(ours)
    assert CHUNK // 10 < refused < CHUNK, "the payloads are neither all good nor all bad"

"""A plan that was pickled and read again answers like the one it was made from."""

import json
import pickle
import random
from typing import Any

import pytest

from premigrate.running import run_plan
from tests.books import shipped_book, shipped_plan
from tests.oracle.mutations import payload
from tests.payloads import AS_OF, ROOT, good_account
from tests.property.test_everything_on import everything_on, everything_plan


@pytest.mark.parametrize("kind", ["shipped", "everything on"])
def test_it_answers_alike(market: str, kind: str) -> None:
    is_shipped = kind == "shipped"
    book = shipped_book(market) if is_shipped else everything_on(market)
    plan = shipped_plan(market) if is_shipped else everything_plan(market)
    again = pickle.loads(pickle.dumps(plan))  # noqa: S301
    rng = random.Random(f"pickled {market}")  # noqa: S311 - to be repeated, not to be secret
    made: list[Any] = [payload(book, good_account(market), rng) for _ in range(200)]
    made += [json.loads((ROOT / "examples" / market / f"{name}.json").read_text("utf-8")) for name in ("good", "bad")]
    found = [run_plan(plan, each, AS_OF) for each in made]
    assert [run_plan(again, each, AS_OF) for each in made] == found
    assert len({error.rule for findings in found for error in findings.errors}) > 20, "too little is wrong in them"
    assert again.missing == plan.missing
    assert again.refusal == plan.refusal

"""Whatever answers are recorded: what is learned from them loads, and refuses no account that the API accepted."""

import random
from typing import Any

import pytest

from premigrate.compare.calls import Call
from premigrate.compare.learn.cases import make_cases
from premigrate.compare.learn.learner import Learner
from premigrate.compare.model import RecordedResponse, ReportedError
from premigrate.documents.toml_writer import render_overlay
from tests.books import shipped_book
from tests.conftest import validator_of
from tests.oracle.mutations import payload
from tests.payloads import AS_OF, good_account

_CODES = (
    "required",
    "null",
    "blank",
    "max_length",
    "min_length",
    "invalid_choice",
    "invalid",
    "max_value",
    "odd",
    "Odd!",
)
_TEXTS = ("No.", "At most 5.", "\x1b[0m", "{value}", "-")


def answered(account: Any, rng: random.Random) -> RecordedResponse:
    """Return an answer that accepts an account, says what is predicted, or reports random errors in it."""
    chance = rng.random()
    if chance < 0.3:
        return RecordedResponse(is_refused=False)
    body = validator_of("pt").validate(account).response.body
    errors = [ReportedError(each["detail"], each["code"], each["attr"]) for each in body.get("errors", [])]
    if chance < 0.6:
        return RecordedResponse(bool(errors), tuple(errors))
    keys = [f"{key}" for key in account] if isinstance(account, dict) else []
    attrs = [*keys, *(f"{key}.0.x" for key in keys), "customers.0.email", "non_field_errors", "", "a..b", "customers.0"]
    errors += [
        ReportedError(rng.choice(_TEXTS), rng.choice(_CODES), rng.choice(attrs)) for _ in range(rng.choice((1, 2, 5)))
    ]
    return RecordedResponse(is_refused=True, errors=tuple(errors))


@pytest.mark.parametrize("seed", range(1))
def test_what_is_learned_loads_and_refuses_no_accepted_account(seed: int) -> None:
    rng = random.Random(f"answers {seed}")  # noqa: S311 - reproducible, not secret
    accounts = [payload(shipped_book("pt"), good_account("pt"), rng) for _ in range(120)]
    calls = [Call(account, (AS_OF,), answered(account, rng), f"f, account {n}") for n, account in enumerate(accounts)]
    first, second = Learner("pt", {}, None, calls), Learner("pt", {}, None, calls)
    first.learn()
    second.learn()
    assert render_overlay(first.tables, "x") == render_overlay(second.tables, "x")
    added = {change.name for change in first.changes if change.kind in {"enabled", "rule"}}
    before, after = (make_cases(validator, calls) for validator in first.validators)
    for old, new in zip(before, after, strict=True):
        if new.is_accepted:
            assert not added & {error.rule for error in new.predicted}
            assert list(old.predicted) or not list(new.predicted)

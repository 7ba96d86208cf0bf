"""The schema accepts whatever the checks of single fields accept: on payloads, and on values near what fields take."""

import json
import random
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from premigrate.compiler.program import compile_program
from premigrate.describe.json_schema import DRAFTS
from premigrate.engine.engine import run_program
from premigrate.engine.program import Program
from premigrate.ruleset.model.ruleset import Ruleset
from tests.books import shipped_book
from tests.conftest import validator_of
from tests.oracle.mutations import payload
from tests.payloads import AS_OF, good_account
from tests.property.test_validation import JSON, MARKETS, mutated
from tests.unit.describe.test_json_schema import Places, book_of, refused, shipped
from tests.unit.describe.test_json_schema import validator_of as schema_of

RELAXED = settings(max_examples=150)


def wrong_fields(errors: Any) -> Places:
    return {error.path for error in errors if error.rule == "field"}


def as_json(value: Any) -> Any:
    """What a JSON text could hold: exact numbers become floats, and what is no number at all becomes text."""
    text = json.dumps(value, default=lambda exact: float(exact) if exact.is_finite() else str(exact))
    return json.loads(text, parse_constant=str)


@RELAXED
@given(mutated(), st.booleans())
def test_a_payload_without_wrong_fields_is_accepted(
    given_payload: tuple[str, Any],
    is_wrapped: bool,
) -> None:
    market, made = given_payload[0], as_json(given_payload[1])
    made = {"payload": made} if is_wrapped else made
    if not wrong_fields(validator_of(market).validate(made).errors):
        for draft in DRAFTS:
            assert refused(shipped(market, draft), made) == set()


@RELAXED
@given(MARKETS, JSON.map(as_json), st.booleans())
def test_whatever_is_taken_for_an_account_is_accepted(
    market: str,
    made: Any,
    is_wrapped: bool,
) -> None:
    made = {"payload": made} if is_wrapped else made
    if not wrong_fields(validator_of(market).validate(made).errors):
        for draft in DRAFTS:
            assert refused(shipped(market, draft), made) == set()


def test_few_wrong_fields_get_past_it(market: str) -> None:
    rng = random.Random(f"schema {market}")  # noqa: S311 - to be repeated, not to be secret
    accepted, wrong, caught = 0, 0, 0
    book = shipped_book(market)
    for _ in range(250):
        made = payload(book, good_account(market), rng)
        is_right = not wrong_fields(validator_of(market).validate(made).errors)
        told = [bool(refused(shipped(market, draft), made)) for draft in DRAFTS]
        assert told in ([True, True], [False, False])
        assert not (is_right and told[0]), made
        accepted, wrong, caught = accepted + is_right, wrong + (not is_right), caught + told[0]
    assert accepted > 25
    assert caught > 0.9 * wrong, "the schema is too lax to be of use"


# Every kind of field with every limit, and each of them as the items of a list.
KINDS: list[dict[str, Any]] = [
    {"type": "string"},
    {"type": "string", "blank": False, "max_length": 3},
    {"type": "string", "nullable": True, "blank": True, "max_length": 1},
    {"type": "email"},
    {"type": "email", "blank": False, "max_length": 9},
    {"type": "date"},
    {"type": "date", "nullable": True},
    {"type": "datetime"},
    {"type": "decimal"},
    {"type": "decimal", "nullable": True, "max_digits": 4, "decimal_places": 2},
    {"type": "decimal", "max_digits": 3},
    {"type": "decimal", "decimal_places": 1},
    {"type": "decimal", "max_digits": 2, "decimal_places": 2},
    {"type": "integer"},
    {"type": "integer", "min": 0, "max": 28},
    {"type": "boolean"},
    {"type": "boolean", "nullable": True},
    {"type": "choice", "choices": ["PAYMENT", "5", "1.5", "-0.0", "True", "nan"], "blank": True},
    {"type": "choice", "choices": ["[]", "{}"], "nullable": True},
    {"type": "choice", "open": True},
    {"type": "choice", "open": True, "blank": False},
    {"type": "json"},
    {"type": "object", "nullable": True},
]
SINGLE = {f"single{number}": field for number, field in enumerate(KINDS)}
LISTS = {
    f"list{number}": {"list" if key == "type" else key: value for key, value in field.items()}
    for number, field in enumerate(KINDS)
}

NEAR = [
    *("2020-01-01", "20200101", "2020-1-1", "2020-W01-1", "2020W011", "2020W01", "10:00", "T10:00:00Z", " 1:2:3,5"),
    *("+01:00", "-0100", "10", "1.5", "0.05", ".5", "5.", "1e5", "-1_0", "00", "999", "yes", "NULL", "oFf", "True"),
    *("a@b.pt", '"q q"@x.com', "a@localhost", "@[::1]", "x", "xyz", "[]", "", "nan", "PAYMENT"),
]
ODD = '0123456789-+:.,_eEWTZ@"[] \t\n\x00\x1c\x85\xa0\u2003\ufeff\u0663\U0001d7d0\u0131\ud800é'


@st.composite
def near(draw: st.DrawFn) -> str:
    """Up to three texts that some field takes, one after the other, with up to three characters changed."""
    text = list("".join(draw(st.lists(st.sampled_from(NEAR), min_size=1, max_size=3))))
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text)))
        text[start : start + draw(st.integers(0, 1))] = draw(st.sampled_from([*ODD, ""]))
    return "".join(text)


@cache
def _made() -> tuple[Ruleset, Program]:
    book = book_of({"account": {"fields": {**SINGLE, **LISTS}}})
    return book, compile_program(book)


@cache
def _schema(draft: Any) -> Any:
    return schema_of(_made()[0], draft)


NUMBERS = st.integers(-1001, 1001) | st.floats(-1001, 1001).map(lambda number: round(number, 3))


@settings(RELAXED, max_examples=250)
@given(near() | JSON.map(as_json) | NUMBERS)
def test_a_value_that_a_field_takes_is_accepted(value: object) -> None:
    account = {**dict.fromkeys(SINGLE, value), **{name: [value] for name in LISTS}}
    wrong = wrong_fields(run_program(_made()[1], account, AS_OF).errors)
    for draft in DRAFTS:
        assert refused(_schema(draft), account) <= wrong

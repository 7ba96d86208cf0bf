"""The JSON Schema accepts everything that field checks accept: payloads, and values close to valid ones."""

import json
import random
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from premigrate.compiler.program import compile_program
from premigrate.describe.json_schema import DRAFTS
from premigrate.engine.program import Program
from premigrate.ruleset.model.ruleset import Ruleset
from tests.books import shipped_book
from tests.conftest import validator_of
from tests.oracle.mutations import payload
from tests.payloads import AS_OF, good_account
from tests.property.test_validation import JSON, MARKETS, mutated
from tests.run_program import run_program
from tests.unit.describe.test_json_schema import Places, book_of, refused, shipped
from tests.unit.describe.test_json_schema import validator_of as schema_of

RELAXED = settings(max_examples=150)


def field_errors(errors: Any) -> Places:
    return {error.path for error in errors if error.rule == "field"}


def as_json(value: Any) -> Any:
    """Return the value as JSON can express it: decimals become floats, NaN and infinities become texts."""
    text = json.dumps(value, default=lambda exact: float(exact) if exact.is_finite() else str(exact))
    return json.loads(text, parse_constant=str)


@RELAXED
@given(mutated(), st.booleans())
def test_schema_accepts_payloads_without_field_errors(
    given_payload: tuple[str, Any],
    is_wrapped: bool,
) -> None:
    market, instance = given_payload[0], as_json(given_payload[1])
    instance = {"payload": instance} if is_wrapped else instance
    if not field_errors(validator_of(market).validate(instance).errors):
        for draft in DRAFTS:
            assert refused(shipped(market, draft), instance) == set()


@RELAXED
@given(MARKETS, JSON.map(as_json), st.booleans())
def test_schema_accepts_values_without_field_errors(
    market: str,
    instance: Any,
    is_wrapped: bool,
) -> None:
    instance = {"payload": instance} if is_wrapped else instance
    if not field_errors(validator_of(market).validate(instance).errors):
        for draft in DRAFTS:
            assert refused(shipped(market, draft), instance) == set()


def test_schema_rejects_most_field_errors(market: str) -> None:
    rng = random.Random(f"schema {market}")  # noqa: S311 - reproducible, not secret
    accepted, invalid, caught = 0, 0, 0
    ruleset = shipped_book(market)
    for _ in range(250):
        instance = payload(ruleset, good_account(market), rng)
        is_valid = not field_errors(validator_of(market).validate(instance).errors)
        rejections = [bool(refused(shipped(market, draft), instance)) for draft in DRAFTS]
        assert rejections in ([True, True], [False, False])
        assert not (is_valid and rejections[0]), instance
        accepted, invalid, caught = accepted + is_valid, invalid + (not is_valid), caught + rejections[0]
    assert accepted > 25
    assert caught > 0.9 * invalid, "the schema accepts too many invalid payloads"


# Every field type with every constraint, each also as the items of a list.
KINDS: list[dict[str, Any]] = [
    {"type": "string"},
    {"type": "string", "blank": False, "max_length": 3},
    {"type": "string", "nullable": True, "blank": True, "max_length": 1},
    {"type": "email"},
    {"type": "email", "blank": False, "max_length": 9},
    {"type": "string", "min_length": 2, "max_length": 3},
    {"type": "string", "blank": False, "patterns": [r"[0-9]{4}-[0-9]{2}.*", r"\d+", "[A-Z]?[a-z]{2,}"]},
    {"type": "string", "patterns": [r"[\w. -]{2,}", r".*\s[^\d].", r"\S{3}"], "min_length": 3},
    {"type": "email", "min_length": 7, "patterns": [r"[^x]+"]},
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
    {"type": "integer", "above": 0, "below": 28},
    {"type": "decimal", "min": "0.05", "below": 10},
    {"type": "decimal", "above": "-1.5", "max": "99.9", "max_digits": 4, "decimal_places": 2},
    {"type": "decimal", "above": "0.05", "below": "0.30000000000000000001", "nullable": True},
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
    f"list{number}": {
        {"type": "list", "nullable": "nullable_items"}.get(key, key): value for key, value in field.items()
    }
    for number, field in enumerate(KINDS)
}

VALID_TEXTS = [
    *("2020-01-01", "20200101", "2020-1-1", "2020-W01-1", "2020W011", "2020W01", "10:00", "T10:00:00Z", " 1:2:3,5"),
    *("+01:00", "-0100", "10", "1.5", "0.05", ".5", "5.", "1e5", "-1_0", "00", "999", "yes", "NULL", "oFf", "True"),
    *("a@b.pt", '"q q"@x.com', "a@localhost", "@[::1]", "x", "xyz", "[]", "", "nan", "PAYMENT"),
]
CHARACTERS = '0123456789-+:.,_eEWTZ@"[] \t\n\x00\x1c\x85\xa0\u2003\ufeff\u0663\U0001d7d0\u0131\ud800é'


@st.composite
def almost_valid(draw: st.DrawFn) -> str:
    """Return up to three valid texts, joined, with up to three characters changed."""
    text = list("".join(draw(st.lists(st.sampled_from(VALID_TEXTS), min_size=1, max_size=3))))
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text)))
        text[start : start + draw(st.integers(0, 1))] = draw(st.sampled_from([*CHARACTERS, ""]))
    return "".join(text)


@cache
def _ruleset_and_program() -> tuple[Ruleset, Program]:
    ruleset = book_of({"account": {"fields": {**SINGLE, **LISTS}}})
    return ruleset, compile_program(ruleset)


@cache
def _schema(draft: Any) -> Any:
    return schema_of(_ruleset_and_program()[0], draft)


NUMBERS = st.integers(-1001, 1001) | st.floats(-1001, 1001).map(lambda number: round(number, 3))


@settings(RELAXED, max_examples=250)
@given(almost_valid() | JSON.map(as_json) | NUMBERS)
def test_schema_accepts_values_of_fields(value: object) -> None:
    account = {**dict.fromkeys(SINGLE, value), **{name: [value] for name in LISTS}}
    invalid = field_errors(run_program(_ruleset_and_program()[1], account, AS_OF).errors)
    for draft in DRAFTS:
        assert refused(_schema(draft), account) <= invalid

"""Properties of the validation of any payload."""

import copy
import json
import random
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import premigrate
from tests.conftest import validator_of
from tests.payloads import AS_OF, good_account, put

MARKETS = st.sampled_from(premigrate.markets())
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals(allow_nan=True)
    | st.text(st.characters(exclude_categories=()), max_size=40)
    | st.sampled_from(
        ["", " ", "2020-01-01", "2020-13-45", "1e400", "NaN", "+351912345678", "\ud800", "a@b.pt", "PAYMENT"]
    )
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=12,
)
RELAXED = settings(max_examples=150)


def places(value: object, place: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(found for key, item in items for found in places(item, (*place, key)))]


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, Any]:
    """Return a market and a good payload with up to five random replacements."""
    market = draw(MARKETS)
    payload = good_account(market)
    for _ in range(draw(st.integers(1, 5))):
        place = draw(st.sampled_from(places(payload)[1:] or [("x",)]))
        target: Any = payload
        for step in place[:-1]:
            target = target[step]
        target[place[-1]] = draw(JSON)
    return market, payload


@RELAXED
@given(MARKETS, JSON)
def test_any_value_gets_a_response(market: str, payload: object) -> None:
    assert validator_of(market).validate(payload).response.status in {200, 400}


@RELAXED
@given(mutated())
def test_validation_is_pure(given_payload: tuple[str, Any]) -> None:
    market, payload = given_payload
    before = repr(payload)
    first = validator_of(market).validate(payload)
    assert repr(payload) == before, "the payload was changed"
    assert validator_of(market).validate(copy.deepcopy(payload)) == first
    errors = first.response.body.get("errors", [])
    assert (first.response.status == 400) == bool(errors) == (not first.ok)
    assert all(error["attr"] and error["detail"] and error["code"] for error in errors)
    assert sorted((error["attr"], error["code"]) for error in errors) == sorted(
        (error.attr, error.code) for error in first.errors if error.stage == "now"
    )
    assert [error["attr"].count(".") for error in errors] == sorted(error["attr"].count(".") for error in errors)


@RELAXED
@given(mutated(), st.randoms(use_true_random=False))
def test_order_of_keys_does_not_matter(given_payload: tuple[str, Any], rng: random.Random) -> None:
    market, payload = given_payload
    one, other = (validator_of(market).validate(value) for value in (payload, shuffled(payload, rng)))
    assert comparable(one) == comparable(other)


def comparable(result: premigrate.Result) -> list[tuple[object, ...]]:
    """Return errors and advice without the text of invalid_choice, which shows a value with its keys in their order."""
    errors = [(e.code, e.attr, e.path, e.stage, e.code == "invalid_choice" or e.detail) for e in result.errors]
    return [*errors, *((hint.code, hint.attr, hint.path, hint.detail) for hint in result.advice)]


def shuffled(value: Any, rng: random.Random) -> Any:
    """Return the value with the keys of all objects in random order."""
    if isinstance(value, dict):
        keys = list(value)
        rng.shuffle(keys)
        return {key: shuffled(value[key], rng) for key in keys}
    return [shuffled(item, rng) for item in value] if isinstance(value, list) else value


# Independent mistakes: place and value, and code and attr of the only error.
MISTAKES: dict[str, list[tuple[str, object, str, str]]] = {
    "dk": [
        ("customers.0.landline", "abcde", "invalid_phone_number", "customers.0.landline"),
        ("customers.0.date_of_birth", "yesterday", "invalid", "customers.0.date_of_birth"),
        ("billing_email", "blackhole+1@example.org", "billing_email_not_valid", "billing_email"),
        ("supply_addresses.0.supply_postcode", "900", "invalid_postcode", "supply_addresses.0.supply_postcode"),
        ("notes.0", "text", "invalid", "notes.0.non_field_errors"),
        ("statements", {}, "not_a_list", "statements"),
        ("account_billing_options.period_start_day", 29, "max_value", "account_billing_options.period_start_day"),
        ("metadata.0.key", None, "null", "metadata.0.key"),
        ("communication_preference", "FAX", "invalid_choice", "communication_preference"),
        (
            "billing_address.delivery_point_identifier",
            "a-b",
            "invalid_delivery_point_identifier",
            "billing_address.delivery_point_identifier",
        ),
    ],
    "pt": [
        ("customers.0.mobile", "950000000", "invalid_phone_number", "customers.0.mobile"),
        ("customers.0.email", "test@example.org", "possible_test_email_address", "customers.0.email"),
        (
            "customers.0.user_details.2.value",
            "234254717",
            "customer_detail_failed_validation",
            "customers.0.user_details.2.non_field_errors",
        ),
        (
            "supply_addresses.0.supply_points.0.identifier",
            "PT1",
            "invalid_supply_point_identifier",
            "supply_addresses.0.supply_points.0.identifier",
        ),
        (
            "supply_addresses.0.supply_address.postal_code",
            "1000",
            "invalid_postcode",
            "supply_addresses.0.supply_address.postal_code",
        ),
        ("external_account_number", "x" * 129, "max_length", "external_account_number"),
        ("account_type", "FLAT", "invalid_choice", "account_type"),
    ],
}


@RELAXED
@given(st.sampled_from(sorted(MISTAKES)), st.data())
def test_independent_mistakes_add_up(market: str, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(MISTAKES[market]), unique_by=lambda mistake: mistake[0]))
    payload = good_account(market)
    for place, value, _, _ in chosen:
        put(payload, place, value)
    errors = validator_of(market).validate(payload).response.body.get("errors", [])
    assert sorted((error["code"], error["attr"]) for error in errors) == sorted(
        (code, attr) for *_, code, attr in chosen
    )


@RELAXED
@given(st.lists(st.decimals(-(10**9), 10**9, places=10, allow_nan=False), min_size=1, max_size=8), st.booleans())
def test_sums_are_exact(amounts: list[Decimal], as_text: bool) -> None:
    account = good_account("dk")
    account["ledgers"] = [
        {
            "ledger_code": str(number),
            "last_statement_closing_date": "2025-01-01",
            "ledger_balance": balance,
            "last_statement_balance": balance,
        }
        for number, amount in enumerate(amounts)
        for balance in [str(amount) if as_text else amount]
    ]
    account["transfer_balance"] = str(sum(amounts))
    assert validator_of("dk").validate(account).ok
    account["transfer_balance"] = str(sum(amounts) + Decimal("1E-10"))
    assert [error.code for error in validator_of("dk").validate(account).errors] == [
        "ledger_balances_not_equal_to_transfer_balance"
    ]


def test_published_example_is_accepted_on_a_day_that_suits_its_dates() -> None:
    """In examples/gb, one date differs from the published example: a dunning path may not start in the past."""
    account = good_account("gb")
    account["dunning_path"]["start_date"] = "2020-03-26"
    assert premigrate.Validator(market="gb", as_of=date(2019, 12, 1)).validate(account).response.body == {}
    late = premigrate.Validator(market="gb", as_of=date(2020, 3, 27)).validate(account)
    assert [error.code for error in late.errors] == ["date_in_past"]


def test_json_text_and_data_agree_on_another_date() -> None:
    validator = premigrate.Validator(market="dk", as_of=date(2023, 7, 1))
    payload = good_account("dk")
    assert validator.validate_json(json.dumps(payload)).errors == validator.validate(payload).errors
    assert validator.as_of < AS_OF

"""Advice as users of the library receive it: its position, beside errors, and switched off."""

import json
from collections.abc import Callable
from typing import Any

import pytest

import premigrate
from premigrate.api import validate_document
from premigrate.describe.explain import find_topics, render_rules, render_topic
from premigrate.describe.market import ruleset_of
from premigrate.documents.json_text import read_json
from tests.conftest import validator_of
from tests.payloads import AS_OF, GONE, good_account, put

PT = {"market": {"extends": "pt"}}


DEPRECATED_IN_EXAMPLES = {"gb": [("deprecated_field_replaced", "customers.0.customer_preferences")]}
"""The deprecated fields in the example that the document of a market shows."""


def advice_of(result: premigrate.Result) -> list[tuple[str, str]]:
    return [(hint.code, hint.attr) for hint in result.advice]


def repeat_key(account: dict[str, Any], key: str, first: object) -> str:
    """Return the text of an account that gives a key twice, first with another value."""
    pair = f'"{key}": {json.dumps(first)}, '
    text = json.dumps(account)
    at = text.index(f'"{key}": ')
    return text[:at] + pair + text[at:]


def test_good_payloads_have_no_advice(market: str) -> None:
    found = advice_of(validator_of(market).validate_json(json.dumps(good_account(market))))
    assert found == DEPRECATED_IN_EXAMPLES.get(market, [])


@pytest.mark.parametrize("wrap", ["{}", '{{"payload": {}}}', '{{"other": 1, "payload": {}}}'])
def test_repeated_key(wrap: str) -> None:
    text = wrap.format(repeat_key(good_account("dk"), "given_name", "Secret"))
    result = validator_of("dk").validate_json(text)
    assert result.response == premigrate.Response(200, {})
    hint = result.advice[0]
    assert (hint.code, hint.attr, hint.rule) == ("duplicate_key", "customers.0.given_name", "duplicate-key")
    assert hint.path == ("customers", 0, "given_name")
    assert hint.detail == "given_name is given more than once in this object; only the last value counts."
    assert "Secret" not in str(result)
    assert advice_of(validator_of("dk").validate(json.loads(text)))[:1] != [advice_of(result)[0]]


def test_repeated_key_in_a_wrapper_and_in_a_field_called_payload() -> None:
    account = json.dumps(good_account("dk"))
    result = validator_of("dk").validate_json(f'{{"payload": {{"b": 1, "b": 2}}, "payload": {account}}}')
    assert advice_of(result) == [("duplicate_key", "payload")]
    bare = account[:-1] + ', "payload": {"b": 1, "b": 2}}'
    assert advice_of(validator_of("dk").validate_json(bare))[0] == ("duplicate_key", "payload.b")


def test_repeated_key_with_an_invalid_value() -> None:
    text = repeat_key(put(good_account("dk"), "customers.0.landline", "abcde"), "landline", "+4533123456")
    document = read_json(text)._replace(file_had_bom=True)  # the file begins with a byte order mark
    result = validate_document(validator_of("dk"), document)
    assert [error.attr for error in result.errors] == ["customers.0.landline"]
    assert advice_of(result) == [("byte_order_mark", ""), ("duplicate_key", "customers.0.landline")]


def test_repeated_key_outside_an_account() -> None:
    result = validator_of("dk").validate_json('[{"a": 1, "a": 2}]')
    assert (result.response.status, advice_of(result)) == (400, [("duplicate_key", "0.a")])


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        ("account_billing_options.period_length_multiplier", 2**53 + 1, "integer_too_large_for_float"),
        ("metadata.0.value", -(2**60), "integer_too_large_for_float"),
        ("transfer_balance", 20.0000000001, "float_noise"),
        ("customers.0.given_name", " Homer", "trimmed_whitespace"),
        ("customers.0.email", "homer@simpson.com\n", "trimmed_whitespace"),
        ("billing_address.country", "DE ", "trimmed_whitespace"),
    ],
)
def test_advice_on_values(place: str, value: object, code: str) -> None:
    before = validator_of("dk").validate(good_account("dk"))
    result = validator_of("dk").validate(put(good_account("dk"), place, value))
    assert (code, place) in advice_of(result)
    assert (code, place) not in advice_of(before)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("account_billing_options.period_length_multiplier", 2**53),
        ("customers.0.credit_score", 2**53 + 1),  # an error, so there is no advice
        ("transfer_balance", "20.0000000001"),
        ("transfer_balance", 20.1),
        ("customers.0.given_name", "Homer J."),
        ("customers.0.email", " homer"),
        ("account_type", " DOMESTIC"),  # a choice is not trimmed but refused
    ],
)
def test_no_advice_on_values(place: str, value: object) -> None:
    assert advice_of(validator_of("dk").validate(put(good_account("dk"), place, value))) == []


def test_float_noise_is_reported_beside_the_error_it_causes() -> None:
    result = validator_of("dk").validate(put(good_account("dk"), "transfer_balance", 20.0000000001))
    assert [error.path for error in result.errors] == [("transfer_balance",)]
    assert advice_of(result) == [("float_noise", "transfer_balance")]


def test_large_number_for_a_text_gives_two_kinds_of_advice() -> None:
    result = validator_of("dk").validate(put(good_account("dk"), "external_account_number", 12345678901234567890))
    place = "external_account_number"
    assert advice_of(result) == [("number_for_text", place), ("integer_too_large_for_float", place)]


def test_lost_leading_zero_of_a_number() -> None:
    address = {"country": "DE", "postal_code": 1067, "locality": "Dresden", "street_address": "Altmarkt 1"}
    result = validator_of("dk").validate({**good_account("dk"), "billing_address": address})
    place = "billing_address.postal_code"
    assert (result.ok, advice_of(result)) == (True, [("number_for_text", place), ("lost_leading_zero", place)])


def _change(place: str, value: object) -> Callable[[], str]:
    return lambda: json.dumps(put(good_account("pt"), place, value))


PLACE = "supply_addresses.0.supply_address"
TRIGGERS: dict[str, Callable[[], str]] = {
    "beside-payload": lambda: json.dumps({"payload": good_account("pt"), "x": 1}),
    "blank-text": _change("billing_attention_of", ""),
    "byte-order-mark": lambda: "\ufeff" + json.dumps(good_account("pt")),
    "customers-missing": _change("customers", []),
    "doubtful-value": _change(f"{PLACE}.postal_code", "1000001"),
    "duplicate-key": lambda: repeat_key(good_account("pt"), "given_name", "x"),
    "external-account-number-missing": _change("external_account_number", GONE),
    "float-noise": _change("transfer_balance", 0.0000000001),
    "integer-too-large-for-float": _change("metadata", [{"key": "a", "value": 2**60}]),
    "lost-leading-zero": _change(PLACE, {"country": "FR", "postal_code": "1000"}),
    "number-for-text": _change("customers.0.given_name", 1),
    "postal-code-leading-zero": _change(PLACE, {"country": "FR", "postal_code": "1000"}),
    "trimmed-whitespace": _change("customers.0.given_name", "x "),
    "unknown-field": _change("zzz", 1),
    "unknown-field-near": _change("customers.0.emial", "x"),
}


@pytest.mark.parametrize("name", TRIGGERS)
def test_any_advice_can_be_switched_off_and_on_again(name: str) -> None:
    document = read_json(TRIGGERS[name]())
    document = document._replace(had_bom=False, file_had_bom=document.had_bom)  # of a file with other accounts
    before = validate_document(validator_of("pt"), document)
    disabled = [hint for hint in before.advice if name in {hint.rule, hint.code.replace("_", "-")}]
    assert disabled
    overlay = {**PT, "disabled": {name: "b."}}
    after = validate_document(premigrate.Validator(market="pt", as_of=AS_OF, overlay=overlay), document)
    assert after.advice == tuple(hint for hint in before.advice if hint not in disabled)
    assert (after.errors, after.response) == (before.errors, before.response)
    on = premigrate.Validator(market="pt", as_of=AS_OF, overlay={**overlay, "disabled": {}, "enabled": {name: "b."}})
    assert validate_document(on, document) == before


def test_disabled_advice_does_not_affect_errors() -> None:
    overlay = {**PT, "disabled": {"doubtful-value": "b."}}
    account = put(good_account("pt"), f"{PLACE}.postal_code", "9000")
    assert not premigrate.validate(account, market="pt", as_of=AS_OF, overlay=overlay).ok


def test_disabled_advice_is_listed_and_explained() -> None:
    ruleset = ruleset_of(
        "pt", {**PT, "disabled": {"blank-text": "Our export always sends blanks.", "lost-leading-zero": "b."}}
    )
    page = "\n".join(render_rules(ruleset))
    assert "  off: blank-text: Our export always sends blanks." in page
    assert "postal-code-leading-zero" not in page
    for topic in ("blank_text", "blank-text"):
        assert topic in find_topics([ruleset])
        shown = "\n".join(render_topic(topic, [ruleset]))
        assert "An optional text is empty" in shown
        assert "blank-text does not apply in pt: Our export always sends blanks." in shown


def test_only_some_of_many_unknown_keys_are_compared_with_known_keys() -> None:
    account = {**good_account("dk"), "billing_emial": "a@b.dk", "customer": 1}
    many = {f"customer{number:06}": 1 for number in range(3_000)}
    for given in (account, account | many):
        found = advice_of(validator_of("dk").validate(given))
        assert ("unknown_field_near", "billing_emial") in found
        assert sum(code.startswith("unknown_field") for code, _ in found) == len(given) - len(good_account("dk"))
    assert ("unknown_field", "customer002999") in advice_of(validator_of("dk").validate(account | many))

"""Advice that no rule gives has an example in its table, and the example gets the advice."""

import pytest

from premigrate import Validator
from tests.payloads import good_account, put
from tests.rules.test_examples import RULESETS

ADVICE = next(iter(RULESETS.values())).advice
FIELDS = {
    "blank_text": "external_account_number",
    "placeholder_date": "customers.0.date_of_birth",
    "integer_too_large_for_float": "external_account_number",
    "float_noise": "transfer_balance",
    "number_for_text": "external_account_number",
}
"""The field that takes the example; by default a text."""


@pytest.mark.parametrize("code", [code for code, spec in ADVICE.items() if spec.example is not None])
def test_example_gets_its_advice(code: str, market: str, validator: Validator) -> None:
    path = FIELDS.get(code, "customers.0.family_name" if market == "dk" else "customers.0.given_name")
    result = validator.validate(put(good_account(market), path, ADVICE[code].example))
    assert code in {advice.code for advice in result.advice}


def test_texts_and_dates_that_get_advice_have_examples() -> None:
    without_example = {code for code, spec in ADVICE.items() if spec.example is None}
    of_rules = {rule.code for ruleset in RULESETS.values() for rule in (*ruleset.rules, *ruleset.disabled)}
    about_structure = {
        "beside_payload", "byte_order_mark", "deprecated_field", "deprecated_field_replaced", "doubtful_value",
        "duplicate_key", "unknown_field", "unknown_field_near",
    }  # fmt: skip
    assert without_example <= of_rules | about_structure

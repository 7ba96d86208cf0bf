"""What the texts of validations say: lists of values, and that a validation is skipped."""

import json
from typing import Any

import pytest

from premigrate.tenant.document.learned import Validation
from premigrate.tenant.learn import learn_tenant
from premigrate.tenant.spelled_out_lists import _lowest_amount, _values, is_skipped
from tests.books import shipped_book
from tests.openapi import document_of
from tests.payloads import AS_OF, good_account
from tests.unit.tenant.documents import TEXT, document, items, learn, record

UNIQUE = "repeated_values_for_unique_customer_detail_namespace"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Unique for the namespaces \u2068external_id\u2069", ["external_id"]),
        ("Unique for the namespaces \u2068a, 'b', c\u2069.", ["a", "b", "c"]),
        ("The type must be one of: <code>CASH</code>, <code>CARD</code>.", ["CASH", "CARD"]),
        ("One of the following: <ul><li>CASH</li><li>CARD &amp; PIN</li></ul>", ["CASH", "CARD & PIN"]),
        ("The allowed values are `cash` and `card`.", ["cash", "card"]),
        ("Must be one of CASH, BANK_TRANSFER or CARD.", ["CASH", "BANK_TRANSFER", "CARD"]),
        ("Validate that <code>start_date</code> is before <code>end_date</code>.", []),
        ("Validate that the type is known.", []),
    ],
)
def test_values_in_a_text(text: str, values: list[str]) -> None:
    assert list(_values(text)) == values


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("within the range of \u20685\u2069 - \u2068500.00\u2069", ["5"]),
        ("between 2.50 and 100", ["2.50"]),
        ("range of \u2068lower_limit\u2069 - \u2068UNLIMITED\u2069", []),
        ("a positive amount", []),
    ],
)
def test_lowest_amount_in_a_text(text: str, amounts: list[str]) -> None:
    assert list(_lowest_amount(text)) == amounts


def test_skipped_validations() -> None:
    assert is_skipped(Validation("/x", "x", ("y",), "No required namespaces configured. Validation skipped."))
    assert not is_skipped(Validation("/x", "x", ("y",), "Accounts that are skipped are not validated."))
    assert not is_skipped(Validation("/x", "x", ("y",), "This validation is skipped if the account has no bills."))


def written(**validation: Any) -> dict[str, Any]:
    detail = record(namespace=TEXT, value=TEXT)
    customers = items(record(family_name=TEXT, user_details=items(detail)))
    return document({}, customers={**customers, "x-validators": [{"name": "Validate details", **validation}]})


def test_list_of_a_rule_is_filled_in_and_the_rule_covers_the_code() -> None:
    text = "No two customers share a value in \u2068external_user_id\u2069"
    learned = learn(written(possible_errors=[UNIQUE], description=text))
    assert learned.overlay["list"]["unique_user_detail_namespaces"]["values"] == ["external_user_id"]
    assert {each.code: each.coverage for each in learned.validations} == {UNIQUE: "covered"}


def test_names_of_fields_are_no_values() -> None:
    learned = learn(
        written(possible_errors=[UNIQUE], description="Unique by \u2068namespace\u2069 and \u2068value\u2069")
    )
    assert {each.code: each.coverage for each in learned.validations} == {UNIQUE: "list"}


def test_without_the_values_the_list_is_still_needed() -> None:
    learned = learn(written(possible_errors=[UNIQUE], description="No two customers share a unique value."))
    assert {each.code: each.coverage for each in learned.validations} == {UNIQUE: "list"}


def test_rule_of_a_skipped_validation_is_disabled() -> None:
    text = "Nothing is configured. Validation skipped."
    learned = learn(written(possible_errors=["required_customer_details_namespace_missing"], description=text))
    (coverage,) = learned.validations
    assert coverage.coverage == "off"
    assert "skipped" in coverage.why


def test_rule_with_others_in_its_place_stays_disabled() -> None:
    """The market gb compares sums without some transactions, in a rule of its own."""
    written = document_of(shipped_book("gb"), good_account("gb"))
    written["components"]["schemas"]["account"]["x-validators"] = [
        {"name": "Sum", "possible_errors": ["historical_statement_transactions_balance_mismatch"]}
    ]
    learned = learn_tenant(json.dumps(written), as_of=AS_OF, market="gb")
    assert "historical-sum-mismatch" not in learned.overlay.get("enabled", {})
    assert "historical-sum-without-prepay" not in learned.overlay.get("disabled", {})

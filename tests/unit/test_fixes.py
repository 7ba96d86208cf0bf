"""Validators propose the fixes of the rule files, if they are asked to."""

import json
from typing import Any

import pytest

import premigrate
from premigrate.api import engine_of
from premigrate.engine.fixes.apply import apply_to_payload
from premigrate.engine.fixes.candidates import MAX_FINDINGS
from tests.books import shipped_book
from tests.payloads import AS_OF, good_account, put

VALIDATORS = {market: premigrate.Validator(market=market, as_of=AS_OF) for market in premigrate.markets()}
ADDRESS = "supply_addresses.0.supply_address"
METER_POINT = "supply_addresses.0.meter_points.0"
POINT = "supply_addresses.0.supply_points.0"
GONE, RENAMED = "<gone>", "<renamed>"

CASES: list[tuple[str, str, Any, Any, str]] = [
    ("pt", "external_account_number", " X-1 ", "X-1", "trim-text"),
    ("pt", "customers.0.date_of_birth", " 1985-01-31 ", "1985-01-31", "trim-value"),
    ("pt", "communication_preference", None, GONE, "leave-out-empty-value"),
    ("dk", "billing_sub_name", None, GONE, "leave-out-empty-value"),
    ("dk", "date_of_sale", "", GONE, "leave-out-blank-value"),
    ("dk", "date_of_sale", "NULL", GONE, "leave-out-placeholder"),
    ("dk", "date_of_sale", "9999-12-31", GONE, "leave-out-placeholder"),
    ("dk", "billing_sub_name", "N/A", GONE, "leave-out-placeholder"),
    ("pt", "customers.0.mobile", 912345678, "912345678", "number-as-text"),
    ("gb", "customers.0.date_of_birth", "1985/01/31", "1985-01-31", "date-as-iso"),
    ("dk", "date_of_sale", "31.12.2025", "2025-12-31", "date-as-iso"),
    ("dk", "date_of_sale", "2025-01-31T00:00:00", "2025-01-31", "date-without-time"),
    ("dk", "date_of_sale", "03/04/2025", "2025-04-03", "date-with-slashes-as-iso"),
    ("pt", "account_type", "domestic", "DOMESTIC", "choice-in-its-case"),
    ("pt", "account_type", "DOMESTC", "DOMESTIC", "nearest-choice"),
    ("pt", "customers.0.titel", "Mr", RENAMED, "nearest-field-name"),
    ("dk", "transfer_balance", 0.0000000001, 0.0, "round-float-noise"),
    ("pt", f"{ADDRESS}.postal_code", "1000001", "1000-001", "portuguese-postal-code"),
    ("pt", f"{ADDRESS}.postal_code", "1000 \u2013 001", "1000-001", "portuguese-postal-code"),
    ("pt", f"{ADDRESS}.country", "pt", "PT", "country-code-in-capitals"),
    ("dk", "billing_address.country", "UK", "GB", "country-code-of-iso"),
    ("dk", "billing_address.postal_code", "DK-9000", "9000", "danish-postal-code"),
    ("dk", "supply_addresses.0.supply_postcode", "DK-9000", "9000", "danish-postal-code"),
    ("dk", "billing_address.postal_code", "800", "0800", "danish-postal-code-with-zero"),
    ("gb", "billing_postcode", "w1f9de", "W1F 9DE", "british-postcode"),
    ("gb", f"{METER_POINT}.identifier", "12 0006 0176 720", "1200060176720", "british-meter-point-number"),
    ("pt", f"{POINT}.identifier", "pt0000000000000001tr", "PT0000000000000001TR", "portuguese-supply-point"),
    ("pt", f"{POINT}.identifier", "PT 0000 0000 0000 0001 TR", "PT0000000000000001TR", "portuguese-supply-point"),
    ("pt", f"{POINT}.supply_type", "ELETRICIDADE", "ELECTRICITY", "portuguese-supply-type"),
    ("pt", f"{POINT}.supply_type", "electricity", "ELECTRICITY", "supply-type-in-capital-letters"),
    ("pt", "unknown_occupier", "não", False, "portuguese-boolean"),
    ("dk", "unknown_occupier", "nej", False, "danish-boolean"),
    ("pt", "customers.0.mobile", "+351 912 345 678 (work)", "+351 912 345 678", "phone-without-remark"),
    ("pt", "customers.0.user_details", [{"namespace": "fiscal_code", "value": "PT 234 254 718"}],
     [{"namespace": "fiscal_code", "value": "234254718"}], "portuguese-fiscal-code"),
    ("pt", "customers.0.user_details", [{"namespace": "fiscal_code", "value": 234254718}],
     [{"namespace": "fiscal_code", "value": "234254718"}], "number-as-text"),
    ("pt", "customers.0.user_details", [{"namespace": "nif", "value": "234254718"}],
     [{"namespace": "fiscal_code", "value": "234254718"}], "fiscal-code-as-namespace"),
    ("dk", "billing_address", {"country": "DE", "postal_code": "1067", "locality": "A", "street_address": "A 1"},
     {"country": "DE", "postal_code": "01067", "locality": "A", "street_address": "A 1"}, "postal-code-with-zero"),
    ("pt", "customers.0.family_name", "ConceiÃ§Ã£o", "Conceição", "decode-as-utf-8"),
    ("dk", "customers.0.family_name", "MÃ¶ller", "Möller", "decode-as-utf-8"),
]  # fmt: skip

LEFT_ALONE: list[tuple[str, str, Any]] = [
    ("pt", "customers.0.family_name", None),  # a rule requires it
    ("gb", f"{METER_POINT}.identifier", None),  # the field is required
    ("pt", "customers.0.date_of_birth", "1985-01-31T00:00:00Z"),
    ("pt", "customers.0.date_of_birth", "31.02.1985"),
    ("dk", "transfer_balance", "12,50"),  # the ledgers have another balance
    ("pt", f"{ADDRESS}.postal_code", "DK-9000"),
    ("dk", "billing_address.postal_code", "1000001"),
    ("gb", "unknown_occupier", "sim"),
    ("pt", "customers.0.mobile", "912"),
    ("pt", "customers.0.family_name", "Conceição"),
    ("pt", "customers.0.family_name", "Concei\ufffd\ufffdo"),  # the characters are lost
    (
        "pt",
        "customers.0.user_details",
        [{"namespace": "fiscal_code", "value": "PT 234 254 717"}],
    ),  # a wrong check digit
]


@pytest.mark.parametrize(("market", "path", "value", "fixed", "name"), CASES)
def test_a_finding_gets_its_fix(market: str, path: str, value: Any, fixed: Any, name: str) -> None:
    validator, payload = VALIDATORS[market], put(good_account(market), path, value)
    (fix,) = validator.validate(payload, fixes=True).fixes
    assert fix.name == name
    assert fix.title == next(each.title for each in shipped_book(market).fixes if each.id == name)
    changed = apply_to_payload(payload, [fix], engine_of(validator).known_keys)
    expected = good_account(market)
    if fixed == RENAMED:
        expected["customers"][0]["title"] = value
    elif fixed != GONE:
        put(expected, path, fixed)
    elif path in expected:
        del expected[path]
    assert json.dumps(changed, sort_keys=True) == json.dumps(expected, sort_keys=True)


def test_every_fix_has_a_case() -> None:
    shipped = {fix.id for market in premigrate.markets() for fix in shipped_book(market).fixes}
    assert shipped - {name for *_, name in CASES} == {
        "decimal-comma", "danish-supply-type", "british-company-number-with-zero",
    }  # fmt: skip


@pytest.mark.parametrize(("market", "path", "value"), LEFT_ALONE)
def test_a_value_is_left_alone(market: str, path: str, value: Any) -> None:
    assert VALIDATORS[market].validate(put(good_account(market), path, value), fixes=True).fixes == ()


def test_a_decimal_comma_is_fixed_where_the_sums_are_right() -> None:
    account = good_account("dk")
    account["transfer_balance"] = account["ledgers"][0]["ledger_balance"] = "20,0"
    fixes = VALIDATORS["dk"].validate(account, fixes=True).fixes
    assert [(fix.path[-1], fix.value) for fix in fixes] == [("transfer_balance", "20.0"), ("ledger_balance", "20.0")]


def test_a_company_number_gets_its_zero() -> None:
    account = put(good_account("gb"), "account_type", "BUSINESS")
    account["business"] = {"company_number": "1234567"}
    (fix,) = VALIDATORS["gb"].validate(account, fixes=True).fixes
    assert (fix.value, fix.name) == ("01234567", "british-company-number-with-zero")


def test_two_keys_are_not_renamed_to_the_same() -> None:
    account = good_account("pt")
    account["customers"][0] |= {"titel": "Mr", "titl": "Dr"}
    account["customers"][0].pop("title", None)
    assert [fix.path[-1] for fix in VALIDATORS["pt"].validate(account, fixes=True).fixes] in (["titel"], ["titl"])


def test_fixes_are_proposed_only_if_asked_for() -> None:
    validator, payload = VALIDATORS["pt"], put(good_account("pt"), "external_account_number", " X ")
    asked = validator.validate(payload, fixes=True)
    assert len(asked.fixes) == 1
    assert validator.validate(payload) == asked._replace(fixes=())
    assert validator.validate({"payload": payload}, fixes=True).fixes == asked.fixes
    assert validator.validate_json(json.dumps(payload), fixes=True) == asked
    assert validator.validate_json(json.dumps(payload)).fixes == ()
    assert list(validator.validate_many([payload], fixes=True)) == [asked]
    assert list(validator.validate_many([payload])) == [asked._replace(fixes=())]
    assert premigrate.validate(payload, market="pt", as_of=AS_OF, fixes=True) == asked


def test_fixes_of_python_values_are_those_of_their_json() -> None:
    account = put(good_account("pt"), "external_account_number", " X ")
    account["customers"] = tuple(account["customers"])
    assert [fix.value for fix in VALIDATORS["pt"].validate(account, fixes=True).fixes] == ["X"]


@pytest.mark.parametrize(
    "payload", [None, [], "x", {}, {"payload": None}, {"payload": {"payload": {}}}, {"zz": {1: 2}}]
)
def test_any_payload_can_be_asked_about(payload: object) -> None:
    assert VALIDATORS["dk"].validate(payload, fixes=True).fixes == ()


def test_findings_without_a_fix_do_not_count_against_the_limit() -> None:
    account = put(good_account("dk"), "billing_name", " x ")
    account["notes"] = [{"body": "x", "created_at": "yesterday"}] * (MAX_FINDINGS + 5)
    fixes = VALIDATORS["dk"].validate(account, fixes=True).fixes
    assert [(fix.path, fix.value) for fix in fixes] == [(("billing_name",), "x")]


def test_the_number_of_fixes_is_limited() -> None:
    account = good_account("dk")
    account["notes"] = [{"body": f" {number} "} for number in range(MAX_FINDINGS + 5)]
    assert len(VALIDATORS["dk"].validate(account, fixes=True).fixes) <= MAX_FINDINGS

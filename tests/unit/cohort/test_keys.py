"""Key extraction from one account: values are parsed as the platform parses them, and each key has its path."""

import copy
import pickle
from typing import Any

import pytest

from premigrate import KeyExtractor
from premigrate.cohort.compile import compile_cohort
from premigrate.cohort.keys import extract_keys
from premigrate.cohort.program import CohortKey, CohortProgram
from premigrate.describe.market import ruleset_of
from tests.payloads import good_account

LISTS: dict[str, Any] = {
    "unique_user_detail_namespaces": ["fiscal_code"],
    "imported_people": [{"namespace": "fiscal_code", "value": "9", "family_name": "Abreu"}],
}


def program_of(overlay: dict[str, Any] | None = None, **lists: Any) -> CohortProgram:
    tables = {"market": {"extends": "pt"}, **(overlay or {})}
    return compile_cohort(ruleset_of("pt", tables, lists))


PROGRAM = program_of(**LISTS)


def keys_of(payload: object, rule: str = "", program: CohortProgram = PROGRAM) -> list[CohortKey]:
    return [key for key in extract_keys(program, payload) if not rule or key.rule == rule]


def person(**more: Any) -> dict[str, Any]:
    return {"user_details": [{"namespace": "fiscal_code", "value": "234254718"}], **more}


def test_keys_of_the_example_account() -> None:
    found = keys_of(good_account("pt"))
    assert [(key.rule, key.key, key.same, key.attr) for key in found] == [
        (
            "cohort-account-number",
            '"ENIPLENITUDEPT_IMPORT_SUPPLIER","EXTERNAL-TEST001"',
            (),
            "external_account_number",
        ),
        (
            "cohort-supply-point",
            '"PT0000000000000001TR"',
            (),
            "supply_addresses.0.supply_points.0.identifier",
        ),
        (
            "cohort-person",
            '"fiscal_code","234254718"',
            ('"DUARTE"', '"ABREU RODRIGUES"', ""),
            "customers.0.user_details.2.value",
        ),
    ]
    assert [(key.is_personal, key.masked) for key in found] == [(False, ""), (False, ""), (True, '"fiscal_code","***"')]


def test_wrapped_payload_has_the_same_keys() -> None:
    account = good_account("pt")
    assert keys_of({"payload": account}) == keys_of(account)
    assert not keys_of({"payload": account, "external_account_number": "1"}), "an object with other keys is no wrapper"


@pytest.mark.parametrize("payload", [None, 1, "x", [], [{}], {}, {"payload": None}, {"payload": []}, {1: 2}])
def test_non_account_has_no_keys(payload: Any) -> None:
    assert not keys_of(payload)


@pytest.mark.parametrize(
    "account",
    [
        {"supply_addresses": {"0": {}}},
        {"supply_addresses": [None, 5, [], {"supply_points": [None, "x", {"identifier": None}]}]},
        {"supply_addresses": [{"supply_points": [{"identifier": True}, {"identifier": []}, {"identifier": " "}]}]},
        {"supply_addresses": [{"supply_points": [{"identifier": "a\0b"}, {"identifier": "a\ud800"}]}]},
        {"import_supplier": "S", "external_account_number": "x" * 129},
        {"import_supplier": "", "external_account_number": "x"},
        {"references": [{"namespace": "n" * 51, "value": "v"}, {"namespace": "n"}, {"value": "v"}]},
        {"customers": [person(user_details=[{"namespace": "fiscal_code", "value": {"a": 1}}])]},
        {"customers": [person(user_details=[{"namespace": "shoe_size", "value": "38"}, {"value": "38"}])]},
    ],
)
def test_rejected_or_ignored_values_have_no_keys(account: Any) -> None:
    assert not keys_of(account)


def test_values_are_parsed_as_on_the_platform() -> None:
    account = {"import_supplier": "S", "external_account_number": 12, "references": [{"namespace": " n ", "value": 5}]}
    assert [key.key for key in keys_of(account)] == ['"S","12"', '"n","5"']
    born = [keys_of({"customers": [person(date_of_birth=day)]})[0].same[2] for day in ("1959-01-01", "1959-1-1", "x")]
    assert born == ['"1959-01-01"', '"1959-01-01"', ""]


def test_numbers_and_texts_of_a_detail_differ() -> None:
    details = [{"namespace": "fiscal_code", "value": value} for value in (38, "38", 38.0, True)]
    found = keys_of({"customers": [{"user_details": details}]}, "cohort-person")
    assert len({key.key for key in found}) == 3


def test_imported_list_is_parsed_like_accounts() -> None:
    rows = [
        {"namespace": "fiscal_code", "value": "5", "family_name": " ABREU", "date_of_birth": "1959-1-1"},
        {"namespace": "fiscal_code", "value": "5", "family_name": "da Costa"},
        {"namespace": "fiscal_code", "family_name": "x"},
    ]
    program = program_of(imported_people=rows)

    def same_values(value: Any, **more: Any) -> list[tuple[str, ...]]:
        account = {"customers": [{"user_details": [{"namespace": "fiscal_code", "value": value}], **more}]}
        return [key.same for key in keys_of(account, "cohort-person-imported", program)]

    assert same_values("5", family_name="abreu", date_of_birth="1959-01-01") == [("", '"ABREU"', "")], (
        "the other row differs"
    )
    assert same_values(5, date_of_birth="1959-01-02", given_name="Ana") == [("", "", '"1959-01-02"')]
    assert not same_values("5", date_of_birth="1959-01-01")
    assert not same_values("5")
    assert not same_values("", family_name="y")


def test_only_listed_values_have_imported_keys() -> None:
    program = program_of(imported_supply_points=["pt 0000000000000001 tr", "-"], imported_account_numbers=["E-1"])
    account = {**good_account("pt"), "external_account_number": "E-2"}
    assert [key.rule for key in keys_of(account, program=program) if key.is_listed] == ["cohort-supply-point-imported"]


RULE: dict[str, Any] = {
    "id": "mine",
    "key": ["supply_start_date"],
    "code": "cohort:mine",
    "detail": "{value}",
    "why": "w.",
    "basis": "inferred",
    "source": "s",
    "good": [[]],
    "bad": [[]],
}


def test_paths_reach_ancestors_and_descendants() -> None:
    rule = {
        **RULE,
        "for_each": "supply_addresses[].supply_points[]",
        "key": ["account.account_billing_options.period_length", "up.supply_address.country", "identifier"],
        "where": [{"supply_type": "GAS", "up.label": "<absent>"}, {"up.label": {"ignoring_case": "HOME"}}],
    }
    program = program_of({"cohort": [rule]})
    points = [{"identifier": "1", "supply_type": "GAS"}, {"identifier": "2", "supply_type": "OIL"}]
    address = {"supply_address": {"country": "PT"}, "supply_points": points}
    account = {
        "account_billing_options": {"period_length": "MONTHLY"},
        "supply_addresses": [
            address,
            {**address, "label": "home"},
            {**address, "label": "work"},
            {"supply_points": points},
        ],
    }
    found = keys_of(account, "mine", program)
    assert [(key.key, key.attr) for key in found] == [
        ('"MONTHLY","PT","1"', "supply_addresses.0.supply_points.0.identifier"),
        ('"MONTHLY","PT","1"', "supply_addresses.1.supply_points.0.identifier"),
        ('"MONTHLY","PT","2"', "supply_addresses.1.supply_points.1.identifier"),
    ]
    assert not keys_of({**account, "account_billing_options": 5}, "mine", program)


@pytest.mark.parametrize(
    ("more", "holds"),
    [
        ({"import_supplier": "X", "account_type": "DOMESTIC"}, True),
        ({"import_supplier": "X"}, True),
        ({"import_supplier": "X", "account_billing_options": {}}, True),
        ({"import_supplier": "X", "account_billing_options": {"period_length": "MONTHLY"}}, False),
        ({"import_supplier": "X", "account_type": "NONE"}, False),
        ({"import_supplier": "X", "billing_address1": "a" * 513}, False),
        ({"import_supplier": None}, False),
        ({}, False),
    ],
)
def test_missing_required_values_meet_no_condition(more: dict[str, Any], holds: bool) -> None:
    conditions = {
        "import_supplier": ["X", "<absent>"],
        "account_type": ["DOMESTIC", "<absent>"],
        "billing_address1": "<absent>",
        "account_billing_options.period_length": ["QUARTERLY", "<absent>"],
    }
    program = program_of({"cohort": [{**RULE, "key": ["external_account_number"], "where": conditions}]})
    assert bool(keys_of({"external_account_number": "1", **more}, "mine", program)) == holds


def test_path_through_an_object() -> None:
    rule = {**RULE, "for_each": "portfolio", "key": ["account.external_account_number"]}
    program = program_of({"cohort": [rule]})
    assert [key.attr for key in keys_of({"portfolio": {}, "external_account_number": "1"}, "mine", program)] == [
        "external_account_number"
    ]
    assert not keys_of({"portfolio": None, "external_account_number": "1"}, "mine", program)


def test_variant_selector_is_a_value() -> None:
    rule = {**RULE, "for_each": "historical_statement_transactions[]", "key": ["type", "transaction_id"]}
    program = program_of({"cohort": [rule]})
    account = {"historical_statement_transactions": [{"type": "PAYMENT", "transaction_id": "1"}, {"type": "X"}]}
    assert [key.key for key in keys_of(account, "mine", program)] == ['"PAYMENT","1"']


def test_programs_and_extractors_can_be_pickled() -> None:
    account = good_account("pt")
    assert keys_of(account, program=pickle.loads(pickle.dumps(PROGRAM))) == keys_of(account)  # noqa: S301
    extractor = KeyExtractor(references=LISTS)
    found = extractor.extract(account, "a.json")
    assert pickle.loads(pickle.dumps(extractor)).extract(account, "a.json") == pickle.loads(pickle.dumps(found))  # noqa: S301


def test_account_is_not_mutated() -> None:
    account = good_account("pt")
    before = copy.deepcopy(account)
    keys_of(account)
    assert account == before

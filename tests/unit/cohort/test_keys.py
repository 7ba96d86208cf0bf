"""The keys of one account: read as the platform reads, with the place of each."""

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


def plan_of(overlay: dict[str, Any] | None = None, **lists: Any) -> CohortProgram:
    tables = {"market": {"extends": "pt"}, **(overlay or {})}
    return compile_cohort(ruleset_of("pt", tables, lists))


PLAN = plan_of(**LISTS)


def keys_of(payload: object, rule: str = "", plan: CohortProgram = PLAN) -> list[CohortKey]:
    return [key for key in extract_keys(plan, payload) if not rule or key.rule == rule]


def person(**more: Any) -> dict[str, Any]:
    return {"user_details": [{"namespace": "fiscal_code", "value": "234254718"}], **more}


def test_the_example_has_these_keys() -> None:
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


def test_a_wrapper_is_looked_through() -> None:
    account = good_account("pt")
    assert keys_of({"payload": account}) == keys_of(account)
    assert not keys_of({"payload": account, "external_account_number": "1"}), "then it is no wrapper"


@pytest.mark.parametrize("payload", [None, 1, "x", [], [{}], {}, {"payload": None}, {"payload": []}, {1: 2}])
def test_what_is_no_account_has_no_keys(payload: Any) -> None:
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
def test_what_the_platform_would_refuse_or_drop_tells_nothing(account: Any) -> None:
    assert not keys_of(account)


def test_values_are_read_as_the_platform_reads_them() -> None:
    account = {"import_supplier": "S", "external_account_number": 12, "references": [{"namespace": " n ", "value": 5}]}
    assert [key.key for key in keys_of(account)] == ['"S","12"', '"n","5"']
    born = [keys_of({"customers": [person(date_of_birth=day)]})[0].same[2] for day in ("1959-01-01", "1959-1-1", "x")]
    assert born == ['"1959-01-01"', '"1959-01-01"', ""]


def test_numbers_and_texts_of_a_detail_are_not_the_same() -> None:
    details = [{"namespace": "fiscal_code", "value": value} for value in (38, "38", 38.0, True)]
    found = keys_of({"customers": [{"user_details": details}]}, "cohort-person")
    assert len({key.key for key in found}) == 3


def test_a_list_of_what_is_imported_is_read_as_accounts_are() -> None:
    rows = [
        {"namespace": "fiscal_code", "value": "5", "family_name": " ABREU", "date_of_birth": "1959-1-1"},
        {"namespace": "fiscal_code", "value": "5", "family_name": "da Costa"},
        {"namespace": "fiscal_code", "family_name": "x"},
    ]
    plan = plan_of(imported_people=rows)

    def told(value: Any, **more: Any) -> list[tuple[str, ...]]:
        account = {"customers": [{"user_details": [{"namespace": "fiscal_code", "value": value}], **more}]}
        return [key.same for key in keys_of(account, "cohort-person-imported", plan)]

    assert told("5", family_name="abreu", date_of_birth="1959-01-01") == [("", '"ABREU"', "")], "the other row differs"
    assert told(5, date_of_birth="1959-01-02", given_name="Ana") == [("", "", '"1959-01-02"')]
    assert not told("5", date_of_birth="1959-01-01")
    assert not told("5")
    assert not told("", family_name="y")


def test_only_what_is_in_the_list_is_told() -> None:
    plan = plan_of(imported_supply_points=["pt 0000000000000001 tr", "-"], imported_account_numbers=["E-1"])
    account = {**good_account("pt"), "external_account_number": "E-2"}
    assert [key.rule for key in keys_of(account, plan=plan) if key.is_listed] == ["cohort-supply-point-imported"]


RULE: dict[str, Any] = {
    "id": "mine",
    "key": ["supply_start_date"],
    "code": "cohort:mine",
    "detail": "{value}",
    "why": "w.",
    "basis": "inferred",
    "source": "s",
    "good": [],
    "bad": [],
}


def test_paths_lead_around_and_below() -> None:
    rule = {
        **RULE,
        "each": "supply_addresses[].supply_points[]",
        "key": ["account.account_billing_options.period_length", "up.supply_address.country", "identifier"],
        "where": [{"supply_type": "GAS", "up.label": "<absent>"}, {"up.label": {"ignoring_case": "HOME"}}],
    }
    plan = plan_of({"cohort": [rule]})
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
    found = keys_of(account, "mine", plan)
    assert [(key.key, key.attr) for key in found] == [
        ('"MONTHLY","PT","1"', "supply_addresses.0.supply_points.0.identifier"),
        ('"MONTHLY","PT","1"', "supply_addresses.1.supply_points.0.identifier"),
        ('"MONTHLY","PT","2"', "supply_addresses.1.supply_points.1.identifier"),
    ]
    assert not keys_of({**account, "account_billing_options": 5}, "mine", plan)


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
def test_what_must_be_there_and_is_not_meets_no_condition(more: dict[str, Any], holds: bool) -> None:
    wanted = {
        "import_supplier": ["X", "<absent>"],
        "account_type": ["DOMESTIC", "<absent>"],
        "billing_address1": "<absent>",
        "account_billing_options.period_length": ["QUARTERLY", "<absent>"],
    }
    plan = plan_of({"cohort": [{**RULE, "key": ["external_account_number"], "where": wanted}]})
    assert bool(keys_of({"external_account_number": "1", **more}, "mine", plan)) == holds


def test_an_object_on_the_way_is_gone_through() -> None:
    rule = {**RULE, "each": "portfolio", "key": ["account.external_account_number"]}
    plan = plan_of({"cohort": [rule]})
    assert [key.attr for key in keys_of({"portfolio": {}, "external_account_number": "1"}, "mine", plan)] == [
        "external_account_number"
    ]
    assert not keys_of({"portfolio": None, "external_account_number": "1"}, "mine", plan)


def test_the_choice_of_an_object_with_variants_is_a_value() -> None:
    rule = {**RULE, "each": "historical_statement_transactions[]", "key": ["type", "transaction_id"]}
    plan = plan_of({"cohort": [rule]})
    account = {"historical_statement_transactions": [{"type": "PAYMENT", "transaction_id": "1"}, {"type": "X"}]}
    assert [key.key for key in keys_of(account, "mine", plan)] == ['"PAYMENT","1"']


def test_plans_and_readers_can_be_sent() -> None:
    account = good_account("pt")
    assert keys_of(account, plan=pickle.loads(pickle.dumps(PLAN))) == keys_of(account)  # noqa: S301
    reader = KeyExtractor(references=LISTS)
    found = reader.extract(account, "a.json")
    assert pickle.loads(pickle.dumps(reader)).extract(account, "a.json") == pickle.loads(pickle.dumps(found))  # noqa: S301


def test_an_account_is_not_changed() -> None:
    account = good_account("pt")
    before = copy.deepcopy(account)
    keys_of(account)
    assert account == before

"""The library interface of cohort checks: every market, bare and wrapped payloads."""

import json
from typing import Any

import pytest

import premigrate
from premigrate import BadArgument, BadRules, Clash, ClashPlace, Cohort, Origin, UnknownMarket
from tests.conftest import validator_of
from tests.payloads import good_account

UNIQUE = {"unique_user_detail_namespaces": ["fiscal_code"]}


def account_with_name(given_name: str, number: str) -> dict[str, Any]:
    account = good_account("pt")
    account["customers"][0]["given_name"] = given_name
    return {**account, "external_account_number": number, "supply_addresses": []}


def test_clash_lists_every_place() -> None:
    account = good_account("pt")
    other = {**account, "external_account_number": " EXTERNAL-2"}
    with Cohort() as cohort:
        cohort.add(account, Origin("many.ndjson", 4, line=5))
        cohort.add({"payload": other}, "one.json")
        assert list(cohort.clashes()) == [
            Clash(
                detail="The supply point PT0000000000000001TR is in 2 accounts.",
                code="cohort:supply_point_shared",
                rule="cohort-supply-point",
                places=(
                    ClashPlace(
                        "many.ndjson", 4, 5, "EXTERNAL-TEST001", "supply_addresses.0.supply_points.0.identifier"
                    ),
                    ClashPlace("one.json", 0, 0, "EXTERNAL-2", "supply_addresses.0.supply_points.0.identifier"),
                ),
            )
        ]


def test_account_added_repeatedly_counts_once() -> None:
    with Cohort() as cohort:
        for _ in range(3):
            cohort.add(good_account("pt"), "a.json")
        assert not list(cohort.clashes())


def test_accounts_of_all_markets_are_compared() -> None:
    with Cohort() as cohort:
        for market in premigrate.markets():
            cohort.add({**good_account(market), "statements": [{"statement_path": "1.pdf"}]}, f"{market}.json")
        (clash,) = [clash for clash in cohort.clashes() if clash.rule == "cohort-statement-path"]
    assert [place.file for place in clash.places] == [f"{market}.json" for market in premigrate.markets()]


@pytest.mark.parametrize("show_values", [False, True])
def test_personal_values_are_masked_by_default(*, show_values: bool) -> None:
    with Cohort(references=UNIQUE, show_values=show_values) as cohort:
        cohort.add(account_with_name("Duarte", "1"), "a.json")
        cohort.add(account_with_name("DUARTE ", "2"), "b.json")
        assert not list(cohort.clashes())
        cohort.add(account_with_name("Eduarte", "3"), "c.json")
        (clash,) = cohort.clashes()
    shown = "234254718" if show_values else "***"
    assert clash.detail == (
        f"The person with the user detail fiscal_code {shown} has different values in 3 accounts. "
        "Fields that differ: given_name."
    )
    assert clash.fields == ("given_name",)
    assert clash.accounts == 3
    assert ("234254718" in str(clash)) == show_values


def test_imported_lists_clash_with_a_single_account() -> None:
    rows = [{"namespace": "fiscal_code", "value": "234254718", "given_name": "Edu", "family_name": "Rodrigues"}]
    references: Any = {"imported_supply_points": ["PT0000000000000001TR"], "imported_people": rows}
    with Cohort(market="pt", references=references) as cohort:
        cohort.add(good_account("pt"), "a.json")
        clashes = {clash.rule: clash for clash in cohort.clashes()}
        assert "cohort-person-imported" not in cohort.not_checked
        assert cohort.not_checked["cohort-person"] == ("unique_user_detail_namespaces",)
    assert clashes.keys() == {"cohort-supply-point-imported", "cohort-person-imported"}
    assert clashes["cohort-person-imported"].fields == ("given_name", "family_name")
    assert clashes["cohort-person-imported"].reference_list == "imported_people"
    assert clashes["cohort-supply-point-imported"].detail == (
        "The supply point PT0000000000000001TR was already imported (imported_supply_points)."
    )


def test_reference_list_may_omit_compared_columns() -> None:
    rows: Any = [{"namespace": "fiscal_code", "value": "234254718", "given_name": "Edu"}]
    with Cohort(market="pt", references={"imported_people": rows}) as cohort:
        cohort.add(good_account("pt"), "a.json")
        assert [clash.fields for clash in cohort.clashes()] == [("given_name",)]


def test_overlay_adds_and_disables_rules() -> None:
    rule = {
        "id": "billing-email-shared",
        "key": {"of": ["billing_email"], "ignore": ["case"]},
        "code": "cohort:billing_email_shared",
        "detail": "{accounts} accounts write to {value}.",
        "why": "Ours never do.",
        "basis": "inferred",
        "source": "our own",
        "good": [[]],
        "bad": [[]],
    }
    overlay = {
        "market": {"extends": "dk"},
        "cohort": [rule],
        "disabled": {"cohort-account-number": "We know.", "cohort-statement-path": "We know."},
    }
    with Cohort(market="dk", overlay=overlay) as cohort:
        for name in "ab":
            cohort.add(good_account("dk"), name)
        assert [clash.detail for clash in cohort.clashes()] == ["2 accounts write to ***."]


def test_unknown_market_raises() -> None:
    with Cohort() as cohort:
        unrecognised: list[Any] = [None, [], {}, {"import_supplier": "NOBODY"}]
        for payload in unrecognised:
            with pytest.raises(UnknownMarket, match="known codes"):
                cohort.add(payload, "a.json")
            cohort.add(payload, "a.json", "pt")
        with pytest.raises(UnknownMarket, match="there is no market 'xx'"):
            cohort.add({}, "a.json", "xx")
        assert not list(cohort.clashes())


def test_invalid_arguments_raise_on_construction() -> None:
    with pytest.raises(UnknownMarket):
        Cohort(market="xx")
    with pytest.raises(BadRules):
        Cohort(market="pt", overlay={"market": {"extends": "dk"}})
    for memory in (0, -1, True, "64"):
        with pytest.raises(BadArgument, match="megabytes"):
            Cohort(memory=memory)  # type: ignore[arg-type]


def test_responses_have_no_cohort_codes() -> None:
    """Cohort codes are premigrate's own: no predicted response has them."""
    for market in premigrate.markets():
        account = json.dumps({**good_account(market), "statements": [{"statement_path": ""}] * 2})
        assert "cohort" not in str(validator_of(market).validate_json(account))

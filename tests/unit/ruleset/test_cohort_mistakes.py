"""Mistakes in cohort rules: each is reported with the rule, the key and the closest match."""

from typing import Any

import pytest

import premigrate
from premigrate.ruleset.load import load_ruleset

RULE: dict[str, Any] = {
    "id": "mine",
    "key": ["external_account_number"],
    "code": "cohort:mine",
    "detail": "{value}",
    "why": "w.",
    "basis": "inferred",
    "source": "s",
    "good": [[]],
    "bad": [[]],
}
POINT = "supply_addresses[].supply_points[]"
PEOPLE = {"in": "imported_people", "columns": ["namespace", "value", "given_name"]}


def overlay(**keys: object) -> dict[str, Any]:
    return {"market": {"extends": "pt"}, "cohort": [{**RULE, **keys}]}


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"colour": 1}, "[[cohort]] mine colour: unknown key 'colour'"),
        ({"keys": []}, "[[cohort]] mine keys: unknown key 'keys'; did you mean 'key'?"),
        ({"key": []}, "[[cohort]] mine key"),
        ({"key": ["external_acount_number"]}, "did you mean 'external_account_number'? (in account)"),
        ({"key": {"of": ["import_supplier"], "ignore": ["cases"]}}, "'cases' is not one of"),
        ({"key": ["customers[].email"]}, "'customers[].email' leads to several values"),
        ({"key": ["customers"]}, "'customers' is not a single value"),
        ({"key": ["billing_address"]}, "'billing_address' is not a single value"),
        ({"key": ["up.import_supplier"]}, "leads out of the object that the rule is about"),
        ({"for_each": POINT, "key": ["identifer"]}, "did you mean 'identifier'?"),
        ({"for_each": POINT, "key": ["identifier"], "same": ["up.labl"]}, "did you mean 'label'?"),
        (
            {"for_each": "supply_addresses", "key": ["label"]},
            "for_each leads to 'supply_addresses', which is not an object",
        ),
        (
            {"for_each": "import_supplier", "key": ["label"]},
            "for_each leads to 'import_supplier', which is not an object",
        ),
        ({"for_each": "suply_addresses[]", "key": ["label"]}, "did you mean 'supply_addresses'?"),
        (
            {"for_each": "customers[]", "key": ["details.x"]},
            "'details.x' leads into a value whose keys are not declared",
        ),
        ({"where": {"account_typ": "x"}}, "there is no field 'account_typ'; did you mean 'account_type'?"),
        ({"where": {"date_of_sale": {"<": "<today>"}}}, "where cannot compare dates"),
        ({"where": {"account_type": [{"<": "<today>"}, "x"]}}, "where cannot compare dates"),
        ({"code": "invalid_phone_number"}, "did you mean 'cohort:invalid_phone_number'?"),
        ({"detail": "{valu}"}, "{valu} is not a placeholder; a detail may contain accounts, fields, list, value"),
        ({"detail": "{"}, "for a brace"),
        ({"listed": "imported_supply_point"}, "there is no reference list 'imported_supply_point'; did you mean"),
        ({"listed": "nothing", "example_lists": {"nothing": []}}, "there is no reference list 'nothing'"),
        (
            {"listed": "imported_people", "same": ["import_supplier"], "example_lists": {"imported_people": []}},
            "listed needs the columns",
        ),
        (
            {"listed": PEOPLE, "example_lists": {"imported_people": []}},
            "one for each value of key and same",
        ),
        (
            {"listed": {**PEOPLE, "columns": ["nam"]}, "example_lists": {"imported_people": []}},
            "there is no column of the list imported_people 'nam'",
        ),
        (
            {
                "listed": {**PEOPLE, "columns": ["namespace", "nam"]},
                "same": ["import_supplier"],
                "example_lists": {"imported_people": []},
            },
            "there is no column of the list imported_people 'nam'",
        ),
        (
            {"key": ["import_supplier"] * 6, "listed": "imported_people", "example_lists": {"imported_people": []}},
            "compares 6 columns with the list imported_people, which has 5",
        ),
        ({"id": "phone-number-valid"}, "a rule has this id already"),
        ({"id": "cohort-person"}, "is already defined in platform/cohort.toml"),
        ({"id": "Mine"}, "[[cohort]] Mine id"),
    ],
)
def test_mistake_is_reported(keys: dict[str, Any], expected: str) -> None:
    with pytest.raises(premigrate.BadRules) as caught:
        load_ruleset("pt", overlay(**keys))
    assert any(expected in str(problem) for problem in caught.value.problems), str(caught.value)


def test_valid_rule_loads() -> None:
    ruleset = load_ruleset("pt", overlay(for_each=POINT, key=["account.import_supplier", "up.label", "identifier"]))
    assert ruleset.cohort_rules[-1].id == "mine"


def test_disabled_rule_can_be_enabled() -> None:
    disabled = overlay(disabled="Only if asked for.")
    ruleset = load_ruleset("pt", disabled)
    assert [rule.id for rule in ruleset.disabled_cohort_rules] == ["mine"]
    assert ruleset.off_reasons["mine"] == "Only if asked for."
    assert load_ruleset("pt", {**disabled, "enabled": {"mine": "We ask."}}).cohort_rules[-1].id == "mine"
    ruleset = load_ruleset("pt", {"market": {"extends": "pt"}, "disabled": {"cohort-person": "We know."}})
    assert "cohort-person" in {rule.id for rule in ruleset.disabled_cohort_rules}
    with pytest.raises(premigrate.BadRules, match="did you mean 'cohort-person'"):
        load_ruleset("pt", {"market": {"extends": "pt"}, "disabled": {"cohort-persn": "We know."}})

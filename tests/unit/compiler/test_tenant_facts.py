"""A rule that depends on facts is checked if they are stated as it needs them, and else not checked or not asked."""

from typing import Any

import pytest

import premigrate
from tests.payloads import AS_OF, good_account

RULES = {"operations-team-presence", "operations-team-not-wanted"}
NOT_WANTED = "operations_team_provided_when_using_auto_allocation"
MISSING = "operations_team_should_be_provided"


def validator_with(tenant: dict[str, bool], **tables: Any) -> premigrate.Validator:
    overlay = {"market": {"extends": "pt"}, "tenant": tenant, **tables}
    return premigrate.Validator(market="pt", as_of=AS_OF, overlay=overlay)


def codes(validator: premigrate.Validator, **changes: Any) -> list[str]:
    return [error.code for error in validator.validate({**good_account("pt"), **changes}).errors]


def test_without_its_fact_a_rule_is_not_checked() -> None:
    validator = validator_with({})
    assert {name: validator.not_checked[name] for name in RULES} == dict.fromkeys(RULES, ())
    assert RULES <= validator.unstated_facts.keys() <= validator.not_checked.keys()
    assert codes(validator) == codes(validator, operations_team_name="") == []


@pytest.mark.parametrize(
    ("name", "needed"), [("Team A", "operations-team-not-wanted"), ("", "operations-team-presence")]
)
def test_without_its_fact_a_rule_is_recorded_for_accounts_that_it_would_refuse(name: str, needed: str) -> None:
    result = validator_with({}).validate({**good_account("pt"), "operations_team_name": name})
    assert RULES.intersection(result.not_checked) == {needed}


@pytest.mark.parametrize(
    ("is_allocated", "with_name", "without_name"), [(True, [NOT_WANTED], []), (False, [], [MISSING])]
)
def test_with_its_fact_a_rule_is_checked_or_not_asked(
    with_name: list[str], without_name: list[str], *, is_allocated: bool
) -> None:
    validator = validator_with({"operations_teams_allocated": is_allocated})
    assert not RULES & validator.not_checked.keys()
    assert codes(validator, operations_team_name="Team A") == with_name
    assert codes(validator, operations_team_name="") == without_name


OURS = {
    "id": "ours", "on": "account", "if_tenant": {"consents": True, "cais_references": False},
    "listed": {"field": "operations_team_name", "in": "operations_teams"},
    "code": "operations_team_name_does_not_exist", "why": "x", "basis": "observed", "source": "x",
    "example_lists": {"operations_teams": ["a"]},
    "good": [{"operations_team_name": "a"}], "bad": [{"operations_team_name": "b"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("tenant", "not_checked"),
    [
        ({}, ("operations_teams",)),
        ({"consents": True}, ("operations_teams",)),
        ({"consents": True, "cais_references": False}, ("operations_teams",)),
        ({"consents": False}, None),
        ({"cais_references": True}, None),
        ({"consents": True, "cais_references": True}, None),
    ],
)
def test_one_contradicting_fact_is_enough(tenant: dict[str, bool], not_checked: tuple[str, ...] | None) -> None:
    validator = validator_with(tenant, rule=[OURS])
    assert validator.not_checked.get("ours") == not_checked


def test_all_facts_are_needed() -> None:
    lists = {"operations_teams": {"values": ["a"]}}
    for tenant, is_checked in (({"consents": True}, False), ({"consents": True, "cais_references": False}, True)):
        validator = validator_with(tenant, rule=[OURS], list=lists, disabled={"operations-team-known": "For the test."})
        assert ("ours" in validator.not_checked) is not is_checked
        assert bool(codes(validator, operations_team_name="b")) is is_checked

"""The stages of learning together: later rounds, contradictions, and what is never refused."""

from collections.abc import Iterable, Mapping
from typing import Any

from premigrate.compare.calls import Call
from premigrate.compare.learn.learner import Learner
from premigrate.compare.model import RecordedResponse, ReportedError
from premigrate.ruleset.load import load_ruleset
from tests.payloads import AS_OF, GONE, good_account, put


def call(number: int, errors: Iterable[tuple[str, str]] = (), changes: Mapping[str, object] | None = None) -> Call:
    """Return a call with a good account, changed at paths, and the codes and attrs that the API reported."""
    payload: dict[str, Any] = {**good_account("pt"), "external_account_number": f"A-{number}"}
    for path, value in (changes or {}).items():
        put(payload, path, value)
    told = tuple(ReportedError(f"{code}!", code, attr) for code, attr in errors)
    return Call(payload, (AS_OF,), RecordedResponse(bool(told), told), f"calls, account {number}")


def learned(calls: list[Call], base: Mapping[str, Any] | None = None) -> Learner:
    learner = Learner("pt", base or {}, None, calls)
    learner.learn()
    load_ruleset("pt", learner.tables)
    return learner


NAME = "customers.0.family_name"


def named(number: int, name: object) -> Call:
    is_odd = name is GONE
    return call(number, [("name_wanted", "customers.0.non_field_errors")] if is_odd else (), {NAME: name})


def test_a_rule_is_learned_and_withdrawn_when_answers_contradict_it() -> None:
    calls = [*(named(n, GONE) for n in range(3)), *(named(n, "Abreu") for n in range(3, 6))]
    first = learned(calls)
    (rule,) = first.tables["rule"]
    assert (rule["id"], rule["present"]) == ("observed-name-wanted-customer", ["family_name"])
    assert first.tables["code"]["name_wanted"]["detail"] == "name_wanted!"
    same = learned(calls, first.tables)
    assert (same.changes, same.tables) == ([], first.tables), "nothing is left to learn"

    accepted = call(9, (), {NAME: GONE})
    second = learned([*calls, accepted], first.tables)
    changes = [(each.kind, each.name) for each in second.changes]
    assert changes == [("disabled", "domestic-family-name-required"), ("withdrawn", rule["id"])]
    assert "rule" not in second.tables


def test_the_overlay_that_it_starts_from_is_not_changed() -> None:
    base = {"market": {"extends": "pt"}, "disabled": {"billing-address-required": "Off."}}
    calls = [call(n, [("billing_address_not_provided", "non_field_errors")]) for n in range(2)]
    found = learned(calls, base)
    assert (found.changes[0].kind, found.changes[0].name) == ("enabled", "billing-address-required")
    assert found.tables["enabled"].keys() == {"billing-address-required"}
    assert "disabled" not in found.tables
    assert base == {"market": {"extends": "pt"}, "disabled": {"billing-address-required": "Off."}}


def test_a_change_that_does_not_fit_the_rules_is_left_out() -> None:
    """Rules compare the field as a date, so that it can't become a boolean."""
    place = "supply_addresses.0.customer_at_supply_address_from_date"
    calls = [
        *(call(n, [("invalid", place)], {place: f"2020-01-0{n + 1}"}) for n in range(3)),
        call(8, (), {place: True}),
    ]
    assert [each for each in learned(calls).changes if each.kind == "field"] == []


def test_no_accepted_account_is_refused() -> None:
    """A required field of one account, and a length that another account contradicts, are not learned."""
    calls = [
        *(call(n, [("max_length", "customers.0.family_name")], {NAME: "x" * 30}) for n in range(3)),
        call(5, (), {NAME: "y" * 30}),
        call(6, [("required", "customers.0.given_name")], {"customers.0.given_name": GONE}),
    ]
    assert [each for each in learned(calls).changes if each.kind == "field"] == []

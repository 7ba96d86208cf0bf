"""The message texts, attrs and switches that recorded answers are evidence for."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.compare.evidence import ComparedAccount, Evidence
from premigrate.compare.masking import Masker
from premigrate.compare.match_errors import compare_errors
from premigrate.compare.model import RecordedResponse, ReportedError
from premigrate.compare.proposals import propose_changes
from premigrate.compare.relative_attr import relative_attr, rule_place
from premigrate.compare.templates import candidate_templates, match_template
from premigrate.engine.findings import render_detail
from premigrate.results import Error, Place
from premigrate.ruleset.load import load_ruleset

RULESET = load_ruleset("pt")
RULES = {rule.id: rule for rule in (*RULESET.rules, *RULESET.disabled)}
MOBILE: Place = ("customers", 0, "mobile")
DETAIL: Place = ("customers", 1, "user_details", 2, "value")


def test_match_template() -> None:
    assert match_template("At most {max_length} of {value}.", "At most 5 of x y.") == {
        "max_length": "5",
        "value": "x y",
    }
    assert match_template("{value} or {value}", "a or a") == {"value": "a"}
    assert match_template("{value} or {value}", "a or b") is None
    assert match_template("No (x).", "No (x).") == {}
    assert match_template("{{{value}}}", "{a\nb}") == {"value": "a\nb"}


def test_candidate_templates() -> None:
    assert candidate_templates("a is no b", {"value": "a"}) == ["{value} is no b", "a is no b"]
    assert candidate_templates("axa", {"value": "a"}) == ["axa"]
    assert candidate_templates("{5} of 55, 5", {"max_length": "5"}) == [
        "{{{max_length}}} of 55, {max_length}",
        "{{5}} of 55, 5",
    ]
    assert candidate_templates("x", {"value": "", "name": " "}) == ["x"]
    assert candidate_templates("+1 (2) x", {"value": "+1 (2)"}) == ["{value} x", "+1 (2) x"]


@given(st.text(max_size=20), st.text(max_size=5))
def test_candidate_templates_round_trip(detail: str, value: str) -> None:
    for template in candidate_templates(detail, {"value": value}):
        assert template.format(value=value) == detail
        assert "{" not in detail or render_detail(template, value=value) == detail


@pytest.mark.parametrize(
    ("rule", "path", "blamed", "attr"),
    [
        ("phone-number-valid", MOBILE, "customers.0.non_field_errors", "up.non_field_errors"),
        ("phone-number-valid", MOBILE, "customers.0.landline", "up.landline"),
        ("phone-number-valid", MOBILE, "customers", "up.up.customers"),
        ("phone-number-valid", MOBILE, "non_field_errors", "up.up.non_field_errors"),
        ("phone-number-valid", MOBILE, "customers.1.mobile", None),
        ("phone-number-valid", MOBILE, "customers.0.mobile", "up.mobile"),
        (
            "fiscal-code-valid",
            ("customers", 1, "user_details", 2, "value"),
            "customers.1.user_details.2.value",
            "value",
        ),
        ("fiscal-code-valid", ("customers", 1, "user_details", 2, "value"), "customers.1.x", "up.x"),
        ("agreements-consecutive", ("supply_addresses", 0), "supply_addresses", "supply_addresses"),
        ("phone-number-valid", ("nowhere", 0), "x", None),
        ("phone-number-valid", MOBILE, "customers.0.No Field", None),
        ("phone-number-valid", MOBILE, "", None),
    ],
)
def test_attr_is_relative_to_the_rule(rule: str, path: Place, blamed: str, attr: str | None) -> None:
    assert relative_attr(RULES[rule], RULESET, path, blamed) == attr


def test_rule_place_within_objects_with_variants() -> None:
    danish = load_ruleset("dk")
    (rule,) = [rule for rule in danish.rules if rule.id == "line-item-net-amount"]
    charge: Place = ("ledgers", 0, "current_statement_transactions", 3)
    path = (*charge, "line_items", 1, "net_amount")
    assert rule_place(rule, danish, path) == (*charge, "line_items", 1)
    (rule,) = [rule for rule in danish.rules if rule.id == "supply-charge-amount-total"]
    assert rule_place(rule, danish, path) == charge


def phone(value: str) -> Error:
    return Error(
        f"{value} is not a valid phone number",
        "invalid_phone_number",
        "customers.0.mobile",
        "phone-number-valid",
        MOBILE,
    )


class EvidenceCollector:
    def __init__(self) -> None:
        self.evidence = Evidence(RULESET)
        self.number = 0

    def add(
        self, predicted: list[Error], answered: list[ReportedError], tried: tuple[Error, ...] = (), **more: Any
    ) -> None:
        self.number += 1
        account = {"customers": [{"mobile": predicted[0].detail.split()[0]}] if predicted else []}
        mask = Masker(account, lambda place: "mobile" in place)
        comparison = compare_errors(predicted, RecordedResponse(is_refused=bool(answered), errors=tuple(answered)))
        case = ComparedAccount(comparison, account, mask, f"f:{self.number}", str(self.number), tried)
        self.evidence.add(case._replace(**more))

    def proposed(self) -> list[tuple[str, str, str]]:
        return [(each.kind, each.name, each.value) for each in propose_changes(self.evidence)]


def test_majority_text_is_proposed() -> None:
    collector = EvidenceCollector()
    for text in ("{} não!", "{} não!", "{} nein!"):
        error = phone(f"v{collector.number}")
        collector.add([error], [ReportedError(text.format(f"v{collector.number}"), error.code, error.attr)])
    assert collector.proposed() == [("text", "invalid_phone_number", "{value} não!")]
    assert propose_changes(collector.evidence)[0].evidence == "Observed: 2 of 3 recorded answers, the first at f:1."
    collector.add(
        [phone("w")], [ReportedError("w is not a valid phone number", "invalid_phone_number", "customers.0.mobile")]
    )
    assert collector.proposed() == [], "half is no majority"


def test_text_with_personal_values_is_never_proposed() -> None:
    collector = EvidenceCollector()
    for _ in range(3):
        collector.add(
            [phone("912345678")], [ReportedError("Not 912 345 678.", "invalid_phone_number", "customers.0.mobile")]
        )
        collector.add([phone("abc")], [ReportedError("Not 5 or ABC.", "invalid_phone_number", "customers.0.mobile")])
    assert collector.proposed() == []


@pytest.mark.parametrize("text", [" ", "\ud800", "\x1b[2J", "a\nb"])
def test_unprintable_text_is_never_proposed(text: str) -> None:
    collector = EvidenceCollector()
    for value in ("abc", "def"):
        collector.add([phone(value)], [ReportedError(text, "invalid_phone_number", "customers.0.mobile")])
    assert collector.proposed() == []


def test_off_needs_an_accepted_account_and_no_confirmation() -> None:
    collector = EvidenceCollector()
    other = ReportedError("x", "other", "y")
    collector.add([phone("a")], [other])
    assert collector.proposed() == [], "the API may have stopped before this rule"
    collector.add([phone("a")], [])
    assert collector.proposed() == [("disabled", "phone-number-valid", "")]
    collector.add([phone("a")], [ReportedError("x", "invalid_phone_number", "z")])
    assert not [each for each in collector.proposed() if each[0] == "disabled"]


def disabled_error(stage: Any = "now") -> Error:
    return Error("t", "billing_address_not_provided", "non_field_errors", "billing-address-required", (), stage)


def test_on_needs_that_no_accepted_account_breaks_the_rule() -> None:
    reported = ReportedError("t", "billing_address_not_provided", "non_field_errors")
    collector = EvidenceCollector()
    collector.add([], [reported], (disabled_error(),))
    assert collector.proposed() == [("enabled", "billing-address-required", "")]
    collector.add([], [ReportedError("x", "other", "y")], (disabled_error(),))
    assert collector.proposed() == [], "as often wrong as right"
    collector.add([], [ReportedError("x", "other", "y")], (disabled_error("follow-on"),))
    collector.add([], [reported], (disabled_error(),))
    assert collector.proposed() == [("enabled", "billing-address-required", "")]
    collector.add([], [], (disabled_error("follow-on"),))
    assert collector.proposed() == [], "the API accepts an account that the rule would refuse"


def test_answer_without_errors_is_no_evidence() -> None:
    collector = EvidenceCollector()
    collector.add(
        [phone("a")], [], comparison=compare_errors([phone("a")], RecordedResponse(is_refused=True, errors=None))
    )
    assert collector.proposed() == []

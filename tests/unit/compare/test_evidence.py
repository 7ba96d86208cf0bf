"""What texts, places and switches the answers speak for."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.compare.evidence import ComparedAccount, Evidence
from premigrate.compare.masking import Masker
from premigrate.compare.match_errors import compare_errors
from premigrate.compare.model import RecordedResponse, ReportedError
from premigrate.compare.proposals import build_overlay, propose_changes
from premigrate.compare.relative_attr import relative_attr, rule_place
from premigrate.compare.templates import candidate_templates, match_template
from premigrate.engine.findings import fill
from premigrate.results import Error, Place
from premigrate.ruleset.load import load_ruleset

BOOK = load_ruleset("pt")
RULES = {rule.id: rule for rule in (*BOOK.rules, *BOOK.disabled)}
MOBILE: Place = ("customers", 0, "mobile")
DETAIL: Place = ("customers", 1, "user_details", 2, "value")


def test_words_are_found_in_a_text() -> None:
    assert match_template("At most {max_length} of {value}.", "At most 5 of x y.") == {
        "max_length": "5",
        "value": "x y",
    }
    assert match_template("{value} or {value}", "a or a") == {"value": "a"}
    assert match_template("{value} or {value}", "a or b") is None
    assert match_template("No (x).", "No (x).") == {}
    assert match_template("{{{value}}}", "{a\nb}") == {"value": "a\nb"}


def test_templates_are_made_of_words() -> None:
    assert candidate_templates("a is no b", {"value": "a"}) == ["{value} is no b", "a is no b"]
    assert candidate_templates("axa", {"value": "a"}) == ["axa"]
    assert candidate_templates("{5} of 55, 5", {"max_length": "5"}) == [
        "{{{max_length}}} of 55, {max_length}",
        "{{5}} of 55, 5",
    ]
    assert candidate_templates("x", {"value": "", "name": " "}) == ["x"]
    assert candidate_templates("+1 (2) x", {"value": "+1 (2)"}) == ["{value} x", "+1 (2) x"]


@given(st.text(max_size=20), st.text(max_size=5))
def test_a_template_gives_the_text_back(detail: str, value: str) -> None:
    for template in candidate_templates(detail, {"value": value}):
        assert template.format(value=value) == detail
        assert "{" not in detail or fill(template, value=value) == detail


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
def test_attrs_are_written_as_the_rule_sees_them(rule: str, path: Place, blamed: str, attr: str | None) -> None:
    assert relative_attr(RULES[rule], BOOK, path, blamed) == attr


def test_sites_of_objects_that_are_chosen_by_a_key() -> None:
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


class Collected:
    def __init__(self) -> None:
        self.evidence = Evidence(BOOK)
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


def test_the_text_of_most_is_proposed() -> None:
    found = Collected()
    for text in ("{} não!", "{} não!", "{} nein!"):
        error = phone(f"v{found.number}")
        found.add([error], [ReportedError(text.format(f"v{found.number}"), error.code, error.attr)])
    assert found.proposed() == [("text", "invalid_phone_number", "{value} não!")]
    assert propose_changes(found.evidence)[0].evidence == "Observed: 2 of 3 recorded answers, the first at f:1."
    found.add(
        [phone("w")], [ReportedError("w is not a valid phone number", "invalid_phone_number", "customers.0.mobile")]
    )
    assert found.proposed() == [], "half of them is not most"


def test_a_text_that_tells_of_a_person_is_never_proposed() -> None:
    found = Collected()
    for _ in range(3):
        found.add(
            [phone("912345678")], [ReportedError("Not 912 345 678.", "invalid_phone_number", "customers.0.mobile")]
        )
        found.add([phone("abc")], [ReportedError("Not 5 or ABC.", "invalid_phone_number", "customers.0.mobile")])
    assert found.proposed() == []


@pytest.mark.parametrize("text", [" ", "\ud800", "\x1b[2J", "a\nb"])
def test_a_text_that_cannot_be_printed_is_never_proposed(text: str) -> None:
    found = Collected()
    for value in ("abc", "def"):
        found.add([phone(value)], [ReportedError(text, "invalid_phone_number", "customers.0.mobile")])
    assert found.proposed() == []


def test_a_rule_is_off_only_if_it_is_never_right_and_something_was_accepted() -> None:
    found = Collected()
    other = ReportedError("x", "other", "y")
    found.add([phone("a")], [other])
    assert found.proposed() == [], "the API may just have stopped before"
    found.add([phone("a")], [])
    assert found.proposed() == [("off", "phone-number-valid", "")]
    found.add([phone("a")], [ReportedError("x", "invalid_phone_number", "z")])
    assert not [each for each in found.proposed() if each[0] == "off"]


def idle(stage: Any = "now") -> Error:
    return Error("t", "billing_address_not_provided", "non_field_errors", "billing-address-required", (), stage)


def test_a_rule_is_on_only_if_it_refuses_nothing_good() -> None:
    told = ReportedError("t", "billing_address_not_provided", "non_field_errors")
    found = Collected()
    found.add([], [told], (idle(),))
    assert found.proposed() == [("on", "billing-address-required", "")]
    found.add([], [ReportedError("x", "other", "y")], (idle(),))
    assert found.proposed() == [], "as often wrong as right"
    found.add([], [ReportedError("x", "other", "y")], (idle("follow-on"),))
    found.add([], [told], (idle(),))
    assert found.proposed() == [("on", "billing-address-required", "")]
    found.add([], [], (idle("follow-on"),))
    assert found.proposed() == [], "the API accepts what it would refuse"


def test_what_tells_no_errors_is_no_evidence() -> None:
    found = Collected()
    found.add([phone("a")], [], comparison=compare_errors([phone("a")], RecordedResponse(is_refused=True, errors=None)))
    assert found.proposed() == []
    assert build_overlay(found.evidence, []) == {"market": {"extends": "pt"}}

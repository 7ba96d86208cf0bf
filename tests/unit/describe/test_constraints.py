"""The constraints in the catalogue: what checks each of them, and its state in each market."""

import pytest

from premigrate.describe.catalogue import catalogue_data
from premigrate.describe.catalogue_page import render_catalogue
from premigrate.describe.constraints import ListedConstraint, describe_field, list_constraints
from premigrate.describe.market import ruleset_of
from premigrate.describe.market_catalogue import render_market_catalogue
from premigrate.ruleset.model.fields import FieldSpec
from tests.books import platform_book

RULESETS = [ruleset_of(market) for market in ("dk", "pt")]

NO_METERS = "Not checked: The payloads of PT and DK have no meters."


def constraints_on(place: str) -> list[ListedConstraint]:
    return [each for each in list_constraints(RULESETS) if each.on == place]


def row_of(place: str, says: str) -> str:
    (row,) = [line for line in render_catalogue(platform_book()) if line.startswith(f"| {place} | {says} |")]
    return row.split(" | ")[-1].removesuffix(" |")


@pytest.mark.parametrize(
    ("place", "says", "answer"),
    [
        ("account.notes", "Each note has a body or documents.", "Rules: note-body-or-document"),
        ("payment_plan_payment.amount_components", "The parts sum to total_amount.", "Rules: plan-components-sum"),
        (
            "account_campaign.slug",
            "A campaign with that slug exists.",
            "Rules: campaign-known",
        ),
        ("customer.email", "At most 254 characters.", "Field: optional email, blank allowed, at most 254 characters"),
        (
            "transaction.amount",
            "The amount of a payment is positive.",
            "Rules: payment-amount-not-negative; zero passes",
        ),
        (
            "statement.statement_path",
            "The path of a PDF file.",
            "Not checked: The name of a file does not show what the file contains.",
        ),
    ],
)
def test_page_shows_the_answer(place: str, says: str, answer: str) -> None:
    assert row_of(place, says) == answer


@pytest.mark.parametrize(("market", "cell"), [("dk", "off"), ("pt", "needs list `products`")])
def test_page_of_a_market_shows_the_state_of_rules_that_are_not_always_checked(market: str, cell: str) -> None:
    page = list(render_market_catalogue(ruleset_of(market)))
    assert f"| agreement.tariff_code | A tariff of an active product. | tariff-known ({cell}) |" in page
    assert not [line for line in page if line.startswith("| account.notes | Each note has")]  # its rule is checked


def test_rule_that_a_market_does_not_include_is_not_for_it() -> None:
    (constraint,) = [each for each in constraints_on("customer.details") if each.answer == "rules"]
    states = constraint.rules["fiscal-code-in-details-valid"]
    assert (states["dk"].state, states["pt"].state) == ("not for this market", "checked")


def test_constraint_is_inactive_if_no_market_can_check_it() -> None:
    (unused,) = [each for each in constraints_on("account_reference.value") if "reference-unused" in each.rules]
    assert unused.rules["reference-unused"]["pt"].state == "server only"
    assert unused.is_inactive


def test_constraint_is_active_if_a_fact_decides() -> None:
    (managed, default) = constraints_on("account.is_managed")
    assert managed.rules["managed-flag-allowed"]["pt"].state == "needs fact"
    assert (managed.is_inactive, default.is_inactive) == (False, False)


def test_field_that_no_market_has_is_left_out() -> None:
    overlay = {
        "market": {"extends": "pt"},
        "change": {"account": {"fields": {"notes": {"drop": True, "because": "A test."}}}},
    }
    assert constraints_on("account.notes")
    assert not [each for each in list_constraints([ruleset_of("pt", overlay)]) if each.on == "account.notes"]


def test_page_counts_the_answers() -> None:
    page = "\n".join(render_catalogue(platform_book()))
    listed = list_constraints([platform_book()])
    assert f"- {len(listed)} constraints in the texts of fields:" in page
    for answer, words in (("rules", "answered by rules"), ("field", "by the type"), ("not checked", "not checked")):
        assert f"{sum(each.answer == answer for each in listed)} {words}" in page, answer


def test_data_has_the_constraints() -> None:
    constraints = catalogue_data(RULESETS)["constraints"]
    (found,) = [each for each in constraints if each["on"] == "account.complaints"]
    assert (found["answer"], found["rules"]) == ("not checked", {})
    assert found["source"] == "OpenAPI: GB EnergyAccount"
    assert len(constraints) == len(list_constraints(RULESETS))


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"type": "string", "max_length": 5}, "optional string, at most 5 characters"),
        ({"type": "integer", "min": 1, "max": 28, "required": True}, "required integer, at least 1, at most 28"),
        ({"type": "choice", "choices": ("A", "B")}, "optional choice, one of A, B"),
        ({"type": "choice", "open": True, "listed": "teams"}, "optional choice, choices in the list teams"),
        ({"list": "email"}, "optional list of email"),
        ({"object": "address"}, "optional object address"),
    ],
)
def test_field_is_described(keys: dict[str, object], expected: str) -> None:
    assert describe_field(FieldSpec.model_validate(keys)) == expected

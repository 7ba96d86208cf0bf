"""Two rounds of compare bring a played tenant to almost full agreement on accounts that were not learned from."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.command import invoke
from tests.convergence import render, run, written_table

SAME_VERDICT, SAME_ERRORS = "accounts_with_the_same_verdict", "accounts_with_the_same_errors"


class Rounds:
    """The steps of a run, and the folder with its overlays."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.steps = folder, run(folder)

    def overlay(self, name: str) -> dict[str, Any]:
        """Return the tables of an overlay."""
        return tomllib.loads((self.folder / f"{name}.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> Rounds:
    """Run both rounds once."""
    return Rounds(tmp_path_factory.mktemp("rounds"))


def test_two_rounds_reach_99_percent_of_other_accounts(rounds: Rounds) -> None:
    before, first, second = rounds.steps
    assert before.share(SAME_ERRORS) < 0.5, "the tenant differs"
    assert before.share(SAME_ERRORS) < first.share(SAME_ERRORS) <= second.share(SAME_ERRORS)
    assert second.share(SAME_ERRORS) >= 0.99
    assert second.share(SAME_VERDICT) >= 0.99
    assert second.verdicts("refused", "valid") == 0, "no account that the API accepts is predicted refused"


def test_each_kind_of_difference_is_learned(rounds: Rounds) -> None:
    tables = rounds.overlay("second")
    rules = {rule["code"]: rule for rule in tables["rule"]}
    fields = {name: table["fields"] for name, table in tables["change"].items()}
    assert tables["code"]["invalid_phone_number"]["detail"] == "O número {value} não é válido."
    assert tables["code"]["required"]["detail"] == "Campo obrigatório."
    assert tables["attr_change"]["address-postcode-format"]["attr"] == "up.non_field_errors"
    assert "fiscal-code-valid" in tables["disabled"]
    assert "billing-address-required" in tables["enabled"]
    assert tables["code_change"]["agreements-consecutive"]["code"] == "tariff_gap"
    assert rules["team_wanted"]["when"] == {"account_type": "BUSINESS"}
    assert rules["team_wanted"]["present"] == ["operations_team_name"]
    assert fields["customer"]["given_name"]["required"] is True
    assert {"DOMESTIC", "BUSINESS", "DOMESTIC_VACANT"} <= set(fields["account"]["account_type"]["choices"])
    assert "MANAGED" not in fields["account"]["account_type"]["choices"]
    assert fields["customer"]["family_name"]["max_length"] == 18
    assert rules["too_long_ago"]["compare"][:2] == ["customer_at_supply_address_from_date", ">="]
    assert rules.keys() == {"team_wanted", "too_long_ago"}
    assert fields.keys() == {"account", "customer"}
    assert all(rule["basis"] == "observed" for rule in rules.values())


def test_examples_of_the_overlay_say_what_it_does(rounds: Rounds) -> None:
    code, _, err = invoke("rules", "--test", "--overlay", "second.toml", cwd=rounds.folder)
    assert (code, err) == (0, "")


def test_page_has_the_figures_of_this_run(rounds: Rounds) -> None:
    assert written_table() == render(rounds.steps), "run python -m tests.convergence"

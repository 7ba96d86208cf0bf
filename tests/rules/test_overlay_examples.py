"""The rules of an overlay are tested with their examples, and one that does not behave as declared is a mistake."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from premigrate.cli.group import commands
from premigrate.cohort.rule_tests import check_cohort_examples
from premigrate.rule_tests.overlay import check_overlay_examples
from premigrate.rule_tests.unknown_keys import unknown_keys
from premigrate.ruleset.load import load_ruleset
from tests.payloads import AS_OF

METADATA = {"code": "billing_email_not_valid", "why": "x", "basis": "observed", "source": "x"}
CAPITALS = {"on": "account.sales_subchannel", "matches": ["[A-Z]+"], "good": ["ABC"], "bad": ["abc"]}
FORM = {"arguments": {"patterns": ["[0-9]{4}"]}, "good": ["1000"], "bad": ["x"]}
SCHEME = {"format": "pattern", "source": "x", **FORM}
KEY: dict[str, Any] = {
    "id": "cohort-ours",
    "key": ["sales_subchannel"],
    "code": "cohort:ours",
    "detail": "x",
    "why": "x",
    "basis": "observed",
    "source": "x",
    "good": [[{"sales_subchannel": "a"}, {}]],
    "bad": [[{"sales_subchannel": "a"}, {"sales_subchannel": "a"}]],
}


def problems(**tables: Any) -> list[str]:
    ruleset = load_ruleset("dk", {"market": {"extends": "dk"}, **tables})
    single, cohort = check_overlay_examples(ruleset, AS_OF), check_cohort_examples(ruleset, AS_OF)
    assert single.rules == len(tables.get("rule", ())) + len(tables.get("scheme", ()))
    assert cohort.rules == len(tables.get("cohort", ()))
    return [f"{problem.place}: {problem.message}" for problem in (*single.problems, *cohort.problems)]


NESTED = {"field": "sales_subchannel", "patterns": ["[A-Z]+"]}
LISTED = {"matches": None, "listed": "ledger_codes", "example_lists": {"ledger_codes": ["A"]}}
PLACES = ["account.sales_subchannel", "account.billing_name"]
TYPO = "there is no field 'sales_subchanel'; did you mean 'sales_subchannel'? (in account)"
GOOD, BAD = "violates the rule; a good example must pass", "does not violate the rule; a bad example must violate it"


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({}, []),
        ({"good": ["abc"], "bad": ["ABC"]}, [f"[[rule]] ours good.0: {GOOD}", f"[[rule]] ours bad.0: {BAD}"]),
        ({"bad": ["abc", "A1", "ABC"]}, [f"[[rule]] ours bad.2: {BAD}"]),
        ({"good": ["ABC", "abc"]}, [f"[[rule]] ours good.1: {GOOD}"]),
        ({"on": PLACES, "good": ["ABC", "abc"]}, [f"[[rule]] ours good.1 on {place}: {GOOD}" for place in PLACES]),
        ({"disabled": "not everywhere"}, []),
        ({"disabled": "not everywhere", "bad": ["ABC"]}, [f"[[rule]] ours bad.0: {BAD}"]),
        (
            {"on": "account", "matches": NESTED, "good": ["abc"], "bad": [{"sales_subchannel": "abc"}]},
            ["[[rule]] ours good.0: is not an example of the object account; write a table of its fields"],
        ),
        (
            {
                "on": "account",
                "matches": NESTED,
                "good": [{"sales_subchanel": "A"}],
                "bad": [{"sales_subchannel": "a"}],
            },
            [f"[[rule]] ours good.0: {TYPO}"],
        ),
        ({**LISTED, "good": ["A"], "bad": ["B"]}, []),
        ({**LISTED, "good": ["A"], "bad": ["A"]}, [f"[[rule]] ours bad.0: {BAD}"]),
        ({"good": [5]}, [f"[[rule]] ours good.0: {GOOD}"]),
        ({"bad": [[]]}, ["[[rule]] ours bad.0: is refused before the rule is checked: sales_subchannel: "]),
    ],
)
def test_rule_examples(keys: dict[str, Any], expected: list[str]) -> None:
    definition = {key: value for key, value in {**CAPITALS, **keys}.items() if value is not None}
    reported = problems(rule=[{"id": "ours", **METADATA, **definition}])
    assert [each[: len(start)] for each, start in zip(reported, expected, strict=True)] == expected


def test_a_rule_is_tried_without_the_others() -> None:
    first = {"id": "ours-one", **METADATA, **CAPITALS}
    assert problems(rule=[first, {**first, "id": "ours-two"}]) == []


@pytest.mark.parametrize("example", [{"type": "CHARGE", "amount": "1"}, {"amount": "1"}])
def test_examples_of_objects_with_variants_and_required_fields(example: dict[str, str]) -> None:
    """An example holds only what its rule reads; the field that selects a variant may be missing."""
    rule = {"id": "ours", **METADATA, "on": "transaction", "absent": ["amount"], "good": [{}], "bad": [example]}
    nested = {"historical_statement_transactions": [example]}
    above = {**rule, "id": "above", "on": "ledger", "absent": ["historical_statement_transactions[].amount"]}
    assert problems(rule=[rule, {**above, "bad": [nested]}]) == []


def test_rule_about_an_unreachable_object() -> None:
    thing = {"about": "x", "basis": "observed", "source": "x", "fields": {"name": {"type": "string"}}}
    rule = {"id": "ours", **METADATA, "on": "thing", "present": ["name"], "good": [{"name": "x"}], "bad": [{}]}
    messages = problems(object={"thing": thing}, rule=[rule])
    assert messages[0] == "[[rule]] ours good.0: no account has an object thing, so the rule is never checked"


def test_scheme_examples() -> None:
    assert problems(scheme={"ours": SCHEME}) == []
    messages = problems(scheme={"ours": {**SCHEME, "good": ["x", "1000"], "bad": ["1", "2000"]}})
    assert messages == ["[scheme.ours] good: 'x' is refused", "[scheme.ours] bad: '2000' passes"]


def test_cohort_rule_examples() -> None:
    assert problems(cohort=[KEY]) == []
    messages = problems(cohort=[{**KEY, "good": KEY["bad"], "bad": [*KEY["bad"], *KEY["good"]]}])
    assert [line.partition(": ")[0] for line in messages] == [
        "[[cohort]] cohort-ours good.0",
        "[[cohort]] cohort-ours bad.1",
    ]


OVERLAY = """
[market]
extends = "dk"
[[rule]]
id = "ours"
on = "account.sales_subchannel"
matches = ['[A-Z]+']
code = "billing_email_not_valid"
why = "x"
basis = "observed"
source = "x"
good = ["{good}"]
bad = ["{bad}"]
"""


def test_rules_command(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    run = CliRunner().invoke
    file.write_text(OVERLAY.format(good="ABC", bad="abc"))
    passed = run(commands, ["rules", "--overlay", str(file), "--test"])
    assert (passed.exit_code, passed.output) == (0, f"{file}: 1 rule tested with 2 examples, no failures\n")
    assert run(commands, ["rules", "--market", "dk", "--overlay", str(file)]).exit_code == 0
    file.write_text(OVERLAY.format(good="abc", bad="ABC"))
    for more in ([], ["--test"], ["--market", "dk"]):
        failed = run(commands, ["rules", "--overlay", str(file), *more])
        assert "[[rule]] ours good.0: violates the rule" in str(failed.exception or failed.output)
        assert failed.exit_code != 0
    file.write_text(OVERLAY.replace('extends = "dk"', "").format(good="abc", bad="ABC"))
    assert "with --market" in str(run(commands, ["rules", "--overlay", str(file)]).exception)
    assert "--test requires --overlay" in str(run(commands, ["rules", "--test"]).exception)


@pytest.mark.parametrize(("supply_type", "unknown"), [("GAS", 0), ("ELECTRICITY", 1)])
def test_keys_of_the_chosen_kind_are_known(supply_type: str, unknown: int) -> None:
    """Only meters of gas have a last billed date; those of electricity have it in their registers."""
    point = {"supply_type": supply_type, "meters": [{"last_billed_to_date": "2025-01-01"}]}
    messages = list(unknown_keys(load_ruleset("gb"), "supply_address", {"meter_points": [point]}))
    assert len(messages) == unknown

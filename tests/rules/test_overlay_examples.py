"""The rules of an overlay are tested with their examples, and one that does not behave as declared is a mistake."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from premigrate.cli.group import commands
from premigrate.cohort.rule_tests import check_cohort_examples
from premigrate.rule_tests.overlay import check_overlay_examples
from premigrate.ruleset.load import load_ruleset
from tests.payloads import AS_OF

METADATA = {"code": "billing_email_not_valid", "why": "x", "basis": "observed", "source": "x"}
CAPITALS = {"on": "account.sales_subchannel", "matches": ["[A-Z]+"], "good": "ABC", "bad": "abc"}
FORM = {"arguments": {"patterns": ["[0-9]{4}"]}, "good": ["1000"], "bad": ["x"]}
SCHEME = {"format": "pattern", "source": "x", **FORM}
KEY = {
    "id": "cohort-ours",
    "key": ["sales_subchannel"],
    "code": "cohort:ours",
    "detail": "x",
    "why": "x",
    "basis": "observed",
    "source": "x",
    "good": [{"sales_subchannel": "a"}, {}],
    "bad": [{"sales_subchannel": "a"}, {"sales_subchannel": "a"}],
}


def problems(**tables: Any) -> list[str]:
    ruleset = load_ruleset("dk", {"market": {"extends": "dk"}, **tables})
    single, cohort = check_overlay_examples(ruleset, AS_OF), check_cohort_examples(ruleset, AS_OF)
    assert single.rules == len(tables.get("rule", ())) + len(tables.get("scheme", ()))
    assert cohort.rules == len(tables.get("cohort", ()))
    return [f"{problem.place}: {problem.message}" for problem in (*single.problems, *cohort.problems)]


NESTED = {"field": "sales_subchannel", "patterns": ["[A-Z]+"]}
GOOD, BAD = "breaks the rule; a good example must pass", "does not break the rule; a bad example must"


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({}, []),
        ({"good": "abc", "bad": "ABC"}, [f"[[rule]] ours good: {GOOD}", f"[[rule]] ours bad: {BAD}"]),
        ({"bad": {"any_of": ["abc", "A1", "ABC"]}}, [f"[[rule]] ours bad.any_of.2: {BAD}"]),
        ({"good": {"any_of": ["ABC", "abc"]}}, [f"[[rule]] ours good.any_of.1: {GOOD}"]),
        ({"off": "not everywhere"}, []),
        ({"off": "not everywhere", "bad": "ABC"}, [f"[[rule]] ours bad: {BAD}"]),
        (
            {"on": "account", "matches": NESTED, "good": "abc", "bad": {"sales_subchannel": "abc"}},
            ["[[rule]] ours good: is no example of the object account: write a table of its fields"],
        ),
        (
            {"matches": None, "listed": "ledger_codes", "given": {"ledger_codes": ["A"]}, "good": "A", "bad": "A"},
            [f"[[rule]] ours bad: {BAD}"],
        ),
        (
            {"good": 5, "bad": []},
            [f"[[rule]] ours good: {GOOD}", "[[rule]] ours bad: is refused before any rule looks at it: "],
        ),
    ],
)
def test_rule_examples(keys: dict[str, Any], expected: list[str]) -> None:
    definition = {key: value for key, value in {**CAPITALS, **keys}.items() if value is not None}
    reported = problems(rule=[{"id": "ours", **METADATA, **definition}])
    assert [each[: len(start)] for each, start in zip(reported, expected, strict=False)] == expected
    assert len(reported) >= len(expected)
    assert bool(reported) == bool(expected)


def test_example_that_breaks_another_rule_must_name_it() -> None:
    first = {"id": "ours-one", **METADATA, **CAPITALS}
    second = {**first, "id": "ours-two", "bad": {"any_of": ["abc", "a"]}}
    messages = problems(rule=[first, second])
    assert messages[0] == "[[rule]] ours-one bad: breaks ours-two as well; change it, or name them in also"
    assert len(messages) == 3
    assert problems(rule=[{**first, "also": ["ours-two"]}, {**second, "also": ["ours-one"]}]) == []


def test_rule_about_an_unreachable_object() -> None:
    thing = {"about": "x", "basis": "observed", "source": "x", "fields": {"name": {"type": "string"}}}
    rule = {"id": "ours", **METADATA, "on": "thing", "present": ["name"], "good": {"name": "x"}, "bad": {}}
    messages = problems(object={"thing": thing}, rule=[rule])
    assert messages[0] == "[[rule]] ours good: no account has an object thing, so the rule is never asked"


def test_scheme_examples() -> None:
    assert problems(scheme={"ours": SCHEME}) == []
    messages = problems(scheme={"ours": {**SCHEME, "good": ["x", "1000"], "bad": ["1", "2000"]}})
    assert messages == ["[scheme.ours] good: 'x' is refused", "[scheme.ours] bad: '2000' passes"]


def test_cohort_rule_examples() -> None:
    assert problems(cohort=[KEY]) == []
    messages = problems(cohort=[{**KEY, "good": KEY["bad"], "bad": {"any_of": [KEY["good"], KEY["bad"]]}}])
    assert [line.partition(": ")[0] for line in messages] == [
        "[[cohort]] cohort-ours good",
        "[[cohort]] cohort-ours bad",
    ]
    assert problems(cohort=[{**KEY, "good": 5}]) == ["[[cohort]] cohort-ours good: is no list of accounts"]


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
good = "{good}"
bad = "{bad}"
"""


def test_rules_command(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    run = CliRunner().invoke
    file.write_text(OVERLAY.format(good="ABC", bad="abc"))
    passed = run(commands, ["rules", "--overlay", str(file), "--test"])
    assert (passed.exit_code, passed.output) == (0, f"{file}: 1 rule and 2 examples tried: all do what they say\n")
    assert run(commands, ["rules", "--market", "dk", "--overlay", str(file)]).exit_code == 0
    file.write_text(OVERLAY.format(good="abc", bad="ABC"))
    for more in ([], ["--test"], ["--market", "dk"]):
        failed = run(commands, ["rules", "--overlay", str(file), *more])
        assert "[[rule]] ours good: breaks the rule" in str(failed.exception or failed.output)
        assert failed.exit_code != 0
    file.write_text(OVERLAY.replace('extends = "dk"', "").format(good="abc", bad="ABC"))
    assert "say --market" in str(run(commands, ["rules", "--overlay", str(file)]).exception)
    assert "say --overlay too" in str(run(commands, ["rules", "--test"]).exception)

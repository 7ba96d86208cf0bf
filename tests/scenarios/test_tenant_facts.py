"""A user states facts about a tenant in an overlay, and more rules are checked."""

import json
from pathlib import Path

from tests.command import invoke

ACCOUNT = "examples/pt/good.json"
HEAD = '[market]\nextends = "pt"\n\n[tenant]\n'


def check(*arguments: str | Path) -> tuple[list[str], list[str]]:
    """Return the codes of the findings in the account, and what was not checked."""
    result = invoke("check", ACCOUNT, "--as-of", "2026-01-31", "--format", "json", *arguments)
    (account,) = json.loads(result.out)["accounts"]
    return [each["code"] for each in account["findings"]], account["not_checked"]


def test_facts_decide_rules(tmp_path: Path) -> None:
    rule, code = "supply-points-vs-skip-setting", "supply_points_provided_while_skip_supply_point_creation_enabled"
    codes, not_checked = check()
    assert not codes
    assert rule in not_checked
    overlay = tmp_path / "tenant.toml"
    for value, expected in (("true", [code]), ("false", [])):
        overlay.write_text(f"{HEAD}supply_points_skipped = {value}\n", "utf-8")
        codes, not_checked = check("--overlay", overlay)
        assert codes == expected
        assert rule not in not_checked


def test_facts_of_an_overlay_are_not_in_the_cache(tmp_path: Path) -> None:
    overlay = tmp_path / "tenant.toml"
    overlay.write_text(f"{HEAD}supply_points_skipped = true\n", "utf-8")
    arguments = ("check", ACCOUNT, "--as-of", "2026-01-31")
    codes = [
        invoke(*arguments, *more, PREMIGRATE_CACHE_DIR=str(tmp_path / "cache")).code
        for more in ((), ("--overlay", overlay), (), ("--overlay", overlay))
    ]
    assert codes == [0, 1, 0, 1]


def test_misspelled_fact_is_a_mistake(tmp_path: Path) -> None:
    overlay = tmp_path / "tenant.toml"
    overlay.write_text(f"{HEAD}supply_point_skipped = true\n", "utf-8")
    result = invoke("check", ACCOUNT, "--overlay", overlay)
    assert result.code == 3
    assert "[tenant] supply_point_skipped: there is no fact 'supply_point_skipped'; did you mean" in result.err


RULE = """
[[rule]]
id = "ours"
on = "account"
if_tenant = { consents = true }
absent = ["billing_email"]
code = "billing_email_not_valid"
why = "For the test."
basis = "observed"
source = "A test."
good = [{}]
"""


def test_examples_are_tried_with_the_facts_of_their_rule(tmp_path: Path) -> None:
    overlay = tmp_path / "tenant.toml"
    for example, code in (('{ billing_email = "a@example.org" }', 0), ("{}", 3)):
        overlay.write_text(f"{HEAD}consents = false\n{RULE}bad = [{example}]\n", "utf-8")
        assert invoke("rules", "--overlay", overlay, "--test").code == code


def test_facts_are_listed() -> None:
    result = invoke("rules", "--market", "pt", "--lists")
    assert "Facts, each true or false under [tenant] in an overlay:" in result.out

"""Fixes in overlays: their mistakes, how they are added and disabled, and the fields and rules that they name."""

from pathlib import Path
from typing import Any

import pytest

import premigrate
from premigrate.rule_tests.overlay import check_overlay_examples
from premigrate.ruleset.load import load_ruleset
from premigrate.ruleset.model.fixes import Fix
from premigrate.ruleset.model.ruleset import Ruleset
from tests.command import run_process
from tests.payloads import AS_OF, good_account, put

EXAMPLES = {"good": [{"before": "[1]", "after": "1"}], "bad": ["1"]}
FIX = {"id": "mine", "title": "Do it.", "why": "w.", "safe": True, "codes": ["invalid"], "steps": [{"remove": "[]"}]}


def fix(**keys: object) -> dict[str, Any]:
    return {"fix": [{**FIX, **EXAMPLES, **keys}]}


def load(tables: dict[str, Any], market: str = "pt") -> Ruleset:
    return load_ruleset(market, {"market": {"extends": market}, **tables})


def found(ruleset: Ruleset, name: str) -> Fix:
    return next(each for each in ruleset.fixes if each.id == name)


def fixes_of(tables: dict[str, Any], path: str, value: object, market: str = "pt") -> list[tuple[str, object]]:
    overlay = {"market": {"extends": market}, **tables}
    payload = put(good_account(market), path, value)
    result = premigrate.validate(payload, market=market, as_of=AS_OF, overlay=overlay, fixes=True)
    return [(each.name, each.value) for each in result.fixes]


STEPS_WITH = "[[fix]] mine steps.0"


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        (fix(codes=[]), "[[fix]] mine: a fix needs codes, rules or formats"),
        (fix(codes=["invald"]), "[[fix]] mine codes: there is no code 'invald'; did you mean 'invalid'?"),
        (fix(rules=["phone-number-vald"]), "[[fix]] mine rules: there is no rule 'phone-number-vald'; did you mean"),
        (fix(formats=["phon"]), "[[fix]] mine formats: there is no scheme 'phon'; did you mean 'phone'?"),
        (fix(territories=["PT"]), "[[fix]] mine: territories needs formats"),
        (fix(formats=["phone"], territories=["pt"]), "a territory is a code of two capital letters"),
        (fix(on=["customer.mobil"]), "[[fix]] mine on customer.mobil: no object has such a field"),
        (fix(on=["customer"]), "[[fix]] mine on.0: write a field with its object, such as customer.mobile"),
        (fix(types=["number"]), "[[fix]] mine types.0: 'number' is not one of string, email"),
        (fix(steps=[]), "[[fix]] mine steps: "),
        (fix(steps=["trim"]), f"{STEPS_WITH}: 'trim' is not one of strip, upper"),
        (fix(steps=[{}]), f"{STEPS_WITH}: write exactly one of remove, remove_prefix, parts, dates, words, round"),
        (fix(steps=[{"remove": "-", "round": 2}]), f"{STEPS_WITH}: write exactly one of remove"),
        (fix(steps=[{"remov": "-"}]), f"{STEPS_WITH}.remov: unknown key 'remov'; did you mean 'remove'?"),
        (fix(steps=[{"parts": ["[0-9]+"]}]), f"{STEPS_WITH}: parts and template must be given together"),
        (fix(steps=[{"parts": ["(a)"], "template": "{1}"}]), "'(a)' is not a plain pattern"),
        (fix(steps=[{"parts": ["a+", "b*"], "template": "{1}"}]), f"{STEPS_WITH}: 'a+b*' has more than one count"),
        (fix(steps=[{"parts": ["a"], "template": "{2}"}]), f"{STEPS_WITH}: '{{2}}' is not a valid template"),
        (fix(steps=[{"parts": ["a"], "template": "{1}}"}]), f"{STEPS_WITH}: '{{1}}}}' is not a valid template"),
        (fix(steps=[{"dates": ["D.M.YY"]}]), f"{STEPS_WITH}.dates.0: 'D.M.YY' is not a notation of dates"),
        (fix(steps=[{"dates": ["d.m.y"]}]), f"{STEPS_WITH}.dates.0: a date format consists of YYYY"),
        (fix(steps=["strip", "nearest_key"]), "[[fix]] mine: nearest_key or leave_out must be the only step of a fix"),
        (fix(steps=["nearest_key"]), "[[fix]] mine: the examples of nearest_key need example_keys"),
        (
            fix(steps=["nearest_choice"]),
            "[[fix]] mine: the examples of choice_in_other_case and nearest_choice need example_choices",
        ),
        (fix(good=[]), "[[fix]] mine good: "),
        (fix(bad=[]), "[[fix]] mine bad: "),
        (fix(id="trim-text"), "fix trim-text: is already defined in fixes.toml; choose another name"),
        (fix(id="phone-number-valid"), "[[fix]] phone-number-valid: is already the id of a rule or advice"),
        (fix(id="blank-text"), "[[fix]] blank-text: is already the id of a rule or advice"),
        ({"disabled": {"trim-txt": "w."}}, "there is no rule, advice or fix 'trim-txt'; did you mean 'trim-text'?"),
    ],
)  # fmt: skip
def test_mistake_is_reported(tables: dict[str, Any], expected: str) -> None:
    with pytest.raises(premigrate.BadRules) as caught:
        load(tables)
    assert any(expected in str(problem) for problem in caught.value.problems), caught.value.problems


def test_overlay_disables_and_enables_fixes() -> None:
    assert fixes_of({}, "external_account_number", " X ") == [("trim-text", "X")]
    assert fixes_of({"disabled": {"trim-text": "w."}}, "external_account_number", " X ") == []
    assert fixes_of({"enabled": {"trim-text": "w."}}, "external_account_number", " X ") == [("trim-text", "X")]


def test_overlay_adds_a_fix() -> None:
    tables = fix(codes=[], formats=["phone"])
    assert fixes_of(tables, "customers.0.mobile", "[+351912345678]") == [("mine", "+351912345678")]
    assert fixes_of({**tables, "fix": [{**tables["fix"][0], "codes": ["null"]}]}, "customers.0.title", "[x]") == []


def test_fix_is_for_the_fields_that_it_names_only() -> None:
    tables = fix(codes=[], formats=["phone"], on=["customer.landline"])
    assert fixes_of(tables, "customers.0.mobile", "[+351912345678]") == []
    assert fixes_of(tables, "customers.0.landline", "[+351912345678]") == [("mine", "+351912345678")]


def test_fix_is_for_the_types_that_it_names_only() -> None:
    tables = fix(codes=["invalid"], types=["integer", "date"])
    assert fixes_of(tables, "customers.0.date_of_birth", "[1985-01-31]") == [("mine", "1985-01-31")]
    assert fixes_of(fix(types=["integer"]), "customers.0.date_of_birth", "[1985-01-31]") == []


def test_fields_have_the_keys_of_the_market() -> None:
    change = {
        "customer": {"fields": {"mobile": {"key": "cell", "because": "w."}, "title": {"drop": True, "because": "w."}}}
    }
    ruleset = load({**fix(on=["customer.mobile", "customer.title"]), "change": change})
    assert found(ruleset, "mine").on == ("customer.cell",)
    account = good_account("pt")
    account["customers"][0]["cell"] = "[+351912345678]"
    account["customers"][0].pop("mobile", None)
    tables = {**fix(codes=[], formats=["phone"], on=["customer.mobile"]), "change": change}
    assert ("mine", "+351912345678") in fixes_of(tables, "customers", account["customers"])


def test_fix_of_dropped_fields_only_is_left_out() -> None:
    change = {"customer": {"fields": {"title": {"drop": True, "because": "w."}}}}
    assert "mine" not in {each.id for each in load({**fix(on=["customer.title"]), "change": change}).fixes}


def test_copy_of_an_object_has_its_fixes() -> None:
    copy = {"billing_address": {"about": "x", "basis": "observed", "source": "x", "like": "address"}}
    use = {"account": {"fields": {"rich_billing_address": {"object": "billing_address", "because": "x"}}}}
    ruleset = load({**fix(on=["address.locality"]), "object": copy, "change": use}, "dk")
    assert found(ruleset, "mine").on == ("address.locality", "billing_address.locality")


def test_examples_of_an_overlay_are_run() -> None:
    good = check_overlay_examples(load(fix()), AS_OF)
    assert (good.rules, good.examples, good.problems) == (1, 2, ())
    bad = [
        (fix(good=[{"before": "1", "after": "1"}]), "good.0: '1' is not changed; a good example must be changed"),
        (fix(good=[{"before": "[1]", "after": "[]"}]), "good.0: '[1]' becomes '1', not '[]'"),
        (fix(good=[{"before": "[1]", "after": 1}]), "good.0: '[1]' becomes '1', not 1"),
        (fix(bad=["1", "[2]"]), "bad.1: '[2]' is changed; a bad example must not be changed"),
    ]
    for tables, expected in bad:
        (problem,) = check_overlay_examples(load(tables), AS_OF).problems
        assert str(problem) == f"overlay: [[fix]] mine {expected}"


OVERLAY = """
[market]
extends = "pt"

[[fix]]
id = "mine"
title = "Remove the brackets."
formats = ["phone"]
steps = [{ remove = "[]" }]
safe = true
why = "They only enclose the number."
good = [{ before = "[912345678]", after = "912345678" }]
bad = ["912345678"]
"""


def test_command_tests_and_explains_a_fix(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(OVERLAY, "utf-8")
    tried = run_process("rules", "--overlay", "ours.toml", "--test", cwd=tmp_path)
    assert (tried.code, tried.out) == (0, "ours.toml: 1 rule tested with 2 examples, no failures\n")
    out = run_process("explain", "mine", "--overlay", "ours.toml", cwd=tmp_path).out
    assert out.splitlines()[:3] == [
        "mine (in pt)", "  Remove the brackets.", "  Safe: They only enclose the number.",
    ]  # fmt: skip
    assert '  good: "[912345678]" becomes "912345678"' in out
    out = run_process("explain", "invalid_phone_number", "--overlay", "ours.toml", cwd=tmp_path).out
    assert "Safe fix (mine): Remove the brackets." in out
    (tmp_path / "ours.toml").write_text(OVERLAY.replace('bad = ["9', 'bad = ["[9'), "utf-8")
    tried = run_process("rules", "--overlay", "ours.toml", "--test", cwd=tmp_path)
    assert tried.code == 3
    assert "[[fix]] mine bad.0" in tried.err

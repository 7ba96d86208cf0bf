"""Consistency of the constraints in the texts of fields with the rules and the fields that answer them."""

import re

import premigrate
from premigrate.ruleset.constraints import load_constraints
from premigrate.ruleset.rule_files import read_constraint_files
from tests.books import shipped_book
from tests.payloads import ROOT

RULESETS = [shipped_book(market) for market in premigrate.markets()]
CONSTRAINTS = load_constraints()
IDS = {rule.id for ruleset in RULESETS for rule in (*ruleset.rules, *ruleset.disabled)} | {
    rule.id for ruleset in RULESETS for rule in (*ruleset.cohort_rules, *ruleset.disabled_cohort_rules)
}
FIELDS = {f"{name}.{key}" for ruleset in RULESETS for name, spec in ruleset.objects.items() for key in spec.fields}
_LONG_ID = re.compile(r"\b[a-z]+(?:-[a-z]+){2,}\b")


def test_rules_exist() -> None:
    assert {rule_id for each in CONSTRAINTS for rule_id in each.rules} <= IDS


def test_fields_exist() -> None:
    assert {each.on for each in CONSTRAINTS} <= FIELDS


def test_no_constraint_is_listed_twice() -> None:
    listed = [(each.on, each.says) for each in CONSTRAINTS]
    assert len(listed) == len(set(listed))


def test_rules_that_texts_name_exist() -> None:
    advice = {code.replace("_", "-") for ruleset in RULESETS for code in ruleset.advice}
    named = {found for each in CONSTRAINTS for found in _LONG_ID.findall(f"{each.reason} {each.note}")}
    assert named
    assert named <= IDS | advice


def test_texts_are_sentences() -> None:
    assert not [each.says for each in CONSTRAINTS if not (each.says[0].isupper() and each.says.endswith("."))]
    assert not [each.reason for each in CONSTRAINTS if each.reason and not each.reason.endswith(".")]


def test_each_topic_lists_the_constraints_of_its_objects() -> None:
    for name, text in read_constraint_files():
        topic = (ROOT / "rules" / "platform" / name.removeprefix("constraints/")).read_text("utf-8")
        for owner in set(re.findall(r'^on = "(\w+)\.', text, re.MULTILINE)):
            assert f"[object.{owner}]" in topic, (name, owner)

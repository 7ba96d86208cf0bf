"""Consistency of the shipped rule files."""

import json
import re
import tomllib
from typing import get_args

import pytest
from jsonschema import Draft202012Validator

import premigrate
from premigrate.describe.market import rule_language_schema
from premigrate.formats.normalize import NORMALIZERS
from premigrate.ruleset.model.cohort import CohortRule, Normalization
from premigrate.ruleset.model.fields import SCALAR_TYPES
from premigrate.ruleset.model.rules import OPERATORS, Rule
from premigrate.ruleset.model.ruleset import Ruleset
from tests.books import platform_book, shipped_book
from tests.payloads import ROOT

RULESETS = {market: shipped_book(market) for market in premigrate.markets()}
RULES = {rule.id: rule for ruleset in RULESETS.values() for rule in ruleset.rules}
COHORT_RULES = {
    rule.id: rule for ruleset in RULESETS.values() for rule in (*ruleset.cohort_rules, *ruleset.disabled_cohort_rules)
}
RULE_LISTS = ROOT / "tests" / "vectors" / "rules"
RULE_FILES = sorted((ROOT / "rules").rglob("*.toml"))
MAX_LINES = 300
MODULES = sorted((ROOT / "src").rglob("*.py"))


def test_ids_are_unique() -> None:
    ids = re.findall(r'^id = "(.+)"$', "\n".join(file.read_text("utf-8") for file in RULE_FILES), re.MULTILINE)
    assert len(ids) == len(set(ids))
    assert set(ids) >= RULES.keys() | COHORT_RULES.keys()


@pytest.mark.parametrize("owner", sorted(file.stem for file in RULE_LISTS.glob("*.txt")))
def test_ids_codes_and_places_are_stable(owner: str) -> None:
    """Settings and baselines refer to ids, codes and places: change a list only for unreleased rules.

    A list has the rules of the platform, or those in the folder of a market; a new market has none until a release.
    """
    ruleset = platform_book() if owner == "platform" else RULESETS[owner]
    current = {
        f"rule {rule.id}": " ".join([rule.id, rule.code, rule.validation or "-", *rule.places])
        for rule in (*ruleset.rules, *ruleset.disabled)
    } | {
        f"cohort {rule.id}": f"{rule.id} {rule.code} across {rule.for_each or 'account'}"
        for rule in (*ruleset.cohort_rules, *ruleset.disabled_cohort_rules)
    }
    own = [line for key, line in current.items() if ruleset.source_files[key].startswith(f"{owner}/")]
    listed = (RULE_LISTS / f"{owner}.txt").read_text("utf-8").splitlines()
    assert sorted(own) == listed, "add new rules to the list"


ALL_RULES = {**RULES, **COHORT_RULES}


@pytest.mark.parametrize("rule", ALL_RULES.values(), ids=ALL_RULES.keys())
def test_rule_has_its_metadata(rule: Rule | CohortRule) -> None:
    assert rule.why.endswith(".")
    assert len(rule.source) > 5
    assert rule.basis != "framework", "framework checks belong to fields, not to rules"


@pytest.mark.parametrize("ruleset", RULESETS.values(), ids=RULESETS.keys())
def test_disabled_rules_have_reasons(ruleset: Ruleset) -> None:
    assert all(reason.endswith(".") for reason in ruleset.off_reasons.values())
    assert not ruleset.off_reasons.keys() & {rule.id for rule in ruleset.rules}


def test_normalizers_match_the_grammar() -> None:
    assert set(get_args(Normalization)) == set(NORMALIZERS)


def test_cohort_codes_are_not_api_codes() -> None:
    api_codes = {code for ruleset in RULESETS.values() for code in (*ruleset.codes, *ruleset.advice)}
    assert not api_codes & {rule.code for rule in COHORT_RULES.values()}
    assert all(rule.code.startswith("cohort:") for rule in COHORT_RULES.values())
    assert not any(code.startswith("cohort") for code in api_codes)


def test_every_code_is_used() -> None:
    response_codes = {spec.code for ruleset in RULESETS.values() for spec in ruleset.responses.values()}
    rule_codes = (
        {rule.code for rule in RULES.values()} | {ruleset.refusal for ruleset in RULESETS.values()} | response_codes
    )
    codes_in_files = re.findall(
        r'^code = "(.+)"$', "\n".join(file.read_text("utf-8") for file in RULE_FILES), re.MULTILINE
    )
    in_source = {word for module in MODULES for word in re.findall(r'"([a-z_]+)"', module.read_text("utf-8"))}
    for code, spec in next(iter(RULESETS.values())).codes.items():
        users = in_source | response_codes if spec.detail_basis == "framework" else rule_codes | set(codes_in_files)
        assert code in users, code


def test_every_advice_is_used() -> None:
    in_source = {word for module in MODULES for word in re.findall(r'"([a-z_]+)"', module.read_text("utf-8"))}
    used = {rule.code for rule in RULES.values()} | in_source
    assert not next(iter(RULESETS.values())).advice.keys() - used


def test_no_market_is_named_in_the_code() -> None:
    market_name = re.compile(r"""["'](pt|dk|PT|DK)["']|Portug|Denmark|Danish""")
    assert not [module.name for module in MODULES if market_name.search(module.read_text("utf-8"))]


def test_schema_matches_the_grammar() -> None:
    written = json.loads((ROOT / "rules" / "rules.schema.json").read_text("utf-8"))
    assert written == rule_language_schema(), "run make schema"


def test_rule_files_are_valid_by_the_schema() -> None:
    """TOML dates are text in the schema, as JSON has none."""
    validator = Draft202012Validator(rule_language_schema())
    for file in RULE_FILES:
        tables = json.loads(json.dumps(tomllib.loads(file.read_text("utf-8")), default=str))
        assert [error.message for error in validator.iter_errors(tables)] == [], file.name


def test_manual_documents_every_key() -> None:
    manual = (ROOT / "rules" / "REFERENCE.md").read_text("utf-8")
    keys = [*OPERATORS, *SCALAR_TYPES, *Rule.model_fields, *CohortRule.model_fields, *NORMALIZERS]
    assert not [key for key in keys if f"`{key}`" not in manual]


def test_files_are_short() -> None:
    lengths = {str(file.relative_to(ROOT)): len(file.read_text("utf-8").splitlines()) for file in RULE_FILES + MODULES}
    assert {name: length for name, length in lengths.items() if length > MAX_LINES} == {}


def test_every_object_is_reachable() -> None:
    """A market may drop the fields of shared objects, but not leave objects of its own without a field."""
    for ruleset in (platform_book(), *RULESETS.values()):
        shared = set() if ruleset is platform_book() else set(platform_book().objects)
        reached: set[str] = set()
        pending = [ruleset.root]
        while pending:
            name = pending.pop()
            if name in ruleset.objects and name not in reached:
                reached.add(name)
                spec = ruleset.objects[name]
                pending += [
                    *spec.variants.values(),
                    *(field.object or field.list or "" for field in spec.fields.values()),
                ]
        assert set(ruleset.objects) - reached <= shared

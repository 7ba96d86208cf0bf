"""Holds the rule files to their own laws."""

import json
import re
from typing import get_args

import pytest

import premigrate
from premigrate.describe.market import rule_language_schema
from premigrate.formats.normalize import NORMALIZERS
from premigrate.ruleset.model.cohort import CohortRule, Normalization
from premigrate.ruleset.model.fields import SCALAR_TYPES
from premigrate.ruleset.model.rules import OPERATORS, Rule
from premigrate.ruleset.model.ruleset import Ruleset
from tests.books import shipped_book
from tests.payloads import ROOT

BOOKS = {market: shipped_book(market) for market in premigrate.markets()}
RULES = {rule.id: rule for book in BOOKS.values() for rule in book.rules}
COHORT = {rule.id: rule for book in BOOKS.values() for rule in (*book.cohort_rules, *book.disabled_cohort_rules)}
RULE_FILES = sorted((ROOT / "rules").rglob("*.toml"))
LONGEST_FILE = 300  # lines
MODULES = sorted((ROOT / "src").rglob("*.py"))


def test_ids_are_used_once() -> None:
    ids = re.findall(r'^id = "(.+)"$', "\n".join(file.read_text("utf-8") for file in RULE_FILES), re.MULTILINE)
    assert len(ids) == len(set(ids))
    assert set(ids) >= RULES.keys() | COHORT.keys()


def test_what_others_rely_on_stays() -> None:
    """Ids, codes and places are named in settings and baselines: change the list only for what was never released."""
    there = {
        " ".join([rule.id, rule.code, rule.part_of or "-", *rule.places])
        for book in BOOKS.values()
        for rule in (*book.rules, *book.disabled)
    } | {f"{rule.id} {rule.code} across {rule.each or 'account'}" for rule in COHORT.values()}
    written = (ROOT / "tests" / "vectors" / "rules.txt").read_text("utf-8").splitlines()
    assert sorted(there) == written, "add new rules to the list"


PAPERS = {**RULES, **COHORT}


@pytest.mark.parametrize("rule", PAPERS.values(), ids=PAPERS.keys())
def test_rule_has_its_papers(rule: Rule | CohortRule) -> None:
    assert rule.why.endswith(".")
    assert len(rule.source) > 5
    assert rule.basis != "framework", "what the framework checks is said of fields, not by rules"


@pytest.mark.parametrize("book", BOOKS.values(), ids=BOOKS.keys())
def test_reasons_are_given_for_what_is_off(book: Ruleset) -> None:
    assert all(reason.endswith(".") for reason in book.off_reasons.values())
    assert not book.off_reasons.keys() & {rule.id for rule in book.rules}


def test_ways_of_writing_are_those_of_the_grammar() -> None:
    assert set(get_args(Normalization)) == set(NORMALIZERS)


def test_codes_across_accounts_are_ours_alone() -> None:
    api = {code for book in BOOKS.values() for code in (*book.codes, *book.advice)}
    assert not api & {rule.code for rule in COHORT.values()}
    assert all(rule.code.startswith("cohort:") for rule in COHORT.values())
    assert not any(code.startswith("cohort") for code in api)


def test_every_code_is_in_use() -> None:
    answered = {spec.code for book in BOOKS.values() for spec in book.responses.values()}
    spoken = {rule.code for rule in RULES.values()} | {book.refusal for book in BOOKS.values()} | answered
    off = re.findall(r'^code = "(.+)"$', "\n".join(file.read_text("utf-8") for file in RULE_FILES), re.MULTILINE)
    in_source = {word for module in MODULES for word in re.findall(r'"([a-z_]+)"', module.read_text("utf-8"))}
    for code, spec in next(iter(BOOKS.values())).codes.items():
        users = in_source | answered if spec.basis == "framework" else spoken | set(off)
        assert code in users, code


def test_every_advice_is_in_use() -> None:
    in_source = {word for module in MODULES for word in re.findall(r'"([a-z_]+)"', module.read_text("utf-8"))}
    spoken = {rule.code for rule in RULES.values()} | in_source
    assert not next(iter(BOOKS.values())).advice.keys() - spoken


def test_no_market_is_named_in_the_code() -> None:
    named = re.compile(r"""["'](pt|dk|PT|DK)["']|Portug|Denmark|Danish""")
    assert not [module.name for module in MODULES if named.search(module.read_text("utf-8"))]


def test_schema_is_that_of_the_grammar() -> None:
    written = json.loads((ROOT / "rules" / "rules.schema.json").read_text("utf-8"))
    assert written == rule_language_schema(), "run make schema"


def test_manual_of_the_rule_language_knows_every_word() -> None:
    manual = (ROOT / "rules" / "README.md").read_text("utf-8")
    words = [*OPERATORS, *SCALAR_TYPES, *Rule.model_fields, *CohortRule.model_fields, *NORMALIZERS]
    assert not [word for word in words if f"`{word}`" not in manual]


def test_files_are_short() -> None:
    lengths = {str(file.relative_to(ROOT)): len(file.read_text("utf-8").splitlines()) for file in RULE_FILES + MODULES}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_every_object_is_reached() -> None:
    for book in BOOKS.values():
        reached: set[str] = set()
        left = [book.root]
        while left:
            name = left.pop()
            if name in book.objects and name not in reached:
                reached.add(name)
                spec = book.objects[name]
                left += [*spec.variants.values(), *(field.object or field.list or "" for field in spec.fields.values())]
        assert reached == set(book.objects)

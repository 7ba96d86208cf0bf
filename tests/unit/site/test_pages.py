"""The generated pages cover all rules, codes, fields, commands and operators, and link to each other."""

import posixpath
import re
import tomllib

import pytest

from docs.site.page import Page, escape
from docs.site.pages import all_texts, expand_navigation, generated_pages
from premigrate.api import markets
from premigrate.command.exit_codes import ExitCode
from premigrate.describe.fields_page import objects_in_order
from premigrate.ruleset.model.codes import AdviceCode, ErrorCode
from premigrate.ruleset.model.cohort import CohortRule
from premigrate.ruleset.model.rules import OPERATORS, Rule
from tests.books import shipped_book
from tests.payloads import ROOT

LINK = re.compile(r"\]\(([^)#:\s]*)(?:#([^)\s]*))?\)")
CODE = re.compile(r"(?ms)^ *```.*?^ *```$")
ANCHOR = re.compile(r"(?m)^#+ .*\{ #([^ ]+)")
RULESETS = {market: shipped_book(market) for market in markets()}


@pytest.fixture(scope="module")
def pages() -> dict[str, Page]:
    return generated_pages(ROOT)


def test_every_rule_has_a_page_with_its_toml(pages: dict[str, Page]) -> None:
    for ruleset in RULESETS.values():
        rules: list[Rule | CohortRule] = [*ruleset.rules, *ruleset.disabled]
        for rule in [*rules, *ruleset.cohort_rules, *ruleset.disabled_cohort_rules]:
            text = pages[f"reference/rules/{rule.id}.md"].text
            (written,) = re.findall(r"(?ms)^```toml title=[^\n]*\n(.*?)\n```$", text)
            ((table,),) = tomllib.loads(written).values()
            assert table["id"] == rule.id
            assert table["why"] == rule.why
            assert f"| {ruleset.title} |" in text


def test_a_rule_shows_the_examples_of_each_market_that_has_its_own(pages: dict[str, Page]) -> None:
    text = pages["reference/rules/postcode-format.md"].text
    for ruleset in RULESETS.values():
        examples = text.partition(f"## Examples that pass in {ruleset.title} ")[2].partition("## ")[0]
        form = ruleset.schemes["postal_code"].arguments_for(ruleset.territory)
        assert f'\n"{form.good[0]}"\n' in examples
    assert "\n## Examples that pass { " in pages["reference/rules/email-not-test.md"].text


def test_every_code_has_a_page_with_its_text(pages: dict[str, Page]) -> None:
    for ruleset in RULESETS.values():
        codes: dict[str, ErrorCode | AdviceCode] = {**ruleset.codes, **ruleset.advice}
        for name, spec in codes.items():
            text = pages[f"reference/codes/{name}.md"].text
            assert re.search(r"(?m)^\| Text", text), name
            assert re.search(r"(?m)^\| Status \| \S", text), name
            assert escape(spec.meaning) in text
            assert f"| [`{name}`](codes/{name}.md) | {escape(spec.meaning)} |" in pages["reference/codes.md"].text


def test_every_field_of_every_market_has_a_section(pages: dict[str, Page]) -> None:
    for ruleset in RULESETS.values():
        for name in objects_in_order(ruleset):
            text = pages[f"reference/objects/{name}.md"].text
            anchors = ANCHOR.findall(text)
            assert not [key for key in ruleset.objects[name].fields if key not in anchors], name
            assert text.count("\n- Value: ") >= len(anchors)
            assert ruleset.title in text


def test_every_operator_is_described_with_its_keys_and_an_example(pages: dict[str, Page]) -> None:
    for name in OPERATORS:
        text = pages[f"reference/operators/{name}.md"].text
        assert "\n## Example { data-search-exclude }\n" in text
        assert f"\n{name} = " in text
    total = pages["reference/operators/total.md"].text
    assert all(f"| `{key}` |" in total for key in ("add", "subtract", "equals", "within"))


def test_every_option_of_a_command_is_described(pages: dict[str, Page]) -> None:
    check = pages["reference/commands/check.md"].text
    assert "### `--fail-on KIND` { #fail-on }" in check
    fail_on = check.partition("{ #fail-on }")[2].partition("###")[0]
    assert "\n- Default: error\n- Choices: `error`, `advice`\n- Setting in [`premigrate.toml`]" in fail_on
    assert "Setting in" not in check.partition("{ #stdin-filename }")[2].partition("###")[0]
    index = pages["reference/commands/index.md"].text
    assert "| [`tenant diff`](tenant-diff.md) |" in index
    assert [code for code in ExitCode if not re.search(rf"(?m)^\| {code} \| [A-Z]", index)] == []


def test_links_between_pages_lead_somewhere(pages: dict[str, Page]) -> None:
    texts = {path: CODE.sub("", text) for path, text in all_texts(ROOT, pages).items()}
    anchors = {path: set(ANCHOR.findall(text)) for path, text in texts.items()}
    for path in pages:
        for target, anchor in LINK.findall(texts[path]):
            page = posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) if target else path
            assert page in texts, (path, target)
            assert not anchor or anchor in anchors[page], (path, target, anchor)


def test_the_navigation_names_the_pages_that_a_pattern_matches(pages: dict[str, Page]) -> None:
    entries = ["README.md", {"Operators": ["reference/operators/*"]}, "rules/*/FIELDS.md"]
    first, operators, *fields = expand_navigation(entries, pages)
    assert first == "README.md"
    assert [*operators["Operators"]][:2] == [
        {"All operators": "reference/operators/index.md"},
        {OPERATORS[0]: f"reference/operators/{OPERATORS[0]}.md"},
    ]
    assert fields == [{f"{each.title}: fields": f"rules/{market}/FIELDS.md"} for market, each in RULESETS.items()]


def test_no_market_is_named_in_the_generator() -> None:
    named = re.compile("|".join(rf"""["']{market}["']|{each.title}""" for market, each in RULESETS.items()))
    assert not [file.name for file in (ROOT / "docs" / "site").glob("*.py") if named.search(file.read_text("utf-8"))]

"""The pages of the rules: one for each, with all that is known about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docs.site.page import Page, code, escape
from docs.site.places import CATALOGUE, rule_path
from docs.site.rule_facts import facts_of_cohort_rule, facts_of_rule
from docs.site.states import reasons_of, state_cell
from premigrate.describe.examples import format_example
from premigrate.describe.explain import rule_examples
from premigrate.describe.rule_source import written_tables
from premigrate.ruleset.model.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docs.site.site_rules import SiteRule, SiteRules
    from premigrate.ruleset.model.fixes import Fix


def rule_pages(rules: SiteRules) -> Iterator[Page]:
    """Yield a page for each rule and cohort rule."""
    for rule_id, each in rules.rules.items():
        page = Page(rule_path(rule_id), f"Rule {code(rule_id)}", rule_id, ("All rules", CATALOGUE))
        page.paragraph(escape(each.rule.why))
        if isinstance(each.rule, Rule):
            page.table(("", ""), facts_of_rule(page, each, each.rule, rules))
        else:
            page.table(("", ""), facts_of_cohort_rule(page, each, each.rule))
        _states(page, each, rules)
        _examples(page, each)
        _fixes(page, each)
        page.section("TOML", in_search=False)
        kind = "rule" if isinstance(each.rule, Rule) else "cohort"
        page.block("toml", written_tables(each.file)[kind, rule_id], f"rules/{each.file}")
        yield page


def _states(page: Page, each: SiteRule, rules: SiteRules) -> None:
    page.section("State in each market", in_search=False)
    rows = []
    for market, ruleset in rules.markets.items():
        states = each.states.get(market, [])
        reasons = reasons_of(states)
        if change := ruleset.attr_changes.get(each.rule.id):
            reasons.append(f"Reported at {code(change.attr)}: {escape(change.because)}")
        if renamed := ruleset.code_changes.get(each.rule.id):
            reasons.append(f"Has the code {code(renamed.code)}: {escape(renamed.because)}")
        rows.append((ruleset.title, state_cell(page, states), "<br>".join(reasons)))
    page.table(("market", "state", "reason"), rows)


def _examples(page: Page, each: SiteRule) -> None:
    """Show good and bad values as JSON, one on each line; those of a rule that is never checked do not exist."""
    rule = each.rule
    if isinstance(rule, Rule):
        shown = dict(rule_examples(rule, each.ruleset))
    else:
        shown = {"good": list(map(format_example, rule.good)), "bad": list(map(format_example, rule.bad))}
        shown["example_lists"] = [f"{name}: {format_example(rows)}" for name, rows in rule.example_lists.items()]
    for kind, title in (("good", "Examples that pass"), ("bad", "Examples that fail")):
        if shown.get(kind):
            page.section(title, in_search=False)
            page.block("json", "\n".join(shown[kind]))
    if shown.get("example_lists"):
        page.paragraph("These examples use the following content of reference lists:")
        page.block("text", "\n".join(shown["example_lists"]))


def _fixes(page: Page, each: SiteRule) -> None:
    fixes = [fix for fix in each.ruleset.fixes if _resolves(fix, each)]
    if fixes:
        page.section("Fixes", in_search=False)
        safety = {True: "safe", False: "unsafe: a person has to look at it"}
        page.items(f"{code(fix.id)} ({safety[fix.safe]}): {escape(fix.title)}" for fix in fixes)


def _resolves(fix: Fix, each: SiteRule) -> bool:
    form = each.rule.format.is_ if isinstance(each.rule, Rule) and each.rule.format else None
    return bool(form in fix.formats or each.rule.id in fix.rules or {*each.codes.values()} & {*fix.codes})

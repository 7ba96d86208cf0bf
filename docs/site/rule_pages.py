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
    from premigrate.ruleset.model.cohort import CohortRule
    from premigrate.ruleset.model.fixes import Fix

_TITLES = {"example_lists": "Lists of the examples", "good": "Examples that pass", "bad": "Examples that fail"}


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
        _examples(page, each, rules)
        _fixes(page, each, rules)
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


def _examples(page: Page, each: SiteRule, rules: SiteRules) -> None:
    """Show values that pass and fail as JSON, one on each line; several times if markets have different ones."""
    groups: dict[tuple[tuple[str, tuple[str, ...]], ...], list[str]] = {}
    for market in each.states:
        shown = tuple((kind, tuple(examples)) for kind, examples in _examples_in(market, each, rules).items())
        groups.setdefault(shown, []).append(market)
    for group, markets in groups.items():
        where = f" in {', '.join(map(rules.title, markets))}" if len(groups) > 1 else ""
        for kind, examples in group:
            if examples:
                page.section(f"{_TITLES[kind]}{where}", in_search=False)
                page.block("text" if kind == "example_lists" else "json", "\n".join(examples))


def _examples_in(market: str, each: SiteRule, rules: SiteRules) -> dict[str, list[str]]:
    """Return the examples of a rule in a market by kind; none if it is off there, but on elsewhere."""
    if not each.is_on(market) and any(map(each.is_on, each.states)):
        return {}
    if market in each.parts:
        return dict(rule_examples(each.parts[market][0], rules.markets[market]))
    rule: CohortRule = each.rule  # type: ignore[assignment] # only these have no parts
    lists = [f"{name}: {format_example(rows)}" for name, rows in rule.example_lists.items()]
    good, bad = list(map(format_example, rule.good)), list(map(format_example, rule.bad))
    return {"example_lists": lists, "good": good, "bad": bad}


def _fixes(page: Page, each: SiteRule, rules: SiteRules) -> None:
    known = {fix.id: fix for ruleset in rules.markets.values() for fix in ruleset.fixes}
    fixes = [fix for fix in known.values() if _resolves(fix, each)]
    if fixes:
        page.section("Fixes", in_search=False)
        safety = {True: "safe", False: "unsafe, needs a review"}
        page.items(f"{code(fix.id)} ({safety[fix.safe]}): {escape(fix.title)}" for fix in fixes)


def _resolves(fix: Fix, each: SiteRule) -> bool:
    form = each.rule.format.is_ if isinstance(each.rule, Rule) and each.rule.format else None
    return bool(form in fix.formats or each.rule.id in fix.rules or {*each.codes.values()} & {*fix.codes})

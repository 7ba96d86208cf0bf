"""The page of all rules, and the page of each market with the state of the rules there."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from docs.site.page import Page, escape
from docs.site.places import (
    CATALOGUE,
    CONSTRAINTS,
    FACTS,
    LISTS,
    WITHOUT_RULE,
    code_link,
    field_link,
    market_catalogue_path,
    market_fields_path,
    rule_link,
)
from docs.site.states import MEANINGS, reasons_of, state_cell
from premigrate.ruleset.model.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from docs.site.site_rules import SiteRule, SiteRules


def catalogue_pages(rules: SiteRules) -> Iterator[Page]:
    """Yield the page of all rules, and the page of each market."""
    yield _all_rules(rules)
    for market in rules.markets:
        yield _market(market, rules)


def _all_rules(rules: SiteRules) -> Page:
    page = Page(CATALOGUE, "All rules", "All rules")
    states = [page.link(ruleset.title, market_catalogue_path(name)) for name, ruleset in rules.markets.items()]
    page.paragraph(
        f"This page lists the rules of all markets by object. The page of a rule shows all that is known about it. The "
        f"state of each rule in a market is on the page of the market: {', '.join(states)}."
    )
    page.items(
        [
            f"{page.link('Reference lists', LISTS)} and {page.link('facts', FACTS)} that rules need",
            page.link("Constraints in the texts of fields", CONSTRAINTS) + ", and what checks them",
            page.link("Published validations without a rule", WITHOUT_RULE) + ", and why",
        ]
    )
    for title, group in _groups(rules.rules.values()):
        page.section(title)
        if "`" not in title and group[0].object in title:
            page.paragraph(f"These rules are about the object {field_link(page, group[0].object)}.")
        rows = (
            (rule_link(page, each.rule.id), code_link(page, each.rule.code), escape(each.rule.why)) for each in group
        )
        page.table(("rule", "code", "why"), rows)
    return page


def _groups(rules: Iterable[SiteRule]) -> Iterator[tuple[str, list[SiteRule]]]:
    """Yield the errors by object, then the advice, then the rules across accounts."""
    found: dict[str, list[SiteRule]] = {}
    for each in rules:
        if not isinstance(each.rule, Rule):
            found.setdefault("Rules across accounts", []).append(each)
        else:
            found.setdefault("Advice" if each.rule.level == "advice" else each.object, []).append(each)
    last = [name for name in ("Advice", "Rules across accounts") if name in found]
    yield from ((name, found[name]) for name in [*(each for each in found if each not in last), *last])


def _market(market: str, rules: SiteRules) -> Page:
    ruleset = rules.markets[market]
    page = Page(market_catalogue_path(market), f"Rules: {ruleset.title}", f"{ruleset.title}: rules")
    fields = page.link("the fields of its payload", market_fields_path(market))
    page.paragraph(f"This page shows the state of each rule in {ruleset.title}. See also {fields}.")
    mine = [each for each in rules.rules.values() if market in each.states]
    counts = Counter(each.states[market][0].state for each in mine)
    page.table(("state", "rules", "meaning"), ((name, str(counts[name]), text) for name, text in MEANINGS.items()))
    for title, group in _groups(mine):
        page.section(title)
        page.table(("rule", "code", "state"), (_row(page, each, market) for each in group))
    return page


def _row(page: Page, each: SiteRule, market: str) -> tuple[str, str, str]:
    states = each.states[market]
    reasons = reasons_of(state for state in states if state.state in {"off", "not for this market"})
    cell = ": ".join([state_cell(page, states), *([" ".join(reasons)] if reasons else [])])
    return rule_link(page, each.rule.id), code_link(page, each.codes[market]), cell

"""What is known about a rule: its error, what it reads, and the evidence for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docs.site.page import code, codes, escape
from docs.site.places import code_link, fact_link, field_link, list_link, operator_path
from premigrate.describe.detail_bases import DETAIL_BASES
from premigrate.describe.market_states import format_facts
from premigrate.ruleset.model.rules import FOUND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docs.site.page import Page
    from docs.site.site_rules import SiteRule, SiteRules
    from premigrate.ruleset.model.codes import ErrorCode
    from premigrate.ruleset.model.cohort import CohortRule
    from premigrate.ruleset.model.rules import Rule


def facts_of_rule(page: Page, each: SiteRule, rule: Rule, rules: SiteRules) -> Iterator[tuple[str, str]]:
    """Yield what is known about a rule, each with its title."""
    yield "Level", "advice, which is never part of a response of the API" if rule.level == "advice" else "error"
    yield from _codes(page, each, rules)
    yield "Applies to", ", ".join(field_link(page, place) for place in each.places)
    yield "`attr` of the error", _attr(rule)
    yield "Operator", page.link(code(rule.operator), operator_path(rule.operator))
    if rule.validation and rule.validation != rule.id:
        yield "Part of the validation", code(rule.validation)
    yield from _evidence(page, each)
    for name, value in rule.if_tenant.items():
        yield "Needs the fact", f"{code(format_facts({name: value}))}: {fact_link(page, name)}"


def facts_of_cohort_rule(page: Page, each: SiteRule, rule: CohortRule) -> Iterator[tuple[str, str]]:
    """Yield what is known about a cohort rule, each with its title."""
    yield "Level", "clash: only `premigrate cohort` checks it, and it is never part of a response of the API"
    for name in dict.fromkeys(each.codes.values()):
        yield "Code", code_link(page, name)
    yield "Text", escape(rule.detail)
    yield "Applies to", code(rule.for_each or each.ruleset.root)
    yield "Compares", codes(rule.key.of) + (f", ignoring {', '.join(rule.key.ignore)}" if rule.key.ignore else "")
    if rule.same:
        yield "Must be the same", codes(rule.same.of)
    yield from _evidence(page, each)


def _codes(page: Page, each: SiteRule, rules: SiteRules) -> Iterator[tuple[str, str]]:
    """Yield each code that the rule has in the markets, with its text and how the text is known."""
    for name in dict.fromkeys(each.codes.values()):
        held = [rules.title(market) for market, other in each.codes.items() if other == name]
        where = f" ({', '.join(held)})" if len(held) < len(each.codes) else ""
        yield "Code", code_link(page, name) + where
        spec = each.ruleset.codes.get(name)
        if spec:
            yield "Text", _text_of(spec)
        elif name in each.ruleset.advice:
            yield "Text", escape(each.ruleset.advice[name].detail)


def _text_of(spec: ErrorCode) -> str:
    texts = dict.fromkeys([spec.detail] if spec.detail else spec.details.values())
    return f"{'<br>'.join(map(escape, texts))} *({spec.detail_basis}: {DETAIL_BASES[spec.detail_basis]})*"


def _attr(rule: Rule) -> str:
    if rule.attr == FOUND:
        return "each place that is wrong"
    if rule.attr:
        return f"{code(rule.attr)}, relative to the place that the rule applies to"
    return "the field" if all("." in place for place in rule.places) else "`non_field_errors` of the object or list"


def _evidence(page: Page, each: SiteRule) -> Iterator[tuple[str, str]]:
    yield "Evidence", f"{each.rule.basis}: {escape(each.rule.evidence)}"
    for name in sorted({name for name, *_ in each.rule.lists()}):
        yield "Needs the list", list_link(page, name)

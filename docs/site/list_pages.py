"""The pages of reference lists, facts, constraints, and published validations without a rule."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from docs.site.page import Page, code, codes, escape
from docs.site.places import CATALOGUE, CONSTRAINTS, FACTS, LISTS, WITHOUT_RULE, field_link, rule_link, rule_links
from docs.site.states import state_cell
from premigrate.describe.catalogue import list_facts, list_reference_lists
from premigrate.describe.constraints import ListedConstraint, list_constraints

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docs.site.site_rules import SiteRules
    from premigrate.ruleset.model.ruleset import Ruleset

_MAX_VALUES = 200


def list_pages(rules: SiteRules) -> Iterator[Page]:
    """Yield a page for each of these subjects."""
    yield _lists(rules)
    yield _facts(rules)
    yield _constraints(rules)
    yield _without_rule(rules)


def _lists(rules: SiteRules) -> Page:
    page = Page(LISTS, "Reference lists", "Reference lists")
    page.paragraph(
        "Some rules look values up in a list that only a tenant knows. Supply it with `--references`: a `.txt` file "
        "has one value on each line, a `.csv` file has a header with the names of the columns, and a `.toml` file has "
        "several lists. A rule whose list is missing is not checked."
    )
    markets = list(rules.markets.values())
    for each in list_reference_lists(markets):
        name = each["list"]
        page.section(code(name), anchor=name)
        page.paragraph(escape(each["description"]))
        page.items([f"Columns: {codes(each['columns'])}", *_needed_by(page, name, rules)])
        for ruleset in markets:
            if ruleset.market in each["included_in"]:
                page.paragraph(f"The rules of {ruleset.title} include these values: {_values(ruleset, name)}")
    return page


def _needed_by(page: Page, name: str, rules: SiteRules) -> Iterator[str]:
    ids = [each.rule.id for each in rules.rules.values() if any(name == used for used, *_ in each.rule.lists())]
    places = dict.fromkeys(
        f"{owner}.{key}"
        for ruleset in rules.markets.values()
        for owner, spec in ruleset.objects.items()
        for key, field in spec.fields.items()
        if field.listed == name
    )
    if ids:
        yield f"Rules: {rule_links(page, ids)}"
    if places:
        yield f"Choices of the fields: {', '.join(field_link(page, place) for place in places)}"


def _values(ruleset: Ruleset, name: str) -> str:
    rows = [", ".join(row) for row in islice(ruleset.lists[name].rows(), _MAX_VALUES + 1)]
    more = ", and more" if len(rows) > _MAX_VALUES else ""
    return "; ".join(map(code, rows[:_MAX_VALUES])) + more


def _facts(rules: SiteRules) -> Page:
    page = Page(FACTS, "Facts about a tenant", "Facts")
    page.paragraph(
        "Some rules apply only if a fact about the tenant holds. State facts under `[tenant]` in an overlay, as true "
        "or false. A rule whose fact is not stated is not checked."
    )
    for each in list_facts(rules.markets.values()):
        page.section(code(each["fact"]), anchor=each["fact"])
        page.paragraph(escape(each["description"]))
        stated = [f"Stated for {rules.title(market)}: {str(value).lower()}" for market, value in each["stated"].items()]
        page.items([f"Rules: {rule_links(page, each['rules'])}", *stated])
    return page


def _constraints(rules: SiteRules) -> Page:
    page = Page(CONSTRAINTS, "Constraints in the texts of fields", "Constraints in texts")
    page.paragraph("The published texts of fields state these constraints. The last column says what checks them.")
    found = list_constraints(rules.markets.values())
    for name in dict.fromkeys(each.on.partition(".")[0] for each in found):
        page.section(code(name), anchor=name)
        mine = (each for each in found if each.on.partition(".")[0] == name)
        rows = ((field_link(page, each.on), escape(each.says), _answer(page, each, rules)) for each in mine)
        page.table(("field", "constraint", "checked by"), rows)
    return page


def _answer(page: Page, each: ListedConstraint, rules: SiteRules) -> str:
    if each.answer == "not checked":
        return f"nothing: {escape(each.reason)}"
    note = f"; {escape(each.note)}" if each.note else ""
    if each.answer == "field":
        return f"the field: {escape(each.field)}{note}"
    return "<br>".join(_rule(page, rule_id, each, rules) for rule_id in each.rules) + note


def _rule(page: Page, rule_id: str, each: ListedConstraint, rules: SiteRules) -> str:
    """Return a link to a rule, and the markets in which not every run checks it."""
    states = {rules.title(market): state_cell(page, [state]) for market, state in each.rules[rule_id].items()}
    open_in = "; ".join(f"{title}: {cell}" for title, cell in states.items() if cell != "checked")
    return rule_link(page, rule_id) + (f" ({open_in})" if open_in else "")


def _without_rule(rules: SiteRules) -> Page:
    page = Page(WITHOUT_RULE, "Published validations without a rule", "Validations without a rule")
    page.paragraph(
        "No rule checks these validations in the markets that are named. "
        f"{page.link('All rules', CATALOGUE)} lists the others."
    )
    found: dict[tuple[str, str, str, tuple[str, ...]], list[str]] = {}
    for ruleset in rules.markets.values():
        for each in ruleset.not_applicable:
            for name, names in each.validations.items():
                found.setdefault((each.why, each.source, name, tuple(names)), []).append(ruleset.title)
    for why, source in dict.fromkeys((why, source) for why, source, *_ in found):
        page.paragraph(f"{escape(why)} *({escape(source)})*")
        mine = {key: markets for key, markets in found.items() if key[:2] == (why, source)}
        rows = ((code(name), codes(names) or "none", ", ".join(markets)) for (*_, name, names), markets in mine.items())
        page.table(("validation", "codes", "markets"), rows)
    return page

"""The paths of the generated pages, by what they describe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docs.site.page import code

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docs.site.page import Page

CATALOGUE = "rules/CATALOGUE.md"
CODES = "reference/codes.md"
OBJECTS = "reference/fields.md"
LISTS = "reference/lists.md"
FACTS = "reference/facts.md"
CONSTRAINTS = "reference/constraints.md"
WITHOUT_RULE = "reference/without-rule.md"
COMMANDS = "reference/commands/index.md"
OPERATORS = "reference/operators/index.md"
LANGUAGE = "rules/REFERENCE.md"
CONFIGURATION = "docs/configuration.md"


def rule_path(rule_id: str) -> str:
    """Return the path of the page of a rule."""
    return f"reference/rules/{rule_id}.md"


def code_path(name: str) -> str:
    """Return the path of the page of a code, which may be one of a cohort rule, such as ``cohort:x``."""
    return f"reference/codes/{name.replace(':', '-')}.md"


def object_path(name: str) -> str:
    """Return the path of the page of an object."""
    return f"reference/objects/{name}.md"


def operator_path(name: str) -> str:
    """Return the path of the page of an operator."""
    return f"reference/operators/{name}.md"


def market_catalogue_path(market: str) -> str:
    """Return the path of the page with the state of each rule in a market."""
    return f"rules/{market}/CATALOGUE.md"


def market_fields_path(market: str) -> str:
    """Return the path of the page with the objects of a market."""
    return f"rules/{market}/FIELDS.md"


def rule_link(page: Page, rule_id: str) -> str:
    """Return a link to a rule."""
    return page.link(code(rule_id), rule_path(rule_id))


def code_link(page: Page, name: str) -> str:
    """Return a link to a code."""
    return page.link(code(name), code_path(name))


def field_link(page: Page, place: str) -> str:
    """Return a link to a field, as ``object.field``, or to an object."""
    name, _, key = place.partition(".")
    return page.link(code(place), object_path(name), key)


def list_link(page: Page, name: str) -> str:
    """Return a link to a reference list."""
    return page.link(code(name), LISTS, name)


def fact_link(page: Page, name: str) -> str:
    """Return a link to a fact about tenants."""
    return page.link(code(name), FACTS, name)


def rule_links(page: Page, ids: Iterable[str]) -> str:
    """Return links to several rules, separated by commas."""
    return ", ".join(rule_link(page, each) for each in ids)

"""All pages of the site by path, and the navigation with the generated ones."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from docs.site.catalogue_pages import catalogue_pages
from docs.site.code_pages import code_pages
from docs.site.command_pages import command_pages
from docs.site.field_pages import field_pages
from docs.site.list_pages import list_pages
from docs.site.operator_pages import operator_pages
from docs.site.repository import RepositoryPages
from docs.site.rule_pages import rule_pages
from docs.site.site_rules import SiteRules

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from docs.site.page import Page


def generated_pages(root: Path) -> dict[str, Page]:
    """Return the pages that describe the rules and commands, by path."""
    rules = SiteRules()
    pages = [
        *command_pages(),
        *code_pages(rules),
        *field_pages(rules, root),
        *list_pages(rules),
        *catalogue_pages(rules),
        *rule_pages(rules),
        *operator_pages(rules),
    ]
    return {page.path: page for page in pages}


def all_texts(root: Path, generated: Mapping[str, Page]) -> dict[str, str]:
    """Return the Markdown of all pages of the site, by path."""
    texts = {path: page.text for path, page in generated.items()}
    return {**texts, **dict(RepositoryPages(root, generated).texts())}


def expand_navigation(entries: list[Any], generated: Mapping[str, Page]) -> list[Any]:
    """Return a navigation in which each pattern, such as ``commands/*``, is replaced by the pages that it matches."""
    expanded: list[Any] = []
    for entry in entries:
        if isinstance(entry, str) and "*" in entry:
            expanded += [{page.label: path} for path, page in generated.items() if fnmatchcase(path, entry)]
        elif isinstance(entry, dict):
            expanded.append({title: _expand_value(value, generated) for title, value in entry.items()})
        else:
            expanded.append(entry)
    return expanded


def _expand_value(value: Any, generated: Mapping[str, Page]) -> Any:  # noqa: ANN401 - a path or entries
    return expand_navigation(value, generated) if isinstance(value, list) else value

"""Finds what a market still lacks: keys, formats, examples, cases and pages, and what clashes with other markets."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from premigrate.accounts.identity import supplier_patterns
from premigrate.exceptions import BadRules, Problem
from premigrate.rule_tests.overlay import check_examples
from premigrate.ruleset.load import load_market_folder
from premigrate.ruleset.rule_files import market_names, read_market_files, rules_root
from premigrate.ruleset.switches import DROPPED
from premigrate.tenant.market.payloads import missing_payloads
from premigrate.tenant.market.supplier_clashes import supplier_clashes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from premigrate.ruleset.model.rules import Rule
    from premigrate.ruleset.model.ruleset import Ruleset
    from premigrate.tenant.market.paths import MarketFolder


def missing_in(folder: MarketFolder, as_of: date) -> list[Problem]:
    """Return everything that a market lacks.

    Args:
        folder: the folder of the market.
        as_of: the date used as today for examples and cases.

    Raises:
        BadRules: a rule file has mistakes, or an example of a rule or scheme fails.

    """
    ruleset = load_market_folder(folder.rules)
    own = f"{folder.name}/"
    examples = check_examples(
        ruleset, as_of, folder.name, lambda kind, name: ruleset.source_files.get(f"{kind} {name}", "").startswith(own)
    )
    if examples.problems:
        raise BadRules(examples.problems)
    return [
        *_missing_keys(folder, ruleset),
        *_missing_schemes(folder, ruleset),
        *_needless_switches(folder, ruleset),
        *_clashes(folder, ruleset),
        *missing_payloads(folder, ruleset, as_of),
        *_missing_pages(folder, ruleset),
    ]


def _missing_keys(folder: MarketFolder, ruleset: Ruleset) -> Iterator[Problem]:
    file = folder.shown(folder.market_file)
    needed = {
        "title": (ruleset.title, "the name of the country in English"),
        "territory": (ruleset.territory, "the ISO 3166 code of the country, such as NO"),
        "suppliers": (ruleset.suppliers, "patterns of the import_supplier codes of the market"),
        "timezone": (ruleset.timezones, "the time zone of the API's server, or a list of the possible ones"),
    }
    for key, (value, meaning) in needed.items():
        if not value:
            yield Problem(file, f"[market] {key}", f"is missing: {meaning}")


def _missing_schemes(folder: MarketFolder, ruleset: Ruleset) -> Iterator[Problem]:
    """Yield the schemes that rules need, except rules that the market disables or only an overlay enables."""
    file, country = folder.shown(folder.market_file), ruleset.territory
    answered = {rule.format.is_ for rule in ruleset.disabled if rule.format and _is_disabled_by_market(ruleset, rule)}
    for name, rules in _rules_by_scheme(ruleset).items():
        or_disable = f"; or disable {', '.join(rules)} with the reason"
        scheme = ruleset.schemes.get(name)
        if scheme is None:
            yield Problem(file, f"[scheme.{name}]", f"is missing: define the format{or_disable}")
        elif scheme.territories and country and country not in scheme.territories and name not in answered:
            place = f"[scheme.{name}.territories.{country}]"
            yield Problem(file, place, f"is missing: define the format in this country{or_disable}")


def _rules_by_scheme(ruleset: Ruleset) -> dict[str, list[str]]:
    """Return the ids of the rules that are on, or off because of their format alone, by the scheme of the format."""
    found: dict[str, list[Rule]] = {}
    for rule in (*ruleset.rules, *ruleset.disabled):
        is_open = rule not in ruleset.disabled or ruleset.lacks_format(rule)
        if rule.format and is_open and rule.disabled is None:
            found.setdefault(rule.format.is_, []).append(rule)
    return {
        name: [rule.id for rule in rules if rule.format and rule.format.territory is None] or [rules[0].id]
        for name, rules in found.items()
    }


def _is_disabled_by_market(ruleset: Ruleset, rule: Rule) -> bool:
    is_default = ruleset.lacks_format(rule) or ruleset.off_reasons.get(rule.id) in {DROPPED, rule.disabled}
    return not is_default


def _needless_switches(folder: MarketFolder, ruleset: Ruleset) -> Iterator[Problem]:
    file = folder.shown(folder.market_file)
    for name in ruleset.needless_switches:
        yield Problem(file, f"[disabled] {name}", "is not needed: the market drops all fields of the rule")


def _clashes(folder: MarketFolder, ruleset: Ruleset) -> Iterator[Problem]:
    """Yield suppliers and ids of rules that another market has, too."""
    file = folder.shown(folder.market_file)
    others = {market: globs for market, globs in supplier_patterns().items() if market != folder.name}
    for pattern, market, other in supplier_clashes(ruleset.suppliers, others):
        message = f"{pattern} clashes with {other} of {market}: no code may belong to two markets"
        yield Problem(file, "[market] suppliers", message)
    theirs = {name: market for market in market_names() if market != folder.name for name in _rule_ids(market)}
    for rule in (*ruleset.rules, *ruleset.disabled):
        source = ruleset.source_files.get(f"rule {rule.id}", "")
        if source.startswith(f"{folder.name}/") and rule.id in theirs:
            yield Problem(f"rules/{source}", f"[[rule]] {rule.id}", f"is the id of a rule of {theirs[rule.id]}")


def _rule_ids(market: str) -> Iterator[str]:
    for _, text in read_market_files(rules_root() / market):
        yield from (rule["id"] for rule in tomllib.loads(text).get("rule", ()))


def _missing_pages(folder: MarketFolder, ruleset: Ruleset) -> Iterator[Problem]:
    from premigrate.describe.fields_page import render_fields_page
    from premigrate.describe.market_catalogue import render_market_catalogue

    pages = {"CATALOGUE.md": render_market_catalogue, "FIELDS.md": render_fields_page}
    for name, render in pages.items():
        page = folder.rules / name
        if not page.is_file():
            yield Problem(folder.shown(page), "", "is missing; write it with make catalogue")
        elif page.read_text("utf-8") != "".join(f"{line}\n" for line in render(ruleset)):
            yield Problem(folder.shown(page), "", "is older than the rules; update it with make catalogue")

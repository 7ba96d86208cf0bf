"""The rules and explain commands."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import click

from premigrate.api import markets
from premigrate.command.completion import complete_topics
from premigrate.command.help_format import HelpCommand
from premigrate.command.options import (
    chosen_market,
    config_option,
    format_option,
    market_option,
    overlay_option,
    references_option,
)
from premigrate.command.streams import echo
from premigrate.describe.market import rule_language_schema, ruleset_of
from premigrate.exceptions import BadArgument, BadRules
from premigrate.report.run import escape_lines, pluralize, strict_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from premigrate.rule_tests.overlay import ExampleReport
    from premigrate.ruleset.model.ruleset import Ruleset

_CONFIGURED = ("market", "overlay", "references")
# Modules that render output import the grammar of rule files. They are imported when needed, to keep --help fast.


@click.command(
    cls=HelpCommand,
    examples=["premigrate rules --market pt", "premigrate rules --overlay tenant.toml --test"],
)
@config_option(*_CONFIGURED)
@market_option("Show only this market.  [default: that of the overlay, else all]")
@overlay_option
@references_option
@format_option(["text", "json", "markdown"])
@click.option(
    "--lists", is_flag=True, help="List the reference lists and tenant facts that you can supply, instead of rules."
)
@click.option("--test", is_flag=True, help="Only test the rules of the overlay with their examples.")
@click.option("--schema", is_flag=True, help="Only write the JSON Schema of rule files.")
def rules(  # noqa: PLR0913 - one argument an option
    market: str | None,
    overlay: str | None,
    references: str | None,
    output: str,
    *,
    lists: bool,
    test: bool,
    schema: bool,
) -> None:
    """List the rules of each market.

    The list shows which rules are checked, which need a reference list or a tenant fact, and which are off and why.
    With --format markdown, the output is the catalogue: the page that all markets share or, with --market or --overlay,
    the page of one market. The rules of an overlay are tested with their examples, each rule alone: good examples must
    pass, and bad examples must violate the rule.

    Exit code: 0 success, 2 wrong usage, 3 invalid rules or failed examples.
    """
    from premigrate.describe.catalogue import catalogue_data
    from premigrate.describe.explain import render_lists, render_rules

    if schema:
        echo(json.dumps(rule_language_schema(), indent=2))
        return
    rulesets = _rulesets(market, overlay, references)
    trial = _check_examples(rulesets[0]) if overlay else None
    if test:
        if trial is None:
            raise BadArgument("--test requires --overlay, because it tests the rules of an overlay")
        rules_tried = f"{trial.rules} {'rule' if trial.rules == 1 else 'rules'}"
        echo(f"{overlay}: {rules_tried} tested with {pluralize(trial.examples, 'example')}, no failures")
        return
    if output == "json":
        echo(strict_json(catalogue_data(rulesets), 2))
        return
    if output == "markdown":
        written = _catalogue(rulesets[0] if market or overlay else None)
    else:
        written = render_lists(rulesets) if lists else (line for ruleset in rulesets for line in render_rules(ruleset))
    for line in written:
        echo(escape_lines(line))


def _catalogue(ruleset: Ruleset | None) -> Iterator[str]:
    """Return the lines of the catalogue page of a market, or of the page that all markets share."""
    from premigrate.describe.catalogue_page import render_catalogue
    from premigrate.describe.market_catalogue import render_market_catalogue
    from premigrate.ruleset.load import load_platform

    return render_market_catalogue(ruleset) if ruleset else render_catalogue(load_platform())


def _rulesets(market: str | None, overlay: str | None, references: str | None = None) -> list[Ruleset]:
    """Load the rules of a market that is named, or that the overlay extends; else those of all markets."""
    market = chosen_market(market, overlay)
    if overlay and not market:
        raise BadArgument(f"{overlay}: [market] extends is missing; add it, or name the market with --market")
    return [ruleset_of(name, overlay, references) for name in ([market] if market else markets())]


def _check_examples(ruleset: Ruleset) -> ExampleReport:
    """Test the rules of an overlay with their examples. Raises BadRules if an example fails."""
    from premigrate.cohort.rule_tests import check_cohort_examples
    from premigrate.rule_tests.overlay import ExampleReport, check_overlay_examples

    alone, across = check_overlay_examples(ruleset, date.today()), check_cohort_examples(ruleset, date.today())
    problems = alone.problems + across.problems
    if problems:
        raise BadRules(problems)
    return ExampleReport(alone.rules + across.rules, alone.examples + across.examples, problems)


@click.command(
    cls=HelpCommand, examples=["premigrate explain invalid_phone_number", "premigrate explain customers.mobile"]
)
@click.argument("topic", metavar="TOPIC", shell_complete=complete_topics)
@config_option(*_CONFIGURED)
@market_option("Show only this market.  [default: that of the overlay, else all]")
@overlay_option
@references_option
def explain(topic: str, market: str | None, overlay: str | None, references: str | None) -> None:
    """Explain a rule, code, field, object, reference list or fact.

    TOPIC is a rule id, an error code, the path of a field (with or without list positions), or the name of an object,
    a reference list or a tenant fact. The output shows the meaning and the evidence. For a rule, it also shows an
    example that passes and one that fails; for a field, its type, choices, rules and an example.
    """
    from premigrate.describe.explain import find_topics, render_topic
    from premigrate.describe.fields import find_fields, plain_path

    rulesets = _rulesets(market, overlay, references)
    topics = find_topics(rulesets)
    name = topic if topic in topics else plain_path(topic)
    if name not in topics and not any(find_fields(name, ruleset) for ruleset in rulesets):
        near = _nearest_topic(name, topics)
        offer = f"did you mean {near}?" if near else "premigrate rules lists all rules"
        raise BadArgument(f"there is no rule, code, field, list or fact {topic!r}; {offer}")
    for line in render_topic(name, rulesets):
        echo(escape_lines(line))


def _nearest_topic(name: str, topics: Iterable[str]) -> str:
    """Return the shortest path of a field with this name, or the most similar topic, ignoring case; empty if none."""
    from difflib import get_close_matches

    lower = {topic.lower(): topic for topic in sorted(topics)}
    fields = sorted((each for each in lower if each.endswith(f".{name.lower()}")), key=len)
    near = fields or get_close_matches(name.lower(), lower, 1)
    return lower[near[0]] if near else ""

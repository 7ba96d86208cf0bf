"""Tests the cohort rules of an overlay against their own examples, which are lists of accounts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from premigrate.cohort.clashes import Origin
from premigrate.cohort.compile import compile_cohort
from premigrate.cohort.key_store import KeyStore
from premigrate.cohort.keys import extract_keys
from premigrate.exceptions import BadRules
from premigrate.rule_tests.overlay import ExampleReport, TableExamples, summarize_examples
from premigrate.rule_tests.relaxed import expand_placeholders
from premigrate.ruleset.model.cohort import CohortRule
from premigrate.ruleset.model.ruleset import Ruleset
from premigrate.ruleset.problems import ProblemReport
from premigrate.ruleset.references import load_reference_lists


def check_cohort_examples(ruleset: Ruleset, as_of: date) -> ExampleReport:
    """Test the cohort rules that the overlay of a ruleset defines.

    Args:
        ruleset: the ruleset, loaded with the overlay.
        as_of: the date that ``<today>`` in examples stands for.

    """
    return summarize_examples(ruleset.overlay, _cohort(ruleset, as_of))


def _cohort(ruleset: Ruleset, as_of: date) -> Iterator[TableExamples]:
    for rule in (*ruleset.cohort_rules, *ruleset.disabled_cohort_rules):
        if ruleset.is_from_overlay("cohort", rule.id):
            size = sum(len(examples_of(rule, word, as_of)) for word in ("good", "bad"))
            yield f"[[cohort]] {rule.id}", size, failing_cohort_examples(ruleset, rule, as_of)


def examples_of(rule: CohortRule, verdict: str, as_of: date) -> list[Any]:
    """List the examples of a rule under the key ``verdict`` (good or bad), each a list of accounts."""
    examples: list[Any] = expand_placeholders(getattr(rule, verdict), as_of)
    return examples


def failing_cohort_examples(ruleset: Ruleset, rule: CohortRule, as_of: date) -> Iterator[tuple[str, str]]:
    """Yield the key of each example that does not pass or fail as declared, and the reason.

    Raises:
        BadRules: the rows that the rule gives for its reference lists are invalid.

    """
    report = ProblemReport()
    lists = {**ruleset.lists, **load_reference_lists(rule.example_lists, ruleset.lists, report)}
    if report.problems:
        raise BadRules(problem._replace(file=ruleset.overlay) for problem in report.problems)
    others = tuple(other for other in ruleset.cohort_rules if other.id != rule.id)
    plan = compile_cohort(replace(ruleset, lists=lists, cohort_rules=(*others, rule)))
    for word in ("good", "bad"):
        for number, accounts in enumerate(examples_of(rule, word, as_of)):
            with KeyStore(kilobytes=64) as gathering:
                for position, account in enumerate(accounts):
                    gathering.add(Origin("example", position), "", extract_keys(plan, account))
                broken = {group.rule for group in gathering.clashing_groups()}
            if broken != ({rule.id} if word == "bad" else set()):
                names = ", ".join(sorted(broken)) or "no rule"
                yield f"{word}.{number}", f"violates {names}; it must violate {rule.id if word == 'bad' else 'no rule'}"

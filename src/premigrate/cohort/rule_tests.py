"""Tests the cohort rules of an overlay against their own examples, which are lists of accounts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from premigrate.cohort.clashes import Origin
from premigrate.cohort.compile import compile_cohort
from premigrate.cohort.key_store import Gathering
from premigrate.cohort.keys import cohort_keys
from premigrate.exceptions import BadRules
from premigrate.rule_tests.overlay import Trial, Tried, summarize
from premigrate.rule_tests.samples import expand
from premigrate.ruleset.mistakes import Report
from premigrate.ruleset.model.cohort import CohortRule
from premigrate.ruleset.model.ruleset import Rulebook
from premigrate.ruleset.references import load_references


def try_cohort_rules(book: Rulebook, as_of: date) -> Trial:
    """Test the cohort rules that the overlay of a ruleset defines.

    Args:
        book: the ruleset, loaded with the overlay.
        as_of: the date that ``<today>`` in examples stands for.

    """
    return summarize(book.overlay, _cohort(book, as_of))


def _cohort(book: Rulebook, as_of: date) -> Iterator[Tried]:
    for rule in (*book.cohort, *book.idle_cohort):
        if book.is_own("cohort", rule.id):
            size = sum(len(cohorts_of(rule, word, as_of)) for word in ("good", "bad"))
            yield f"[[cohort]] {rule.id}", size, cohort_mistakes(book, rule, as_of)


def cohorts_of(rule: CohortRule, word: str, as_of: date) -> list[Any]:
    """List the examples of a rule under the key ``word`` (good or bad), each a list of accounts."""
    example = expand(getattr(rule, word), as_of)
    return list(example["any_of"]) if isinstance(example, dict) and "any_of" in example else [example]


def cohort_mistakes(book: Rulebook, rule: CohortRule, as_of: date) -> Iterator[tuple[str, str]]:
    """Yield the key of each example that does not pass or fail as declared, and the reason.

    Raises:
        BadRules: the rows that the rule gives for its reference lists are invalid.

    """
    report = Report()
    lists = {**book.lists, **load_references(rule.given, book.lists, report)}
    if report.problems:
        raise BadRules(problem._replace(file=book.overlay) for problem in report.problems)
    others = tuple(other for other in book.cohort if other.id != rule.id)
    plan = compile_cohort(replace(book, lists=lists, cohort=(*others, rule)))
    for word in ("good", "bad"):
        for number, accounts in enumerate(cohorts_of(rule, word, as_of)):
            if not isinstance(accounts, list):
                yield word, "is no list of accounts"
                continue
            with Gathering(kilobytes=64) as gathering:
                for position, account in enumerate(accounts):
                    gathering.add(Origin("example", position), "", cohort_keys(plan, account))
                broken = {group.rule for group in gathering.groups()}
            if broken != ({rule.id} if word == "bad" else set()):
                key = f"{word}.any_of.{number}" if number else word
                names = ", ".join(sorted(broken)) or "nothing"
                yield key, f"breaks {names}; it must break {rule.id if word == 'bad' else 'nothing'}"

"""Tries all that an overlay brings along: its rules, its rules across accounts, its schemes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from premigrate.compiler.cohort import compile_cohort
from premigrate.engine.cohort import cohort_keys
from premigrate.errors import BadRules, Origin, Problem
from premigrate.formats import FORMATS, Invalid
from premigrate.gathering import Gathering
from premigrate.loading.references import load_references
from premigrate.loading.report import Report
from premigrate.rulebook import CohortRule, Rulebook
from premigrate.trying.rules import RuleTrial, rules_to_try
from premigrate.trying.samples import expand


class Trial(NamedTuple):
    """How many rules and schemes were tried with how many examples, and which examples do not do what they say."""

    rules: int
    examples: int
    problems: tuple[Problem, ...]


def try_overlay(book: Rulebook, as_of: date) -> Trial:
    """Try what the overlay of a rulebook brings along.

    Args:
        book: the rulebook, loaded with the overlay.
        as_of: the day that counts as today in examples.

    """
    rules = examples = 0
    problems: list[Problem] = []
    for table, size, mistakes in (*_rules(book, as_of), *_cohort(book, as_of), *_schemes(book)):
        rules, examples = rules + 1, examples + size
        try:
            problems += [Problem(book.overlay, f"{table} {key}", message) for key, message in mistakes]
        except BadRules as error:
            problems += error.problems
    return Trial(rules, examples, tuple(problems))


Tried = tuple[str, int, Iterator[tuple[str, str]]]
"""The table that is tried, how many examples it has, and those that don't do what they say, with the reason."""


def _rules(book: Rulebook, as_of: date) -> Iterator[Tried]:
    trial = RuleTrial(book, as_of)
    for rule in rules_to_try(book):
        if book.is_own("rule", rule.id):
            yield f"[[rule]] {rule.id}", len(trial.examples(rule)), trial.mistakes(rule)


def _cohort(book: Rulebook, as_of: date) -> Iterator[Tried]:
    for rule in (*book.cohort, *book.idle_cohort):
        if book.is_own("cohort", rule.id):
            size = sum(len(cohorts_of(rule, word, as_of)) for word in ("good", "bad"))
            yield f"[[cohort]] {rule.id}", size, cohort_mistakes(book, rule, as_of)


def cohorts_of(rule: CohortRule, word: str, as_of: date) -> list[Any]:
    """List the good or bad examples of a rule across accounts, each a list of accounts."""
    example = expand(getattr(rule, word), as_of)
    return list(example["any_of"]) if isinstance(example, dict) and "any_of" in example else [example]


def cohort_mistakes(book: Rulebook, rule: CohortRule, as_of: date) -> Iterator[tuple[str, str]]:
    """Yield each example of a rule across accounts that does not do what it says, with the reason.

    Raises:
        BadRules: what the rule's reference lists are given can't be worked with.

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


def _schemes(book: Rulebook) -> Iterator[Tried]:
    for name, scheme in book.schemes.items():
        if book.is_own("scheme", name):
            forms = {f".territories.{key}": form for key, form in scheme.territories.items()} or {"": scheme}
            for key, form in forms.items():
                check = FORMATS[scheme.format](**form.arguments)
                refused = [text for text in form.good if isinstance(check(text), Invalid)]
                passed = [text for text in form.bad if not isinstance(check(text), Invalid)]
                mistakes = [("good", f"{text!r} is refused") for text in refused]
                mistakes += [("bad", f"{text!r} passes") for text in passed]
                yield f"[scheme.{name}{key}]", len(form.good) + len(form.bad), iter(mistakes)

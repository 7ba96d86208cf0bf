"""Tests what an overlay brings along with its own examples: rules and schemes."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from premigrate.exceptions import BadRules, Problem
from premigrate.formats.outcomes import Invalid
from premigrate.formats.registry import FORMATS
from premigrate.rule_tests.rules import RuleTrial, rules_to_try
from premigrate.ruleset.model.ruleset import Rulebook


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
    return summarize(book.overlay, (*_rules(book, as_of), *_schemes(book)))


Tried = tuple[str, int, Iterator[tuple[str, str]]]
"""A table, how many examples it has, and the key and the reason of each example that fails."""


def summarize(overlay: str, tried: Iterable[Tried]) -> Trial:
    """Count what was tested, and collect the examples that fail. ``overlay`` is the file to name in problems."""
    rules = examples = 0
    problems: list[Problem] = []
    for table, size, mistakes in tried:
        rules, examples = rules + 1, examples + size
        try:
            problems += [Problem(overlay, f"{table} {key}", message) for key, message in mistakes]
        except BadRules as error:
            problems += error.problems
    return Trial(rules, examples, tuple(problems))


def _rules(book: Rulebook, as_of: date) -> Iterator[Tried]:
    trial = RuleTrial(book, as_of)
    for rule in rules_to_try(book):
        if book.is_own("rule", rule.id):
            yield f"[[rule]] {rule.id}", len(trial.examples(rule)), trial.mistakes(rule)


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

"""Checks the rules, schemes and fixes of an overlay, or of a market, against their own examples."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import chain
from typing import NamedTuple

from premigrate.exceptions import BadRules, Problem
from premigrate.formats.interfaces import Invalid
from premigrate.formats.registry import FORMATS
from premigrate.rule_tests.fixes import fix_failures
from premigrate.rule_tests.rules import ExampleChecker, RuleExample, checkable_rules
from premigrate.rule_tests.unknown_keys import unknown_keys
from premigrate.ruleset.model.rule_file import FormatArguments
from premigrate.ruleset.model.ruleset import Ruleset


class ExampleReport(NamedTuple):
    """The number of checked tables, the number of their examples, and a problem for each example that fails."""

    rules: int
    examples: int
    problems: tuple[Problem, ...]


def check_overlay_examples(ruleset: Ruleset, as_of: date) -> ExampleReport:
    """Check the examples of the rules, schemes and fixes that an overlay adds.

    Args:
        ruleset: the ruleset, loaded with the overlay.
        as_of: the date used as today.

    """
    return check_examples(ruleset, as_of, ruleset.overlay, ruleset.is_from_overlay)


def check_examples(ruleset: Ruleset, as_of: date, file: str, is_chosen: Callable[[str, str], bool]) -> ExampleReport:
    """Check the examples of some rules, schemes and fixes.

    Args:
        ruleset: the ruleset.
        as_of: the date used as today.
        file: the file, or folder, in which problems are reported.
        is_chosen: returns whether to check an item, by its kind (``rule``, ``scheme`` or ``fix``) and its name.

    """
    rules, schemes = _rules(ruleset, as_of, is_chosen), _schemes(ruleset, is_chosen)
    return summarize_examples(file, (*rules, *schemes, *_fixes(ruleset, is_chosen)))


TableExamples = tuple[str, int, Iterator[tuple[str, str]]]
"""The table of a rule, scheme or fix, the number of its examples, and key and reason of each example that fails."""


def summarize_examples(overlay: str, tables: Iterable[TableExamples]) -> ExampleReport:
    """Count the checked examples, and collect the failures as problems in the file ``overlay``."""
    rules = examples = 0
    problems: list[Problem] = []
    for table, size, failures in tables:
        rules, examples = rules + 1, examples + size
        try:
            problems += [Problem(overlay, f"{table} {key}", message) for key, message in failures]
        except BadRules as error:
            problems += error.problems
    return ExampleReport(rules, examples, tuple(problems))


def _rules(ruleset: Ruleset, as_of: date, is_chosen: Callable[[str, str], bool]) -> Iterator[TableExamples]:
    trial = ExampleChecker(ruleset, as_of)
    for rule in checkable_rules(ruleset):
        if is_chosen("rule", rule.id):
            examples = trial.examples(rule)
            yield f"[[rule]] {rule.id}", len(examples), chain(_unknown_keys(ruleset, examples), trial.failures(rule))


def _fixes(ruleset: Ruleset, is_chosen: Callable[[str, str], bool]) -> Iterator[TableExamples]:
    for fix in ruleset.fixes:
        if is_chosen("fix", fix.id):
            yield f"[[fix]] {fix.id}", len(fix.good) + len(fix.bad), fix_failures(fix)


def _unknown_keys(ruleset: Ruleset, examples: Iterable[RuleExample]) -> Iterator[tuple[str, str]]:
    """Yield a failure for each key of an example that is not a field; shipped examples may have those of others."""
    for example in examples:
        name, _, key = example.place.partition(".")
        value = {key: example.value} if key else example.value
        yield from ((example.key, message) for message in unknown_keys(ruleset, name, value))


def _schemes(ruleset: Ruleset, is_chosen: Callable[[str, str], bool]) -> Iterator[TableExamples]:
    for name, scheme in ruleset.schemes.items():
        forms: dict[str, FormatArguments] = {
            f".territories.{key}": form
            for key, form in scheme.territories.items()
            if is_chosen("scheme", f"{name} {key}")
        }
        if not scheme.territories and is_chosen("scheme", name):
            forms[""] = scheme
        for key, form in forms.items():
            check = FORMATS[scheme.format](**form.arguments)
            rejected = [text for text in form.good if isinstance(check(text), Invalid)]
            passed = [text for text in form.bad if not isinstance(check(text), Invalid)]
            failures = [("good", f"{text!r} is refused") for text in rejected]
            failures += [("bad", f"{text!r} passes") for text in passed]
            yield f"[scheme.{name}{key}]", len(form.good) + len(form.bad), iter(failures)

"""Checks a rule against its examples: a bad one must break this rule and no other, a good one none."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from msgspec.structs import replace as replace_struct

from premigrate.compiler.program import compile_program
from premigrate.engine.engine import run_program
from premigrate.engine.findings import FRAMEWORK_RULE_ID
from premigrate.engine.program import Program
from premigrate.engine.settle import Findings
from premigrate.exceptions import BadRules
from premigrate.rule_tests.samples import (
    expand_placeholders,
    find_object,
    merge_fragment,
    nested_objects,
    sample_object,
)
from premigrate.ruleset.model.rules import Rule
from premigrate.ruleset.model.ruleset import Ruleset
from premigrate.ruleset.problems import ProblemReport
from premigrate.ruleset.references import load_reference_lists


class RuleExample(NamedTuple):
    """An example of a rule: its key in the rule, the object or field that it is a value of, and the value."""

    key: str
    is_good: bool
    place: str
    value: Any


def checkable_rules(ruleset: Ruleset) -> list[Rule]:
    """Return the rules that are on, or that an overlay may switch on, except those that only the platform can check."""
    switches = [rule for rule in ruleset.disabled if rule.off and rule.off == ruleset.off_reasons.get(rule.id)]
    return [rule for rule in (*ruleset.rules, *switches) if rule.platform is None]


class ExampleChecker:
    """Checks the rules of one ruleset against their examples.

    Rules that the added parts break by themselves are not counted.

    Args:
        ruleset: the ruleset.
        as_of: the date used as today.
        account: a valid account, into which examples are merged; left out, the smallest account whose fields are valid.

    """

    def __init__(self, ruleset: Ruleset, as_of: date, account: Mapping[str, Any] | None = None) -> None:
        self._ruleset, self._as_of, self._account = ruleset, as_of, account
        self._plain: Program | None = None

    def examples(self, rule: Rule) -> list[RuleExample]:
        """Return the examples of a rule; a format rule may take them from its scheme."""
        return [
            RuleExample(key, word == "good", place, value)
            for word in ("good", "bad")
            for place in rule.places
            for key, value in self._values(rule, word)
        ]

    def _values(self, rule: Rule, word: str) -> list[tuple[str, Any]]:
        example = expand_placeholders(getattr(rule, word), self._as_of)
        if example is None and rule.format:
            form = self._ruleset.schemes[rule.format.is_].arguments_for(self._ruleset.territory)
            example = {"any_of": list(getattr(form, word))}
        if isinstance(example, dict) and isinstance(example.get("any_of"), list):
            return [(f"{word}.any_of.{number}", each) for number, each in enumerate(example["any_of"])]
        return [(word, example)]

    def failures(self, rule: Rule) -> Iterator[tuple[str, str]]:
        """Yield each failure of an example: its key in the rule, and a message.

        Raises:
            BadRules: the reference lists under ``given`` are not valid.

        """
        ruleset, program = self._prepare(rule)
        for example in self.examples(rule):
            for message in self._check(rule, ruleset, program, example):
                place = f" on {example.place}" if len(rule.places) > 1 else ""
                yield f"{example.key}{place}", message

    def _prepare(self, rule: Rule) -> tuple[Ruleset, Program]:
        """Compile the ruleset with a rule enabled, and with the reference lists under its ``given``."""
        ruleset = self._ruleset
        if rule not in ruleset.rules:
            ruleset = replace(ruleset, rules=(*ruleset.rules, rule))
        elif not rule.given:
            self._plain = self._plain or compile_program(ruleset)
            return ruleset, self._plain
        report = ProblemReport()
        ruleset = replace(ruleset, lists={**ruleset.lists, **load_reference_lists(rule.given, ruleset.lists, report)})
        if report.problems:
            raise BadRules(
                problem._replace(file=ruleset.overlay, place=f"[[rule]] {rule.id} given {problem.place}".rstrip())
                for problem in report.problems
            )
        return ruleset, compile_program(ruleset)

    def _check(self, rule: Rule, ruleset: Ruleset, program: Program, example: RuleExample) -> Iterator[str]:
        name, _, key = example.place.partition(".")
        fragment = {key: example.value} if key else example.value
        if not isinstance(fragment, dict):
            yield f"is no example of the object {name}: write a table of its fields"
            return
        if name != ruleset.root and find_object(program, ruleset, name) is None:
            yield f"no account has an object {name}, so the rule is never asked"
            return
        base, found = (self._run(program, ruleset, name, part) for part in (nested_objects(fragment), fragment))
        broken = _broken_rules(found, rule) - (_broken_rules(base, rule) - {rule.id, FRAMEWORK_RULE_ID})
        if key and name != ruleset.root:  # a field alone can break rules on the whole object
            broken -= {other.id for other in ruleset.rules if name in other.places}
        if FRAMEWORK_RULE_ID in broken:
            wrong = next(error for error in found.errors if error.rule == FRAMEWORK_RULE_ID)
            yield f"is refused before any rule looks at it: {wrong.attr}: {wrong.detail}"
        others = ", ".join(sorted(broken - {rule.id, FRAMEWORK_RULE_ID, *(() if example.is_good else rule.also)}))
        if example.is_good and rule.id in broken:
            yield "breaks the rule; a good example must pass"
        if not example.is_good and rule.id not in broken:
            yield "does not break the rule; a bad example must"
        if others:
            yield f"breaks {others} as well" + ("" if example.is_good else "; change it, or name them in also")

    def _run(self, program: Program, ruleset: Ruleset, name: str, fragment: dict[str, Any]) -> Findings:
        """Run the program on an example: on its object alone, or on the account if it is an account."""
        if name == ruleset.root:
            account = dict(self._account) if self._account is not None else sample_object(ruleset, name)
            return run_program(program, merge_fragment(ruleset, name, account, fragment), self._as_of)
        node = find_object(program, ruleset, name)
        assert node is not None  # noqa: S101 - checked by the caller
        alone = replace_struct(program, root="alone", objects={**program.objects, "alone": node})
        return run_program(alone, merge_fragment(ruleset, name, sample_object(ruleset, name), fragment), self._as_of)


def _broken_rules(found: Findings, rule: Rule) -> set[str]:
    """Return the ids of the broken rules; advice only if it has the code of the rule itself."""
    return {error.rule for error in found.errors} | {each.rule for each in found.advice if each.code == rule.code}

"""Checks a rule against its examples: it must fail for the bad ones and pass for the good ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from msgspec.structs import replace as replace_struct

from premigrate.compiler.program import compile_program
from premigrate.engine.engine import Engine
from premigrate.engine.findings import FRAMEWORK_RULE_ID
from premigrate.engine.program import Object, Program
from premigrate.exceptions import BadRules
from premigrate.rule_tests.relaxed import expand_placeholders, find_object, relax_objects, with_selectors
from premigrate.rule_tests.unknown_keys import unknown_keys
from premigrate.ruleset.copies import own_places
from premigrate.ruleset.model.rules import Rule
from premigrate.ruleset.model.ruleset import Ruleset
from premigrate.ruleset.problems import ProblemReport
from premigrate.ruleset.references import load_reference_lists
from premigrate.ruleset.scheme_examples import expand_scheme_values


class RuleExample(NamedTuple):
    """An example of a rule: its key in the rule, the object or field that it is a value of, and the value."""

    key: str
    is_good: bool
    place: str
    value: Any


def checkable_rules(ruleset: Ruleset) -> list[Rule]:
    """Return the rules that are enabled, or that an overlay may enable, except those that only the server can check."""
    switches = [rule for rule in ruleset.disabled if rule.disabled == ruleset.off_reasons.get(rule.id)]
    return [rule for rule in (*ruleset.rules, *switches) if rule.server_only is None]


class ExampleChecker:
    """Checks the rules of a ruleset against their examples, each rule alone.

    No other rule is checked, and no field is required, so that an example needs only the fields that its rule reads.

    Args:
        ruleset: the ruleset.
        as_of: the date used as today.

    """

    def __init__(self, ruleset: Ruleset, as_of: date) -> None:
        self._ruleset, self._as_of = ruleset, as_of
        self._relaxed = replace(ruleset, objects=relax_objects(ruleset.objects), rules=())
        self._together: _Engines | None = None

    def examples(self, rule: Rule) -> list[RuleExample]:
        """Return the examples of a rule at its own places; a format rule may take them from its scheme."""
        return self._examples(rule, own_places(rule, self._ruleset.objects))

    def _examples(self, rule: Rule, places: Iterable[str]) -> list[RuleExample]:
        return [
            RuleExample(f"{word}.{number}", word == "good", place, value)
            for word in ("good", "bad")
            for place in places
            for number, value in enumerate(self._values(rule, word))
        ]

    def _values(self, rule: Rule, word: str) -> list[Any]:
        values = getattr(rule, word)
        if rule.format:
            form = self._ruleset.schemes[rule.format.is_].arguments_for(self._ruleset.territory)
            values = expand_scheme_values(values, form) if values else getattr(form, word)
        return list(expand_placeholders(values, self._as_of))

    def failures(self, rule: Rule) -> Iterator[tuple[str, str]]:
        """Yield each failure of an example: its key in the rule, and a message.

        Raises:
            BadRules: the reference lists under ``example_lists`` are not valid.

        """
        engines = _Engines(self._compile_alone(rule))
        for example in self.examples(rule):
            if message := self._check(rule, engines, example):
                place = f" on {example.place}" if len(rule.places) > 1 else ""
                yield f"{example.key}{place}", message

    def can_fail(self, rule: Rule) -> bool:
        """Return whether one of the bad examples of a rule violates it, with fields of the ruleset only."""
        examples = [
            example
            for example in self._examples(rule, rule.places)
            if not example.is_good and not self._has_unknown_keys(example)
        ]
        if self._together is None:  # compiling each rule alone takes long, and is seldom needed
            self._together = _Engines(compile_program(replace(self._relaxed, rules=self._ruleset.rules)))
        if not all(self._check(rule, self._together, example) for example in examples):
            return True
        try:
            engines = _Engines(self._compile_alone(rule))
        except BadRules:
            return False
        return not all(self._check(rule, engines, example) for example in examples)

    def _has_unknown_keys(self, example: RuleExample) -> bool:
        name, _, key = example.place.partition(".")
        value = {key: example.value} if key else example.value
        return any(unknown_keys(self._ruleset, name, value))

    def _compile_alone(self, rule: Rule) -> Program:
        """Compile a rule without any other, with the facts that it needs and the lists under ``example_lists``."""
        report = ProblemReport()
        lists = {**self._ruleset.lists, **load_reference_lists(rule.example_lists, self._ruleset.lists, report)}
        if report.problems:
            raise BadRules(
                problem._replace(
                    file=self._ruleset.overlay, place=f"[[rule]] {rule.id} example_lists {problem.place}".rstrip()
                )
                for problem in report.problems
            )
        tenant = {**self._ruleset.tenant, **rule.if_tenant}
        return compile_program(replace(self._relaxed, rules=(rule,), lists=lists, tenant=tenant))

    def _check(self, rule: Rule, engines: _Engines, example: RuleExample) -> str:
        """Return what is wrong with an example; empty if it passes or fails as required."""
        name, _, key = example.place.partition(".")
        value = {key: example.value} if key else example.value
        if not isinstance(value, dict):
            return f"is not an example of the object {name}; write a table of its fields"
        completed = with_selectors(self._ruleset, name, value)
        target = find_object(engines.program, name, completed)
        if target is None:
            return f"no account has an object {name}, so the rule is never checked"
        findings = engines.rooted_at(target).run(completed, self._as_of)
        for error in findings.errors:
            if error.rule == FRAMEWORK_RULE_ID:
                return f"is refused before the rule is checked: {error.attr}: {error.detail}"
        broken = {(error.rule, error.code) for error in findings.errors}
        broken |= {(advice.rule, advice.code) for advice in findings.advice}
        is_broken = (rule.id, rule.code) in broken
        if example.is_good and is_broken:
            return "violates the rule; a good example must pass"
        if not example.is_good and not is_broken:
            return "does not violate the rule; a bad example must violate it"
        return ""


class _Engines:
    """The engines of a program for accounts that are values of any of its objects."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._engines: dict[int, Engine] = {}

    def rooted_at(self, target: Object) -> Engine:
        """Return the engine for values of ``target``, which is an object of the program."""
        if id(target) not in self._engines:
            program = self.program
            if program.objects[program.root] is not target:
                program = replace_struct(program, root="example", objects={**program.objects, "example": target})
            self._engines[id(target)] = Engine(program)
        return self._engines[id(target)]

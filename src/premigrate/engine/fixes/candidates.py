"""Finds the fixes that fit the findings of an account; whether they resolve them is not checked yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from premigrate.engine import program
from premigrate.engine.fixes.declarations import Declaration, declaration_at, has_value, value_at
from premigrate.engine.fixes.steps import LEFT_ALONE, LEFT_OUT, Surroundings, run_steps
from premigrate.engine.rule_data import Format
from premigrate.engine.settle import Findings
from premigrate.results import Advice, Error, Fix, Place

MAX_FINDINGS = 1000
"""The maximum number of findings of an account for which fixes are searched."""

FindingKey: TypeAlias = tuple[bool, Place, str, str]
"""What makes two findings the same: whether it is an error, the path, the code and the rule."""


def all_findings(found: Findings) -> list[Error | Advice]:
    """Return the errors, and then the advice."""
    return [*found.errors, *found.advice]


def key_of(finding: Error | Advice) -> FindingKey:
    """Return the key of a finding."""
    return isinstance(finding, Error), finding.path, finding.code, finding.rule


class Candidate(NamedTuple):
    """A fix that may resolve a finding, the key of the finding, and the place of the value after the change."""

    fix: Fix
    target: FindingKey
    place: Place


class CandidateFinder:
    """Finds fixes of a program."""

    def __init__(self, source: program.Program) -> None:
        self._program = source
        self._formats = [(rule.id, rule.operator) for rule in source.rules if isinstance(rule.operator, Format)]

    def find(self, account: Any, found: Findings) -> list[Candidate]:  # noqa: ANN401 - any JSON value
        """Return all fixes that fit the findings: in the order of the findings, safe ones first for each."""
        candidates: list[Candidate] = []
        fixable = 0
        for finding in all_findings(found):
            before = len(candidates)
            if has_value(account, finding.path):
                candidates += self._find(account, finding)
            fixable += len(candidates) > before
            if fixable == MAX_FINDINGS:
                break
        return candidates

    def _find(self, account: Any, finding: Error | Advice) -> Iterator[Candidate]:  # noqa: ANN401
        fixes = [each for each in self._program.fixes if finding.code in each.codes or finding.rule in each.rules]
        declared = declaration_at(self._program, account, finding.path) if fixes else Declaration()
        for fix in fixes:
            if self._fits(fix, finding, declared, account):
                candidate = _candidate(fix, finding, declared, account)
                if candidate is not None:
                    yield candidate

    def _fits(self, fix: program.Fix, finding: Error | Advice, declared: Declaration, account: Any) -> bool:  # noqa: ANN401
        field = declared.field
        if fix.types and not (
            field is not None and field.value is not None and field.is_list is declared.is_item
            and field.value.type in fix.types
        ):  # fmt: skip
            return False
        if fix.of_fields and not (field is not None and fix.id in field.fixes):
            return False
        return not fix.territories or self._is_in(fix.territories, finding, account)

    def _is_in(self, territories: frozenset[str], finding: Error | Advice, account: Any) -> bool:  # noqa: ANN401
        """Return whether a value must have the format of one of these countries.

        The fix has no rules for the market's own format unless that is one of them.
        """
        for rule_id, operator in self._formats:
            if rule_id == finding.rule:
                if operator.territory is None:
                    return True
                owner = finding.path[: len(finding.path) - len(operator.field.steps)]
                country = value_at(account, (*owner, *operator.territory.steps))
                if isinstance(country, str) and country.upper() in territories:
                    return True
        return False


def _candidate(fix: program.Fix, finding: Error | Advice, declared: Declaration, account: Any) -> Candidate | None:  # noqa: ANN401
    """Return the value that a fix gives to the place of a finding; None if the fix does not change the value."""
    path, field = finding.path, declared.field
    if fix.steps[0].name == "nearest_key":
        return _renaming(fix, finding, declared, account)
    choices = field.value.choices if field is not None and field.value is not None else None
    changed = run_steps(fix.steps, value_at(account, path), Surroundings(choices or ()))
    if changed is LEFT_ALONE:
        return None
    if changed is LEFT_OUT:
        if field is None or field.required or declared.is_item:
            return None
        return Candidate(Fix(path, "remove", None, fix.id, fix.title, fix.is_safe), key_of(finding), path)
    return Candidate(Fix(path, "replace", changed, fix.id, fix.title, fix.is_safe), key_of(finding), path)


def _renaming(fix: program.Fix, finding: Error | Advice, declared: Declaration, account: Any) -> Candidate | None:  # noqa: ANN401
    """Return the new name of a key that is not declared; None if there is none, or if it is taken."""
    path = finding.path
    if declared.field is not None or not path or isinstance(path[-1], int):
        return None
    name = run_steps(fix.steps, path[-1], Surroundings(keys=declared.keys))
    place = (*path[:-1], name)
    if name is LEFT_ALONE or has_value(account, place):
        return None
    return Candidate(Fix(path, "rename", name, fix.id, fix.title, fix.is_safe), key_of(finding), place)

"""Checks the deferred rules of an account, and sorts all findings in document order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from premigrate.engine.collector import Collector, Pending, PositionedFinding
from premigrate.engine.field_info import FieldInfo
from premigrate.engine.findings import attr_of, render_detail, render_detail_masked
from premigrate.engine.operators.operator import Violation
from premigrate.engine.paths import MAX_RELATED, PlaceFrom
from premigrate.engine.program import Texts
from premigrate.engine.readers import NON_FIELD_ERRORS_KEY
from premigrate.engine.rules import RuleCheck, RuleViolations, check_rules
from premigrate.engine.values import EvaluationContext, Scope
from premigrate.formats.text import text_or_type_name
from premigrate.results import Advice, Error, Place, Stage

DOUBTFUL_VALUE = "doubtful_value"
"""The advice code of a value that is valid for a rule but suspicious."""

_KEPT_BESIDE_ERRORS: Final = frozenset({"float_noise"})
"""Advice that is kept beside an error of the same value, because it can be the cause, for example of a wrong sum."""


class Findings(NamedTuple):
    """The errors and advice of one account, in document order, and the ids of the rules that could not be checked."""

    errors: tuple[Error, ...]
    advice: tuple[Advice, ...]
    not_checked: tuple[str, ...] = ()


_WHOLE_OBJECT: Final = (NON_FIELD_ERRORS_KEY,)


class Settler:
    """Checks deferred rules and sorts findings.

    The API checks the rules about an object only once everything in it is valid. If there is an error inside, the
    errors of its rules are follow-on errors.

    Args:
        advice_texts: the detail templates of enabled advice, by code.
        suspicious_value_text: the detail template of the advice on a suspicious value.
        info: the declarations of places.
        not_checked: the ids of the rules and choices that can't be checked.

    """

    def __init__(
        self, advice_texts: Texts, suspicious_value_text: str, info: FieldInfo, not_checked: Iterable[str]
    ) -> None:
        self._advice_texts, self._suspicious_value_text, self._info = advice_texts, suspicious_value_text, info
        self._not_checked = list(not_checked)

    def settle(self, collector: Collector, root: Any) -> Findings:  # noqa: ANN401 - any value read
        """Check the deferred rules, and return errors and advice in document order."""
        context = EvaluationContext(collector.today, root, collector.present_keys, collector.not_checked)
        scope = Scope(None, context)
        for pending in collector.pending:
            scope.current = pending[1]
            failed = check_rules(pending[0], scope)
            if failed:
                self._add(pending, failed, collector.findings)
        not_checked = tuple(map(self._not_checked.__getitem__, sorted(collector.not_checked)))
        return self._findings(collector.findings, not_checked) if collector.findings else Findings((), (), not_checked)

    def _findings(self, found: list[PositionedFinding], not_checked: tuple[str, ...]) -> Findings:
        if len(found) > 1:
            found.sort(key=_sort_key)
        errors: list[Error] = []
        advice: list[Advice] = []
        for _, _, _, finding in found:
            if isinstance(finding, Error):
                errors.append(finding)
            elif finding.code in self._advice_texts:
                advice.append(finding)
        if errors and advice:
            error_paths = {error.path for error in errors}
            advice = [each for each in advice if each.path not in error_paths or each.code in _KEPT_BESIDE_ERRORS]
        return Findings(tuple(errors), tuple(advice), not_checked)

    def _add(self, pending: Pending, failed: RuleViolations, findings: list[PositionedFinding]) -> None:
        """Add the violations of failed rules to the findings."""
        if len(failed) > 1:
            failed.sort(key=_rule_position)
            failed = _first_of_each_validation(failed)
        frame, name = pending[2], pending[5]
        place = (*frame.place(), name) if name else frame.place()
        of_object = failed
        if not name:
            of_fields = [entry for entry in failed if entry[1].spec.is_field_validator]
            of_object = [entry for entry in failed if not entry[1].spec.is_field_validator]
            for _, rule, violations in of_fields:
                self._add_rule(rule, violations, place, "now", pending, findings)
        stage: Stage = "follow-on" if frame.has_errors and not name else "now"
        decisive = -1 if name or len(of_object) < 2 else _position_of_error_map(of_object)
        for rule_position, rule, violations in of_object:
            is_hidden = decisive >= 0 and rule_position != decisive
            self._add_rule(rule, violations, place, "follow-on" if is_hidden else stage, pending, findings)

    def _add_rule(  # noqa: PLR0913, PLR0917 - the parts of its findings
        self,
        rule: RuleCheck,
        violations: Sequence[Violation],
        place: Place,
        stage: Stage,
        pending: Pending,
        findings: list[PositionedFinding],
    ) -> None:
        _, _, frame, position, serial, _ = pending
        for violation in _limit_violations(rule, violations):
            finding = self._finding(rule, violation, place, stage)
            if isinstance(finding, Error):
                frame.mark_error()
            of_field = None
            if rule.spec.is_field_validator and violation.place and isinstance(pending[1], dict):
                of_field = self._info.position(place, pending[1], violation.place[0])
            findings.append((frame, position if of_field is None else of_field, serial, finding))

    def _finding(self, rule: RuleCheck, violation: Violation, place: Place, stage: Stage) -> Error | Advice:
        spec = rule.spec
        path = (*place, *violation.place)
        expected, related = self._expected(rule, violation, place, path)
        if violation.doubt:
            detail = render_detail(self._suspicious_value_text, why=violation.doubt)
            return Advice(detail, DOUBTFUL_VALUE, attr_of(path), spec.id, path, "", expected, related)
        attr = attr_of(path if spec.attr is None else (*_ancestor_place(place, spec.attr_up), *spec.attr))
        value = text_or_type_name(violation.value)
        detail, masked = render_detail_masked(spec.detail, self._info.is_personal, path, value=value, input=value)
        if spec.is_advice:
            return Advice(detail, spec.code, attr, spec.id, path, masked, expected, related)
        return Error(detail, spec.code, attr, spec.id, path, stage, expected, masked, related)

    def _expected(
        self, rule: RuleCheck, violation: Violation, place: Place, path: Place
    ) -> tuple[str, tuple[Place, ...]]:
        """Return what would be right, without personal values, and the related places.

        ``place`` is the place of the value that the rule is about.
        """
        each = rule.spec.for_each
        item = (*place, *violation.place[: len(each.steps)]) if each is not None and not each.up else place
        is_personal = self._info.is_personal
        related = [_absolute(found, item) for found in violation.related]
        if rule.spec.attr is None:  # the attr is the place of the violation itself
            related = [found for found in related if found != path]
        expected = violation.expected_with_values or violation.expected
        if violation.expected_with_values and any(map(is_personal, [path, *related])):
            expected = violation.expected
        if expected and rule.reason:
            expected = f"{expected}, {rule.reason}"
        if expected and rule.context and not any(is_personal((*item, key)) for key in rule.context_keys):
            expected = f"{expected} ({rule.context})"
        return expected, tuple(related[:MAX_RELATED])


def _first_of_each_validation(failed: RuleViolations) -> RuleViolations:
    """Return the failed rules, of those that implement the same validation only the first."""
    reported: set[str] = set()
    kept: RuleViolations = []
    for entry in failed:
        _, rule, violations = entry
        validation = rule.spec.validation
        if validation and validation in reported:
            continue
        if validation and any(not violation.doubt for violation in violations):
            reported.add(validation)
        kept.append(entry)
    return kept


def _position_of_error_map(failed: RuleViolations) -> int:
    """Return the position of the first failed rule that reports an error of a field of its object; -1 if there is none.

    Django REST framework stops at a validator of an object that raises errors by field, and reports only these.
    """
    for position, rule, violations in failed:
        spec = rule.spec
        raises_map = not spec.is_advice and spec.attr_up == 0 and spec.attr != _WHOLE_OBJECT
        if raises_map and any(not violation.doubt for violation in violations):
            return position
    return -1


def _sort_key(note: PositionedFinding) -> tuple[int, ...]:
    """Return the key that sorts findings in document order: by the positions of fields and items, outer ones first."""
    frame, position, serial, _ = note
    return (*frame.positions(), position, serial)


def _rule_position(failed: tuple[int, RuleCheck, Sequence[Violation]]) -> int:
    return failed[0]


def _limit_violations(rule: RuleCheck, violations: Sequence[Violation]) -> Sequence[Violation]:
    """Keep only the first error if the API reports one place for the rule; keep all suspicious values."""
    if rule.spec.attr is None or len(violations) < 2:
        return violations
    suspicious = [violation for violation in violations if violation.doubt]
    return [*suspicious, *[violation for violation in violations if not violation.doubt][:1]]


def _absolute(found: PlaceFrom, item: Place) -> Place:
    """Return a place in the account; ``item`` is the place of the value that the rule is checked for."""
    return found.place if found.up < 0 else (*_ancestor_place(item, found.up), *found.place)


def _ancestor_place(place: Place, steps: int) -> Place:
    """Return the place of the object so many levels above; its key and its list position are one level."""
    for _ in range(steps):
        while place and isinstance(place[-1], int):
            place = place[:-1]
        place = place[:-1]
    return place

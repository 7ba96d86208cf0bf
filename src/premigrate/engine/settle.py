"""Turns what was noted while reading into findings: asks the rules, and tells what other errors hide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from premigrate.engine.field_info import FieldInfo
from premigrate.engine.findings import attr_of, fill, fill_masked
from premigrate.engine.notes import Note, Notes, Pending
from premigrate.engine.operators.operator import Violation
from premigrate.engine.program import Texts
from premigrate.engine.rules import Found, Rule, ask
from premigrate.engine.values import Run, Scope
from premigrate.formats.text import text_or_type_name
from premigrate.results import Advice, Error, Place, Stage

DOUBT = "doubtful_value"
"""The advice code of a value that a rule accepts and finds suspicious."""

_CAUSES: Final = frozenset({"float_noise"})
"""Advice that stays beside an error of the same value, for it may be the reason: a sum that does not add up."""


class Findings(NamedTuple):
    """What a run found, in document order."""

    errors: tuple[Error, ...]
    advice: tuple[Advice, ...]


NOTHING: Final = Findings((), ())


class Settler:
    """Settles the events of accounts. Errors inside an object hide its rules: then they are follow-on errors.

    Args:
        advice_texts: detail texts of the advice that is on.
        doubt: the detail text of a suspicious value.
        info: what the rules declare of places.

    """

    def __init__(self, advice_texts: Texts, doubt: str, info: FieldInfo) -> None:
        self._advice_texts, self._doubt, self._info = advice_texts, doubt, info

    def settle(self, notes: Notes, root: Any) -> Findings:  # noqa: ANN401 - any value read
        """Ask the rules, and list errors and advice in document order."""
        run = Run(notes.today, root, notes.seen)
        for pending in notes.pending:
            found = ask(pending[0], Scope(pending[1], run))
            if found:
                self._add(pending, found, notes.found)
        return self._findings(notes.found) if notes.found else NOTHING

    def _findings(self, found: list[Note]) -> Findings:
        if len(found) > 1:
            found.sort(key=_order)
        errors: list[Error] = []
        advice: list[Advice] = []
        for _, _, _, finding in found:
            if isinstance(finding, Error):
                errors.append(finding)
            elif finding.code in self._advice_texts:
                advice.append(finding)
        if errors and advice:
            wrong = {error.path for error in errors}
            advice = [each for each in advice if each.path not in wrong or each.code in _CAUSES]
        return Findings(tuple(errors), tuple(advice))

    def _add(self, pending: Pending, found: Found, notes: list[Note]) -> None:
        """Make errors and advice of violations. Rules that share ``part_of`` are alternatives: the first one counts."""
        if len(found) > 1:
            found.sort(key=_number)
        _, _, frame, number, serial, name = pending
        place = (*frame.place(), name) if name else frame.place()
        stage: Stage = "next" if frame.is_dirty and not name else "now"
        spoken: set[str] = set()
        for _, rule, violations in found:
            part_of = rule.spec.part_of
            if part_of and part_of in spoken:
                continue
            for violation in _once(rule, violations):
                if part_of and not violation.is_suspicious:
                    spoken.add(part_of)
                finding = self._finding(rule, violation, place, stage)
                if isinstance(finding, Error):
                    frame.mark()
                notes.append((frame, number, serial, finding))

    def _finding(self, rule: Rule, violation: Violation, place: Place, stage: Stage) -> Error | Advice:
        spec = rule.spec
        path = (*place, *violation.place)
        if violation.is_suspicious:
            return Advice(fill(self._doubt, why=violation.why), DOUBT, attr_of(path), spec.id, path)
        attr = attr_of(path if spec.attr is None else (*_above(place, spec.attr_up), *spec.attr))
        detail, masked = fill_masked(
            spec.detail, self._info.is_personal, path, value=text_or_type_name(violation.value)
        )
        if spec.is_advice:
            return Advice(detail, spec.code, attr, spec.id, path, masked)
        return Error(detail, spec.code, attr, spec.id, path, stage, violation.why, masked)


def _order(note: Note) -> tuple[int, ...]:
    """Sort findings as the document does: by the positions of fields and items, outer ones first."""
    frame, number, serial, _ = note
    return (*frame.numbers(), number, serial)


def _number(found: tuple[int, Rule, Sequence[Violation]]) -> int:
    return found[0]


def _once(rule: Rule, violations: Sequence[Violation]) -> Sequence[Violation]:
    """Keep the first error only where the API names one place; what is suspicious stays."""
    if rule.spec.attr is None or len(violations) < 2:
        return violations
    suspicious = [violation for violation in violations if violation.is_suspicious]
    return [*suspicious, *[violation for violation in violations if not violation.is_suspicious][:1]]


def _above(place: Place, steps: int) -> Place:
    """Go to the object around a place, so many times: past its position in a list, if it has one, and its key."""
    for _ in range(steps):
        while place and isinstance(place[-1], int):
            place = place[:-1]
        place = place[:-1]
    return place

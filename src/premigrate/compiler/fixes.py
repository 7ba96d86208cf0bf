"""Compiles the fixes of a ruleset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from premigrate.engine import program
from premigrate.ruleset.model.fixes import FixStep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from premigrate.ruleset.model.fixes import Fix, StepWord
    from premigrate.ruleset.model.ruleset import Ruleset


def compile_fixes(ruleset: Ruleset) -> tuple[program.Fix, ...]:
    """Compile the fixes of a ruleset, the safe ones first."""
    ordered = sorted(ruleset.fixes, key=lambda fix: not fix.safe)
    return tuple(_compile(fix, frozenset(_rules(fix, ruleset))) for fix in ordered)


def _compile(fix: Fix, rules: frozenset[str]) -> program.Fix:
    return program.Fix(
        id=fix.id,
        title=fix.title,
        is_safe=fix.safe,
        steps=compile_steps(fix),
        codes=frozenset(fix.codes),
        rules=rules,
        territories=frozenset(fix.territories),
        types=frozenset(fix.types),
        of_fields=bool(fix.on),
    )


def compile_steps(fix: Fix) -> tuple[program.FixStep, ...]:
    """Compile the steps of a fix."""
    return tuple(map(_step, fix.steps))


def _step(step: StepWord | FixStep) -> program.FixStep:
    if not isinstance(step, FixStep):
        return program.FixStep(step)
    if step.words is not None:
        return program.FixStep(step.name, words={word.casefold(): value for word, value in step.words.items()})
    if step.round is not None:
        return program.FixStep(step.name, places=step.round)
    single = step.remove or step.remove_prefix
    texts = (single,) if single else step.parts or step.dates or step.leave_out or ()
    return program.FixStep(step.name, texts, step.template or "")


def _rules(fix: Fix, ruleset: Ruleset) -> Iterator[str]:
    """Yield the ids of the rules whose findings a fix resolves, also those that require one of its formats."""
    yield from fix.rules
    for rule in ruleset.rules:
        if rule.format and rule.format.is_ in fix.formats:
            is_of_market = rule.format.territory is None
            if not (is_of_market and fix.territories) or ruleset.territory in fix.territories:
                yield rule.id

"""Renders the explanation of a fix, and of the fixes for a rule or code."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from premigrate.describe.examples import format_example, wrap
from premigrate.ruleset.model.fixes import Fix
from premigrate.ruleset.model.rules import Rule
from premigrate.ruleset.model.ruleset import Ruleset


def render_fix(topic: str, rulesets: Iterable[Ruleset]) -> Iterator[str]:
    """Yield the explanation of the fix with this id; nothing if there is none that is on."""
    found = [(fix, ruleset) for ruleset in rulesets for fix in ruleset.fixes if fix.id == topic]
    if not found:
        return
    fix = found[0][0]
    yield f"{fix.id} (in {', '.join(ruleset.market for _, ruleset in found)})"
    yield wrap(fix.title, "  ")
    yield wrap(f"{'Safe' if fix.safe else 'Unsafe, needs a review'}: {fix.why}", "  ")
    yield wrap(f"For: {', '.join((*fix.codes, *fix.rules, *_formats(fix)))}", "  ")
    if fix.types:
        yield wrap(f"Only values of the types: {', '.join(fix.types)}", "  ")
    if fix.on:
        yield wrap(f"Only values of: {', '.join(fix.on)}", "  ")
    for example in fix.good:
        yield f"  good: {format_example(example.before)} becomes {format_example(example.after)}"
    yield from (f"  bad: {format_example(value)} is not changed" for value in fix.bad)


def render_fixes_for(codes: Collection[str], rules: Iterable[Rule], rulesets: Iterable[Ruleset]) -> Iterator[str]:
    """Yield a line for each fix that names one of these codes or rules, or the format that such a rule requires."""
    rules = list(rules)
    ids, formats = {rule.id for rule in rules}, {rule.format.is_ for rule in rules if rule.format}
    fixes = {fix.id: fix for ruleset in rulesets for fix in ruleset.fixes}
    for fix in fixes.values():
        if set(codes) & set(fix.codes) or ids & set(fix.rules) or formats & set(fix.formats):
            yield wrap(f"{'Safe' if fix.safe else 'Unsafe'} fix ({fix.id}): {fix.title}")


def _formats(fix: Fix) -> Iterator[str]:
    for name in fix.formats:
        countries = f" of {', '.join(fix.territories)}" if fix.territories else ""
        yield f"the format {name}{countries}"

"""Checks fixes against their own examples."""

from collections.abc import Iterator

from premigrate.compiler.fixes import compile_steps
from premigrate.engine.fixes.steps import LEFT_ALONE, LEFT_OUT, Surroundings, run_steps
from premigrate.ruleset.model.fixes import ABSENT, Fix

_NULL = "<null>"


def fix_failures(fix: Fix) -> Iterator[tuple[str, str]]:
    """Yield each failure of an example: its key in the fix, and a message."""
    steps, around = compile_steps(fix), Surroundings(fix.example_choices, frozenset(fix.example_keys))
    for number, example in enumerate(fix.good):
        changed, expected = run_steps(steps, _value(example.before), around), _value(example.after)
        made = ABSENT if changed is LEFT_OUT else changed
        if changed is LEFT_ALONE:
            yield f"good.{number}", f"{example.before!r} is not changed; a good example must be changed"
        elif type(made) is not type(expected) or made != expected:
            yield f"good.{number}", f"{example.before!r} becomes {made!r}, not {expected!r}"
    for number, value in enumerate(fix.bad):
        if run_steps(steps, _value(value), around) is not LEFT_ALONE:
            yield f"bad.{number}", f"{value!r} is changed; a bad example must not be changed"


def _value(written: object) -> object:
    return None if written == _NULL else written

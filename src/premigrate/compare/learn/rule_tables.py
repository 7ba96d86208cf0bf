"""Writes learned conditions and dates as rules of the rule language, with examples."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from premigrate.compare.learn.date_rules import TODAY, DateRule
from premigrate.engine.program import Object, Program, objects_within

if TYPE_CHECKING:
    from premigrate.compare.learn.conditions import Condition, Reading
    from premigrate.compare.learn.labels import Labelled
    from premigrate.engine.program import Field

_EARLY, _LATE, _MIDDLE = date(1900, 1, 1), date(9000, 1, 1), date(2000, 1, 1)
_SAMPLES: dict[str, Any] = {
    "string": "x",
    "email": "somebody@example.org",
    "date": "2000-01-01",
    "datetime": "2000-01-01T00:00:00Z",
    "decimal": "1",
    "integer": 1,
    "boolean": True,
    "json": "x",
    "object": {"x": 1},
    "choice": "x",
}
_MAX_DEPTH = 4


def condition_rule(program: Program, labelled: Labelled, reading: Reading) -> dict[str, Any]:
    """Return the keys of a rule that refuses an object where all conditions of a reading hold."""
    *others, last = sorted(reading, key=lambda each: each.kind in {"equal", "different"})
    when = {each.field: f"<{each.kind}>" if each.kind != "is" else each.other for each in others}
    requirement, broken, kept = _requirement(program, labelled.spec, last)
    before: dict[str, Any] = {}
    for each in others:
        before |= _requirement(program, labelled.spec, each)[1]
    return {
        **({"when": when} if when else {}),
        **requirement,
        "good": [{**before, **kept}],
        "bad": [{**before, **broken}],
    }


def values_rule(values: list[str]) -> dict[str, Any]:
    """Return the keys of a rule about a field that refuses some texts."""
    other = next(text for number in count() if (text := f"x{number}") not in values)
    return {"not_matching": [re.escape(value) for value in values], "good": [other], "bad": values}


def date_rule(rule: DateRule) -> dict[str, Any]:
    """Return the keys of a rule that compares a date."""
    sign = 1 if rule.order == "<=" else -1
    right: Any = rule.since
    if not rule.since:
        right = rule.fixed_day
        dates = [rule.fixed_day, rule.fixed_day + timedelta(days=sign)]
        good, bad = ({rule.field: day.isoformat()} for day in dates)
    elif rule.since == TODAY:
        early, late = ({rule.field: day.isoformat()} for day in (_EARLY, _LATE))
        good, bad = (early, late) if sign > 0 else (late, early)
    else:
        dates = [_MIDDLE + timedelta(days=rule.days), _MIDDLE + timedelta(days=rule.days + sign)]
        good, bad = ({rule.since: _MIDDLE.isoformat(), rule.field: day.isoformat()} for day in dates)
    if rule.since and rule.days:
        right = {"days": rule.days, "after": rule.since}
    return {"compare": [rule.field, rule.order, right], "good": [good], "bad": [bad]}


def _requirement(
    program: Program, spec: Object, condition: Condition
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Return the operator that a condition violates, an object for which it holds, and one for which it does not."""
    key, other = condition.field, condition.other
    sample = _sample(program, _field(spec, key))
    match condition.kind:
        case "absent":
            return {"present": [key]}, {}, {key: sample}
        case "present":
            return {"absent": [key]}, {key: sample}, {}
        case "is":
            options = ["<absent>", not other if isinstance(other, bool) else {"!=": other}]
            return {"holds": {key: options}}, {key: other}, {}
        case kind:
            equal, different = {key: sample, str(other): sample}, {key: sample, str(other): _other_sample(spec, key)}
            if kind == "equal":
                return {"unique": [key, str(other)]}, equal, different
            return {"same": [key, str(other)]}, different, equal


def _field(spec: Object, key: str) -> Field:
    return next(field for field in spec.fields if field.name == key)


def _sample(program: Program, field: Field, depth: int = 0) -> Any:  # noqa: ANN401 - any JSON
    """Return a value of a field for an example; it is made up."""
    if field.value:
        value = field.value.choices[0] if field.value.choices else _SAMPLES[field.value.type]
    else:
        spec = next(iter(objects_within(program.objects[field.object])), None)
        inner = next((each for each in spec.fields if each.value), spec.fields[0]) if spec and spec.fields else None
        value = {inner.name: _sample(program, inner, depth + 1)} if inner and depth < _MAX_DEPTH else {"x": 1}
    return [value] if field.is_list else value


def _other_sample(spec: Object, key: str) -> Any:  # noqa: ANN401 - any JSON
    field = _field(spec, key)
    others = {"date": "2000-01-02", "datetime": "2000-01-02T00:00:00Z", "email": "other@example.org", "integer": 2}
    return others.get(field.value.type if field.value else "", "2")

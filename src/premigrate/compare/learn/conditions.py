"""Searches for the condition under which the API refuses an object: one or two fields that are set, absent or equal."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, TypeGuard

from premigrate.engine.values import is_filled
from premigrate.formats.printable import is_printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from premigrate.compare.learn.labels import Labelled, Sample
    from premigrate.engine.program import Field, Object

_ORDER = ("absent", "present", "is", "equal", "different")
_MIN_ACCOUNTS = 3
"""The minimum number of accounts on each side: with fewer, too many conditions explain the responses."""
_PAIRS_COMPARED = frozenset({"string", "email", "date", "datetime", "decimal", "integer"})


class Condition(NamedTuple):
    """One condition: a field is absent, present, or is a value; or two fields are equal or different."""

    kind: Literal["absent", "present", "is", "equal", "different"]
    field: str
    other: str | bool = ""


Reading: TypeAlias = tuple[Condition, ...]
"""Conditions that all hold where the API refuses an object."""


def search_single(labelled: Labelled) -> Reading | None:
    """Return the condition that holds for all failing objects and for no passing one.

    If there are several, none of them is certain, so the best two are combined, which refuses less.
    """
    if not has_support(labelled):
        return None
    holding = _candidates(labelled)
    fitting = [each for each in holding if not any(_holds(each, sample) for sample in labelled.passing)]
    ranked = sorted(fitting, key=lambda each: _rank(labelled, (each,)))
    for pair in combinations(ranked, 2):
        if _is_expressible(pair):
            return pair
    return (ranked[0],) if ranked else None


def search_pairs(labelled: Labelled) -> Reading | None:
    """Return two conditions that hold together for all failing objects and for no passing one."""
    if not has_support(labelled):
        return None
    candidates = sorted(_candidates(labelled), key=lambda each: _rank(labelled, (each,)))
    masks = {each: _mask(each, labelled.passing) for each in candidates}
    fitting = [
        pair for pair in combinations(candidates, 2) if not masks[pair[0]] & masks[pair[1]] and _is_expressible(pair)
    ]
    return min(fitting, key=lambda pair: _rank(labelled, pair), default=None)


def refused_values(labelled: Labelled, key: str) -> list[str]:
    """Return the texts of a field that the API refused, sorted; empty if it accepted one of them, or they are personal.

    Texts without any response are not refused. A text that only one account has is left out: it might be personal.
    """
    field = next((each for each in labelled.spec.fields if each.name == key), None)
    if field is None or field.personal or field.is_list or not field.value:
        return []
    refused, accepted = (
        {sample.value.get(key) for sample in samples if isinstance(sample.value.get(key), str)}
        for samples in (labelled.failing, labelled.passing)
    )
    if refused & accepted:
        return []
    found = {(str(sample.value.get(key)), sample.case.account_id) for sample in labelled.failing}
    accounts = Counter(value for value, _ in found)
    return sorted(value for value in accounts if value in refused and accounts[value] > 1 and _is_plain(value))


def has_support(labelled: Labelled) -> bool:
    """Return whether enough accounts fail and pass for a search."""
    sides = labelled.failing, labelled.passing
    return all(len({sample.case.account_id for sample in side}) >= _MIN_ACCOUNTS for side in sides)


def _candidates(labelled: Labelled) -> set[Condition]:
    """Return the conditions that hold for all failing objects."""
    first, *others = labelled.failing
    found = set(_conditions(labelled.spec, first))
    for sample in others:
        found = {each for each in found if _holds(each, sample)}
    return found


def _conditions(spec: Object, sample: Sample) -> Iterator[Condition]:
    """Yield the conditions that hold for an object. A personal value is never part of one."""
    comparable: list[Field] = []
    for field in spec.fields:
        value = sample.value.get(field.name)
        yield Condition("present" if is_filled(value) else "absent", field.name)
        if field.value and not field.is_list and is_filled(value):
            if _is_plain(value) and not field.personal and field.value.type in {"choice", "string", "boolean"}:
                yield Condition("is", field.name, value)
            if field.value.type in _PAIRS_COMPARED:
                comparable.append(field)
    for one, other in combinations(comparable, 2):
        if one.value and other.value and one.value.type == other.value.type:
            is_equal = sample.value[one.name] == sample.value[other.name]
            yield Condition("equal" if is_equal else "different", one.name, other.name)


def _is_plain(value: object) -> TypeGuard[str | bool]:
    return isinstance(value, bool) or (isinstance(value, str) and is_printable(value))


def _holds(condition: Condition, sample: Sample) -> bool:
    value = sample.value.get(condition.field)
    match condition.kind:
        case "present" | "absent":
            return is_filled(value) is (condition.kind == "present")
        case "is":
            return type(value) is type(condition.other) and value == condition.other
        case _:
            other = sample.value.get(str(condition.other))
            return is_filled(value) and is_filled(other) and (value == other) is (condition.kind == "equal")


def _mask(condition: Condition, samples: list[Sample]) -> int:
    """Return the samples for which a condition holds, as the bits of a number."""
    return sum(1 << position for position, sample in enumerate(samples) if _holds(condition, sample))


def _rank(labelled: Labelled, reading: Reading) -> tuple[object, ...]:
    """Sort key of readings: those that refuse fewest unknown objects first, then the simplest."""
    refused = sum(all(_holds(each, sample) for each in reading) for sample in labelled.unknown)
    return refused, sorted(_ORDER.index(each.kind) for each in reading), [str(each) for each in reading]


def _is_expressible(reading: Reading) -> bool:
    """Return whether one rule can express this: at most one of its conditions may compare two fields."""
    fields = [each.field for each in reading]
    return sum(each.kind in {"equal", "different"} for each in reading) < 2 and len(set(fields)) == len(fields)

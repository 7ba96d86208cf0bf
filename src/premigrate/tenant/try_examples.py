"""Tries the examples of a document with a validator, each on a day that suits its dates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from premigrate.engine.findings import FRAMEWORK_RULE_ID

if TYPE_CHECKING:
    from premigrate.api import Validator
    from premigrate.results import Result
    from premigrate.tenant.document.requests import DocumentExample

_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T.*)?", re.ASCII | re.DOTALL)
_MAX_DAYS = 60
"""How many days an example is tried on, at most."""


class TriedExample(NamedTuple):
    """An example with its result on ``day``: today, or the latest earlier day on which the fewest rules fail."""

    example: DocumentExample
    day: date
    result: Result


def try_example(validator: Validator, example: DocumentExample) -> TriedExample:
    """Validate an example today and, if rules refuse it, on the days around its own dates.

    An example shows an account of the time when it was written, so a date in it may be long past by now.
    """
    today = validator.as_of
    best = TriedExample(example, today, validator.validate(example.payload))
    fewest = _count_rule_errors(best.result)
    for day in _days(example.payload, today) if fewest else ():
        result = validator.on_day(day).validate(example.payload)
        count = _count_rule_errors(result)
        if count < fewest:
            best, fewest = TriedExample(example, day, result), count
        if not fewest:
            break
    return best


def _count_rule_errors(result: Result) -> int:
    return sum(error.rule != FRAMEWORK_RULE_ID for error in result.errors)


def _days(payload: object, today: date) -> Iterator[date]:
    """Yield the days of a payload and those beside them that are before today, the latest first."""
    written = set(_dates(payload))
    near = {day + timedelta(days=step) for day in written for step in (-1, 0, 1) if date.min < day < date.max}
    yield from sorted((day for day in near if day < today), reverse=True)[:_MAX_DAYS]


def _dates(value: object) -> Iterator[date]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _dates(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _dates(inner)
    elif isinstance(value, str) and (match := _DATE.fullmatch(value)):
        try:
            yield date.fromisoformat(match[1])
        except ValueError:
            return

"""Searches for a fixed day, or a distance from today or from another date, that explains which dates are refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from premigrate.compare.learn.conditions import has_support
from premigrate.formats.dates import parse_date
from premigrate.ruleset.model.operands import MAX_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from premigrate.compare.learn.labels import Labelled, Sample

TODAY = "<today>"
_EPOCH = date(1, 1, 1)


class DateRule(NamedTuple):
    """A date is at most, or at least, a number of days after another one.

    ``since`` is a field, ``<today>``, or empty if ``days`` are counted from the first day of the calendar.
    """

    field: str
    order: Literal["<=", ">="]
    since: str
    days: int

    @property
    def fixed_day(self) -> date:
        """The day itself, if it is a fixed one."""
        return _EPOCH + timedelta(days=self.days)


def search_dates(labelled: Labelled) -> DateRule | None:
    """Return the rule that explains all failing and passing objects, with the limit that refuses least.

    If there are several, prefer the one that refuses fewest of the objects with unknown result, and then the one whose
    limit the responses determine most exactly.
    """
    if not has_support(labelled):
        return None
    found = [reading for field in _dates(labelled) for since in ("", TODAY, *_dates(labelled)) if since != field
             for reading in _readings(labelled, field, since)]  # fmt: skip
    return min(found, default=(0, 0, None), key=lambda each: (each[0], each[1], each[2]))[2]


def _dates(labelled: Labelled) -> list[str]:
    return [
        field.name for field in labelled.spec.fields if field.value and field.value.type == "date" and not field.is_list
    ]


def _readings(labelled: Labelled, field: str, since: str) -> Iterator[tuple[int, int, DateRule]]:
    """Yield (unknown objects refused, days between refused and accepted dates, rule)."""
    failing = _distances(labelled.failing, field, since)
    passing = sorted(each for each in _distances(labelled.passing, field, since) if each is not None)
    unknown = [each for each in _distances(labelled.unknown, field, since) if each is not None]
    if None in failing or len(passing) < len(labelled.passing) // 2 or not passing:
        return
    known = sorted(each for each in failing if each is not None)
    if known[0] > passing[-1] and _is_allowed(since, known[0] - 1):
        limit = known[0] - 1
        yield sum(each > limit for each in unknown), known[0] - passing[-1], DateRule(field, "<=", since, limit)
    if known[-1] < passing[0] and _is_allowed(since, known[-1] + 1):
        limit = known[-1] + 1
        yield sum(each < limit for each in unknown), passing[0] - known[-1], DateRule(field, ">=", since, limit)


def _is_allowed(since: str, days: int) -> bool:
    return abs(days) <= MAX_DAYS if since else 0 <= days <= (date.max - _EPOCH).days


def _distances(samples: list[Sample], field: str, since: str) -> list[int | None]:
    return [_distance(sample, field, since) for sample in samples]


def _distance(sample: Sample, field: str, since: str) -> int | None:
    day = parse_date(sample.value.get(field))
    start = _EPOCH if not since else sample.case.day if since == TODAY else parse_date(sample.value.get(since))
    return (day - start).days if isinstance(day, date) and isinstance(start, date) else None

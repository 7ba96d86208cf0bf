"""Compares on each day that a recorded call can have been for the API, whose clock has a time zone of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from premigrate.compare.match_errors import compare

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from premigrate.compare.model import Answered, Comparison, Pair
    from premigrate.results import Error, Place

_EVERYWHERE = (UTC, timezone(timedelta(hours=-12)), timezone(timedelta(hours=14)))
_NOON = 12


def days_of(when: date | datetime, zones: Sequence[tzinfo]) -> tuple[date, ...]:
    """List the days, the likeliest first.

    Args:
        when: a day, which is the only one then; or a moment. A moment without an offset may also be of the day on the
            other side of the midnight that is nearer, for nothing tells whose clock it is from.
        zones: the time zones that the API may use; none if they are not known: then every zone counts.

    """
    if not isinstance(when, datetime):
        return (when,)
    written = when.date()
    try:
        if when.tzinfo is None:
            return written, written + timedelta(days=-1 if when.hour < _NOON else 1)
        found = [when.astimezone(zone).date() for zone in zones or _EVERYWHERE]
    except OverflowError:  # the first or last day that there is
        return (written,)
    return tuple(dict.fromkeys(found if zones else [written, *found]))


def compare_days(predictions: Sequence[Sequence[Error]], answered: Answered) -> tuple[int, Comparison]:
    """Compare what was predicted for each of these days with the answer, and choose the day that agrees best.

    Args:
        predictions: the errors predicted for each day; of days that agree as well, the first one is chosen.
        answered: what the API told.

    Returns:
        The position of the chosen day, and the comparison on it.

    """
    found = [compare(predicted, answered) for predicted in predictions]
    return min(enumerate(found), key=lambda each: _distance(each[1]))


def _distance(comparison: Comparison) -> tuple[bool, bool, int]:
    has_other_verdict = comparison.predicted_refused != comparison.answered.refused
    differing = sum(pair.kind != "agreed" for pair in comparison.pairs)
    return not comparison.is_same, has_other_verdict, differing


def without_doubtful(comparison: Comparison, predictions: Sequence[Sequence[Error]]) -> Comparison:
    """Leave out what the API did not answer and was not predicted for all days: it says nothing against a rule."""
    everywhere = set.intersection(*({(error.rule, error.path) for error in predicted} for predicted in predictions))
    return comparison._replace(pairs=tuple(pair for pair in comparison.pairs if not _is_doubtful(pair, everywhere)))


def _is_doubtful(pair: Pair, everywhere: set[tuple[str, Place]]) -> bool:
    error = pair.predicted
    return pair.kind == "predicted only" and error is not None and (error.rule, error.path) not in everywhere

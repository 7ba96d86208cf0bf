"""Compares the prediction for each date that the API, in its own time zone, may have used as today for a call."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from premigrate.compare.match_errors import compare_errors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from premigrate.compare.model import Comparison, ErrorPair, RecordedResponse
    from premigrate.results import Error, Place

_ANY_ZONE = (UTC, timezone(timedelta(hours=-12)), timezone(timedelta(hours=14)))  # UTC and the extreme offsets
_NOON = 12


def possible_dates(when: date | datetime, zones: Sequence[tzinfo]) -> tuple[date, ...]:
    """List the possible dates of a call, the likeliest first.

    Args:
        when: a date, which is then the only one, or a time. The time zone of a time without an offset is unknown, so
            the date across the nearer midnight is possible, too.
        zones: the time zones that the API may use. If empty, any time zone is possible.

    """
    if not isinstance(when, datetime):
        return (when,)
    written = when.date()
    try:
        if when.tzinfo is None:
            return written, written + timedelta(days=-1 if when.hour < _NOON else 1)
        found = [when.astimezone(zone).date() for zone in zones or _ANY_ZONE]
    except OverflowError:  # the first or last date of Python
        return (written,)
    return tuple(dict.fromkeys(found if zones else [written, *found]))


def compare_best_date(predictions: Sequence[Sequence[Error]], answered: RecordedResponse) -> tuple[int, Comparison]:
    """Compare the predictions for several dates with a response, and choose the date that agrees best.

    Args:
        predictions: the predicted errors for each date. Of dates that agree equally well, the first is chosen.
        answered: the response of the API.

    Returns:
        The index of the chosen date, and its comparison.

    """
    found = [compare_errors(predicted, answered) for predicted in predictions]
    return min(enumerate(found), key=lambda each: _distance(each[1]))


def _distance(comparison: Comparison) -> tuple[bool, bool, int]:
    has_other_verdict = comparison.predicted_refused != comparison.answered.is_refused
    differing = sum(pair.kind != "agreed" for pair in comparison.pairs)
    return not comparison.is_same, has_other_verdict, differing


def drop_date_dependent(comparison: Comparison, predictions: Sequence[Sequence[Error]]) -> Comparison:
    """Drop unconfirmed errors that were not predicted for all dates: they are no evidence against a rule."""
    everywhere = set.intersection(*({(error.rule, error.path) for error in predicted} for predicted in predictions))
    return comparison._replace(pairs=tuple(pair for pair in comparison.pairs if not _is_doubtful(pair, everywhere)))


def _is_doubtful(pair: ErrorPair, everywhere: set[tuple[str, Place]]) -> bool:
    error = pair.predicted
    return pair.kind == "predicted only" and error is not None and (error.rule, error.path) not in everywhere

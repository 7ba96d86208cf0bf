"""Matches predicted errors with the errors in a response of the API."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING, TypeAlias

from premigrate.compare.model import Comparison, ErrorPair, MatchKind, RecordedResponse, ReportedError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from premigrate.results import Error

    _Key: TypeAlias = Callable[[Error | ReportedError], tuple[str, ...]]


def _parent(error: Error | ReportedError) -> str:
    return error.attr.rpartition(".")[0]


_BY_CODE: tuple[tuple[MatchKind, _Key], ...] = (
    ("agreed", lambda error: (error.code, error.attr, error.detail)),
    ("other detail", lambda error: (error.code, error.attr)),
    ("other attr", lambda error: (error.code, _parent(error), error.detail)),
    ("other attr", lambda error: (error.code, _parent(error))),
    ("other attr", lambda error: (error.code, error.detail)),
    ("other attr", lambda error: (error.code,)),
)
_BY_TEXT: tuple[tuple[MatchKind, _Key], ...] = (
    ("agreed", lambda error: (error.attr, error.detail)),
    ("other detail", lambda error: (error.attr,)),
    ("other attr", lambda error: (_parent(error), error.detail)),
    ("other attr", lambda error: (error.detail,)),
)
"""The values that must be equal, the closest match first; the second is for errors without a code."""


def match_errors(predicted: Sequence[Error], answered: Sequence[ReportedError]) -> tuple[ErrorPair, ...]:
    """Match predicted errors with errors of a response: the closest first, each at most once.

    The pairs are in the order of the predicted errors, followed by the unmatched errors of the response in theirs.
    """
    kinds: dict[int, tuple[MatchKind, int]] = {}
    taken: set[int] = set()
    for rounds, with_code in ((_BY_CODE, True), (_BY_TEXT, False)):
        for kind, key in rounds:
            waiting: defaultdict[tuple[str, ...], deque[int]] = defaultdict(deque)
            for position, reported in enumerate(answered):
                if position not in taken and bool(reported.code) == with_code:
                    waiting[key(reported)].append(position)
            for position, error in enumerate(predicted):
                if position not in kinds and (found := waiting.get(key(error))):
                    kinds[position] = kind, found[0]
                    taken.add(found.popleft())
    pairs = [
        ErrorPair(kinds[position][0], error, answered[kinds[position][1]])
        if position in kinds
        else ErrorPair("predicted only", error)
        for position, error in enumerate(predicted)
    ]
    unmatched = [each for position, each in enumerate(answered) if position not in taken]
    return (*pairs, *(ErrorPair("answered only", None, each) for each in unmatched))


def compare_errors(predicted: Sequence[Error], answered: RecordedResponse) -> Comparison:
    """Compare the errors predicted for a call, in the order of a response, with the response of the API."""
    if answered.errors is None:
        return Comparison(bool(predicted), answered)
    pairs = match_errors(predicted, answered.errors)
    expected = [(error.code, error.attr, error.detail) for error in predicted]
    in_order = expected == [(error.code, error.attr, error.detail) for error in answered.errors]
    return Comparison(bool(predicted), answered, pairs, in_order if answered.is_ordered else None)

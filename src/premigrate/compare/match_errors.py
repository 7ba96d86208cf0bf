"""Matches predicted errors with the errors in a response of the API."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING, TypeAlias

from premigrate.compare.model import Comparison, ErrorPair, MatchKind, RecordedResponse, ReportedError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from premigrate.results import Error

    _Key: TypeAlias = Callable[[Error | ReportedError], tuple[str, ...]]


def _parent(said: Error | ReportedError) -> str:
    return said.attr.rpartition(".")[0]


_BY_CODE: tuple[tuple[MatchKind, _Key], ...] = (
    ("agreed", lambda said: (said.code, said.attr, said.detail)),
    ("other detail", lambda said: (said.code, said.attr)),
    ("other attr", lambda said: (said.code, _parent(said), said.detail)),
    ("other attr", lambda said: (said.code, _parent(said))),
    ("other attr", lambda said: (said.code, said.detail)),
    ("other attr", lambda said: (said.code,)),
)
_BY_TEXT: tuple[tuple[MatchKind, _Key], ...] = (
    ("agreed", lambda said: (said.attr, said.detail)),
    ("other detail", lambda said: (said.attr,)),
    ("other attr", lambda said: (_parent(said), said.detail)),
    ("other attr", lambda said: (said.detail,)),
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
            for position, said in enumerate(answered):
                if position not in taken and bool(said.code) == with_code:
                    waiting[key(said)].append(position)
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
    left = [ErrorPair("answered only", None, said) for position, said in enumerate(answered) if position not in taken]
    return (*pairs, *left)


def compare_errors(predicted: Sequence[Error], answered: RecordedResponse) -> Comparison:
    """Compare the errors predicted for a call, in the order of a response, with the response of the API."""
    if answered.errors is None:
        return Comparison(bool(predicted), answered)
    pairs = match_errors(predicted, answered.errors)
    told = [(error.code, error.attr, error.detail) for error in predicted]
    in_order = told == [(said.code, said.attr, said.detail) for said in answered.errors]
    return Comparison(bool(predicted), answered, pairs, in_order if answered.is_ordered else None)

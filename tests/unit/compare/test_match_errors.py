"""Pairs of predicted and answered errors."""

import random

from hypothesis import given
from hypothesis import strategies as st

from premigrate.compare.match_errors import compare_errors, match_errors
from premigrate.compare.model import RecordedResponse, ReportedError, Totals
from premigrate.results import Error

LETTERS = st.sampled_from("ab")
REPORTED = st.builds(ReportedError, LETTERS, LETTERS, st.sampled_from(["a", "a.0.x", "a.0.y", "b"]))
UNCODED = st.one_of(REPORTED, REPORTED.map(lambda reported: reported._replace(code="")))


def error(reported: ReportedError, rule: str = "r") -> Error:
    return Error(reported.detail, reported.code, reported.attr, rule, ())


def kinds(predicted: list[ReportedError], answered: list[ReportedError]) -> list[str]:
    return [pair.kind for pair in match_errors(list(map(error, predicted)), answered)]


def test_closest_match_wins() -> None:
    here = ReportedError("text", "code", "a.0.x")
    assert kinds([here], [here]) == ["agreed"]
    assert kinds([here], [here._replace(detail="other")]) == ["other detail"]
    assert kinds([here], [here._replace(attr="a.0.y")]) == ["other attr"]
    assert kinds([here], [here._replace(code="other")]) == ["predicted only", "answered only"]
    near, far = here._replace(detail="other"), here._replace(attr="b")
    assert kinds([here], [far, near]) == ["other detail", "answered only"]
    assert kinds([here, here], [here]) == ["agreed", "predicted only"], "each error is used once"
    assert kinds([near, here], [here]) == ["predicted only", "agreed"], "regardless of the order"


def test_nearest_place_wins() -> None:
    predicted = [ReportedError("t", "c", "a.0.x"), ReportedError("t", "c", "a.1.x")]
    answered = [ReportedError("t", "c", "a.1.non_field_errors"), ReportedError("t", "c", "a.0.non_field_errors")]
    pairs = match_errors(list(map(error, predicted)), answered)
    assert [pair.answered and pair.answered.attr for pair in pairs] == ["a.0.non_field_errors", "a.1.non_field_errors"]


def test_errors_without_code_match_by_attr_and_detail() -> None:
    here = ReportedError("text", "code", "a.0.x")
    bare = here._replace(code="")
    assert kinds([here], [bare]) == ["agreed"]
    assert kinds([here], [bare._replace(detail="other")]) == ["other detail"]
    assert kinds([here], [bare._replace(attr="b")]) == ["other attr"]
    assert kinds([here], [ReportedError("other", "", "b")]) == ["predicted only", "answered only"]
    (pair,) = match_errors([error(here)], [bare])
    assert pair.code == "code", "the predicted code"


@given(st.lists(REPORTED, max_size=6), st.lists(UNCODED, max_size=6), st.randoms(use_true_random=False))
def test_every_error_is_in_exactly_one_pair(
    predicted: list[ReportedError], answered: list[ReportedError], rng: random.Random
) -> None:
    errors = [error(reported, str(number)) for number, reported in enumerate(predicted)]
    pairs = match_errors(errors, answered)
    assert [pair.predicted for pair in pairs if pair.predicted] == errors
    assert sorted(pair.answered for pair in pairs if pair.answered) == sorted(answered)
    for pair in pairs:
        assert bool(pair.predicted and pair.answered) == (pair.kind in {"agreed", "other detail", "other attr"})
    shuffled = rng.sample(answered, len(answered))
    assert sum(pair.kind == "agreed" for pair in match_errors(errors, shuffled)) == sum(
        pair.kind == "agreed" for pair in pairs
    )


@given(st.lists(REPORTED, max_size=6))
def test_identical_errors_agree(reported: list[ReportedError]) -> None:
    answered = RecordedResponse(is_refused=bool(reported), errors=tuple(reported))
    comparison = compare_errors(list(map(error, reported)), answered)
    assert comparison.is_same
    assert comparison.has_same_order is True
    totals = Totals()
    totals.add(comparison)
    assert (totals.identical, totals.in_order, totals.disagreements) == (1, 1, 0)


def test_order_is_compared_if_known() -> None:
    reported = [ReportedError("t", "a", "x"), ReportedError("t", "b", "y")]
    errors = list(map(error, reported))
    other = RecordedResponse(is_refused=True, errors=tuple(reversed(reported)))
    assert (compare_errors(errors, other).is_same, compare_errors(errors, other).has_same_order) == (True, False)
    assert compare_errors(errors, other._replace(is_ordered=False)).has_same_order is None


def test_only_the_verdict_is_compared_without_errors() -> None:
    bare = RecordedResponse(is_refused=True, errors=None)
    one = [error(ReportedError("t", "a", "x"))]
    assert compare_errors(one, bare).is_same
    assert not compare_errors([], bare).is_same
    assert not compare_errors(one, RecordedResponse(is_refused=False)).is_same

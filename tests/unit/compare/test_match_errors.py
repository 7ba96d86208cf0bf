"""Which predicted error and which answered one go together."""

import random

from hypothesis import given
from hypothesis import strategies as st

from premigrate.compare.match_errors import compare_errors, match_errors
from premigrate.compare.model import RecordedResponse, ReportedError, Totals
from premigrate.results import Error

LETTERS = st.sampled_from("ab")
SAID = st.builds(ReportedError, LETTERS, LETTERS, st.sampled_from(["a", "a.0.x", "a.0.y", "b"]))
UNCODED = st.one_of(SAID, SAID.map(lambda said: said._replace(code="")))


def error(said: ReportedError, rule: str = "r") -> Error:
    return Error(said.detail, said.code, said.attr, rule, ())


def kinds(predicted: list[ReportedError], answered: list[ReportedError]) -> list[str]:
    return [pair.kind for pair in match_errors(list(map(error, predicted)), answered)]


def test_the_closest_goes_first() -> None:
    here = ReportedError("text", "code", "a.0.x")
    assert kinds([here], [here]) == ["agreed"]
    assert kinds([here], [here._replace(detail="other")]) == ["other detail"]
    assert kinds([here], [here._replace(attr="a.0.y")]) == ["other attr"]
    assert kinds([here], [here._replace(code="other")]) == ["predicted only", "answered only"]
    near, far = here._replace(detail="other"), here._replace(attr="b")
    assert kinds([here], [far, near]) == ["other detail", "answered only"]
    assert kinds([here, here], [here]) == ["agreed", "predicted only"], "each is used once"
    assert kinds([near, here], [here]) == ["predicted only", "agreed"], "whatever comes first"


def test_of_several_places_the_nearest_goes_first() -> None:
    predicted = [ReportedError("t", "c", "a.0.x"), ReportedError("t", "c", "a.1.x")]
    answered = [ReportedError("t", "c", "a.1.non_field_errors"), ReportedError("t", "c", "a.0.non_field_errors")]
    pairs = match_errors(list(map(error, predicted)), answered)
    assert [pair.answered and pair.answered.attr for pair in pairs] == ["a.0.non_field_errors", "a.1.non_field_errors"]


def test_without_a_code_place_and_text_tell() -> None:
    here = ReportedError("text", "code", "a.0.x")
    bare = here._replace(code="")
    assert kinds([here], [bare]) == ["agreed"]
    assert kinds([here], [bare._replace(detail="other")]) == ["other detail"]
    assert kinds([here], [bare._replace(attr="b")]) == ["other attr"]
    assert kinds([here], [ReportedError("other", "", "b")]) == ["predicted only", "answered only"]
    (pair,) = match_errors([error(here)], [bare])
    assert pair.code == "code", "it is that of the prediction"


@given(st.lists(SAID, max_size=6), st.lists(UNCODED, max_size=6), st.randoms(use_true_random=False))
def test_nothing_is_lost_or_used_twice(
    predicted: list[ReportedError], answered: list[ReportedError], rng: random.Random
) -> None:
    errors = [error(said, str(number)) for number, said in enumerate(predicted)]
    pairs = match_errors(errors, answered)
    assert [pair.predicted for pair in pairs if pair.predicted] == errors
    assert sorted(pair.answered for pair in pairs if pair.answered) == sorted(answered)
    for pair in pairs:
        assert bool(pair.predicted and pair.answered) == (pair.kind in {"agreed", "other detail", "other attr"})
    shuffled = rng.sample(answered, len(answered))
    assert sum(pair.kind == "agreed" for pair in match_errors(errors, shuffled)) == sum(
        pair.kind == "agreed" for pair in pairs
    )


@given(st.lists(SAID, max_size=6))
def test_what_is_the_same_agrees(told: list[ReportedError]) -> None:
    answered = RecordedResponse(is_refused=bool(told), errors=tuple(told))
    comparison = compare_errors(list(map(error, told)), answered)
    assert comparison.is_same
    assert comparison.has_same_order is True
    totals = Totals()
    totals.add(comparison)
    assert (totals.identical, totals.in_order, totals.disagreements) == (1, 1, 0)


def test_order_is_compared_where_it_is_told() -> None:
    told = [ReportedError("t", "a", "x"), ReportedError("t", "b", "y")]
    errors = list(map(error, told))
    other = RecordedResponse(is_refused=True, errors=tuple(reversed(told)))
    assert (compare_errors(errors, other).is_same, compare_errors(errors, other).has_same_order) == (True, False)
    assert compare_errors(errors, other._replace(is_ordered=False)).has_same_order is None


def test_only_the_verdict_is_compared_where_it_is_all_that_is_told() -> None:
    bare = RecordedResponse(is_refused=True, errors=None)
    one = [error(ReportedError("t", "a", "x"))]
    assert compare_errors(one, bare).is_same
    assert not compare_errors([], bare).is_same
    assert not compare_errors(one, RecordedResponse(is_refused=False)).is_same

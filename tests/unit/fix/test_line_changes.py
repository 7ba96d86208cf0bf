"""The changes between two texts turn the old lines into the new ones, and are small."""

from hypothesis import given
from hypothesis import strategies as st

from premigrate.fix.line_changes import LineChange, changed_lines, group_changes

LINES = st.lists(st.sampled_from(["a", "b", "c", "}"]), max_size=12)


@given(LINES, LINES)
def test_changes_make_the_new_lines(old: list[str], new: list[str]) -> None:
    made, done = [], 0
    for old_start, old_end, new_start, new_end in changed_lines(old, new):
        assert (old_end > old_start) or (new_end > new_start)
        made += [*old[done:old_start], *new[new_start:new_end]]
        done = old_end
    assert [*made, *old[done:]] == new


def test_changes_of_many_lines_are_found_fast_and_one_by_one() -> None:
    old = ["}" if number % 2 else str(number) for number in range(200_000)]
    new = [line for number, line in enumerate(old) if number % 1000]
    assert [*changed_lines(old, new)] == [
        LineChange(at, at + 1, at - at // 1000, at - at // 1000) for at in range(0, 200_000, 1000)
    ]


def test_texts_without_an_equal_line_near_are_replaced_as_a_whole() -> None:
    old, new = [f"a{number}" for number in range(500)], [f"b{number}" for number in range(500)]
    assert [*changed_lines([*old, "x", "y"], [*new, "x", "y"])] == [LineChange(0, 502, 0, 502)]


def test_near_changes_are_one_group() -> None:
    changes = [LineChange(at, at + 1, at, at + 1) for at in (0, 7, 15)]
    assert [*group_changes(iter(changes), 3)] == [changes[:2], changes[2:]]


def test_one_equal_line_between_two_changed_ones_is_no_change() -> None:
    changes = [*changed_lines(["a", "same", "b", "end"], ["A", "same", "B", "end"])]
    assert changes == [LineChange(0, 1, 0, 1), LineChange(2, 3, 2, 3)]

"""Lines are wrapped to a width, and keep all their words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.report.wrap_text import wrap_line, wrap_lines

WORDS = st.lists(st.text("abc.:", min_size=1, max_size=12), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (None, ["a.json:1:2: error: one two three four five six"]),
        (47, ["a.json:1:2: error: one two three four five six"]),
        (44, ["a.json:1:2: error: one two three four five", "    six"]),
        (40, ["a.json:1:2: error: one two three four", "    five six"]),
        (5, ["a.json:1:2: error: one two three four", "    five six"]),
    ],
)
def test_line_breaks_at_spaces(width: int | None, expected: list[str]) -> None:
    assert wrap_line("a.json:1:2: error: ", "one two three four five six", width) == expected


def test_long_words_stay_whole() -> None:
    assert wrap_line("", f"one {'x' * 90} two", 40) == ["one", f"    {'x' * 90}", "    two"]


def test_lines_keep_their_indentation() -> None:
    assert "".join(wrap_lines(["  expected: one two three four", "", "end"], 24)) == (
        "  expected: one two\n    three four\n\nend\n"
    )


@given(WORDS, st.integers(24, 60))
def test_no_word_is_lost_and_no_line_is_too_long(words: list[str], width: int) -> None:
    first, *more = wrap_line("", " ".join(words), width)
    assert " ".join([first, *(line.removeprefix("    ") for line in more)]) == " ".join(words)
    assert all(len(line) <= width for line in (first, *more))

"""A text without the marks of patterns matches none of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.formats.pattern import Marks, marks_of, union

PATTERNS = ["test@.*", r".*@test\.com", r".*black\+.*", "39[0-9]{2}", "PT160[1-6].*", "the occupier", r".*\.xx"]
PIECES = [
    "test",
    "@",
    "TEST",
    ".com",
    "black",
    "+",
    "39",
    "12",
    "pt160",
    "PT160",
    "3",
    "the occupier",
    ".xx",
    "\u212a",
    "x",
]


@pytest.mark.parametrize(
    ("pattern", "marks"),
    [
        ("test@.*", Marks(("test@",), (), ())),
        (r".*@test\.com", Marks((), ("@test.com",), ())),
        (r".*black\+.*", Marks((), (), ("black+",))),
        ("39[0-9]{2}", Marks(("39",), (), ())),
        ("ab*.*", Marks(("a",), (), ())),
        ("[0-9]{4}", None),
        ("a?b", None),
        (".*a.b", None),
        (".*ab*", None),
        (".*", None),
    ],
)
def test_marks(pattern: str, marks: Marks | None) -> None:
    assert marks_of([pattern]) == marks


def test_one_pattern_without_marks_leaves_all_without() -> None:
    assert marks_of(["test@.*", "[0-9]+"]) is None


@pytest.mark.parametrize("ignore_case", [False, True])
@given(data=st.data())
def test_a_text_without_marks_matches_nothing(ignore_case: bool, data: st.DataObject) -> None:
    patterns = data.draw(st.lists(st.sampled_from(PATTERNS), min_size=1, unique=True))
    text = "".join(data.draw(st.lists(st.sampled_from(PIECES), max_size=5)))
    marks = marks_of(patterns, ignore_case=ignore_case)
    assert marks
    seen = text.lower() if ignore_case else text
    has_mark = seen.startswith(marks.starts) or seen.endswith(marks.ends) or any(each in seen for each in marks.insides)
    if text.isascii() and union(patterns, ignore_case=ignore_case).fullmatch(text):
        assert has_mark

"""The unprintable characters are the same in every Python version, and include those that Python reports."""

import sys
import unicodedata

import pytest

from premigrate.formats.printable import is_printable, replace_unprintable

ALL = "".join(map(chr, range(sys.maxunicode + 1)))
ASSIGNED = "".join(each for each in ALL if unicodedata.category(each) != "Cn")


def test_assigned_characters_match_isprintable() -> None:
    left = replace_unprintable(ASSIGNED, lambda _: "")
    assert left.isprintable()
    assert set(ASSIGNED) - set(left) == {each for each in ASSIGNED if not each.isprintable()}


def test_result_does_not_depend_on_the_python_version() -> None:
    """Compare the number of printable characters, assigned or not, which is fixed for all Python versions."""
    assert len(replace_unprintable(ALL, lambda _: "")) == 970_536


@pytest.mark.parametrize("text", ["\U00011f02", "\U0001fae8", "\u1c89", "ø", "e\u0301", "\U000e0100", "", "a b"])
def test_letters_of_newer_unicode_are_printed(text: str) -> None:
    assert is_printable(text)
    assert replace_unprintable(text, lambda _: "?") == text


@pytest.mark.parametrize("text", ["\x1b", "\x00", "\n", "\u202e", "\u2028", "\u00a0", "\ud800", "\ufeff", "\U00013439"])
def test_characters_that_affect_a_terminal_are_replaced(text: str) -> None:
    assert not is_printable(f"a{text}b")
    assert replace_unprintable(f"a{text}b", lambda each: f"<{ord(each):x}>") == f"a<{ord(text):x}>b"

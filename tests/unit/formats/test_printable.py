"""Characters that can't be printed are the same ones in any Python, and all that Python says can't be."""

import sys
import unicodedata

import pytest

from premigrate.formats.printable import is_printable, replace_unprintable

ALL = "".join(map(chr, range(sys.maxunicode + 1)))
ASSIGNED = "".join(each for each in ALL if unicodedata.category(each) != "Cn")


def test_of_what_this_python_knows_it_is_what_python_says() -> None:
    left = replace_unprintable(ASSIGNED, lambda _: "")
    assert left.isprintable()
    assert set(ASSIGNED) - set(left) == {each for each in ASSIGNED if not each.isprintable()}


def test_what_no_python_knew_yet_is_decided_once_for_all() -> None:
    """So many characters are printed, assigned or not: another number in another Python would tell that it isn't."""
    assert len(replace_unprintable(ALL, lambda _: "")) == 970_536


@pytest.mark.parametrize("text", ["\U00011f02", "\U0001fae8", "\u1c89", "ø", "e\u0301", "\U000e0100", "", "a b"])
def test_letters_of_newer_unicode_are_printed(text: str) -> None:
    assert is_printable(text)
    assert replace_unprintable(text, lambda _: "?") == text


@pytest.mark.parametrize("text", ["\x1b", "\x00", "\n", "\u202e", "\u2028", "\u00a0", "\ud800", "\ufeff", "\U00013439"])
def test_what_a_terminal_may_act_on_is_not(text: str) -> None:
    assert not is_printable(f"a{text}b")
    assert replace_unprintable(f"a{text}b", lambda each: f"<{ord(each):x}>") == f"a<{ord(text):x}>b"

"""Checks supply point codes of the CUPS family: country letters, sixteen digits, two check letters."""

import re
from collections.abc import Callable
from functools import cache, partial

from premigrate.formats.interfaces import FormatCheck, Invalid, Suspicious, Verdict
from premigrate.formats.pattern import LazyPattern


def make_check(*, prefix: str) -> FormatCheck:
    """Return a check of codes that begin with the country letters ``prefix``.

    python-stdnum computes the check letters, for any country. The shape is checked first, because python-stdnum
    accepts a line break as a digit.
    """
    _check_letters()  # imports the library now, rather than with the first value
    return partial(_check, LazyPattern(rf"{re.escape(prefix)}[0-9]{{16}}[A-Z]{{2}}", re.ASCII))


def describe_form(*, prefix: str) -> str:
    """Return the form of valid texts in words."""
    return f"{prefix}, sixteen digits and two check letters"


@cache
def _check_letters() -> Callable[[str], str]:
    from stdnum.es.cups import calc_check_digits

    return calc_check_digits


def _check(shape: LazyPattern, text: str) -> Verdict:
    letters_of = _check_letters()
    if shape.fullmatch(text) and text[-2:] == letters_of(text):
        return None
    if not text.isascii():
        return Invalid("this one has characters other than A-Z and 0-9")
    bare = text.strip().replace(" ", "").replace("-", "").upper()
    if not shape.fullmatch(bare):
        return Invalid()
    letters = letters_of(bare)
    if bare[-2:] != letters:
        return Invalid(correction=f"the check letters should be {letters}")
    return Suspicious("written with spaces, hyphens or lower-case letters")

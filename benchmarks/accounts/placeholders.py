"""Derives the unique values of an account from its serial number.

Until an account is written, it has placeholders for them: ``mark("serial", 2)`` is the third serial of its account.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

_SIGN = "\ue000"  # occurs in no account, and JSON does not escape it
_MARK = re.compile(f"{_SIGN}([a-z_]+) ([0-9])\ue000")
_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_TEN = 10
"""Maximum number of values of a kind in an account."""


def placeholder(kind: str, which: int = 0) -> str:
    """Return a placeholder for a value of a kind in ``VALUE_MAKERS``; ``which`` counts from 0."""
    assert kind in VALUE_MAKERS
    assert which < _TEN
    return f"{_SIGN}{kind} {which}{_SIGN}"


class Template(NamedTuple):
    """The JSON text of an account with placeholders, and the functions that fill them, in order."""

    text: str
    makers: tuple[tuple[Callable[[int], str], int], ...]

    def fill(self, serial: int) -> str:
        """Return the account with this serial number."""
        return self.text % tuple(make(serial * _TEN + which) for make, which in self.makers)


def parse_template(text: str) -> Template:
    """Return a text with placeholders as a template."""
    makers = tuple((VALUE_MAKERS[kind], int(which)) for kind, which in _MARK.findall(text))
    return Template(_MARK.sub("%s", text.replace("%", "%%")), makers)


def _fiscal_code(number: int) -> str:
    digits = f"{2 + number % 2}{number % 10_000_000:07d}"
    total = sum((9 - place) * int(digit) for place, digit in enumerate(digits))
    return f"{digits}{(11 - total) % 11 % 10}"


def _supply_point(operator: str, number: int) -> str:
    digits = f"{operator}{number:012d}"
    first, second = divmod(int(digits) % 529, 23)
    return f"PT{digits}{_LETTERS[first]}{_LETTERS[second]}"


def _mobile_of_pt(number: int) -> str:
    return f"9{'1236'[number % 4]}{number // 4 % 10_000_000:07d}"


def _spaced_mobile_of_pt(number: int) -> str:
    bare = _mobile_of_pt(number)
    return f"{bare[:3]} {bare[3:6]} {bare[6:]}"


def _mobile_of_dk(number: int) -> str:
    return f"+4551{1 + number % 9}{number // 9 % 100_000:05d}"


def _spaced_mobile_of_dk(number: int) -> str:
    bare = _mobile_of_dk(number)[3:]
    return f"{bare[:2]} {bare[2:4]} {bare[4:6]} {bare[6:]}"


VALUE_MAKERS: Mapping[str, Callable[[int], str]] = {
    "number": lambda number: f"EXT-{number:09d}",
    "serial": str,
    "fiscal_code": _fiscal_code,
    "electricity": lambda number: _supply_point("0002", number),
    "gas": lambda number: _supply_point("1601", number),
    "mobile_pt": _mobile_of_pt,
    "spaced_pt": _spaced_mobile_of_pt,
    "mobile_dk": _mobile_of_dk,
    "spaced_dk": _spaced_mobile_of_dk,
    "landline_dk": lambda number: f"+4533{1 + number % 9}{number // 9 % 100_000:05d}",
    "abroad": lambda number: f"+346{number % 100_000_000:08d}",
}
"""Functions that turn a unique number into a unique value, by kind."""

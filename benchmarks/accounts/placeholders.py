"""Derives the unique values of an account from its serial number.

Until an account is written, it has placeholders for them: ``placeholder("serial", 2)`` is the third serial of the
account.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

_DELIMITER = "\ue000"  # occurs in no account, and JSON does not escape it
_PLACEHOLDER = re.compile(f"{_DELIMITER}([a-z_]+) ([0-9])\ue000")
_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_MAX_VALUES = 10
"""Maximum number of values of a kind in an account."""


def placeholder(kind: str, index: int = 0) -> str:
    """Return a placeholder for a value of a kind in ``VALUE_MAKERS``; ``which`` counts from 0."""
    assert kind in VALUE_MAKERS
    assert index < _MAX_VALUES
    return f"{_DELIMITER}{kind} {index}{_DELIMITER}"


class Template(NamedTuple):
    """The JSON text of an account with placeholders, and the functions that fill them, in order."""

    text: str
    makers: tuple[tuple[Callable[[int], str], int], ...]

    def fill(self, serial: int) -> str:
        """Return the account with this serial number."""
        return self.text % tuple(make(serial * _MAX_VALUES + index) for make, index in self.makers)


def parse_template(text: str) -> Template:
    """Return a text with placeholders as a template."""
    makers = tuple((VALUE_MAKERS[kind], int(index)) for kind, index in _PLACEHOLDER.findall(text))
    return Template(_PLACEHOLDER.sub("%s", text.replace("%", "%%")), makers)


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
    digits = _mobile_of_pt(number)
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


def _mobile_of_dk(number: int) -> str:
    return f"+4551{1 + number % 9}{number // 9 % 100_000:05d}"


def _spaced_mobile_of_dk(number: int) -> str:
    digits = _mobile_of_dk(number)[3:]
    return f"{digits[:2]} {digits[2:4]} {digits[4:6]} {digits[6:]}"


def _mpan(number: int) -> str:
    digits = f"12{number:010d}"
    weights = (3, 5, 7, 13, 17, 19, 23, 29, 31, 37, 41, 43)
    return f"{digits}{sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True)) % 11 % 10}"


def _mprn(number: int) -> str:
    digits = f"{number % 100_000_000:08d}"
    return f"{digits}{sum(place * int(digit) for place, digit in enumerate(reversed(digits), start=1)) % 11:02d}"


def _mobile_of_gb(number: int) -> str:
    return f"0771{number % 10_000_000:07d}"


def _spaced_mobile_of_gb(number: int) -> str:
    digits = _mobile_of_gb(number)
    return f"{digits[:5]} {digits[5:]}"


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
    "mpan": _mpan,
    "mprn": _mprn,
    "mobile_gb": _mobile_of_gb,
    "spaced_gb": _spaced_mobile_of_gb,
    "landline_gb": lambda number: f"0207{number % 10_000_000:07d}",
    "abroad": lambda number: f"+346{number % 100_000_000:08d}",
}
"""Functions that turn a unique number into a unique value, by kind."""

"""Checks numbers whose last digits are the weighted sum of the digits before them."""

import re
from functools import partial
from operator import mul
from typing import NamedTuple

from premigrate.formats.interfaces import FormatCheck, Invalid, Suspicious, Verdict

_DIGITS = re.compile("[0-9]+", re.ASCII)
_VALUES = bytes.maketrans(b"0123456789", bytes(range(10)))
"""The values of ASCII digits."""


class _Sum(NamedTuple):
    """How the check digits of a number follow from the digits before them."""

    lengths: frozenset[int]
    weights: tuple[int, ...]
    from_right: bool
    moduli: tuple[int, ...]
    check_digits: int
    complement: bool


def make_check(  # noqa: PLR0913 - the parts of a definition, all named
    *,
    lengths: list[int],
    weights: list[int],
    moduli: list[int],
    check_digits: int = 1,
    from_right: bool = False,
    complement: bool = False,
) -> FormatCheck:
    """Return a check of numbers that end in check digits.

    Each digit before the check digits is multiplied by its weight. The sum of the products is reduced by each of
    ``moduli`` in turn: the remainder, with leading zeros, is the check digits. A remainder that has more digits than
    there are check digits makes every number wrong.

    Args:
        lengths: the valid numbers of digits, check digits included.
        weights: the weights of the digits, at least as many as there are digits before the check digits.
        moduli: the numbers by which the sum is divided, one after the other.
        check_digits: the number of check digits.
        from_right: whether the first weight belongs to the last digit before the check digits, instead of to the first
            digit of the number.
        complement: whether the check digits are what the remainder lacks to the last modulus; 0 if it is 0.

    Raises:
        ValueError: the arguments do not define check digits.

    """
    if check_digits < 1 or not lengths or min(lengths) <= check_digits:
        raise ValueError("lengths must be larger than check_digits, and check_digits at least 1")
    if not moduli or min(moduli) < 2:
        raise ValueError("moduli must be at least 2")
    if len(weights) < max(lengths) - check_digits:
        raise ValueError(
            f"there must be a weight for each of the {max(lengths) - check_digits} digits before the check digits"
        )
    return partial(
        _check, _Sum(frozenset(lengths), tuple(weights), from_right, tuple(moduli), check_digits, complement)
    )


def describe_form(*, lengths: list[int], check_digits: int = 1, **_: object) -> str:
    """Return the form of valid texts in words."""
    least, most = min(lengths), max(lengths)
    size = f"{least}" if least == most else f"{least} to {most}"
    last = "the last of which is a check digit" if check_digits == 1 else f"the last {check_digits} are check digits"
    return f"{size} digits, {last}"


def _check(definition: _Sum, text: str) -> Verdict:
    bare = text
    if not _DIGITS.fullmatch(bare):
        bare = text.strip().replace(" ", "").replace("-", "")
        if not _DIGITS.fullmatch(bare):
            return Invalid("this one has characters other than digits")
    if len(bare) not in definition.lengths:
        return Invalid(f"this one has {len(bare)} digits")
    expected = _expected_digits(definition, bare[: -definition.check_digits])
    if bare[-definition.check_digits :] != expected:
        is_possible = len(expected) == definition.check_digits
        word = "digit" if definition.check_digits == 1 else "digits"
        return Invalid(correction=f"the check {word} should be {expected}" if is_possible else "")
    return None if bare == text else Suspicious("written with spaces or hyphens")


def _expected_digits(definition: _Sum, digits: str) -> str:
    """Return the check digits of the digits before them, which are too many if no check digits fit."""
    ordered = digits[::-1] if definition.from_right else digits
    total = sum(map(mul, ordered.encode().translate(_VALUES), definition.weights))
    for modulus in definition.moduli:
        total %= modulus
    if definition.complement:
        total = (definition.moduli[-1] - total) % definition.moduli[-1]
    return f"{total:0{definition.check_digits}}"

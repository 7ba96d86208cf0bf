"""Checks national identifiers and their check digits with python-stdnum."""

from collections.abc import Sequence
from functools import partial
from importlib import import_module
from operator import mul
from typing import NamedTuple

from premigrate.formats.interfaces import FormatCheck, Invalid, Suspicious, Verdict
from premigrate.formats.pattern import LazyPattern, compile_plain_pattern


class _Shortcut(NamedTuple):
    """A shortcut for numbers written as digits only, the last of which is the check digit."""

    shape: LazyPattern
    weights: tuple[int, ...]
    modulus: int
    zero_sum: int
    """The weighted sum of ASCII zeros, which turns a weighted sum of bytes into one of digits."""

    def is_certainly_valid(self, text: str) -> bool:
        """Return whether a text is certainly a valid number; False means that the library has to decide."""
        if not self.shape.fullmatch(text):
            return False
        digits = text.encode()
        lacking: int = (self.zero_sum - sum(map(mul, self.weights, digits))) % self.modulus
        return lacking % 10 == digits[-1] - _ZERO


_ZERO = ord("0")


def make_check(*, of: str, bare: str = "", weights: Sequence[int] = (), modulus: int = 0) -> FormatCheck:
    """Return a check based on the python-stdnum module ``of``, for example ``"xx.vat"``.

    python-stdnum also accepts full-width digits, which the API does not, so only ASCII text is passed to it.

    ``bare``, ``weights`` and ``modulus`` describe a shortcut that is ten times as fast as the library. A text is valid
    if it matches the plain pattern ``bare`` and its last digit is the check digit: the amount that the weighted sum of
    the other digits lacks to a multiple of ``modulus``, modulo 10.

    Raises:
        ValueError: python-stdnum has no such module, or only some of the three shortcut arguments are given.

    """
    try:
        module = import_module(f"stdnum.{of}")
    except ModuleNotFoundError:
        module = None
    if not (hasattr(module, "is_valid") and hasattr(module, "compact")):
        raise ValueError(f"python-stdnum knows no number called {of!r}")
    if len({bool(bare), bool(weights), bool(modulus)}) > 1:
        raise ValueError("bare, weights and modulus are given together")
    known = _Shortcut(compile_plain_pattern(bare), tuple(weights), modulus, _ZERO * sum(weights)) if bare else None
    return partial(_check, f"stdnum.{of}", known)


def describe_form(**_: object) -> str:
    """Return the form of valid texts in words."""
    return "a number with the right check digit"


def _check(module: str, known: _Shortcut | None, text: str) -> Verdict:
    if known and known.is_certainly_valid(text):
        return None
    scheme = import_module(module)
    bare = text.strip()
    if not bare.isascii() or not scheme.is_valid(bare):
        return Invalid()
    return None if scheme.compact(text) == text else Suspicious("written with more than the bare number")

"""Checks national identifiers by the check digits that python-stdnum knows."""

from collections.abc import Sequence
from functools import partial
from importlib import import_module
from operator import mul
from typing import NamedTuple

from premigrate.formats.outcomes import FormatCheck, Invalid, Suspicious, Verdict
from premigrate.formats.pattern import Pattern, compile_plain


class _Bare(NamedTuple):
    """How to check a number that is written bare: all digits, of which the last one checks the others."""

    shape: Pattern
    weights: tuple[int, ...]
    modulus: int
    zeros: int
    """The sum of as many zeros, as their bytes are."""

    def holds(self, text: str) -> bool:
        """Whether a text is such a number, and right: false where this can't be said."""
        if not self.shape.fullmatch(text):
            return False
        digits = text.encode()
        lacking: int = (self.zeros - sum(map(mul, self.weights, digits))) % self.modulus
        return lacking % 10 == digits[-1] - _ZERO


_ZERO = ord("0")


def make_check(*, of: str, bare: str = "", weights: Sequence[int] = (), modulus: int = 0) -> FormatCheck:
    """Make a check from the python-stdnum module ``of``, for example ``"xx.vat"``.

    The library is asked behind guards: it takes full-width digits and lists for numbers, which no API of this kind
    does, so only ASCII text reaches it. ``bare``, ``weights`` and ``modulus`` say how to recognise a right number that
    is written bare without asking the library, which is ten times as fast: it matches the plain pattern ``bare``, and
    its last digit is what the others, each times its weight, lack to a multiple of the modulus (of ten, the last
    digit).

    Raises:
        ValueError: python-stdnum has no such module, or only some of the three are given.

    """
    try:
        module = import_module(f"stdnum.{of}")
    except ModuleNotFoundError:
        module = None
    if not (hasattr(module, "is_valid") and hasattr(module, "compact")):
        raise ValueError(f"python-stdnum knows no number called {of!r}")
    if len({bool(bare), bool(weights), bool(modulus)}) > 1:
        raise ValueError("bare, weights and modulus are given together")
    known = _Bare(compile_plain(bare), tuple(weights), modulus, _ZERO * sum(weights)) if bare else None
    return partial(_check, f"stdnum.{of}", known)


def _check(module: str, known: _Bare | None, text: str) -> Verdict:
    if known and known.holds(text):
        return None
    scheme = import_module(module)
    bare = text.strip()
    if not bare.isascii() or not scheme.is_valid(bare):
        return Invalid("the check digit or the form is wrong")
    return None if scheme.compact(text) == text else Suspicious("written with more than the bare number")

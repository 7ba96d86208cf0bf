"""Masks the personal values of an account in texts of the API."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from premigrate.formats.text import text_or_type_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from premigrate.compare.model import ErrorPair
    from premigrate.results import Error, Place

HIDDEN = "***"
_SHORTEST, _SHORTEST_ANYWHERE, _SHORTEST_PART = 2, 4, 4
"""The minimum lengths of a value to mask as a word, of one to mask inside words too, and of a word in a value."""
_FEWEST_DIGITS = 5
_POSITION = re.compile(r"\d{1,9}", re.ASCII)
_WORD = re.compile(r"\w++")
_DIGITS = re.compile(r"\d(?:[\s().+/-]{0,2}+\d)++")
_EMAIL = re.compile(r"(?<![^\s'\"<>()@])[^\s'\"<>()@]*+@[^\s'\"<>()]++")
_TELLING = re.compile(r"(?<![^\s'\"])[^\s'\"\d]*+\d[^\s'\"]*+")


class Masker:
    """Masks the personal values of an account in texts whose templates are unknown.

    Args:
        account: the account, without a wrapper.
        is_personal: whether the value at a place is personal.
        is_personal_scalar: the same for a value that is not an object or a list; by default, ``is_personal``.

    """

    def __init__(
        self,
        account: object,
        is_personal: Callable[[Place], bool],
        is_personal_scalar: Callable[[Place], bool] | None = None,
    ) -> None:
        self._account, self._is_personal = account, is_personal
        self._is_personal_scalar = is_personal_scalar or is_personal

    def mask(self, text: str, attr: str) -> str:
        """Mask what may be a personal value, or a part of one, in the text of an error at ``attr``.

        All e-mail addresses are masked: they may be those of another account. At a personal place every word with a
        digit is masked: the API may format a value differently.
        """
        text = self._known.sub(HIDDEN, text) if self._known else text
        text = _EMAIL.sub(HIDDEN, _DIGITS.sub(self._hide_digits, text))
        return _TELLING.sub(HIDDEN, text) if self._is_personal(parse_attr(attr)) else text

    def _hide_digits(self, found: re.Match[str]) -> str:
        digits = _only_digits(found[0])
        is_known = any(digits in known or known in digits for known in self._numbers)
        return HIDDEN if len(digits) >= _FEWEST_DIGITS and is_known else found[0]

    @cached_property
    def _values(self) -> list[str]:
        values = {value.strip() for value in _personal(self._account, self._is_personal_scalar)}
        return sorted((value for value in values if len(value) >= _SHORTEST), key=lambda value: (-len(value), value))

    @cached_property
    def _numbers(self) -> list[str]:
        numbers = {_only_digits(value) for value in self._values}
        return sorted(number for number in numbers if len(number) >= _FEWEST_DIGITS)

    @cached_property
    def _known(self) -> re.Pattern[str] | None:
        """Match whole values in any case, and words of values that are not all lower-case as they are written."""
        whole = [
            re.escape(value) if len(value) >= _SHORTEST_ANYWHERE else rf"(?<!\w){re.escape(value)}(?!\w)"
            for value in self._values
        ]
        parts = {part for value in self._values for part in _WORD.findall(value) if not part.islower()}
        parts = {part for part in parts if len(part) >= _SHORTEST_PART}
        found = [f"(?i:{'|'.join(whole)})"] if whole else []
        found += [rf"\b(?:{'|'.join(sorted(parts, key=lambda part: (-len(part), part)))})\b"] if parts else []
        return re.compile("|".join(found)) if found else None


def mask_pair(pair: ErrorPair, mask: Masker) -> ErrorPair:
    """Mask the personal values in both errors of a pair."""
    predicted, answered = pair.predicted, pair.answered
    if answered:
        is_confirmed = predicted is not None and predicted.detail == answered.detail
        detail = _shown(predicted) if predicted and is_confirmed else mask.mask(answered.detail, answered.attr)
        answered = answered._replace(detail=detail)
    return pair._replace(predicted=predicted and predicted._replace(detail=_shown(predicted)), answered=answered)


def _shown(error: Error) -> str:
    return error.masked or error.detail


def parse_attr(attr: str) -> Place:
    """Parse an attr as a place; ``non_field_errors`` at its end is dropped."""
    steps = attr.removesuffix("non_field_errors").rstrip(".").split(".")
    return tuple(int(step) if _POSITION.fullmatch(step) else step for step in steps if step)


def value_at(account: object, place: Place) -> object:
    """Return the value at a place; None if there is none."""
    here: Any = account
    for step in place:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            return None
    return here


def _personal(account: object, is_personal: Callable[[Place], bool]) -> Iterator[str]:
    """Yield the personal values of an account, at any depth, as strings."""
    waiting: list[tuple[Place, object]] = [((), account)]
    while waiting:
        place, node = waiting.pop()
        if isinstance(node, dict):
            waiting += [((*place, key), below) for key, below in node.items()]
        elif isinstance(node, list):
            waiting += [((*place, position), item) for position, item in enumerate(node)]
        elif node is not None and not isinstance(node, bool) and is_personal(place):
            yield text_or_type_name(node)


def _only_digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))

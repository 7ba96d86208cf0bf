"""What is noted while one account is read: errors, advice, and the rules to ask once all of it is read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeAlias

from premigrate.engine.field_info import FieldInfo, nearest
from premigrate.engine.findings import FIELD_RULE, attr_of, fill_masked, own_advice
from premigrate.engine.frames import FIELD_ADVICE, UNKNOWN_KEYS, Frame
from premigrate.engine.program import FieldAdvice, Texts
from premigrate.engine.rules import Group
from premigrate.formats.interfaces import FieldError
from premigrate.results import Advice, Error, Place

_MOST_COMPARED = 1000
"""Unknown keys of an account that are compared with the known ones, which is slow; so many are no misspellings."""


Pending: TypeAlias = tuple[Iterable[Group], Any, Frame, int, int, str]
"""Rules that are to be asked once all of the account is read: the rules, the value, and where findings belong.

The frame is the value's own, or with a name (the last part) that of the object around, of which this is a single value.
The findings belong behind what is in the frame before a position; the serial is the order there, as in `Note`.
"""


Note: TypeAlias = tuple[Frame, int, int, Error | Advice]
"""A finding, and where it belongs: behind what is in a frame before a position; with the order there (the serial)."""


class Notes:
    """The notes of one account. ``pending`` are in an order in which inner values come before outer ones.

    ``seen`` are keys that were found and that some rules need.
    """

    __slots__ = ("_advice_texts", "_info", "_patience", "found", "pending", "seen", "today")

    def __init__(self, advice_texts: Texts, info: FieldInfo, today: date) -> None:
        self.today = today
        self.seen: set[str] = set()
        self.found: list[Note] = []
        self.pending: list[Pending] = []
        self._advice_texts, self._info = advice_texts, info
        self._patience = _MOST_COMPARED

    def add(self, frame: Frame, number: int, finding: Error | Advice) -> None:
        """Add a finding."""
        self.found.append((frame, number, len(self.found) + len(self.pending), finding))

    def ask_later(self, rules: Iterable[Group], value: Any, frame: Frame, number: int, name: str) -> None:  # noqa: ANN401
        """Note that rules are to be asked about a value."""
        pending = self.pending
        pending.append((rules, value, frame, number, len(self.found) + len(pending), name))

    def error(  # noqa: PLR0913, PLR0917 - the parts of an error
        self,
        texts: Texts,
        misread: FieldError,
        frame: Frame,
        number: int,
        place: Place,
        attr: Place | None = None,
        *,
        help_: str = "",
    ) -> None:
        """Note that a value is wrong; ``frame`` is what it makes dirty."""
        frame.mark()
        code, params = misread
        detail, masked = texts[code], ""
        if "{" in detail:
            detail, masked = fill_masked(detail, self._info.is_personal, place, **params)
        named = attr_of(place if attr is None else attr)
        self.add(frame, number, Error(detail, code, named, FIELD_RULE, place, "now", help_, masked))

    def advise(self, code: str, frame: Frame, number: int, place: Place, **params: object) -> None:
        """Note an advice of the engine's own, unless it is switched off."""
        advice = own_advice(self._advice_texts, code, place, **params)
        if advice:
            self.add(frame, number, advice)

    def field_advice(self, advice: FieldAdvice, frame: Frame, number: int, name: str) -> None:
        """Note an advice that the rules give on a field."""
        place = (*frame.place(), name)
        found = Advice(advice.detail, advice.code, attr_of(place), advice.rule, place)
        self.found.append((frame, number, FIELD_ADVICE, found))

    def unknown(self, keys: list[str], known: frozenset[str], frame: Frame) -> None:
        """Note keys that are not declared."""
        place = frame.place()
        for key in sorted(keys):
            near = nearest(key, known) if self._patience > 0 else None
            self._patience -= 1
            inside = (*place, key)
            if near:
                self.advise("unknown_field_near", frame, UNKNOWN_KEYS, inside, name=key, nearest=near)
            else:
                self.advise("unknown_field", frame, UNKNOWN_KEYS, inside, name=key)

"""Collects errors, advice and deferred rules while one account is read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeAlias

from premigrate.engine.field_info import FieldInfo, nearest
from premigrate.engine.findings import FRAMEWORK_RULE_ID, attr_of, engine_advice, render_detail_masked
from premigrate.engine.frames import FIELD_ADVICE, UNKNOWN_KEYS, Frame
from premigrate.engine.program import FieldAdvice, Texts
from premigrate.engine.rules import GuardedRule
from premigrate.formats.interfaces import FieldError
from premigrate.results import Advice, Error, Place

_MAX_COMPARED = 1000
"""Compare at most this many unknown keys of an account with the known ones, which is slow."""


Pending: TypeAlias = tuple[Iterable[GuardedRule], Any, Frame, int, int, str]
"""Rules that are checked once the whole account is read: the groups of rules, the value, and how findings are sorted.

The other parts are the frame, the position and the serial, as in `PositionedFinding`, and a name. The frame is that of
the value if the name is empty; else the value is a single value, and the name is its key in the object of the frame.
"""


PositionedFinding: TypeAlias = tuple[Frame, int, int, Error | Advice]
"""A finding with its sort key: the frame, the position in the frame, and a serial number among equal positions."""


class Collector:
    """The findings and deferred rules of one account.

    Attributes:
        today: the date that counts as today.
        findings: the findings so far.
        pending: the deferred rules; those about inner values come before those about the objects that contain them.
        not_checked: the rules and choices that could not be checked, by their position in `Program.not_checked`.
        present_keys: all keys that occur in the account, and required ones that are missing.

    """

    __slots__ = (
        "_advice_texts", "_comparisons_left", "_info", "findings", "not_checked", "pending", "present_keys", "today",
    )  # fmt: skip

    def __init__(self, advice_texts: Texts, info: FieldInfo, today: date) -> None:
        self.today = today
        self.not_checked: set[int] = set()
        self.present_keys: set[str] = set()
        self.findings: list[PositionedFinding] = []
        self.pending: list[Pending] = []
        self._advice_texts, self._info = advice_texts, info
        self._comparisons_left = _MAX_COMPARED

    def add(self, frame: Frame, position: int, finding: Error | Advice) -> None:
        """Add a finding."""
        self.findings.append((frame, position, len(self.findings) + len(self.pending), finding))

    def defer(self, rules: Iterable[GuardedRule], value: Any, frame: Frame, position: int, name: str) -> None:  # noqa: ANN401
        """Defer the rules about a value until the whole account is read."""
        pending = self.pending
        pending.append((rules, value, frame, position, len(self.findings) + len(pending), name))

    def add_error(  # noqa: PLR0913, PLR0917 - the parts of an error
        self,
        texts: Texts,
        error: FieldError,
        frame: Frame,
        position: int,
        place: Place,
        attr: Place | None = None,
        *,
        expected: str = "",
    ) -> None:
        """Add an error about a value, and set ``has_errors`` of the frame and its parents.

        Args:
            texts: the detail texts by code.
            error: the error code with the parameters of its detail text.
            frame: the object or list that contains the value, or the frame of the value itself.
            position: the position in the frame, for sorting.
            place: the place of the value.
            attr: the place that the API reports, if it is another one.
            expected: what would be right, in words.

        """
        frame.mark_error()
        code, params, text = error
        detail, masked = texts[text or code], ""
        if "{" in detail or "}" in detail:
            detail, masked = render_detail_masked(detail, self._info.is_personal, place, **params)
        reported = attr_of(place if attr is None else attr)
        self.add(frame, position, Error(detail, code, reported, FRAMEWORK_RULE_ID, place, "now", expected, masked))

    def is_personal(self, place: Place) -> bool:
        """Return whether texts must not depend on the value at a place."""
        return self._info.is_personal(place)

    def add_advice(
        self, code: str, frame: Frame, position: int, place: Place, expected: str = "", **params: object
    ) -> None:
        """Add an advice of the engine itself, unless it is disabled."""
        advice = engine_advice(self._advice_texts, code, place, **params)
        if advice:
            if expected:
                advice = advice._replace(expected=expected)
            self.add(frame, position, advice)

    def add_field_advice(self, advice: FieldAdvice, frame: Frame, position: int, name: str) -> None:
        """Add the advice on a field that is present."""
        place = (*frame.place(), name)
        finding = Advice(advice.detail, advice.code, attr_of(place), advice.rule, place)
        self.findings.append((frame, position, FIELD_ADVICE, finding))

    def add_unknown_keys(self, keys: list[str], known: frozenset[str], frame: Frame) -> None:
        """Add advice on undeclared keys."""
        place = frame.place()
        for key in sorted(keys):
            near = nearest(key, known) if self._comparisons_left > 0 else None
            self._comparisons_left -= 1
            key_place = (*place, key)
            if near:
                self.add_advice("unknown_field_near", frame, UNKNOWN_KEYS, key_place, name=key, nearest=near)
            else:
                self.add_advice("unknown_field", frame, UNKNOWN_KEYS, key_place, name=key)

"""Reads the keys of objects, and adds the advice and defers the rules about their values."""

from __future__ import annotations

from typing import Any, Final

from premigrate.engine.collector import Collector
from premigrate.engine.frames import FIELD_RULES, Frame
from premigrate.engine.leaves import NO_TEXTS, Leaf
from premigrate.engine.program import FieldAdvice, Texts
from premigrate.engine.read_leaf import read_leaf
from premigrate.engine.rules import GuardedRule
from premigrate.engine.value_forms import dotted_keys, not_null, with_requirement
from premigrate.engine.values import INVALID, is_filled
from premigrate.formats.interfaces import FieldError

_REQUIRED: Final = FieldError("required")
NULL: Final = FieldError("null")
"""The error of null where it is not allowed."""


class ValueReader:
    """Reads one value that is present and not null. ``form`` is its type in words."""

    __slots__ = ("form", "texts")

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self.form = "an object"

    def read(self, raw: Any, frame: Frame, collector: Collector) -> Any:  # noqa: ANN401 - any value of a payload
        """Return a value as the platform parses it, or INVALID; ``frame`` is the frame of the value."""
        raise NotImplementedError


class FieldReader:
    """Reads a key of an object.

    Attributes:
        position: the position among the declared fields.
        object_rules: the rules about the object that are checked if it has this key.
        leaf: parses a single value; None for an object or a list.
        nested: reads an object or a list; None for a single value.
        has_checks: whether a rule or an advice is about the field: `check` does the rest.
        certain_max_length: as in `Leaf`; -1 for an object or a list.
        certain_texts: as in `Leaf`, without the empty text if there are rules, which are not about empty texts.

    """

    __slots__ = (
        "_advice", "_nullable", "_operators", "_rules", "_short_list_rules", "certain_max_length", "certain_texts",
        "has_checks", "is_required", "leaf", "name", "nested", "object_rules", "position", "texts", "unchecked",
    )  # fmt: skip

    def __init__(  # noqa: PLR0913 - the parts of a field
        self,
        name: str,
        position: int,
        *,
        texts: Texts,
        leaf: Leaf | None,
        nested: ValueReader | None,
        is_required: bool,
        is_nullable: bool,
        advice: FieldAdvice | None,
        rules: list[GuardedRule],
    ) -> None:
        self.name, self.position, self.texts = name, position, texts
        self.leaf, self.nested = leaf, nested
        self.is_required, self._nullable = is_required, is_nullable
        self._advice, self._rules = advice, rules
        self._short_list_rules = [group for group in rules if not group.operator.needs_two_items()]
        self._operators = [group.operator for group in rules]
        self.has_checks = advice is not None or len(rules) > 0
        self.certain_max_length = leaf.certain_max_length if leaf is not None else -1
        self.certain_texts = leaf.certain_texts - ({""} if rules else set()) if leaf is not None else NO_TEXTS
        self.object_rules: dict[GuardedRule, None] = {}
        self.unchecked: list[int] = []

    def check(self, value: Any, frame: Frame, collector: Collector) -> None:  # noqa: ANN401
        """Add the advice on a valid single value, and defer the rules about it unless it certainly satisfies them."""
        if self._advice is not None:
            self._add_advice(self._advice, value, frame, collector)
        for operator in self._operators:
            if not operator.is_certainly_valid(value, collector.today):
                collector.defer(self._rules, value, frame, self.position, self.name)
                return

    def _add_advice(self, advice: FieldAdvice, raw: Any, frame: Frame, collector: Collector) -> None:  # noqa: ANN401
        if is_filled(raw) and raw is not False:  # other values say nothing
            collector.add_field_advice(advice, frame, self.position, self.name)

    def read_in_full(self, raw: Any, frame: Frame, collector: Collector) -> Any:  # noqa: ANN401
        """Read a value that the prefilter is not sure of, an object or a list; return the parsed value or INVALID.

        ``frame`` is the frame of the object.
        """
        if self._advice is not None:
            self._add_advice(self._advice, raw, frame, collector)
        if raw is None:
            return self._read_null(frame, collector)
        leaf, nested = self.leaf, self.nested
        if leaf is not None:
            return read_leaf(
                leaf, raw, frame, self.position, self.name, self._rules, collector, self.unchecked,
                is_required=self.is_required,
            )  # fmt: skip
        assert nested is not None  # noqa: S101 - a field has either a leaf or a nested reader
        value_frame = Frame(frame, self.name, self.position)
        value = nested.read(raw, value_frame, collector)
        rules = self._short_list_rules if type(value) is list and len(value) < 2 else self._rules
        if rules and value is not INVALID:
            collector.defer(rules, value, value_frame, FIELD_RULES, "")
        return value

    def _read_null(self, frame: Frame, collector: Collector) -> Any:  # noqa: ANN401
        if self._nullable:
            return None
        place = (*frame.place(), self.name)
        leaf, nested = self.leaf, self.nested
        form = (
            not_null(leaf.form, leaf.choices, dotted_keys(place)) if leaf is not None else nested.form if nested else ""
        )
        expected = with_requirement(form, is_required=self.is_required)
        collector.add_error(self.texts, NULL, frame, self.position, place, expected=expected)
        return INVALID

    def read_missing(self, frame: Frame, collector: Collector) -> Any:  # noqa: ANN401
        """Add the error of a required field that is absent; return INVALID."""
        collector.add_error(self.texts, _REQUIRED, frame, self.position, (*frame.place(), self.name))
        return INVALID

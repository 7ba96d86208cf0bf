"""Reads the objects of a payload: parses their values, and collects errors and the rules to check."""

from __future__ import annotations

from typing import Any

from premigrate.engine.collector import Collector
from premigrate.engine.field_reader import NULL, FieldReader, ValueReader
from premigrate.engine.frames import LIST_LENGTH, OWN_RULES, Frame
from premigrate.engine.leaves import UNSURE, Leaf
from premigrate.engine.phrases import type_word
from premigrate.engine.program import Field, Texts
from premigrate.engine.read_leaf import read_leaf
from premigrate.engine.rules import GuardedRule
from premigrate.engine.unchecked_keys import UncheckedKeys
from premigrate.engine.value_forms import dotted_keys, not_null
from premigrate.engine.values import INVALID
from premigrate.formats.interfaces import FieldError
from premigrate.formats.plain import check_key, check_plain, server_type_name, to_server_value
from premigrate.formats.value_advice import PLACEHOLDERS, is_ordinary

NON_FIELD_ERRORS_KEY = "non_field_errors"


class ListReader(ValueReader):
    """Reads a list, whose items are single values or objects."""

    __slots__ = ("_has_nullable_items", "_item", "_leaf", "_max_items", "_min_items")

    def __init__(self, texts: Texts, leaf: Leaf | None, item: ValueReader | None, spec: Field) -> None:
        super().__init__(texts)
        self._leaf, self._item, self._has_nullable_items = leaf, item, spec.nullable_items
        self._min_items, self._max_items = spec.min_items, spec.max_items
        self.form = "a list of objects" if leaf is None else "a list"

    def read(self, raw: Any, frame: Frame, collector: Collector) -> Any:  # noqa: ANN401
        """Return the list of parsed items; invalid items are INVALID."""
        if type(raw) is not list:
            check_plain(raw)
            error = FieldError("not_a_list", {"input_type": server_type_name(raw)})
            expected = f"{self.form}, not {type_word(raw)}"
            collector.add_error(self.texts, error, frame, 0, frame.place(), expected=expected)
            return INVALID
        leaf, item = self._leaf, self._item
        values: list[Any] = []
        for position, each in enumerate(raw):
            if each is None and self._has_nullable_items:
                value: Any = None
            elif each is None:
                place = (*frame.place(), position)
                form = not_null(leaf.form, leaf.choices, dotted_keys(place)) if leaf is not None else "an object"
                collector.add_error(self.texts, NULL, frame, position, place, expected=form)
                value = INVALID
            elif item is not None:
                value = item.read(each, Frame(frame, position, position), collector)
            else:
                assert leaf is not None  # noqa: S101 - an item is a single value or an object
                value = leaf.prefilter(each)
                if value is UNSURE:
                    value = read_leaf(leaf, each, frame, position, position, [], collector)
            values.append(value)
        most = self._max_items
        if len(values) < self._min_items or (most is not None and len(values) > most):
            self._read_length(len(values), frame, collector)
        return values

    def _read_length(self, length: int, frame: Frame, collector: Collector) -> None:
        """Add the errors of a list with too many or too few items; DRF has them only if all items are valid."""
        errors = [FieldError("min_length", {"min_length": self._min_items})] if length < self._min_items else []
        if self._max_items is not None and length > self._max_items:
            errors.insert(0, FieldError("max_length", {"max_length": self._max_items}))
        for error in errors if not frame.has_errors else ():
            collector.add_error(self.texts, error, frame, LIST_LENGTH, frame.place())


class ObjectReader(ValueReader):
    """Reads an object. ``unchecked`` records its rules that can't be checked; None if there are none."""

    __slots__ = ("_always_groups", "_fields", "_groups_by_value", "_is_open", "_required", "known_keys", "unchecked")

    def __init__(
        self,
        texts: Texts,
        fields: list[FieldReader],
        always: list[GuardedRule],
        by_value: dict[str, dict[str | bool, dict[GuardedRule, None]]],
        *,
        is_open: bool,
    ) -> None:
        super().__init__(texts)
        self._fields = {field.name: field for field in fields}
        self.known_keys = frozenset(self._fields)
        self._required = frozenset([field.name for field in fields if field.is_required])
        self._always_groups, self._is_open = dict.fromkeys(always), is_open
        self._groups_by_value = list(by_value.items())
        self.unchecked: UncheckedKeys | None = None

    def read(self, raw: Any, frame: Frame, collector: Collector) -> Any:  # noqa: ANN401, C901, PLR0912, PLR0915 - flat, for speed
        """Return the object with parsed values; defer its rules."""
        if type(raw) is not dict:
            return report_not_an_object(self, raw, frame, collector)
        fields = self._fields
        values: dict[str, Any] = raw.copy()
        groups: dict[GuardedRule, None] = self._always_groups.copy()
        has_unknown_keys = False
        collector.present_keys.update(raw)
        for key, value in raw.items():
            try:
                field = fields[key]
            except KeyError:
                has_unknown_keys = True
                continue
            if field.object_rules and (value or (value is not None and value not in ("", []))):
                groups |= field.object_rules
            if type(value) is str and (  # fast path: most values are strings
                (
                    len(value) <= field.certain_max_length
                    and value
                    and value.isprintable()
                    and value.strip() == value
                    and ((value.isascii() and "&" not in value and value not in PLACEHOLDERS) or is_ordinary(value))
                )
                or value in field.certain_texts
            ):
                if field.has_checks:
                    field.check(value, frame, collector)
                continue
            leaf = field.leaf
            if leaf is None:
                values[key] = field.read_in_full(value, frame, collector)
                continue
            read = leaf.prefilter(value)
            values[key] = read
            if read is UNSURE:
                values[key] = field.read_in_full(value, frame, collector)
            elif field.has_checks:
                field.check(read, frame, collector)
        if not values.keys() >= self._required:
            self._read_missing(values, groups, frame, collector)
        if has_unknown_keys:
            self._read_unknown(values, frame, collector)
        for name, by_value in self._groups_by_value:
            text = values.get(name)
            if (type(text) is str or type(text) is bool) and text in by_value:
                groups |= by_value[text]
        if self.unchecked is not None:
            self.unchecked.record(values, collector.not_checked)
        if groups:
            collector.defer(groups, values, frame, OWN_RULES, "")
        return values

    def _read_missing(
        self, values: dict[str, Any], groups: dict[GuardedRule, None], frame: Frame, collector: Collector
    ) -> None:
        for name, field in self._fields.items():
            if field.is_required and name not in values:
                values[name] = field.read_missing(frame, collector)
                collector.present_keys.add(name)
                groups |= field.object_rules

    def _read_unknown(self, values: dict[Any, Any], frame: Frame, collector: Collector) -> None:
        keys = [key for key in values if key not in self.known_keys]
        for key in keys:
            check_key(key)
        if self._is_open:
            values.update({key: to_server_value(values[key]) for key in keys})
            return
        for key in keys:
            del values[key]
        collector.add_unknown_keys(keys, self.known_keys, frame)


def report_not_an_object(reader: ValueReader, raw: Any, frame: Frame, collector: Collector) -> Any:  # noqa: ANN401
    """Add the error of a value that is not an object, with DRF's key for errors of a whole object; return INVALID."""
    check_plain(raw)
    error = FieldError("invalid", {"datatype": server_type_name(raw)}) if raw is not None else NULL
    place = frame.place()
    expected = f"{reader.form}, not {type_word(raw)}"
    collector.add_error(reader.texts, error, frame, 0, place, (*place, NON_FIELD_ERRORS_KEY), expected=expected)
    return INVALID

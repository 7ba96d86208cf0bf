"""Parses single values as the fields of DRF do, with a prefilter for values that are certainly valid."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from premigrate.engine.leaf_checks import bound_checks, make_advice_check, make_checks, make_parser
from premigrate.engine.program import Texts, ValueSpec
from premigrate.engine.value_forms import value_form
from premigrate.formats import dates, email, json_value, value_advice
from premigrate.formats.interfaces import ValueCheck, ValueParser
from premigrate.formats.pattern import union_of_patterns
from premigrate.formats.value_advice import AdviceCheck

UNSURE: Final = object()
"""The result of a prefilter for a value that has to be parsed and checked in full."""

NO_TEXTS: Final[frozenset[str]] = frozenset()

_MAX_EXACT: Final = value_advice.MAX_EXACT_INTEGER
_UNBOUNDED: Final = 10**15
_MAX_PLACES: Final = 6
_from_iso: Final = date.fromisoformat
_matches_decimal: Final = re.compile(r"-?([0-9]{1,15})(?:\.([0-9]{1,6}))?").fullmatch
_FIRST_YEAR: Final = date.min.year
_LAST_YEAR: Final = date.max.year


class Leaf:
    """A leaf of the payload: how a single value is parsed, its checks, and advice on valid but suspicious values.

    Attributes:
        texts: the detail texts of its errors by code.
        parse: parses the value.
        checks: the validators of the framework, which are applied to the parsed value.
        find_advice: returns the codes of advice on the value; None if there is none.
        is_exact: whether a `decimal.Decimal` is kept as it is, instead of as the float that the server parses.
        certain_max_length: a printable string without blanks at either end is certainly valid up to this length
            (-1: never).
        certain_texts: strings that are certainly valid, too.
        form: the form of valid values in words.
        choices: the valid strings; empty if any string is valid.

    """

    __slots__ = (
        "certain_max_length", "certain_texts", "checks", "choices", "find_advice", "form", "is_exact", "parse", "texts",
    )  # fmt: skip

    def __init__(self, spec: ValueSpec, texts: Texts) -> None:
        self.form = value_form(spec)
        self.choices = spec.choices or ()
        self.texts = texts
        self.parse: ValueParser = make_parser(spec)
        self.checks: tuple[ValueCheck, ...] = make_checks(spec)
        self.find_advice: AdviceCheck | None = make_advice_check(spec)
        self.is_exact = spec.type == "decimal"
        self.certain_max_length = -1
        self.certain_texts = NO_TEXTS

    def prefilter(self, raw: Any) -> Any:  # noqa: ANN401 - any value of a payload
        """Return the parsed value if it certainly has no error and no advice, else UNSURE."""
        raise NotImplementedError


class TextLeaf(Leaf):
    """A string."""

    __slots__ = ()

    def __init__(self, spec: ValueSpec, texts: Texts) -> None:
        super().__init__(spec, texts)
        self.certain_max_length = spec.max_length if spec.max_length is not None else _UNBOUNDED
        self.certain_texts = _blank_texts(spec)

    def prefilter(self, raw: Any) -> Any:  # noqa: ANN401
        """Return the parsed value if it certainly has no error and no advice, else UNSURE."""
        if type(raw) is str and raw and raw.isprintable() and len(raw) <= self.certain_max_length:
            # no other whitespace is printable
            return raw if raw[0] != " " and raw[-1] != " " and value_advice.is_ordinary(raw) else UNSURE
        return UNSURE


class LimitedTextLeaf(TextLeaf):
    """A string with a minimum length or patterns. No string is certainly valid by its length alone."""

    __slots__ = ("_matches", "_max_length", "_min_length")

    def __init__(self, spec: ValueSpec, texts: Texts) -> None:
        super().__init__(spec, texts)
        self.certain_texts = NO_TEXTS
        if spec.patterns:
            self.texts = {**texts, "invalid": texts["invalid:pattern"]}  # also if the value is not a text
        self._matches = union_of_patterns(spec.patterns).fullmatch if spec.patterns else None
        self._min_length, self._max_length = spec.min_length, self.certain_max_length
        self.certain_max_length = -1

    def prefilter(self, raw: Any) -> Any:  # noqa: ANN401
        """Return the parsed value if it certainly has no error and no advice, else UNSURE."""
        if type(raw) is not str or not self._min_length <= len(raw) <= self._max_length or not raw.isprintable():
            return UNSURE
        is_trimmed = raw and raw[0] != " " and raw[-1] != " "
        if not is_trimmed or not value_advice.is_ordinary(raw):
            return UNSURE
        return raw if self._matches is None or self._matches(raw) else UNSURE


class EmailLeaf(Leaf):
    """An e-mail address."""

    __slots__ = ("_max_length",)

    def __init__(self, spec: ValueSpec, texts: Texts) -> None:
        super().__init__(spec, texts)
        if spec.min_length or spec.patterns:
            self._max_length = -1  # rare, so no address is certainly valid
            return
        self._max_length = min(email.MAX_LENGTH, spec.max_length if spec.max_length is not None else email.MAX_LENGTH)

    def prefilter(self, raw: Any) -> Any:  # noqa: ANN401
        """Return the parsed value if it certainly has no error and no advice, else UNSURE."""
        if type(raw) is str and len(raw) <= self._max_length and email.COMMON_ADDRESS.fullmatch(raw):
            return raw
        return UNSURE


class ChoiceLeaf(Leaf):
    """One of several strings, or any string if the choice is open."""

    __slots__ = ("_is_open",)

    def __init__(self, spec: ValueSpec, texts: Texts) -> None:
        super().__init__(spec, texts)
        self._is_open = spec.choices is None
        self.certain_max_length = _UNBOUNDED if self._is_open else -1
        self.certain_texts = (frozenset(spec.choices or ()) - {""}) | _blank_texts(spec)

    def prefilter(self, raw: Any) -> Any:  # noqa: ANN401
        """Return the parsed value if it certainly has no error and no advice, else UNSURE."""
        if type(raw) is not str or not raw:
            return UNSURE
        return raw if (value_advice.is_ordinary(raw) if self._is_open else raw in self.certain_texts) else UNSURE


class DateLeaf(Leaf):
    """A date."""

    __slots__ = ()

    def prefilter(self, raw: Any) -> Any:  # noqa: ANN401
        """Return the parsed value if it certainly has no error and no advice, else UNSURE."""
        if type(raw) is str:
            try:
                value = _from_iso(raw)
            except ValueError:
                return UNSURE
            return value if _FIRST_YEAR < value.year < _LAST_YEAR else UNSURE
        return UNSURE


class DatetimeLeaf(Leaf):
    """A date and time."""

    __slots__ = ()

    def prefilter(self, raw: Any) -> Any:  # noqa: ANN401
        """Return the parsed value if it certainly has no error and no advice, else UNSURE."""
        value = dates.parse_datetime(raw) if type(raw) is str else UNSURE
        return value if type(value) is datetime and _FIRST_YEAR < value.year < _LAST_YEAR else UNSURE


class BooleanLeaf(Leaf):
    """A boolean."""

    __slots__ = ()

    def prefilter(self, raw: Any) -> Any:  # noqa: ANN401
        """Return the parsed value if it certainly has no error and no advice, else UNSURE."""
        return raw if raw is True or raw is False else UNSURE


class IntegerLeaf(Leaf):
    """An integer."""

    __slots__ = ("_max", "_min")

    def __init__(self, spec: ValueSpec, texts: Texts) -> None:
        super().__init__(spec, texts)
        least = [int(each) + more for each, more in ((spec.min, 0), (spec.above, 1)) if each is not None]
        most = [int(each) - less for each, less in ((spec.max, 0), (spec.below, 1)) if each is not None]
        self._min, self._max = max([-_MAX_EXACT, *least]), min([_MAX_EXACT, *most])

    def prefilter(self, raw: Any) -> Any:  # noqa: ANN401
        """Return the parsed value if it certainly has no error and no advice, else UNSURE."""
        return raw if type(raw) is int and self._min <= raw <= self._max else UNSURE


class DecimalLeaf(Leaf):
    """A decimal number. For a float below the bound with few places, ``repr`` gives the digits of the JSON text."""

    __slots__ = ("_bound", "_places", "_whole")

    def __init__(self, spec: ValueSpec, texts: Texts) -> None:
        super().__init__(spec, texts)
        places = spec.decimal_places if spec.decimal_places is not None else _MAX_PLACES
        self._places = min(places, _MAX_PLACES)
        self._whole = 15 if spec.max_digits is None else max(0, min(spec.max_digits - places, 15))
        self._bound: int = 10**self._whole  # an int: compiled code cannot compare a huge int with a float

    def prefilter(self, raw: Any) -> Any:  # noqa: ANN401
        """Return the parsed value if it certainly has no error and no advice, else UNSURE."""
        if type(raw) is int:
            return Decimal(raw) if self._whole and -self._bound < raw < self._bound else UNSURE
        if type(raw) is float and -self._bound < raw < self._bound:
            digits = repr(raw)
            if len(digits) - digits.find(".") - 1 <= self._places and "e" not in digits:
                return Decimal(digits)
        elif type(raw) is str:
            match = _matches_decimal(raw)
            if match and len(match[1]) <= self._whole and len(match[2] or "") <= self._places:
                return Decimal(raw)
        return UNSURE


class BoundedDecimalLeaf(DecimalLeaf):
    """A decimal number with bounds."""

    __slots__ = ("_bounds",)

    def __init__(self, spec: ValueSpec, texts: Texts) -> None:
        super().__init__(spec, texts)
        self._bounds = bound_checks(spec)

    def prefilter(self, raw: Any) -> Any:  # noqa: ANN401
        """Return the parsed value if it certainly has no error and no advice, else UNSURE."""
        value = super().prefilter(raw)
        if value is not UNSURE:
            for check in self._bounds:
                if check(value) is not None:
                    return UNSURE
        return value


class JsonLeaf(Leaf):
    """Any JSON value."""

    __slots__ = ()

    def prefilter(self, raw: Any) -> Any:  # noqa: ANN401
        """Return the parsed value if it certainly has no error and no advice, else UNSURE."""
        if type(raw) is str and not value_advice.is_ordinary(raw):
            return UNSURE
        return raw if json_value.is_certainly_json(raw) else UNSURE


class MappingLeaf(Leaf):
    """Any JSON object."""

    __slots__ = ()

    def prefilter(self, raw: Any) -> Any:  # noqa: ANN401
        """Return the parsed value if it certainly has no error and no advice, else UNSURE."""
        return raw if type(raw) is dict and json_value.is_certainly_json(raw) else UNSURE


def _blank_texts(spec: ValueSpec) -> frozenset[str]:
    """Return the blank text if it is valid and expected, so that there is no advice on it."""
    return frozenset({""}) if spec.blank and spec.expects_blank else NO_TEXTS


_LEAVES: dict[str, type[Leaf]] = {
    "string": TextLeaf,
    "email": EmailLeaf,
    "date": DateLeaf,
    "datetime": DatetimeLeaf,
    "decimal": DecimalLeaf,
    "integer": IntegerLeaf,
    "boolean": BooleanLeaf,
    "choice": ChoiceLeaf,
    "json": JsonLeaf,
    "object": MappingLeaf,
}


def detail_kind(type_: str) -> str:
    """Return the key of the detail texts in `Program.texts` for a type of the rule language."""
    return "mapping" if type_ == "object" else type_


def make_leaf(spec: ValueSpec, texts: dict[str, Texts]) -> Leaf:
    """Build the leaf of a single value; ``texts`` is `Program.texts`."""
    kind = _LEAVES[spec.type]
    if kind is TextLeaf and (spec.min_length or spec.patterns):
        kind = LimitedTextLeaf
    elif kind is DecimalLeaf and bound_checks(spec):
        kind = BoundedDecimalLeaf
    return kind(spec, texts[detail_kind(spec.type)])

"""Reads single values as the framework's fields do, each with a prefilter for what is certainly right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from premigrate.engine.program import Texts, Value
from premigrate.formats import choices, dates, email, json_value, numbers, text, value_advice
from premigrate.formats.interfaces import Reader, ValueCheck
from premigrate.formats.value_advice import AdviceCheck

UNSURE: Final = object()
"""What a prefilter gives where a value has to be read in full."""

NO_TEXTS: Final[frozenset[str]] = frozenset()

_EXACT: Final = value_advice.MAX_EXACT_INTEGER
_LARGEST: Final = 10**15
_MOST_PLACES: Final = 6
_from_iso: Final = date.fromisoformat


class Leaf:
    """A single value: how it is read, what is checked of it, and advice on what passes but looks unintended.

    ``is_exact``: a `decimal.Decimal` is read digit by digit, and not as the float that the server makes of it.
    ``longest``: a printable text without blanks at its ends is certainly right if it has no more characters (-1:
    none is); ``known`` are texts that are so, too.
    """

    __slots__ = ("advise", "checks", "is_exact", "known", "longest", "read", "texts")

    def __init__(self, spec: Value, texts: Texts) -> None:
        self.texts = texts
        self.read: Reader = _READERS[spec.type](spec)
        self.checks: tuple[ValueCheck, ...] = _checks(spec)
        self.advise: AdviceCheck | None = _advice(spec)
        self.is_exact = spec.type == "decimal"
        self.longest = -1
        self.known = NO_TEXTS

    def prefilter(self, raw: Any) -> Any:  # noqa: ANN401 - any value of a payload
        """Give the value as read if it certainly has no error and no advice; else UNSURE."""
        raise NotImplementedError


class TextLeaf(Leaf):
    """A text."""

    __slots__ = ()

    def __init__(self, spec: Value, texts: Texts) -> None:
        super().__init__(spec, texts)
        self.longest = spec.max_length if spec.max_length is not None else _LARGEST

    def prefilter(self, raw: Any) -> Any:  # noqa: ANN401
        """Give the value as read if it certainly has no error and no advice; else UNSURE."""
        if type(raw) is str and raw and raw.isprintable() and len(raw) <= self.longest:
            return raw if raw[0] != " " and raw[-1] != " " else UNSURE  # no other blank is printable
        return UNSURE


class EmailLeaf(Leaf):
    """An e-mail address."""

    __slots__ = ("_longest",)

    def __init__(self, spec: Value, texts: Texts) -> None:
        super().__init__(spec, texts)
        self._longest = min(email.MAX_LENGTH, spec.max_length if spec.max_length is not None else email.MAX_LENGTH)

    def prefilter(self, raw: Any) -> Any:  # noqa: ANN401
        """Give the value as read if it certainly has no error and no advice; else UNSURE."""
        if type(raw) is str and len(raw) <= self._longest and email.COMMON_ADDRESS.fullmatch(raw):
            return raw
        return UNSURE


class ChoiceLeaf(Leaf):
    """One of several texts, or any text if the choice is open."""

    __slots__ = ("_is_open",)

    def __init__(self, spec: Value, texts: Texts) -> None:
        super().__init__(spec, texts)
        self._is_open = spec.choices is None
        self.longest = _LARGEST if self._is_open else -1
        self.known = frozenset(spec.choices or ()) - {""}

    def prefilter(self, raw: Any) -> Any:  # noqa: ANN401
        """Give the value as read if it certainly has no error and no advice; else UNSURE."""
        return raw if type(raw) is str and raw and (self._is_open or raw in self.known) else UNSURE


class DateLeaf(Leaf):
    """A date."""

    __slots__ = ()

    def prefilter(self, raw: Any) -> Any:  # noqa: ANN401
        """Give the value as read if it certainly has no error and no advice; else UNSURE."""
        if type(raw) is str:
            try:
                return _from_iso(raw)
            except ValueError:
                pass
        return UNSURE


class DatetimeLeaf(Leaf):
    """A date with a time."""

    __slots__ = ()

    def prefilter(self, raw: Any) -> Any:  # noqa: ANN401
        """Give the value as read if it certainly has no error and no advice; else UNSURE."""
        value = dates.read_datetime(raw) if type(raw) is str else UNSURE
        return value if type(value) is datetime else UNSURE


class BooleanLeaf(Leaf):
    """True or false."""

    __slots__ = ()

    def prefilter(self, raw: Any) -> Any:  # noqa: ANN401
        """Give the value as read if it certainly has no error and no advice; else UNSURE."""
        return raw if raw is True or raw is False else UNSURE


class IntegerLeaf(Leaf):
    """A whole number."""

    __slots__ = ("_least", "_most")

    def __init__(self, spec: Value, texts: Texts) -> None:
        super().__init__(spec, texts)
        self._least = max(-_EXACT, spec.min) if spec.min is not None else -_EXACT
        self._most = min(_EXACT, spec.max) if spec.max is not None else _EXACT

    def prefilter(self, raw: Any) -> Any:  # noqa: ANN401
        """Give the value as read if it certainly has no error and no advice; else UNSURE."""
        return raw if type(raw) is int and self._least <= raw <= self._most else UNSURE


class DecimalLeaf(Leaf):
    """An exact number; what is below the bound and has few places is written out by Python as it was meant."""

    __slots__ = ("_bound", "_places")

    def __init__(self, spec: Value, texts: Texts) -> None:
        super().__init__(spec, texts)
        places = spec.decimal_places if spec.decimal_places is not None else _MOST_PLACES
        self._places = min(places, _MOST_PLACES)
        whole = spec.max_digits - places if spec.max_digits is not None else 15
        self._bound = float(10 ** max(0, min(whole, 15)))  # compared with floats, which is exact

    def prefilter(self, raw: Any) -> Any:  # noqa: ANN401
        """Give the value as read if it certainly has no error and no advice; else UNSURE."""
        if type(raw) is int:
            return Decimal(raw) if -self._bound < raw < self._bound else UNSURE
        if type(raw) is float and -self._bound < raw < self._bound:
            written = repr(raw)
            if len(written) - written.find(".") - 1 <= self._places and "e" not in written:
                return Decimal(written)
        return UNSURE


class JsonLeaf(Leaf):
    """Any JSON value."""

    __slots__ = ()

    def prefilter(self, raw: Any) -> Any:  # noqa: ANN401
        """Give the value as read if it certainly has no error and no advice; else UNSURE."""
        return raw if json_value.is_certainly_json(raw) else UNSURE


class MappingLeaf(Leaf):
    """Any JSON object."""

    __slots__ = ()

    def prefilter(self, raw: Any) -> Any:  # noqa: ANN401
        """Give the value as read if it certainly has no error and no advice; else UNSURE."""
        return raw if type(raw) is dict and json_value.is_certainly_json(raw) else UNSURE


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


def texts_kind(type_: str) -> str:
    """Name the kind of field whose detail texts hold for a type."""
    return "mapping" if type_ == "object" else type_


def make_leaf(spec: Value, texts: dict[str, Texts]) -> Leaf:
    """Make the leaf of a single value; ``texts`` are those of the program."""
    return _LEAVES[spec.type](spec, texts[texts_kind(spec.type)])


def _choice_reader(spec: Value) -> Reader:
    if spec.choices is None:
        return choices.open_reader(blank=spec.blank)
    return choices.reader(spec.choices, blank=spec.blank)


def _decimal_reader(spec: Value) -> Reader:
    digits, places = spec.max_digits, spec.decimal_places
    return numbers.decimal_reader(max_digits=digits, decimal_places=places, nullable=spec.nullable)


_READERS: dict[str, Callable[[Value], Reader]] = {
    "string": lambda spec: text.reader(blank=spec.blank),
    "email": lambda spec: text.reader(blank=spec.blank),
    "date": lambda _: dates.read_date,
    "datetime": lambda _: dates.read_datetime,
    "decimal": _decimal_reader,
    "integer": lambda _: numbers.read_integer,
    "boolean": lambda spec: numbers.boolean_reader(nullable=spec.nullable),
    "choice": _choice_reader,
    "json": lambda _: json_value.accept_json,
    "object": lambda _: json_value.accept_object,
}


def _checks(spec: Value) -> tuple[ValueCheck, ...]:
    """List the framework's validators, in its order."""
    checks: list[ValueCheck] = []
    if spec.type in {"string", "email"}:
        if spec.max_length is not None:
            checks.append(text.max_length_check(spec.max_length))
        checks += [text.check_null_characters, text.check_surrogate_characters]
    if spec.type == "email":
        checks.append(email.check)
    if spec.max is not None:
        checks.append(numbers.max_value_check(spec.max))
    if spec.min is not None:
        checks.append(numbers.min_value_check(spec.min))
    return tuple(checks)


def _advice(spec: Value) -> AdviceCheck | None:
    """Choose what looks for the unintended; a blank is that, unless the rules declare that it passes."""
    if spec.type in {"string", "email", "choice"}:
        return value_advice.text_advice(blank=not spec.expects_blank)
    return {
        "integer": value_advice.integer_advice,
        "json": value_advice.integer_advice,
        "decimal": value_advice.decimal_advice,
    }.get(spec.type)

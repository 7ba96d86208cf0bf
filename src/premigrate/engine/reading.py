"""Reads the objects of a payload by walking the keys that are there, and notes what is wrong on the way."""

from __future__ import annotations

from typing import Any, Final

from premigrate.engine.frames import FIELD_RULES, LENGTH, OWN_RULES, Frame
from premigrate.engine.leaves import NO_TEXTS, UNSURE, Leaf
from premigrate.engine.notes import Notes
from premigrate.engine.operators.operator import Operator
from premigrate.engine.program import FieldAdvice, Texts
from premigrate.engine.rules import Group
from premigrate.engine.values import WRONG
from premigrate.formats.interfaces import FieldError
from premigrate.formats.plain import Unserializable, check_key, check_plain, server_type_name, to_server_value

NON_FIELD = "non_field_errors"
_REQUIRED: Final = FieldError("required")
_NULL: Final = FieldError("null")


class ValueReader:
    """Reads one value that is there and not null."""

    __slots__ = ("texts",)

    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    def read(self, raw: Any, frame: Frame, notes: Notes) -> Any:  # noqa: ANN401 - any value of a payload
        """Read a value into what the platform works with; WRONG if it can't be read. ``frame`` is its own."""
        raise NotImplementedError


class Field:
    """A key of an object. ``number`` is its position among the declared ones.

    ``asks`` are the rules about the object that are asked where it has this key. Where no rule and no advice is about
    the field itself, and no rule needs to know of it, it has ``nested``, or a ``leaf`` that takes what is certainly
    right; so are then texts among ``known``, and printable ones of up to ``longest`` characters without a blank at an
    end (-1: none).
    """

    __slots__ = (
        "_advice", "_is_told", "_leaf", "_nested", "_nullable", "_operators", "_rules", "asks", "is_required", "known",
        "leaf", "longest", "name", "nested", "number", "texts",
    )  # fmt: skip

    def __init__(  # noqa: PLR0913 - the parts of a field
        self,
        name: str,
        number: int,
        *,
        texts: Texts,
        leaf: Leaf | None,
        nested: ValueReader | None,
        is_required: bool,
        is_nullable: bool,
        advice: FieldAdvice | None,
        rules: list[Group],
        is_told: bool,
    ) -> None:
        self.name, self.number, self.texts = name, number, texts
        self._leaf, self._nested = leaf, nested
        self.is_required, self._nullable = is_required, is_nullable
        self._advice, self._rules = advice, rules
        is_conditional = any(group.test is not None for group in rules)
        self._operators = [Operator()] if is_conditional else [group.operator for group in rules]
        self._is_told = is_told
        is_silent = advice is None and not rules and not is_told
        self.leaf = leaf if is_silent else None
        self.longest = self.leaf.longest if self.leaf else -1
        self.known = self.leaf.known if self.leaf else NO_TEXTS
        self.nested = nested if is_silent else None
        self.asks: dict[Group, None] = {}

    def read(self, raw: Any, frame: Frame, notes: Notes) -> Any:  # noqa: ANN401
        """Read the value of this field of the object that is being read in ``frame``."""
        if self._is_told:
            notes.seen.add(self.name)
        if self._advice is not None:
            notes.field_advice(self._advice, frame, self.number, self.name)
        if raw is None:
            return self._read_null(frame, notes)
        leaf = self._leaf
        if self._nested is not None:
            return self._read_nested(self._nested, raw, frame, notes)
        assert leaf is not None  # noqa: S101 - a field has one of the two
        value = leaf.prefilter(raw)
        if value is UNSURE:
            return read_leaf(leaf, raw, frame, self.number, self.name, self._rules, notes)
        for operator in self._operators:
            if not operator.passes(value, notes.today):
                notes.ask_later(self._rules, value, frame, self.number, self.name)
                break
        return value

    def _read_null(self, frame: Frame, notes: Notes) -> Any:  # noqa: ANN401
        if self._nullable:
            return None
        notes.error(self.texts, _NULL, frame, self.number, (*frame.place(), self.name))
        return WRONG

    def _read_nested(self, nested: ValueReader, raw: Any, frame: Frame, notes: Notes) -> Any:  # noqa: ANN401
        inside = Frame(frame, self.name, self.number)
        value = nested.read(raw, inside, notes)
        if self._rules and value is not WRONG:
            notes.ask_later(self._rules, value, inside, FIELD_RULES, "")
        return value

    def miss(self, frame: Frame, notes: Notes) -> Any:  # noqa: ANN401
        """Note that this field must be there and is not."""
        notes.error(self.texts, _REQUIRED, frame, self.number, (*frame.place(), self.name))
        return WRONG


def read_leaf(  # noqa: PLR0913, PLR0917
    leaf: Leaf,
    raw: Any,  # noqa: ANN401
    frame: Frame,
    number: int,
    step: str | int,
    rules: list[Group],
    notes: Notes,
) -> Any:  # noqa: ANN401
    """Read a single value in full, with advice on it, and ask the framework's validators; WRONG if one refuses it."""
    place = (*frame.place(), step)
    raw = to_server_value(raw, exact=leaf.is_exact)
    value = leaf.read(raw)
    if isinstance(value, FieldError):
        notes.error(leaf.texts, value, frame, number, place, help_=_help(raw))
        return WRONG
    for code in leaf.advise(raw, value) if leaf.advise else ():
        notes.advise(code, frame, number, place)
    if type(step) is str:
        if value is None or value == "":
            return value
        if rules:
            notes.ask_later(rules, value, frame, number, step)
    wrong = [misread for check in leaf.checks if (misread := check(value))]
    for misread in wrong:
        notes.error(leaf.texts, misread, frame, number, place)
    return WRONG if wrong else value


class List(ValueReader):
    """Reads a list, whose items are single values or objects."""

    __slots__ = ("_item", "_leaf", "_min_items")

    def __init__(self, texts: Texts, leaf: Leaf | None, item: ValueReader | None, min_items: int) -> None:
        super().__init__(texts)
        self._leaf, self._item, self._min_items = leaf, item, min_items

    def read(self, raw: Any, frame: Frame, notes: Notes) -> Any:  # noqa: ANN401
        """Read the list."""
        if type(raw) is not list:
            check_plain(raw)
            wrong = FieldError("not_a_list", {"input_type": server_type_name(raw)})
            notes.error(self.texts, wrong, frame, 0, frame.place(), help_=_help(raw))
            return WRONG
        leaf, item = self._leaf, self._item
        values: list[Any] = []
        for position, each in enumerate(raw):
            if each is None:
                notes.error(self.texts, _NULL, frame, position, (*frame.place(), position))
                value: Any = WRONG
            elif item is not None:
                value = item.read(each, Frame(frame, position, position), notes)
            else:
                assert leaf is not None  # noqa: S101 - an item is a single value or an object
                value = leaf.prefilter(each)
                if value is UNSURE:
                    value = read_leaf(leaf, each, frame, position, position, [], notes)
            values.append(value)
        if len(values) < self._min_items and not frame.is_dirty:  # the framework counts only once all items are right
            few = FieldError("min_length", {"min_length": self._min_items})
            notes.error(self.texts, few, frame, LENGTH, frame.place())
        return values


class Object(ValueReader):
    """Reads an object."""

    __slots__ = ("_always", "_fields", "_is_open", "_required", "known")

    def __init__(self, texts: Texts, fields: list[Field], always: list[Group], *, is_open: bool) -> None:
        super().__init__(texts)
        self._fields = {field.name: field for field in fields}
        self.known = frozenset(self._fields)
        self._required = frozenset([field.name for field in fields if field.is_required])
        self._always, self._is_open = dict.fromkeys(always), is_open

    def read(self, raw: Any, frame: Frame, notes: Notes) -> Any:  # noqa: ANN401, C901 - flat, for speed
        """Read the object: its fields, then what it has besides, then its rules."""
        if type(raw) is not dict:
            return refuse(self, raw, frame, notes)
        fields = self._fields
        values: dict[str, Any] = raw.copy()
        asked: dict[Group, None] = self._always.copy()
        are_unknown = False
        for key, value in raw.items():
            try:
                field = fields[key]
            except KeyError:
                are_unknown = True
                continue
            if field.asks:
                asked |= field.asks
            if type(value) is str and (  # as most values are
                (len(value) <= field.longest and value and value.isprintable() and value.strip() == value)
                or value in field.known
            ):
                continue
            leaf = field.leaf
            if leaf is not None:
                read = leaf.prefilter(value)
                values[key] = read if read is not UNSURE else field.read(value, frame, notes)
            elif field.nested is not None and value is not None:
                values[key] = field.nested.read(value, Frame(frame, key, field.number), notes)
            else:
                values[key] = field.read(value, frame, notes)
        if not values.keys() >= self._required:
            self._miss(values, asked, frame, notes)
        if are_unknown:
            self._read_unknown(values, frame, notes)
        if asked:
            pending = notes.pending
            pending.append((asked, values, frame, OWN_RULES, len(notes.found) + len(pending), ""))
        return values

    def _miss(self, values: dict[str, Any], asked: dict[Group, None], frame: Frame, notes: Notes) -> None:
        for name, field in self._fields.items():
            if field.is_required and name not in values:
                values[name] = field.miss(frame, notes)
                asked |= field.asks

    def _read_unknown(self, values: dict[Any, Any], frame: Frame, notes: Notes) -> None:
        keys = [key for key in values if key not in self.known]
        for key in keys:
            check_key(key)
        if self._is_open:
            values.update({key: to_server_value(values[key]) for key in keys})
            return
        for key in keys:
            del values[key]
        notes.unknown(keys, self.known, frame)


class Select(ValueReader):
    """Reads an object whose fields depend on the value of its key."""

    __slots__ = ("_key", "_variants")

    def __init__(self, texts: Texts, key: Field, variants: dict[str, Object]) -> None:
        super().__init__(texts)
        self._key, self._variants = key, variants

    def read(self, raw: Any, frame: Frame, notes: Notes) -> Any:  # noqa: ANN401
        """Read the key, then the object that it stands for."""
        if type(raw) is not dict:
            return refuse(self, raw, frame, notes)
        key = self._key
        said = raw.get(key.name)
        if type(said) is str and said in key.known:
            return self._variants[said].read(raw, frame, notes)
        chosen = key.read(raw[key.name], frame, notes) if key.name in raw else key.miss(frame, notes)
        variant = self._variants.get(chosen) if isinstance(chosen, str) else None
        return variant.read(raw, frame, notes) if variant else WRONG


def refuse(reader: ValueReader, raw: Any, frame: Frame, notes: Notes) -> Any:  # noqa: ANN401
    """Note that there is no object where one must be; the framework names a key that stands for the whole."""
    check_plain(raw)
    wrong = FieldError("invalid", {"datatype": server_type_name(raw)}) if raw is not None else _NULL
    place = frame.place()
    notes.error(reader.texts, wrong, frame, 0, place, (*place, NON_FIELD), help_=_help(raw))
    return WRONG


def _help(raw: object) -> str:
    """Say why a value is refused, where the framework's own words don't: no text could have held it."""
    return f"JSON has no way to write a value of the type {raw.type_name}" if isinstance(raw, Unserializable) else ""
